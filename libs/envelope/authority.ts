import { createPrivateKey, createPublicKey, generateKeyPair, randomBytes, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { RSA_BITS, spkiOf } from './authority-keys';
import { signingBy } from './forge-signing';

export { spkiOf } from './authority-keys';

/** A certificate authority: what issues, and the certificate to pin. PEM. */
export interface Authority {
  key: string;
  certificate: string;
}

export interface Issued {
  /** PEM, PKCS #8. */
  key: string;
  /** PEM. */
  certificate: string;
  /** SHA-256 of the SubjectPublicKeyInfo, lower hex: what the directory binds. */
  spki: string;
}

export interface Validity {
  from: Date;
  until: Date;
}

/** Nobody's clock is quite right: a certificate holds from a little before it was made. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

const newKey = promisify(generateKeyPair);

/** Makes an authority of its own: for a sandbox, or a partnership's command. Never run by a serving process. */
export async function makeAuthority(name: string, validity: Validity): Promise<Authority> {
  const { privateKey } = await newKey('rsa', { modulusLength: RSA_BITS });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key, certificate: certify({ subject: name, issuer: name, publicKey: publicPem(key), signer: key, validity, extensions: OF_AUTHORITY }) };
}

/** Makes a key and has its certificate issued, for a server (with its host names) or a client. */
export async function issue(authority: Authority, subject: string, { hosts, ...validity }: Validity & { hosts?: readonly string[] }): Promise<Issued> {
  const { privateKey } = await newKey('rsa', { modulusLength: RSA_BITS });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key, certificate: issued(authority, { subject, publicKey: publicPem(key), validity, ...(hosts ? { hosts } : {}) }), spki: spkiOf(key) };
}

/**
 * Issues a client certificate (PEM) for a public key that its owner made. The subject is ours to choose: it helps whoever looks at files,
 * and means nothing to the gateway. @throws Error when the key is not RSA: node-forge writes no other
 */
export function issueClient(authority: Authority, subject: string, { publicKey, ...validity }: Validity & { publicKey: string }): string {
  if (createPublicKey(publicKey).asymmetricKeyType !== 'rsa') throw new Error('this authority issues for RSA keys only');
  return issued(authority, { subject, publicKey, validity });
}

/** A certificate for the same authority key with a later end: what was issued under the old one holds under the new. */
export function renewAuthority(authority: Authority, validity: Validity): Authority {
  const name = nameOf(authority);
  return { key: authority.key, certificate: certify({ subject: name, issuer: name, publicKey: publicPem(authority.key), signer: authority.key, validity, extensions: OF_AUTHORITY }) };
}

export const validityOf = (certificate: string): Validity => {
  const { validFromDate, validToDate } = new X509Certificate(certificate);
  return { from: validFromDate, until: validToDate };
};

const OF_AUTHORITY = [{ name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true }, { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true }];

function issued(authority: Authority, { subject, publicKey, validity, hosts }: { subject: string; publicKey: string; validity: Validity; hosts?: readonly string[] }): string {
  const extensions = [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: hosts !== undefined, critical: true },
    { name: 'extKeyUsage', serverAuth: hosts !== undefined, clientAuth: hosts === undefined },
    ...(hosts ? [{ name: 'subjectAltName', altNames: hosts.map((host) => (/^[0-9.]+$|:/.test(host) ? { type: 7, ip: host } : { type: 2, value: host })) }] : []),
  ];
  return certify({ subject, issuer: nameOf(authority), publicKey, signer: authority.key, validity, extensions });
}

const nameOf = ({ certificate }: Authority): string => (forge.pki.certificateFromPem(certificate).subject.getField('CN') as { value: string }).value;
const publicPem = (key: string): string => createPublicKey(createPrivateKey(key) as never).export({ type: 'spki', format: 'pem' }).toString();

interface Wanted {
  subject: string;
  issuer: string;
  publicKey: string;
  signer: string;
  validity: Validity;
  extensions: object[];
}

function certify({ subject, issuer, publicKey, signer, validity, extensions }: Wanted): string {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // RFC 5280, 4.1.2.2: positive, at most twenty octets, not to be guessed.
  certificate.serialNumber = `4${randomBytes(15).toString('hex').slice(1)}`;
  certificate.validity.notBefore = new Date(validity.from.getTime() - CLOCK_TOLERANCE_MS);
  certificate.validity.notAfter = validity.until;
  certificate.setSubject([{ name: 'commonName', value: subject }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer }]);
  certificate.setExtensions(extensions);
  certificate.sign(signingBy(createPrivateKey(signer), () => certificate.tbsCertificate), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}
