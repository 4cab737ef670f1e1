import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';

/** An Ed25519 key under its RFC 7638 thumbprint. */
export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/**
 * A public key as it is published, in a JWK set. `nbf` and `exp`, in seconds, are when it signed: RFC 7517 doesn't know them, so a reader
 * who doesn't either passes over them. Retired keys stay.
 */
export interface PublishedKey {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
  kid: string;
  alg: 'EdDSA';
  use: 'sig';
  nbf: number;
  exp?: number;
}

export async function generateSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicKey, kid: await thumbprint(publicKey) };
}

/** Takes a stored Ed25519 secret key up again. */
export async function signingKey(privateKey: KeyObject): Promise<SigningKey> {
  const publicKey = createPublicKey(privateKey);
  return { privateKey, publicKey, kid: await thumbprint(publicKey) };
}

export async function thumbprint(publicKey: KeyObject): Promise<string> {
  return calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x: coordinate(publicKey) }, 'sha256');
}

export async function publicKeySet(keys: readonly { publicKey: KeyObject; from: Date; until?: Date }[]): Promise<{ keys: PublishedKey[] }> {
  return { keys: await Promise.all(keys.map(publish)) };
}

async function publish({ publicKey, from, until }: { publicKey: KeyObject; from: Date; until?: Date }): Promise<PublishedKey> {
  const window = { nbf: seconds(from), ...(until ? { exp: seconds(until) } : {}) };
  return { kty: 'OKP', crv: 'Ed25519', x: coordinate(publicKey), kid: await thumbprint(publicKey), alg: 'EdDSA', use: 'sig', ...window };
}

/** The keys of a set that were in their window at `at` (all, without it), for `verifyProvenance`. A key whose `kid` isn't its own thumbprint is left out. */
export async function pinnedKeys(set: { keys: readonly PublishedKey[] }, at?: Date): Promise<Map<string, KeyObject>> {
  const pinned = new Map<string, KeyObject>();
  for (const { kty, crv, x, kid, nbf, exp } of set.keys) {
    if (kty !== 'OKP' || crv !== 'Ed25519') continue;
    if (at && (seconds(at) < nbf || (exp !== undefined && seconds(at) >= exp))) continue;
    const publicKey = createPublicKey({ key: { kty, crv, x }, format: 'jwk' });
    if ((await thumbprint(publicKey)) === kid) pinned.set(kid, publicKey);
  }
  return pinned;
}

function coordinate(publicKey: KeyObject): string {
  const { crv, x } = publicKey.export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined) throw new Error('the key is not Ed25519');
  return x;
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
