import { constants, createCipheriv, createDecipheriv, createHash, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { Fault } from '../der/fault';
import { OID } from '../der/oids';
import { around, TYPE } from '../der/tags';
import { element, octetString, oid, sequence, small } from '../der/writer';
import { CURVES, type Hash } from './algorithms';
import type { Recipient } from './recipient';

/** RFC 3394, 2.2.3.1. */
const WRAP_IV = Buffer.alloc(8, 0xa6);
const WRAP_256 = sequence(oid(OID.aes256Wrap));

export interface WrapFor {
  publicKey: KeyObject;
  /** IssuerAndSerialNumber of its certificate. */
  issuerSerial: Uint8Array;
  /** Object identifier, of a key on a curve. */
  curve?: string;
}

/** A RecipientInfo that wraps `key` for one certificate: RSA-OAEP with SHA-256 throughout, or a key agreed with one made for it alone. */
export function wrapFor(key: Uint8Array, to: WrapFor): Uint8Array {
  return to.curve === undefined ? transported(key, to) : agreed(key, { ...to, curve: to.curve });
}

function transported(key: Uint8Array, { publicKey, issuerSerial }: WrapFor): Uint8Array {
  const hash = sequence(oid(OID.sha256));
  const parameters = sequence(element(around(0), hash), element(around(1), sequence(oid(OID.mgf1), hash)));
  const wrapped = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, key);
  return sequence(small(0), issuerSerial, sequence(oid(OID.rsaOaep), parameters), octetString(wrapped));
}

function agreed(key: Uint8Array, { publicKey, issuerSerial, curve }: WrapFor & { curve: string }): Uint8Array {
  const made = generateKeyPairSync('ec', { namedCurve: publicKey.asymmetricKeyDetails?.namedCurve ?? '' });
  const { x = '', y = '' } = made.publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Uint8Array.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  const hash = HASH_OF_CURVE[curve] ?? 'sha256';
  const secret = diffieHellman({ privateKey: made.privateKey, publicKey });
  const kek = derived(secret, { hash, wrapAlgorithm: WRAP_256, octets: 32 });
  const cipher = createCipheriv('id-aes256-wrap', kek, WRAP_IV);
  const wrapped = Buffer.concat([cipher.update(key), cipher.final()]);
  const originator = element(around(0), element(around(1), sequence(oid(OID.ec)), element(TYPE.bitString, Uint8Array.of(0), point)));
  const keys = sequence(sequence(issuerSerial, octetString(wrapped)));
  return element(around(1), small(3), originator, sequence(oid(OF_HASH[hash]), WRAP_256), keys);
}

/** RFC 5753, 8: the hash that is as strong as the curve. */
const HASH_OF_CURVE: Readonly<Record<string, Hash>> = { [OID.p256]: 'sha256', [OID.p384]: 'sha384', [OID.p521]: 'sha512' };
const OF_HASH: Readonly<Record<Hash, string>> = { sha256: OID.ecdhSha256, sha384: OID.ecdhSha384, sha512: OID.ecdhSha512 };

interface Derivation {
  hash: Hash;
  /** AlgorithmIdentifier of the wrap, as it stands in the message. */
  wrapAlgorithm: Uint8Array;
  octets: number;
  shared?: Uint8Array;
}

/** ANSI X9.63 over ECC-CMS-SharedInfo (RFC 5753, 7.2). One block is enough: no hash that we admit is shorter than the longest key. */
function derived(secret: Uint8Array, { hash, wrapAlgorithm, octets, shared }: Derivation): Uint8Array {
  const bits = Buffer.alloc(4);
  bits.writeUInt32BE(octets * 8);
  const info = sequence(wrapAlgorithm, ...(shared ? [element(around(0), octetString(shared))] : []), element(around(2), octetString(bits)));
  const counter = Buffer.from([0, 0, 0, 1]);
  return createHash(hash).update(secret).update(counter).update(info).digest().subarray(0, octets);
}

/** The content's key, for who has the secret key that it was wrapped for; undefined where it does not open. */
export function unwrapped(recipient: Recipient, key: KeyObject): Uint8Array | undefined {
  try {
    if (recipient.by === 'oaep') return key.asymmetricKeyType === 'rsa' ? privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: recipient.hash }, recipient.wrapped) : undefined;
    const kek = derived(diffieHellman({ privateKey: key, publicKey: ephemeral(recipient, key) }), { hash: recipient.hash, wrapAlgorithm: recipient.wrapAlgorithm, octets: recipient.wrap.keyOctets, ...(recipient.shared ? { shared: recipient.shared } : {}) });
    const decipher = createDecipheriv(recipient.wrap.cipher, kek, WRAP_IV);
    return Buffer.concat([decipher.update(recipient.wrapped), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The point, on the curve of the reader's own key: the library refuses one that is not on it. */
function ephemeral(recipient: Extract<Recipient, { by: 'ecdh' }>, own: KeyObject): KeyObject {
  const found = Object.entries(CURVES).find(([, { node }]) => node === own.asymmetricKeyDetails?.namedCurve);
  if (!found || (recipient.curve !== undefined && recipient.curve !== found[0])) throw new Fault('NOT_CMS');
  const [, { jwk, octets }] = found;
  if (recipient.point.length !== 1 + 2 * octets) throw new Fault('NOT_CMS');
  const coordinate = (from: number): string => Buffer.from(recipient.point.subarray(from, from + octets)).toString('base64url');
  return createPublicKey({ key: { kty: 'EC', crv: jwk, x: coordinate(1), y: coordinate(1 + octets) }, format: 'jwk' });
}
