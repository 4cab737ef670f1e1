import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { decodeBase64 } from './note';

/** signed-note: the octet that stands for "Ed25519 over the note text". */
const ED25519 = 0x01;

/** A verifier key in the text form `name+hash+base64` that logs publish and verifiers pin. */
export interface Vkey {
  name: string;
  hash: Buffer;
  publicKey: KeyObject;
}

/** What to pin for the log `name`, whose checkpoints this Ed25519 key signs. */
export function vkeyOf(name: string, publicKey: KeyObject): string {
  if (!isKeyName(name)) throw new RangeError('a key name has no spaces and no plus sign');
  return `${name}+${keyHash(name, publicKey).toString('hex')}+${Buffer.concat([Buffer.from([ED25519]), raw(publicKey)]).toString('base64')}`;
}

/** First four octets of SHA-256 over name, newline, type and key: tells keys of one name apart, proves nothing. */
export function keyHash(name: string, publicKey: KeyObject): Buffer {
  return createHash('sha256').update(`${name}\n`).update(Buffer.from([ED25519])).update(raw(publicKey)).digest().subarray(0, 4);
}

/** Reads a pinned key; undefined when it is not an Ed25519 key in that form, or its hash is not its own. */
export function parseVkey(text: string): Vkey | undefined {
  const { name, hex, base64 } = /^(?<name>[^+]+)\+(?<hex>[0-9a-f]{8})\+(?<base64>[A-Za-z0-9+/]+={0,2})$/u.exec(text)?.groups ?? {};
  if (!name || !hex || !base64 || !isKeyName(name)) return undefined;
  const octets = decodeBase64(base64);
  if (octets?.length !== 33 || octets[0] !== ED25519) return undefined;
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: octets.subarray(1).toString('base64url') }, format: 'jwk' });
  const hash = keyHash(name, publicKey);
  return hash.toString('hex') === hex ? { name, hash, publicKey } : undefined;
}

const isKeyName = (name: string): boolean => /^[^\s+]+$/u.test(name);

function raw(publicKey: KeyObject): Buffer {
  const { crv, x } = publicKey.export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined) throw new RangeError('checkpoints are signed with Ed25519');
  return Buffer.from(x, 'base64url');
}
