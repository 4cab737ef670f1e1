import { config, enums, type Config, type PublicKey, type SignaturePacket } from 'openpgp';

/** RFC 9580, 5.2.3.24 lets names be claimed below a domain; `.example` belongs to nobody (RFC 2606). */
export const PART_NOTATION = 'share-part@waybill.example';

/** What an author's signature says that it is for: this part of this manifest and no other. */
export function partBinding(manifest: string, part: string): string {
  return `${manifest}/${part}`;
}

/**
 * What we ask of the library, everywhere. Its own strength rules are off where ours judge (a weak key must be read to be called weak);
 * what it caps only on demand is capped.
 */
export const LIBRARY: Config = {
  ...config,
  minRSABits: 0,
  rejectPublicKeyAlgorithms: new Set(),
  rejectHashAlgorithms: new Set(),
  rejectMessageHashAlgorithms: new Set([enums.hash.md5, enums.hash.sha1, enums.hash.ripemd, enums.hash.sha224]),
  rejectCurves: new Set(),
  knownNotations: [PART_NOTATION],
  // 2^16 KiB: a crafted secret key may otherwise ask for a terabyte.
  maxArgon2MemoryExponent: 16,
  showVersion: false,
  showComment: false,
};

/** Its types leave these out. */
export interface FullKey extends PublicKey {
  directSignatures: SignaturePacket[];
}
