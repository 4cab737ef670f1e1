import { decryptKey, generateKey, type PrivateKey as LibraryKey, readPrivateKey as readLibraryKey } from 'openpgp';
import { isBinary } from './armor/unarmor';
import { LIBRARY } from './keys/library';

const KEY = Symbol('private key');

/** A secret key, unlocked, in this process's memory. It has no other form that prints. */
export interface PrivateKey {
  /** upper hex, of the primary key */
  fingerprint: string;
  readonly [KEY]: LibraryKey;
}

/** Both are version 4 keys in the form that gpg 2.2 reads. */
export type KeyAlgorithm = 'curve25519-legacy' | 'rsa3072';

const SHAPES = {
  'curve25519-legacy': { type: 'ecc', curve: 'ed25519Legacy' },
  rsa3072: { type: 'rsa', rsaBits: 3072 },
} as const satisfies Record<KeyAlgorithm, object>;

/**
 * Makes a signing primary key with a subkey to encrypt to. Both results are binary. Without `expiresAfter` (seconds) the keys do not expire;
 * without `at` they are dated now; without `passphrase` the secret key is not locked.
 */
export async function generateKeyPair(options: {
  name: string;
  email?: string;
  algorithm: KeyAlgorithm;
  passphrase?: string;
  expiresAfter?: number;
  at?: Date;
}): Promise<{ privateKey: Uint8Array; certificate: Uint8Array }> {
  const pair = await generateKey({
    ...SHAPES[options.algorithm],
    userIDs: [options.email === undefined ? { name: options.name } : { name: options.name, email: options.email }],
    format: 'binary',
    config: LIBRARY,
    ...(options.passphrase === undefined ? {} : { passphrase: options.passphrase }),
    ...(options.expiresAfter === undefined ? {} : { keyExpirationTime: options.expiresAfter }),
    ...(options.at ? { date: options.at } : {}),
  });
  return { privateKey: pair.privateKey, certificate: pair.publicKey };
}

/** Reads a secret key, binary or armored, as gpg or we export it, and unlocks it. Rejects, without detail, what it can't read or unlock. */
export async function readPrivateKey(input: Uint8Array | string, passphrase?: string): Promise<PrivateKey> {
  const octets = typeof input === 'string' ? Buffer.from(input, 'latin1') : Buffer.from(input);
  const form = isBinary(octets[0] ?? 0) ? { binaryKey: new Uint8Array(octets) } : { armoredKey: octets.toString('latin1') };
  const read = await readLibraryKey({ ...form, config: LIBRARY } as Parameters<typeof readLibraryKey>[0]);
  const key = passphrase === undefined || read.isDecrypted() ? read : await decryptKey({ privateKey: read, passphrase, config: LIBRARY });
  if (!key.isDecrypted()) throw new Error('the secret key is locked: give its passphrase');
  return { fingerprint: key.getFingerprint().toUpperCase(), [KEY]: key };
}

/** For this room: the library's own key. */
/** The certificate that belongs to it, armored: to give to others. */
export const publicCertificate = (key: PrivateKey): string => unwrapKey(key).toPublic().armor();

export function unwrapKey(key: PrivateKey): LibraryKey {
  return key[KEY];
}
