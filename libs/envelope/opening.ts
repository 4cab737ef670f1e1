import type { Certificate } from './certificates';
import type { GateProblem } from './codes';
import { LIMITS } from '#protocol/limits';
import { type AuthorFound, authorOf } from './author';
import { type Addressee, readSealedOctets } from './gate';
import { inTurn, type Octets } from './keys/streams';
import type { PrivateKey } from './private-keys';
import { inMemory, type Scratch } from './scratch';
import { unsealed } from './unsealing';

/** `NOT_SEALED`: the gate would not have let it through (see `problem`). `BOUND_TO_ANOTHER`: its author sealed it as another part or for another share. */
export type OpenCode = 'NOT_SEALED' | 'CANNOT_OPEN' | 'TOO_LARGE' | 'AUTHOR_MISMATCH' | 'BOUND_TO_ANOTHER';

type NotOpened = { ok: false; code: OpenCode; problem?: GateProblem };

/** `bound`: the author signed it as this part of this manifest. `not-bound`: what is inside doesn't say so; a reader must be told. */
export type Opened = (AuthorFound & { octets: Uint8Array }) | NotOpened;

export interface Opening {
  keys: readonly PrivateKey[];
  author?: Certificate;
  manifest: string;
  part: string;
  at: Date;
  /** Of what comes out, too: nothing is inflated beyond it. */
  maxOctets?: number;
  /** For tests: milliseconds after which work that stands still is given up. */
  stallMs?: number;
}

/**
 * Opens one part with our own keys and says whose word it is. A part that its author made for another share, or that somebody else than
 * the sender signed, is refused and nothing of it is given: passed on, it would read as the sender's own. Never inflates beyond `maxOctets`.
 * All of it is held in memory, more than once: for a part of any size there is `openInto`.
 */
export async function open({ octets, ...options }: Opening & { octets: Uint8Array }): Promise<Opened> {
  const maxOctets = options.maxOctets ?? LIMITS.part.value;
  const gated = await readSealedOctets(octets, { maxOctets, maxAddressees: LIMITS.addressees.value });
  if (!gated.ok) return { ok: false, code: gated.problem.code === 'TOO_LARGE' ? 'TOO_LARGE' : 'NOT_SEALED', problem: gated.problem };
  const opened = await openInto({ ...options, maxOctets, addressees: gated.part.addressees, data: inTurn([gated.data]), scratch: () => Promise.resolve(inMemory()) });
  if (!opened.ok) return opened;
  const pieces: Uint8Array[] = [];
  for await (const piece of opened.contents.read()) pieces.push(piece);
  const { contents: _contents, ...author } = opened;
  return { ...author, octets: new Uint8Array(Buffer.concat(pieces)) };
}

/**
 * The same at fixed memory for what went through the gate before: its wrapped keys, and its encrypted data as they come. What is written
 * to a scratch is not authenticated until this returns `ok`, and then that in `contents` alone; whatever else was written is to be thrown away.
 */
export async function openInto(
  options: Opening & { addressees: readonly Addressee[]; data: Octets; scratch: () => Promise<Scratch> },
): Promise<(AuthorFound & { contents: Scratch }) | NotOpened> {
  const message = inTurn(options.addressees.map((addressee) => addressee.packet), options.data);
  const opened = await unsealed(message, { keys: options.keys, maxOctets: options.maxOctets ?? LIMITS.part.value, scratch: options.scratch, ...(options.stallMs === undefined ? {} : { stallMs: options.stallMs }) });
  if (typeof opened === 'string') return { ok: false, code: opened };
  const author = await authorOf(opened, options);
  return author.ok ? { ...author, contents: opened.contents } : author;
}
