import type { GateProblem } from '../codes';

/** RFC 9580, 9.3 and 9.6: AES with 128, 192 and 256 bits; OCB and GCM. */
const AES = new Set([7, 8, 9]);
const EAX = 1;
const AEAD = new Set([2, 3]);
/** RFC 9580, 5.13.2: a chunk is at most 2^(16 + 6) octets. */
const LARGEST_CHUNK_OCTET = 16;
/** Version 1: version, random prefix, modification detection code. Version 2: version, cipher, mode, chunk size, salt, final tag. */
const SHORTEST = { 1: 1 + 18 + 22, 2: 1 + 3 + 32 + 16 };

/** How many octets of the body `readOpening` needs. */
export const OPENING_OCTETS = 4;

/** Checks the first octets of an encrypted and integrity protected data packet. */
export function readOpening(body: readonly number[]): 1 | 2 | GateProblem {
  const [version, cipher = 0, mode = 0, chunk = 0] = body;
  if (version === 1) return 1;
  if (version !== 2) return { code: 'NOT_OPENPGP', detail: 'encrypted data of a version we do not know' };
  if (!AES.has(cipher)) return { code: 'LEGACY_ENCRYPTION', detail: 'the cipher is not AES' };
  if (mode === EAX) return { code: 'LEGACY_ENCRYPTION', detail: 'the mode is EAX; OCB and GCM are admitted' };
  if (!AEAD.has(mode) || chunk > LARGEST_CHUNK_OCTET) return { code: 'NOT_OPENPGP', detail: 'encrypted data with a mode or chunk size we do not know' };
  return 2;
}

export function tooShort(version: 1 | 2, bodyOctets: number): boolean {
  return bodyOctets < SHORTEST[version];
}
