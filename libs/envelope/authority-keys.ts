import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';

/** 3,072 bits are 128 bits of strength; node-forge knows no elliptic curves. */
export const RSA_BITS = 3_072;

/** SHA-256 of the SubjectPublicKeyInfo of a key or certificate (PEM), lower hex. */
export const spkiOf = (pem: string): string => digestOfKey(createPublicKey(pem.includes('PRIVATE') ? createPrivateKey(pem) as never : pem));

/** SHA-256 of the SubjectPublicKeyInfo, lower hex: what the directory binds. */
export const digestOfKey = (publicKey: KeyObject): string => createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('hex');

/** SHA-256 of the public key of each certificate in a file (PEM), lower hex. @throws Error when there is none */
export function spkisOf(pem: string): string[] {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) throw new Error('there is no certificate in the file (PEM)');
  return certificates.map((each) => digestOfKey(new X509Certificate(each).publicKey));
}
