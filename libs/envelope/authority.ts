import { createHash, createPrivateKey, createPublicKey, generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';

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

/** 3,072 bits are 128 bits of strength; node-forge knows no elliptic curves. */
const RSA_BITS = 3_072;
/** Nobody's clock is quite right: a certificate holds from a little before it was made. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

const newKey = promisify(generateKeyPair);

/** Makes an authority of its own: for a sandbox, or a partnership's command. Never run by a serving process. */
export async function makeAuthority(name: string, validity: Validity): Promise<Authority> {
  const { privateKey } = await newKey('rsa', { modulusLength: RSA_BITS });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const extensions = [{ name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true }, { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true }];
  return { key, certificate: certify({ subject: name, issuer: name, key, signer: key, validity, extensions }) };
}

/** Makes a key and has its certificate issued, for a server (with its host names) or a client. */
export async function issue(authority: Authority, subject: string, { hosts, ...validity }: Validity & { hosts?: readonly string[] }): Promise<Issued> {
  const { privateKey } = await newKey('rsa', { modulusLength: RSA_BITS });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const issuer = forge.pki.certificateFromPem(authority.certificate).subject.getField('CN') as { value: string };
  const extensions = [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: hosts !== undefined, critical: true },
    { name: 'extKeyUsage', serverAuth: hosts !== undefined, clientAuth: hosts === undefined },
    ...(hosts ? [{ name: 'subjectAltName', altNames: hosts.map((host) => (/^[0-9.]+$|:/.test(host) ? { type: 7, ip: host } : { type: 2, value: host })) }] : []),
  ];
  const certificate = certify({ subject, issuer: issuer.value, key, signer: authority.key, validity, extensions });
  return { key, certificate, spki: spkiOf(key) };
}

/** SHA-256 of the SubjectPublicKeyInfo of a key or certificate (PEM), lower hex. */
export function spkiOf(pem: string): string {
  const publicKey = createPublicKey(pem.includes('PRIVATE') ? createPrivateKey(pem) as never : pem);
  return createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('hex');
}

interface Wanted {
  subject: string;
  issuer: string;
  key: string;
  signer: string;
  validity: Validity;
  extensions: object[];
}

function certify({ subject, issuer, key, signer, validity, extensions }: Wanted): string {
  const certificate = forge.pki.createCertificate();
  const own = forge.pki.privateKeyFromPem(rsaPem(key));
  certificate.publicKey = forge.pki.setRsaPublicKey(own.n, own.e);
  // RFC 5280, 4.1.2.2: positive, at most twenty octets, not to be guessed.
  certificate.serialNumber = `4${randomBytes(15).toString('hex').slice(1)}`;
  certificate.validity.notBefore = new Date(validity.from.getTime() - CLOCK_TOLERANCE_MS);
  certificate.validity.notAfter = validity.until;
  certificate.setSubject([{ name: 'commonName', value: subject }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer }]);
  certificate.setExtensions(extensions);
  certificate.sign(forge.pki.privateKeyFromPem(rsaPem(signer)), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

const rsaPem = (pkcs8: string): string => createPrivateKey(pkcs8).export({ type: 'pkcs1', format: 'pem' }).toString();
