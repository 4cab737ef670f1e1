import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { kindOf, LARGEST as LARGEST_CONTAINER, makeContainer, NotContained } from '#envelope/container';
import { readPart } from '#envelope/parts';
import { newPassphrase } from '#envelope/passphrase';
import { sealing } from '#envelope/sealing';
import { sealSmime } from '#envelope/smime-sealing';
import { signDetached } from '#envelope/signatures';
import { sha256 } from '#protocol/digest';
import { addressed } from '#protocol/line';
import { LIMITS } from '#protocol/limits';
import { ClientRefusal } from './codes';
import { type Draft, type DraftLine, LARGEST_PART, LARGEST_SMIME_PART } from './drafting';
import { noDigest } from './ids';
import { isFile, newFile, octetsOf, type OctetsFile } from './octets-file';
import { nowOf, type Partner } from './partner';
import { sealedPdf } from './pdf-sealing';
import type { SealTo } from './vouching';

/** A share as it goes over the wire. Its parts lie sealed in files: ciphertext, and nothing else is ever written. In a browser they are held. */
export interface SealedShare<Part extends Uint8Array | OctetsFile = OctetsFile> {
  id: string;
  manifest: Uint8Array;
  manifestDigest: string;
  signature: Uint8Array;
  lines: readonly string[];
  parts: ReadonlyMap<string, Part>;
}

/** Passphrases of containers, by `agency/contact`: shown once to whoever seals, told by another way, and kept nowhere. */
export type Passphrases = ReadonlyMap<string, string>;

/** Fewer digests than this are padded up to it, more to the next power of two: their number tells nobody how many were told. */
const FEWEST_DIGESTS = 16;

/**
 * Seals each part to the recipients of its lines and to nobody else, signs inside who wrote it for which share, names the sealed octets
 * in the lines and the lines in the manifest, and signs that. Nothing of it can be told apart from random octets but the codes. Sealed
 * parts are written to `folder`, which is made where it is not there, as they are sealed: memory stays the same whatever their size.
 * @param folder undefined: a browser has none, and holds them
 * @param told gets the passphrases, where there are any, before this returns
 */
export function sealShare(partner: Partner, draft: Draft, lines: readonly DraftLine[], keys: ReadonlyMap<string, SealTo>, folder: string, told?: (passphrases: Passphrases) => void): Promise<SealedShare>;
export function sealShare(partner: Partner, draft: Draft, lines: readonly DraftLine[], keys: ReadonlyMap<string, SealTo>, folder: undefined): Promise<SealedShare<Uint8Array>>;
export async function sealShare(partner: Partner, draft: Draft, lines: readonly DraftLine[], keys: ReadonlyMap<string, SealTo>, folder: string | undefined, told?: (passphrases: Passphrases) => void): Promise<SealedShare<Uint8Array | OctetsFile>> {
  if (folder !== undefined) await mkdir(folder, { recursive: true, mode: 0o700 });
  const parts = new Map<string, Uint8Array | OctetsFile>();
  const digests = new Map<string, string>();
  const passphrases = new Map<string, string>();
  for (const [name, { octets, sealAs }] of draft.parts) {
    const recipients = [...new Set(lines.filter((line) => line.part === name).map((line) => addressed(line.recipient)))];
    const to = recipients.flatMap((recipient) => keys.get(recipient) ?? []);
    const [first = ''] = recipients;
    if (to.length === 0) continue;
    if (to[0]?.form === 'container') passphrases.set(first, passphrases.get(first) ?? newPassphrase());
    const sealed = to[0]?.form === 'container'
      ? await contained(octets, { part: name, passphrase: passphrases.get(first) ?? '', asPdf: sealAs === 'pdf' })
      : await sealedTo(to, { partner, octets, manifest: draft.manifest.id, part: name });
    const { digest, part } = folder === undefined ? await held(sealed) : await written(sealed, join(folder, `${name}.sealed`));
    parts.set(name, part);
    digests.set(name, digest);
  }
  if (passphrases.size > 0) told?.(passphrases);
  const texts = lines.map((line) => JSON.stringify(line.part === undefined ? line : { ...line, digest: digests.get(line.part) }));
  const manifest = Buffer.from(JSON.stringify({ ...draft.manifest, lines: padded(texts.map(sha256)) }), 'utf8');
  return { id: draft.manifest.id, manifest, manifestDigest: sha256(manifest), signature: await signDetached({ octets: manifest, key: partner.signingKey }), lines: texts, parts };
}

/** A file is called after what it is, and after nothing else. @throws ClientRefusal */
async function contained(octets: Uint8Array | OctetsFile, { part, passphrase, asPdf }: { part: string; passphrase: string; asPdf: boolean }): Promise<AsyncIterable<Uint8Array>> {
  const kind = isFile(octets) ? kindOf(octets.path) : 'txt';
  if (asPdf && isFile(octets)) return Readable.from([await sealedPdf(octets.path, { part, passphrase })]);
  if (kind === undefined) throw new ClientRefusal('SHARE_INVALID', { places: [`/parts ${part}: a container holds documents, pictures and recordings`] });
  const pieces: Uint8Array[] = [];
  for await (const piece of bounded(octetsOf(octets), { part, most: LARGEST_CONTAINER })) pieces.push(piece);
  return Readable.from([await makeContainer({ files: [{ octets: Buffer.concat(pieces), kind }], passphrase }).catch((error: unknown) => {
    if (!(error instanceof NotContained)) throw error;
    throw error.code === 'CONTAINER_TOO_LARGE' ? new ClientRefusal('PART_TOO_LARGE', { part, most: LARGEST_CONTAINER }) : new ClientRefusal('SHARE_INVALID', { places: [`/parts ${part}: ${error.code}`] });
  })]);
}

/** In the one form that all of these have. Signed inside with our key of that form; who has none of S/MIME signs no more than the manifest. */
async function sealedTo(to: readonly SealTo[], { partner, octets, ...binding }: { partner: Partner; octets: Uint8Array | OctetsFile; manifest: string; part: string }): Promise<AsyncIterable<Uint8Array>> {
  const openpgp = to.flatMap((each) => (each.form === 'openpgp' ? each.certificates : []));
  if (openpgp.length > 0) return sealing({ source: bounded(octetsOf(octets), { part: binding.part, most: LARGEST_PART }), to: openpgp, signer: partner.signingKey, ...binding });
  const pieces: Uint8Array[] = [];
  for await (const piece of bounded(octetsOf(octets), { part: binding.part, most: LARGEST_SMIME_PART })) pieces.push(piece);
  const signer = partner.smime?.signing;
  return Readable.from([sealSmime({ octets: Buffer.concat(pieces), to: to.flatMap((each) => (each.form === 'smime' ? each.certificates : [])), ...(signer ? { signer } : {}), ...binding, at: nowOf(partner) })]);
}

/** Sorted, so that their order tells nothing either. */
export function padded(digests: readonly string[]): string[] {
  const wanted = Math.min(Math.max(FEWEST_DIGESTS, 2 ** Math.ceil(Math.log2(digests.length))), LIMITS.lineDigests.value);
  return [...digests, ...Array.from({ length: Math.max(wanted - digests.length, 0) }, noDigest)].sort();
}

/** A file may grow while it is read. @throws ClientRefusal PART_TOO_LARGE */
async function* bounded(source: AsyncIterable<Uint8Array>, { part, most }: { part: string; most: number }): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of source) {
    size += piece.length;
    if (size > most) throw new ClientRefusal('PART_TOO_LARGE', { part, most });
    yield piece;
  }
}

/** Writes a sealed part to a file. */
async function written(sealed: AsyncIterable<Uint8Array>, path: string): Promise<{ digest: string; part: OctetsFile }> {
  const file = await newFile(path, { durable: true });
  try {
    const digest = await keptTo((piece) => file.write(piece), sealed);
    return { digest, part: { path, size: file.size } };
  } finally {
    await file.close();
  }
}

/** The same in memory. */
async function held(sealed: AsyncIterable<Uint8Array>): Promise<{ digest: string; part: Uint8Array }> {
  const pieces: Uint8Array[] = [];
  const digest = await keptTo((piece) => pieces.push(piece), sealed);
  return { digest, part: new Uint8Array(Buffer.concat(pieces)) };
}

/** Keeps each piece of a sealed part, and takes the SHA-256 of its encrypted data on the way, as the gateway's gate will see it. */
async function keptTo(keep: (piece: Uint8Array) => unknown, sealed: AsyncIterable<Uint8Array>): Promise<string> {
  const passing = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of sealed) {
      await keep(piece);
      yield piece;
    }
  };
  const read = await readPart(passing(), { maxOctets: LIMITS.part.value, maxAddressees: LIMITS.addressees.value, sink: () => undefined });
  if (!read.ok) throw new Error(`what was sealed would not pass the gate: ${read.problem.code}`);
  return read.part.digest;
}
