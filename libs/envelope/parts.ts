import { createHash } from 'node:crypto';
import type { PartProblem } from './cms-codes';
import type { WalkLimits } from './cms/head';
import { CmsWalk } from './cms/walk';
import { type CmsKind, versionFor } from './cms/version';
import { checkContainer, isPdf, LARGEST } from './container';
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

/** What the gate has established of a password-protected container: that nothing in it can be read without the passphrase. It names nobody. */
export interface ContainerPart {
  /** Lower hex SHA-256 over all of it. */
  digest: string;
  size: number;
  files: number;
  addressees: [];
}

/** `cms`: what S/MIME programs write. */
export type PartForm = 'openpgp' | 'cms' | 'container';

/** One sealed part of whichever form. */
export type Part = ({ form: 'openpgp' } & SealedPart) | ({ form: 'cms' } & CmsPart) | ({ form: 'container' } & ContainerPart);

export type PartGateOptions = GateOptions & Pick<WalkLimits, 'cbc'>;

/** A CMS message, as an X.509 certificate, starts with a SEQUENCE; an OpenPGP packet, or its armor, never does. */
export const isDer = (octets: Uint8Array): boolean => octets[0] === TYPE.sequence;
/** A zip, or a PDF. Neither armor nor a packet begins like one of them. */
export const isContainer = (octets: Uint8Array): boolean => (octets[0] === 0x50 && octets[1] === 0x4b) || isPdf(octets);

/** By the head of a copy, or all of it; of a container a copy has no head. */
export function formOf(octets: Uint8Array): PartForm {
  if (octets.length === 0 || isContainer(octets)) return 'container';
  return isDer(octets) ? 'cms' : 'openpgp';
}

/** RFC 3156, 4, and RFC 8551, 3.2.2: how a copy of each form is called on the wire. */
export const PART_TYPES: Record<PartForm, string> = { openpgp: 'application/pgp-encrypted', cms: 'application/pkcs7-mime;smime-type=authEnveloped-data', container: 'application/zip' };

/**
 * Reads one part, OpenPGP, CMS or a container, against the allow-list of its form, and passes on what every copy of it has alike, as it arrives:
 * the encrypted-data packet, or all from EncryptedContentInfo; a container whole, when all of it has been looked at. Opens nothing, and stops
 * at the first fault. Only source and sink can make it throw.
 */
export async function readPart(source: AsyncIterable<Uint8Array>, options: PartGateOptions): Promise<{ ok: true; part: Part } | { ok: false; problem: PartProblem }> {
  const pieces = source[Symbol.asyncIterator]();
  const start = await begun(pieces);
  const all = rejoined(start, pieces);
  if (isDer(start)) return readCms(all, options);
  if (isContainer(start)) return readContainer(all, options);
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
export function copyHead(part: { form: 'openpgp' | 'container' } | ({ form: 'cms' } & Pick<CmsPart, 'kind' | 'size'>), addressees: readonly Addressee[]): Uint8Array {
  if (part.form !== 'cms') return cutHead(addressees);
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
  if (isContainer(copy)) return 0;
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

/** Held until all of it is there: what is at its end says what stands before. */
async function readContainer(source: AsyncIterable<Uint8Array>, { sink }: PartGateOptions): Promise<{ ok: true; part: Part } | { ok: false; problem: PartProblem }> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of source) {
    size += piece.length;
    if (size > LARGEST) return { ok: false, problem: { code: 'CONTAINER_TOO_LARGE' } };
    pieces.push(Buffer.from(piece));
  }
  const octets = Buffer.concat(pieces);
  const checked = checkContainer(octets);
  if (!checked.ok) return { ok: false, problem: { code: checked.code } };
  const written = sink(octets);
  if (written) await written;
  return { ok: true, part: { form: 'container', digest: checked.digest, size, files: checked.files, addressees: [] } };
}

/** As many octets as it takes to tell the forms apart, or all there are. */
async function begun(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let start: Uint8Array = new Uint8Array(0);
  while (start.length < 2) {
    const next = await pieces.next();
    if (next.done) return start;
    start = start.length === 0 ? next.value : Buffer.concat([start, next.value]);
  }
  return start;
}

/** What was looked at, and all that comes after it; whoever stops early ends the source, too. */
async function* rejoined(start: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (start.length > 0) yield start;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
