import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** PEM; a certificate may have others behind it. */
export interface HostKey {
  key: string;
  cert: string;
}

const P256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** An authority as mail hosts get their certificates from, made by OpenSSL. */
export const mailAuthority = (name = 'Public authority'): HostKey =>
  inFolder((openssl, read) => {
    openssl('req', '-x509', ...P256, '-subj', `/CN=${name}`, '-days', '30', '-keyout', 'key.pem', '-out', 'cert.pem', '-addext', 'keyUsage=critical,keyCertSign');
    return { key: read('key.pem'), cert: read('cert.pem') };
  });

/** A host's certificate by nobody but itself. */
export const selfSigned = (host: string): HostKey =>
  inFolder((openssl, read) => {
    openssl('req', '-x509', ...P256, '-subj', '/CN=mail host', '-days', '30', '-keyout', 'key.pem', '-out', 'cert.pem', '-addext', `subjectAltName=DNS:${host}`, '-addext', 'basicConstraints=critical,CA:FALSE');
    return { key: read('key.pem'), cert: read('cert.pem') };
  });

/** A host's certificate by it. @param days may be negative: it has ended then */
export const mailCertificate = (authority: HostKey, { hosts, subject = 'mail host', days = 30 }: { hosts: readonly string[]; subject?: string; days?: number }): HostKey =>
  inFolder((openssl, read, write) => {
    write('ca-key.pem', authority.key);
    write('ca.pem', authority.cert);
    write('extensions', ['extendedKeyUsage=serverAuth', 'basicConstraints=critical,CA:FALSE', ...(hosts.length > 0 ? [`subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`] : []), ''].join('\n'));
    openssl('req', '-new', ...P256, '-subj', `/CN=${subject}`, '-keyout', 'key.pem', '-out', 'request.pem');
    openssl('x509', '-req', '-in', 'request.pem', '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', String(days), '-extfile', 'extensions', '-out', 'cert.pem');
    return { key: read('key.pem'), cert: read('cert.pem') };
  });

function inFolder<T>(work: (openssl: (...args: string[]) => void, read: (file: string) => string, write: (file: string, text: string) => void) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-mail-'));
  try {
    return work(
      (...args) => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }), (file) => readFileSync(join(folder, file), 'utf8'), (file, text) => writeFileSync(join(folder, file), text));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
