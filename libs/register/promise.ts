import type { KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader, exportJWK, type JWK } from 'jose';
import { signCompact } from '#envelope/compact-jws';
import { canonical, readCanonical } from '#envelope/canonical';

export const PROMISE_TYPE = 'register-promise+jwt';

/** Longest time between the answer to a sender and the entry's place in the log. The relay takes a second. */
export const INTEGRATION_LIMIT_S = 24 * 3600;

/**
 * The gateway's word that a leaf will stand in a log. Kept by the sender: past `integrateBy` without
 * an inclusion proof it is itself the evidence that a record was suppressed.
 */
export interface IntegrationPromise {
  /** Origin of the gateway: `https://gateway.example`. */
  iss: string;
  /** Origin of the log. */
  log: string;
  /** Leaf hash, hexadecimal. */
  leaf: string;
  /** Seconds since 1970. */
  iat: number;
  integrateBy: number;
}

export function signPromise(
  { iss, log, leaf, at }: { iss: string; log: string; leaf: Uint8Array; at: Date },
  { privateKey, kid }: { privateKey: KeyObject; /** RFC 7638 thumbprint. */ kid: string },
): string {
  const iat = Math.floor(at.getTime() / 1000);
  const promise: IntegrationPromise = { iss, log, leaf: Buffer.from(leaf).toString('hex'), iat, integrateBy: iat + INTEGRATION_LIMIT_S };
  return signCompact(canonical(promise), { typ: PROMISE_TYPE, kid, privateKey });
}

export type PromiseFault = 'NOT_A_JWS' | 'WRONG_ALGORITHM' | 'WRONG_TYPE' | 'KEY_IN_HEADER' | 'UNKNOWN_KEY' | 'SIGNATURE_WRONG' | 'MALFORMED';
export type PromiseVerdict = { ok: true; promise: IntegrationPromise } | { ok: false; fault: PromiseFault };

/**
 * Verifies a promise with keys that the caller has pinned, found by thumbprint. Never throws.
 * The verifier chooses the algorithm and the type; a token that brings its own key, or says where to fetch one, is refused for trying.
 */
export async function verifyPromise(jws: string, pinned: readonly JWK[]): Promise<PromiseVerdict> {
  const header = readHeader(jws);
  if (!header) return { ok: false, fault: 'NOT_A_JWS' };
  if (header.alg !== 'EdDSA') return { ok: false, fault: 'WRONG_ALGORITHM' };
  if (header.typ !== PROMISE_TYPE) return { ok: false, fault: 'WRONG_TYPE' };
  if (Object.keys(header).some((name) => !['alg', 'typ', 'kid'].includes(name))) return { ok: false, fault: 'KEY_IN_HEADER' };
  const key = await pinnedKey(pinned, header.kid);
  if (!key) return { ok: false, fault: 'UNKNOWN_KEY' };
  try {
    const { payload } = await compactVerify(jws, key, { algorithms: ['EdDSA'] });
    const promise = readPromise(payload);
    return promise ? { ok: true, promise } : { ok: false, fault: 'MALFORMED' };
  } catch {
    return { ok: false, fault: 'SIGNATURE_WRONG' };
  }
}

/** Whether, at `now`, the log should have shown the leaf. */
export const isOverdue = ({ integrateBy }: IntegrationPromise, now: Date): boolean => now.getTime() / 1000 > integrateBy;

/** The `kid` under which a public key is pinned. */
export const thumbprint = async (publicKey: KeyObject): Promise<string> => calculateJwkThumbprint(await exportJWK(publicKey));

function readHeader(jws: string): Record<string, unknown> | undefined {
  try {
    // One spelling only: decoders pass over stray bits in the last character, and a promise is compared as text.
    if (!jws.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)) return undefined;
    return { ...decodeProtectedHeader(jws) };
  } catch {
    return undefined;
  }
}

/** By what the key is, never by the `kid` that stands beside it. */
async function pinnedKey(pinned: readonly JWK[], kid: unknown): Promise<JWK | undefined> {
  for (const { kty, crv, x } of pinned) {
    if (kty !== 'OKP' || crv !== 'Ed25519' || x === undefined) continue;
    if ((await calculateJwkThumbprint({ kty, crv, x })) === kid) return { kty, crv, x };
  }
  return undefined;
}

function readPromise(payload: Uint8Array): IntegrationPromise | undefined {
  const value = readCanonical(payload);
  if (typeof value !== 'object' || value === null) return undefined;
  const { iss, log, leaf, iat, integrateBy, ...more } = value as Record<string, unknown>;
  if (Object.keys(more).length > 0 || typeof iss !== 'string' || typeof log !== 'string') return undefined;
  if (typeof leaf !== 'string' || !/^[0-9a-f]{64}$/.test(leaf)) return undefined;
  if (!Number.isSafeInteger(iat) || integrateBy !== (iat as number) + INTEGRATION_LIMIT_S) return undefined;
  return { iss, log, leaf, iat: iat as number, integrateBy };
}
