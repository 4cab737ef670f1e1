import { OID } from '#envelope/der/oids';
import { around, plain, TYPE } from '#envelope/der/tags';
import { element, octetString, oid, sequence, setOf, small } from '#envelope/der/writer';
import { type PartGateOptions, readPart } from '#envelope/parts';
import { LIMITS, pieces } from './forge';

// CMS that seals nothing: right in form, as far as anybody can see who can't open it; and each piece to be bent by itself.

export const join = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);
export const issuerSerial = (name: string, serial = 0x41): Uint8Array => sequence(sequence(setOf(sequence(oid('2.5.4.3'), element(0x0c, Buffer.from(name))))), small(serial));

const SHA256 = sequence(oid(OID.sha256));
export const OAEP = sequence(oid(OID.rsaOaep), sequence(element(around(0), SHA256), element(around(1), sequence(oid(OID.mgf1), SHA256))));
export const transported = ({ version = 0, name = issuerSerial('A'), by = OAEP, wrapped = Buffer.alloc(384, 7) as Uint8Array } = {}): Uint8Array => sequence(small(version), name, by, octetString(wrapped));

const POINT = join(Uint8Array.of(0, 4), Buffer.alloc(64, 9));
export const EPHEMERAL = element(around(0), element(around(1), sequence(oid(OID.ec)), element(TYPE.bitString, POINT)));
export const WRAP = sequence(oid(OID.aes256Wrap));
export const AGREED_BY = sequence(oid(OID.ecdhSha256), WRAP);
export const agreedKey = (name: Uint8Array = issuerSerial('B'), wrapped: Uint8Array = Buffer.alloc(40, 8)): Uint8Array => sequence(name, octetString(wrapped));
export const agreed = ({ version = 3, originator = EPHEMERAL, shared = Buffer.alloc(0) as Uint8Array, by = AGREED_BY, keys = [agreedKey()] } = {}): Uint8Array =>
  element(around(1), small(version), originator, ...(shared.length > 0 ? [shared] : []), by, sequence(...keys));
export const withPassword = element(around(3), small(0), sequence(oid('1.2.840.113549.1.9.16.3.9'), WRAP), octetString(Buffer.alloc(40)));
export const withAgreedKey = element(around(2), small(4), sequence(octetString(Buffer.from('key-1'))), WRAP, octetString(Buffer.alloc(40)));
export const withOther = element(around(4), oid('1.2.3.4'), octetString(Buffer.from('post-quantum')));

export const gcm = (cipher: string = OID.aes256Gcm, tag: Uint8Array = small(16), nonce: Uint8Array = Buffer.alloc(12, 1)): Uint8Array => sequence(oid(cipher), sequence(octetString(nonce), tag));
export const cbc = (cipher: string = OID.aes256Cbc, iv: Uint8Array = Buffer.alloc(16, 1)): Uint8Array => sequence(oid(cipher), octetString(iv));
export const encrypted = ({ type = OID.data as string, by = gcm(), content = element(plain(0), Buffer.alloc(80, 5)) as Uint8Array } = {}): Uint8Array => sequence(oid(type), by, content);
export const TAG = octetString(Buffer.alloc(16, 3));
export const ATTRIBUTES = sequence(oid(OID.contentType), setOf(oid(OID.data)));

export const contentInfo = (type: string, content: Uint8Array): Buffer => Buffer.from(sequence(oid(type), element(around(0), content)));
export const authEnveloped = ({ version = 0, recipients = [transported()], info = encrypted(), tag = TAG as Uint8Array, before = [] as Uint8Array[], after = [] as Uint8Array[] } = {}): Buffer =>
  contentInfo(OID.authEnvelopedData, sequence(small(version), ...before, element(TYPE.set, ...recipients), info, tag, ...after));
export const enveloped = ({ version = 0, recipients = [transported()], info = encrypted({ by: cbc() }), before = [] as Uint8Array[], after = [] as Uint8Array[] } = {}): Buffer =>
  contentInfo(OID.envelopedData, sequence(small(version), ...before, element(TYPE.set, ...recipients), info, ...after));

export type Through = { size?: number } & Partial<Omit<PartGateOptions, 'sink'>>;

/** Puts octets through the gate for both forms; the answer, and what came out. */
export async function throughPartGate(octets: Uint8Array, { size = 65_536, ...limits }: Through = {}) {
  const out: Uint8Array[] = [];
  const answer = await readPart(pieces(octets, size), { ...LIMITS, ...limits, sink: (chunk) => void out.push(Buffer.from(chunk)) });
  return { answer, out: Buffer.concat(out) };
}

/** The code of a refusal, or 'passes'. */
export async function partVerdict(octets: Uint8Array, options: Through = {}): Promise<string> {
  const { answer } = await throughPartGate(octets, options);
  return answer.ok ? 'passes' : answer.problem.code;
}
