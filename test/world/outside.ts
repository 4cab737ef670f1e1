import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Issued, spkiOf } from '#envelope/authority';

/** A certificate that somebody else made, with a program of theirs: P-256, signed by itself. */
export function outsideCertificate(name: string, { days = 90, key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] }: { days?: number; key?: readonly string[] } = {}): Issued {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-outside-'));
  try {
    execFileSync('openssl', ['req', '-x509', ...key, '-nodes', '-subj', `/CN=${name}`, '-days', String(days), '-keyout', 'key.pem', '-out', 'certificate.pem'], { cwd: folder, stdio: 'pipe' });
    const [own, certificate] = ['key.pem', 'certificate.pem'].map((file) => readFileSync(join(folder, file), 'utf8')) as [string, string];
    return { key: own, certificate, spki: spkiOf(certificate) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
