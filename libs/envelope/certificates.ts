import { readKey } from 'openpgp';
import { unarmor } from './armor/unarmor';
import type { GateProblem, KeyCause } from './codes';
import { type FullKey, LIBRARY } from './keys/library';
import { wrongShape } from './keys/shape';
import { isWeakSignature } from './keys/strength';
import { readTenures, type Tenure, type Term, termAt } from './keys/tenure';

/** One key of a certificate, as it stands by its newest self-signature. Instants are ISO 8601 in UTC. */
export interface KeyInfo {
  /** 16 upper hex */
  keyId: string;
  /** upper hex */
  fingerprint: string;
  algorithm: string;
  created: string;
  /** Absent: does not expire. */
  expires?: string;
  revoked: boolean;
  weak: boolean;
}

const PARSED = Symbol('parsed certificate');

/** One party's public certificate. Plain data, safe to cache; what is under the symbol is for this room. */
export interface Certificate {
  /** upper hex, of the primary key */
  fingerprint: string;
  /** binary, as received */
  octets: Uint8Array;
  userIds: string[];
  /** Keys to encrypt to, and keys that sign: with the flag that says so, and for a signing subkey its own agreement. */
  seal: KeyInfo[];
  sign: KeyInfo[];
  readonly [PARSED]: { key: FullKey; primary: Tenure; keys: ReadonlyMap<string, Tenure> };
}

const LARGEST = 512 * 1024;

/** Reads exactly one public certificate, binary or armored. */
export async function readCertificate(input: Uint8Array | string): Promise<{ ok: true; certificate: Certificate } | { ok: false; problem: GateProblem }> {
  const unarmored = unarmor(input, 'PUBLIC KEY BLOCK', { maxOctets: LARGEST });
  if ('problem' in unarmored) return { ok: false, problem: unarmored.problem };
  const octets = new Uint8Array(unarmored.octets);
  const problem = wrongShape(octets);
  if (problem) return { ok: false, problem };
  try {
    const key = (await readKey({ binaryKey: octets, config: LIBRARY })) as FullKey;
    return await asCertificate(key, octets);
  } catch {
    return { ok: false, problem: { code: 'NOT_OPENPGP', detail: 'the certificate can’t be read, or is of a kind that we do not know' } };
  }
}

async function asCertificate(key: FullKey, octets: Uint8Array): Promise<{ ok: true; certificate: Certificate } | { ok: false; problem: GateProblem }> {
  const { primary, subkeys } = await readTenures(key);
  const keyId = primary.keyId;
  // Its revocation would be signed by a key that we don't have, so we could never call it current.
  if (key.directSignatures.some((signature) => signature.revocationKeyClass !== null)) {
    return { ok: false, problem: { code: 'KEY_NOT_VERIFIED', cause: 'unverified', keyId, detail: 'another key may revoke this one, which we can’t check' } };
  }
  if (primary.terms.length === 0) {
    // The library won't even check some algorithms and hashes; they are weak all the same.
    const weak = primary.weak || key.users.some(({ selfCertifications }) => selfCertifications.some(isWeakSignature));
    return { ok: false, problem: { code: 'KEY_NOT_VERIFIED', cause: weak ? 'weak' : 'unverified', keyId, detail: 'the key does not vouch for itself' } };
  }
  const all = [primary, ...subkeys];
  const info = (tenure: Tenure): KeyInfo => keyInfo(primary, tenure);
  return {
    ok: true,
    certificate: {
      fingerprint: primary.fingerprint,
      octets,
      userIds: key.getUserIDs(),
      seal: all.filter((tenure) => tenure.terms[0]?.seals).map(info),
      sign: all.filter((tenure) => tenure.terms[0]?.signs).map(info),
      [PARSED]: { key, primary, keys: new Map(all.map((tenure) => [tenure.fingerprint, tenure])) },
    },
  };
}

function keyInfo(primary: Tenure, tenure: Tenure): KeyInfo {
  const until = Math.min(...[primary, tenure].map(({ terms: [term] }) => term?.until ?? Number.POSITIVE_INFINITY));
  return {
    keyId: tenure.keyId,
    fingerprint: tenure.fingerprint,
    algorithm: tenure.algorithm,
    created: new Date(tenure.created).toISOString(),
    ...(until === Number.POSITIVE_INFINITY ? {} : { expires: new Date(until).toISOString() }),
    revoked: [primary, tenure].some(({ revokedFrom }) => revokedFrom !== undefined),
    weak: [primary, tenure].some(({ weak, terms: [term] }) => weak || term?.weak === true),
  };
}

/** How one key of the certificate stands at an instant. A key falls with its primary key; what is not of the certificate is unverified. */
export function standing(certificate: Certificate, key: Pick<KeyInfo, 'fingerprint'>, at: Date): 'current' | KeyCause {
  return judged(certificate, key, at, termAt);
}

/**
 * How it stood when it made a signature that is read later. Programs drop old self-signatures when a key is renewed, so where none is left
 * from that time the oldest speaks for it.
 */
export function stood(certificate: Certificate, key: Pick<KeyInfo, 'fingerprint'>, when: Date): 'current' | KeyCause {
  return judged(certificate, key, when, (tenure, at) => termAt(tenure, at) ?? tenure.terms.at(-1));
}

/** Milliseconds since 1970 at which a key of the certificate may come to stand otherwise: between two of them each stands as it stood. */
export const turnsOf = (certificate: Certificate): number[] =>
  [...certificate[PARSED].keys.values()].flatMap(({ created, revokedFrom, terms }) => [created, ...(revokedFrom === undefined ? [] : [revokedFrom]), ...terms.flatMap(({ from, until }) => [from, until])]);

type Counts = (tenure: Tenure, at: number) => Term | undefined;

function judged(certificate: Certificate, key: Pick<KeyInfo, 'fingerprint'>, at: Date, counts: Counts): 'current' | KeyCause {
  const { primary, keys } = certificate[PARSED];
  const tenure = keys.get(key.fingerprint);
  if (!tenure) return 'unverified';
  const now = at.getTime();
  const both = [primary, tenure];
  if (both.some(({ revokedFrom }) => revokedFrom !== undefined && revokedFrom <= now)) return 'revoked';
  const terms = both.map((each) => counts(each, now));
  if (both.some(({ weak }) => weak) || terms.some((term) => term?.weak)) return 'weak';
  if (both.some(({ created }) => created > now) || terms.some((term) => term === undefined)) return 'unverified';
  return terms.some((term) => term !== undefined && term.until <= now) ? 'expired' : 'current';
}

/** For this room: the library's own key. */
export function parsedKey(certificate: Certificate): FullKey {
  return certificate[PARSED].key;
}
