import { createPublicKey, createPrivateKey, generateKeyPair, type KeyObject, sign, verify, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { digestOfKey, RSA_BITS } from './authority-keys';
import { signingBy } from './forge-signing';

/** A TLS key made on the partner's side, and what goes to the authority. PEM. */
export interface RequestMade {
  /** PKCS #8. */
  key: string;
  /** PKCS #10. */
  request: string;
  /** SHA-256 of the SubjectPublicKeyInfo, lower hex. */
  spki: string;
}

/** A public key as somebody presents it, judged. */
export interface PresentedKey {
  /** PEM. */
  publicKey: string;
  /** SHA-256 of the SubjectPublicKeyInfo, lower hex. */
  spki: string;
  /** Of a certificate, not of a request. */
  validity?: { from: Date; until: Date };
}

export type PresentedProblem = 'NOT_ONE' | 'NOT_SIGNED_BY_ITSELF' | 'WEAK';
export type Presented = { ok: true; presented: PresentedKey } | { ok: false; problem: PresentedProblem };

const newKey = promisify(generateKeyPair);

/** Makes a key and asks for a certificate. The name is for people who look at files; whoever issues reads the public key alone. */
export async function makeRequest(name: string): Promise<RequestMade> {
  const { privateKey, publicKey } = await newKey('rsa', { modulusLength: RSA_BITS });
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.publicKeyFromPem(publicKey.export({ type: 'spki', format: 'pem' }).toString());
  request.setSubject([{ name: 'commonName', value: name }]);
  request.sign(signingBy(privateKey, () => request.certificationRequestInfo as forge.asn1.Asn1), forge.md.sha256.create());
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), request: forge.pki.certificationRequestToPem(request).replaceAll('\r\n', '\n'), spki: digestOfKey(publicKey) };
}

/** Reads exactly one request (PEM): signed by its own key, which is strong enough. Everything else in it is passed over. */
export function readRequest(pem: string): Presented {
  if (!only(pem, 'CERTIFICATE REQUEST')) return { ok: false, problem: 'NOT_ONE' };
  try {
    const request = forge.pki.certificationRequestFromPem(pem);
    const publicKey = createPublicKey(forge.pki.publicKeyToPem(request.publicKey as forge.pki.PublicKey));
    if (!signedByItself(request)) return { ok: false, problem: 'NOT_SIGNED_BY_ITSELF' };
    return judged(publicKey);
  } catch {
    return { ok: false, problem: 'NOT_ONE' };
  }
}

/** node-forge throws at a signature that cannot be right, and says false at one that is not. */
function signedByItself(request: forge.pki.CertificateSigningRequest): boolean {
  try {
    return request.verify();
  } catch {
    return false;
  }
}

/** Reads exactly one certificate (PEM) that somebody else issued. Who, is of no account: its public key is what is bound. */
export function readOutsideCertificate(pem: string): Presented {
  if (!only(pem, 'CERTIFICATE')) return { ok: false, problem: 'NOT_ONE' };
  try {
    const certificate = new X509Certificate(pem);
    const read = judged(certificate.publicKey);
    return read.ok ? { ok: true, presented: { ...read.presented, validity: { from: certificate.validFromDate, until: certificate.validToDate } } } : read;
  } catch {
    return { ok: false, problem: 'NOT_ONE' };
  }
}

/** Whether this secret key (PEM) belongs to that public key. A locked one needs its passphrase. */
export function ownsKey(key: string, spki: string, passphrase?: string): boolean {
  try {
    return digestOfKey(createPublicKey(createPrivateKey({ key, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) }) as never)) === spki;
  } catch {
    return false;
  }
}

/** The same key (PEM), locked with a passphrase: PKCS #8 with AES-256, as OpenSSL reads it. */
export const lockKey = (key: string, passphrase: string): string => createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();

/** Signs octets with a TLS key, to show that one has it. Base64. */
export const signWithTls = (octets: Uint8Array, key: string): string => sign('sha256', octets, createPrivateKey(key)).toString('base64');

export function verifyWithTls(octets: Uint8Array, signature: string, publicKey: string): boolean {
  try {
    return verify('sha256', octets, createPublicKey(publicKey), Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

/** The same measure as for OpenPGP: 128 bits of strength. Ed25519 signs without a digest of the caller's choice, and few TLS stacks take it. */
const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

function judged(publicKey: KeyObject): Presented {
  const { modulusLength = 0, namedCurve = '' } = publicKey.asymmetricKeyDetails ?? {};
  const strong = publicKey.asymmetricKeyType === 'rsa' ? modulusLength >= RSA_BITS : publicKey.asymmetricKeyType === 'ec' && CURVES.has(namedCurve);
  if (!strong) return { ok: false, problem: 'WEAK' };
  return { ok: true, presented: { publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(), spki: digestOfKey(publicKey) } };
}

function only(pem: string, label: string): boolean {
  const labels = [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, name]) => name?.replace(/^NEW /, ''));
  return labels.length === 1 && labels[0] === label;
}
