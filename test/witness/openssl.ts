import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSmimeCertificate, type SmimeCertificate } from '#envelope/smime-certificates';
import { readSmimeIdentity, type SmimeIdentity } from '#envelope/smime-identity';

export const KINDS = ['rsa', 'P-256', 'P-384', 'P-521'] as const;
export type Kind = (typeof KINDS)[number];

/** Somebody with a certificate and its key in files, as a mail program has them. */
export interface Person {
  path: string;
  key: string;
  certificate: SmimeCertificate;
  identity: SmimeIdentity;
  /** With which `openssl cms -encrypt` wraps a key for it as we admit it. */
  options: string[];
}

const OAEP = ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256'];
const ECDH = ['-keyopt', 'ecdh_kdf_md:sha256'];

/** `openssl cms`, which shares no code with us, in a folder that goes with the test. */
export class Openssl {
  readonly folder = mkdtempSync(join(tmpdir(), 'wb-cms-'));
  private files = 0;

  file(octets: Uint8Array | string): string {
    const path = join(this.folder, `f${(this.files += 1)}`);
    writeFileSync(path, octets);
    return path;
  }

  /** What it writes to its output. @throws where it fails */
  run(...args: string[]): Buffer {
    return execFileSync('openssl', args, { stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 100_000_000 });
  }

  person(name: string, kind: Kind): Person {
    const [path, key] = [join(this.folder, `${name}.pem`), join(this.folder, `${name}.key`)];
    this.run('req', '-x509', '-nodes', '-days', '300', '-subj', `/O=Agency/CN=${name}`, '-keyout', key, '-out', path, '-addext', `subjectAltName=email:${name}@example.org`, '-addext', 'basicConstraints=critical,CA:FALSE', ...(kind === 'rsa' ? ['-newkey', 'rsa:3072'] : ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${kind}`]));
    const read = readSmimeCertificate(readFileSync(path));
    if (!read.ok) throw new Error(read.problem.detail);
    return { path, key, certificate: read.certificate, identity: readSmimeIdentity({ certificates: readFileSync(path, 'utf8'), key: readFileSync(key, 'utf8') }), options: kind === 'rsa' ? OAEP : ECDH };
  }

  encrypted(octets: Uint8Array | string, to: readonly Pick<Person, 'path' | 'options'>[], cipher = '-aes-256-gcm', more: readonly string[] = []): Buffer {
    return this.run('cms', '-encrypt', '-binary', cipher, '-outform', 'DER', '-in', this.file(octets), ...more, ...to.flatMap(({ path, options }) => ['-recip', path, ...options]));
  }

  decrypted(octets: Uint8Array, { path, key }: Person): Buffer {
    return this.run('cms', '-decrypt', '-inform', 'DER', '-binary', '-in', this.file(octets), '-recip', path, '-inkey', key);
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
