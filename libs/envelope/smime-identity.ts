import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { parsedCertificate, readSmimeCertificate, type SmimeCertificate } from './smime-certificates';

const KEY = Symbol('secret key');

/** A certificate with its secret key, unlocked, in this process's memory. It has no form that prints its key. */
export interface SmimeIdentity {
  certificate: SmimeCertificate;
  /** What leads from it to its authority, for readers who pinned that. */
  chain: readonly SmimeCertificate[];
  readonly [KEY]: KeyObject;
}

const EACH = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Reads a secret key (PEM, PKCS #8) and its certificate, followed by those above it (PEM). From PKCS #12: `openssl pkcs12 -in file -nodes`.
 * @throws Error, without detail, for what can't be read or unlocked, or does not belong together
 */
export function readSmimeIdentity({ certificates, key, passphrase }: { certificates: string; key: string; passphrase?: string }): SmimeIdentity {
  const secret = createPrivateKey({ key, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
  const [own, ...chain] = (certificates.match(EACH) ?? []).map((pem) => {
    const read = readSmimeCertificate(pem);
    if (!read.ok) throw new Error('a certificate can’t be read');
    return read.certificate;
  });
  if (!own) throw new Error('there is no certificate in the file (PEM)');
  const spki = (of: KeyObject): Buffer => of.export({ type: 'spki', format: 'der' });
  if (!spki(createPublicKey(secret as never)).equals(spki(createPublicKey(pemOf(own))))) throw new Error('the key is not the certificate’s: put its own certificate first');
  return { certificate: own, chain, [KEY]: secret };
}

/** Signs octets, to show that one has the key, whatever it was issued for: SHA-256, as `openssl dgst -sign` does. */
export const proofOf = (octets: Uint8Array, identity: SmimeIdentity): Uint8Array => sign('sha256', octets, identity[KEY]);

export function isProof(octets: Uint8Array, proof: Uint8Array, certificate: SmimeCertificate): boolean {
  try {
    return verify('sha256', octets, parsedCertificate(certificate).publicKey, proof);
  } catch {
    return false;
  }
}

/** For this room. */
export const secretKey = (identity: SmimeIdentity): KeyObject => identity[KEY];

const pemOf = ({ octets }: SmimeCertificate): string => `-----BEGIN CERTIFICATE-----\n${Buffer.from(octets).toString('base64')}\n-----END CERTIFICATE-----\n`;
