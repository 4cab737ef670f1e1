import { createHash } from 'node:crypto';
import type { PartProblem } from './cms-codes';
import type { WalkLimits } from './cms/head';
import { CmsWalk } from './cms/walk';
import { type CmsKind, versionFor } from './cms/version';
import { cutHead } from './cutting';
import { header, oid, setOf, small } from './der/writer';
import { OID } from './der/oids';
import { around, TYPE } from './der/tags';
import { type Addressee, type GateOptions, readSealed, type SealedPart } from './gate';

/** What the gate has established of a CMS part. Structure and labels, as with OpenPGP. */
export interface CmsPart {
  /** Lower hex SHA-256 over the message from the tag octet of its EncryptedContentInfo to its last octet: what every copy has alike. */
  digest: string;
  /** How many octets that is. */
  size: number;
  kind: CmsKind;
  addressees: Addressee[];
}

/** One sealed part of either form. */
export type Part = ({ form: 'openpgp' } & SealedPart) | ({ form: 'cms' } & CmsPart);

export type PartGateOptions = GateOptions & Pick<WalkLimits, 'cbc'>;

/** A CMS message starts with a SEQUENCE; an OpenPGP packet, or its armor, never does. */
const FIRST_OF_CMS = 0x30;

/**
 * Reads one part, OpenPGP or CMS, against the allow-list of its form, and passes on what every copy of it has alike, as it arrives: the
 * encrypted-data packet, or all from EncryptedContentInfo. Opens nothing, and stops at the first fault. Only source and sink can make it throw.
 */
export async function readPart(source: AsyncIterable<Uint8Array>, options: PartGateOptions): Promise<{ ok: true; part: Part } | { ok: false; problem: PartProblem }> {
  const pieces = source[Symbol.asyncIterator]();
  let first = await pieces.next();
  while (!first.done && first.value.length === 0) first = await pieces.next();
  const all = rejoined(first, pieces);
  if (!first.done && first.value[0] === FIRST_OF_CMS) return readCms(all, options);
  const read = await readSealed(all, options);
  return read.ok ? { ok: true, part: { form: 'openpgp', ...read.part } } : read;
}

/** The same for octets already in memory; gives back what every copy has alike. */
export async function readPartOctets(octets: Uint8Array, limits: Omit<PartGateOptions, 'sink'>): Promise<{ ok: true; part: Part; data: Uint8Array } | { ok: false; problem: PartProblem }> {
  const pieces: Uint8Array[] = [];
  const read = await readPart((async function* () { yield octets; })(), { ...limits, sink: (piece) => void pieces.push(piece) });
  return read.ok ? { ...read, data: Buffer.concat(pieces) } : read;
}

/**
 * The start of one recipient's copy of a part: its own wrapped keys, each as the sender framed it, and nobody else's. What every copy has
 * alike follows untouched, so that the sender's digest and signature still hold. Of CMS the lengths around both are written anew.
 */
export function copyHead(part: Part, addressees: readonly Addressee[]): Uint8Array {
  if (part.form === 'openpgp') return cutHead(addressees);
  const type = oid(part.kind === 'enveloped' ? OID.envelopedData : OID.authEnvelopedData);
  const version = small(versionFor(part.kind, addressees));
  const recipients = setOf(...addressees.map(({ packet }) => packet));
  const data = header(TYPE.sequence, version.length + recipients.length + part.size);
  const content = header(around(0), data.length + version.length + recipients.length + part.size);
  const inside = content.length + data.length + version.length + recipients.length + part.size;
  return Buffer.concat([header(TYPE.sequence, type.length + inside), type, content, data, version, recipients]);
}

async function readCms(source: AsyncIterable<Uint8Array>, options: PartGateOptions): Promise<{ ok: true; part: Part } | { ok: false; problem: PartProblem }> {
  const walk = new CmsWalk(options);
  const digest = createHash('sha256');
  let size = 0;
  for await (const chunk of source) {
    const step = walk.push(chunk);
    if (step.problem) return { ok: false, problem: step.problem };
    if (!step.sealed) continue;
    digest.update(step.sealed);
    size += step.sealed.length;
    const written = options.sink(step.sealed);
    if (written) await written;
  }
  const problem = walk.end();
  if (problem) return { ok: false, problem };
  if (!walk.kind) throw new Error('a walk that ended well has met the content');
  return { ok: true, part: { form: 'cms', digest: digest.digest('hex'), size, kind: walk.kind, addressees: walk.addressees } };
}

/** What was looked at, and all that comes after it; whoever stops early ends the source, too. */
async function* rejoined(first: IteratorResult<Uint8Array>, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
