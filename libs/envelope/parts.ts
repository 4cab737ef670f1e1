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
import { PacketWalk } from './packets/walk';

/** What the gate has established of a CMS part. Structure and labels, as with OpenPGP. */
export interface CmsPart {
  /** Lower hex SHA-256 over the message from the tag octet of its EncryptedContentInfo to its last octet: what every copy has alike. */
  digest: string;
  /** How many octets that is. */
  size: number;
  kind: CmsKind;
  addressees: Addressee[];
}

/** `cms`: what S/MIME programs write. */
export type PartForm = 'openpgp' | 'cms';

/** One sealed part of either form. */
export type Part = ({ form: 'openpgp' } & SealedPart) | ({ form: 'cms' } & CmsPart);

export type PartGateOptions = GateOptions & Pick<WalkLimits, 'cbc'>;

/** A CMS message, as an X.509 certificate, starts with a SEQUENCE; an OpenPGP packet, or its armor, never does. */
export const isDer = (octets: Uint8Array): boolean => octets[0] === TYPE.sequence;
export const formOf = (octets: Uint8Array): PartForm => (isDer(octets) ? 'cms' : 'openpgp');

/** RFC 3156, 4, and RFC 8551, 3.2.2: how a copy of either form is called on the wire. */
export const PART_TYPES: Record<PartForm, string> = { openpgp: 'application/pgp-encrypted', cms: 'application/pkcs7-mime;smime-type=authEnveloped-data' };

/**
 * Reads one part, OpenPGP or CMS, against the allow-list of its form, and passes on what every copy of it has alike, as it arrives: the
 * encrypted-data packet, or all from EncryptedContentInfo. Opens nothing, and stops at the first fault. Only source and sink can make it throw.
 */
export async function readPart(source: AsyncIterable<Uint8Array>, options: PartGateOptions): Promise<{ ok: true; part: Part } | { ok: false; problem: PartProblem }> {
  const pieces = source[Symbol.asyncIterator]();
  let first = await pieces.next();
  while (!first.done && first.value.length === 0) first = await pieces.next();
  const all = rejoined(first, pieces);
  if (!first.done && isDer(first.value)) return readCms(all, options);
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
export function copyHead(part: { form: 'openpgp' } | ({ form: 'cms' } & Pick<CmsPart, 'kind' | 'size'>), addressees: readonly Addressee[]): Uint8Array {
  if (part.form === 'openpgp') return cutHead(addressees);
  const type = oid(part.kind === 'enveloped' ? OID.envelopedData : OID.authEnvelopedData);
  const version = small(versionFor(part.kind, addressees));
  const recipients = setOf(...addressees.map(({ packet }) => packet));
  const data = header(TYPE.sequence, version.length + recipients.length + part.size);
  const content = header(around(0), data.length + version.length + recipients.length + part.size);
  const inside = content.length + data.length + version.length + recipients.length + part.size;
  return Buffer.concat([header(TYPE.sequence, type.length + inside), type, content, data, version, recipients]);
}

/** Where in a copy what every copy has alike begins: past its wrapped keys. Its end, where it is no copy. */
export function alikeFrom(copy: Uint8Array, limits: Omit<PartGateOptions, 'sink'>): number {
  const walk = isDer(copy) ? new CmsWalk(limits) : new PacketWalk(limits);
  const { sealed, problem } = walk.push(copy) as { sealed?: Uint8Array; problem?: PartProblem };
  return copy.length - (problem ? 0 : (sealed?.length ?? 0));
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
