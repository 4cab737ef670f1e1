import { enums, type SignaturePacket } from 'openpgp';

/** OWASP ASVS 11.2.3 asks for 128 bits; NIST SP 800-57 puts RSA there from 3,072. */
const RSA_BITS = 3072;
const RSA_NAMES = new Set(['rsaEncryptSign', 'rsaEncrypt', 'rsaSign']);
const MODERN_NAMES = new Set(['x25519', 'ed25519', 'x448', 'ed448']);
const CURVES = new Set(['ed25519Legacy', 'curve25519Legacy', 'nistP256', 'nistP384', 'nistP521', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1']);
const BROKEN_HASHES = new Set<number>([enums.hash.md5, enums.hash.sha1, enums.hash.ripemd]);
const AES = new Set<number>([enums.symmetric.aes128, enums.symmetric.aes192, enums.symmetric.aes256]);

/** Everything openpgp says of an algorithm. A curve that it doesn't know comes as its object identifier. */
export interface AlgorithmInfo {
  algorithm: string;
  bits?: number;
  curve?: string;
}

/** A short name: `rsa3072`, `nistP256`, `x25519`. */
export function algorithmName({ algorithm, bits, curve }: AlgorithmInfo): string {
  if (RSA_NAMES.has(algorithm)) return `rsa${bits ?? 0}`;
  return curve ?? (bits === undefined ? algorithm : `${algorithm}${bits}`);
}

/** An allow-list: DSA, ElGamal, secp256k1 and what we have never heard of are weak. */
export function isWeakAlgorithm({ algorithm, bits, curve }: AlgorithmInfo): boolean {
  if (RSA_NAMES.has(algorithm)) return (bits ?? 0) < RSA_BITS;
  if (curve !== undefined) return !CURVES.has(curve);
  return !MODERN_NAMES.has(algorithm);
}

/** A self-signature over MD5, SHA-1 or RIPEMD-160 can be forged by who finds a collision. */
export function isWeakSignature(signature: SignaturePacket): boolean {
  return signature.hashAlgorithm === null || BROKEN_HASHES.has(signature.hashAlgorithm);
}

/** A key whose owner asks for 3DES, CAST5 or IDEA and for no AES can't be sealed to. */
export function asksForNoAes(signature: SignaturePacket): boolean {
  const asked = signature.preferredSymmetricAlgorithms;
  return asked !== null && asked.length > 0 && !asked.some((cipher) => AES.has(cipher));
}
