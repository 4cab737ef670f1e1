import { enums, type SignaturePacket } from 'openpgp';
import type { FullKey } from './library';
import { backSignature, bindings, directSignatures, made, ownCertifications, revokedFrom } from './self-signatures';
import { type AlgorithmInfo, algorithmName, asksForNoAes, isWeakAlgorithm, isWeakSignature } from './strength';

const ENCRYPTS = enums.keyFlags.encryptCommunication | enums.keyFlags.encryptStorage;
const SIGNS = enums.keyFlags.signData;
/** What an algorithm can do, whatever its flags say: a key that only signs is no use to seal to. */
const ONLY_SIGNS = new Set(['rsaSign', 'dsa', 'ecdsa', 'eddsaLegacy', 'ed25519', 'ed448']);
const ONLY_ENCRYPTS = new Set(['rsaEncrypt', 'elgamal', 'ecdh', 'x25519', 'x448']);

/** One self-signature's word on a key: from when it speaks, until when the key is good, for what. In milliseconds. */
export interface Term {
  from: number;
  until: number;
  seals: boolean;
  signs: boolean;
  weak: boolean;
}

/** All that is known of one key of a certificate, at all times. Terms are newest first. */
export interface Tenure {
  keyId: string;
  fingerprint: string;
  algorithm: string;
  created: number;
  revokedFrom?: number;
  weak: boolean;
  terms: Term[];
}

type AnyKey = Pick<FullKey, 'getKeyID' | 'getFingerprint' | 'getCreationTime' | 'getAlgorithmInfo'>;

/** Reads the primary key and each subkey. No clock: a future or past self-signature is a term like another. */
export async function readTenures(key: FullKey): Promise<{ primary: Tenure; subkeys: Tenure[] }> {
  const direct = await directSignatures(key);
  const terms = (await ownCertifications(key)).map((signature) => primaryTerm(key, signature, direct));
  const primary: Tenure = { ...describe(key), ...revocation(await revokedFrom(key)), terms };
  const subkeys: Tenure[] = [];
  for (const subkey of key.subkeys) {
    const terms: Term[] = [];
    for (const binding of await bindings(key, subkey)) {
      const back = await backSignature(key, subkey, binding);
      const term = termOf(subkey, binding);
      terms.push({ ...term, signs: term.signs && back !== undefined, weak: term.weak || (term.signs && back !== undefined && isWeakSignature(back)) });
    }
    subkeys.push({ ...describe(subkey), ...revocation(await revokedFrom(key, subkey)), terms });
  }
  return { primary, subkeys };
}

/** The term that counts at an instant: the newest that had been made by then. */
export function termAt(tenure: Tenure, at: number): Term | undefined {
  return tenure.terms.find((term) => term.from <= at);
}

function describe(key: AnyKey): Omit<Tenure, 'terms' | 'revokedFrom'> {
  const info = key.getAlgorithmInfo() as AlgorithmInfo;
  return {
    keyId: key.getKeyID().toHex().toUpperCase(),
    fingerprint: key.getFingerprint().toUpperCase(),
    algorithm: algorithmName(info),
    created: key.getCreationTime().getTime(),
    weak: isWeakAlgorithm(info),
  };
}

function revocation(from: number | undefined): { revokedFrom?: number } {
  return from === undefined ? {} : { revokedFrom: from };
}

/** Version 4 keys may have their expiry on the user ID or on the key itself: the earlier one holds. */
function primaryTerm(key: FullKey, signature: SignaturePacket, direct: readonly SignaturePacket[]): Term {
  const term = termOf(key, signature);
  const [overKey] = direct;
  return { ...term, until: Math.min(term.until, overKey ? expiry(key, overKey) : Number.POSITIVE_INFINITY), weak: term.weak || asksForNoAes(signature) };
}

function termOf(key: AnyKey, signature: SignaturePacket): Term {
  const { algorithm } = key.getAlgorithmInfo() as AlgorithmInfo;
  const flags = signature.keyFlags?.[0] ?? 0;
  const over = signature.getExpirationTime();
  return {
    from: made(signature),
    until: Math.min(expiry(key, signature), typeof over === 'number' ? over : over.getTime()),
    seals: (flags & ENCRYPTS) !== 0 && !ONLY_SIGNS.has(algorithm),
    signs: (flags & SIGNS) !== 0 && !ONLY_ENCRYPTS.has(algorithm),
    weak: isWeakSignature(signature),
  };
}

/** Zero seconds, or none said, mean that the key does not expire. */
function expiry(key: AnyKey, signature: SignaturePacket): number {
  const seconds = signature.keyExpirationTime ?? 0;
  return seconds === 0 ? Number.POSITIVE_INFINITY : key.getCreationTime().getTime() + seconds * 1000;
}
