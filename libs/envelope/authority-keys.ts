import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import forge from 'node-forge';

/** 3,072 bits are 128 bits of strength; node-forge knows no elliptic curves. */
export const RSA_BITS = 3_072;

/**
 * A key as node-forge asks one for a signature: by OpenSSL, in constant time and a hundred times faster than in JavaScript.
 * @param signed what the signature is over, once forge has put it together
 */
export const signingBy = (key: KeyObject, signed: () => forge.asn1.Asn1): forge.pki.rsa.PrivateKey =>
  ({ sign: () => sign('sha256', Buffer.from(forge.asn1.toDer(signed()).getBytes(), 'latin1'), key).toString('latin1') }) as unknown as forge.pki.rsa.PrivateKey;

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
