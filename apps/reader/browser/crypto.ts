import { Buffer } from 'buffer';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { sha1 } from '@noble/hashes/legacy.js';

// As much of Node's module as verifying and opening OpenPGP asks for. What is not here is not reached: S/MIME is opened by the command.

const HASHES = { sha1, sha256, sha384, sha512 } as const;
type Name = keyof typeof HASHES;
type Encoding = 'hex' | 'base64' | 'base64url';

const octetsOf = (data: Uint8Array | string): Uint8Array => (typeof data === 'string' ? Buffer.from(data, 'utf8') : data);
const told = (octets: Uint8Array, encoding?: Encoding): Buffer | string => (encoding ? Buffer.from(octets).toString(encoding as 'hex') : Buffer.from(octets));

export function createHash(name: Name): { update(data: Uint8Array | string): unknown; digest(encoding?: Encoding): Buffer | string } {
  const hash = HASHES[name].create();
  const made = { update: (data: Uint8Array | string) => (hash.update(octetsOf(data)), made), digest: (encoding?: Encoding) => told(hash.digest(), encoding) };
  return made;
}

export const hash = (name: Name, data: Uint8Array | string, encoding: Encoding | 'buffer' = 'hex'): Buffer | string => told(HASHES[name](octetsOf(data)), encoding === 'buffer' ? undefined : encoding);

export const randomBytes = (size: number): Buffer => Buffer.from(crypto.getRandomValues(new Uint8Array(size)));

export const randomUUID = (): string => crypto.randomUUID();

/** An Ed25519 key as the library for JWS takes it: a JWK, which can say what it is. */
export function createPublicKey({ key }: { key: { kty: string; crv: string; x: string } }): object {
  return Object.defineProperty({ ...key }, 'export', { value: () => ({ ...key }), enumerable: false });
}

export function timingSafeEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.reduce((differing, octet, i) => differing | (octet ^ (other[i] as number)), 0) === 0;
}

/** Numbers that modules of S/MIME look up when they are loaded. */
export const constants = {};
