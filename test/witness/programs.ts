import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** gpg and sq as a partner has them, in a folder that goes with the test. */
export class Programs {
  readonly folder = mkdtempSync(join(tmpdir(), 'wb-'));
  private readonly home = join(this.folder, 'g');
  private files = 0;

  constructor() {
    mkdirSync(this.home, { mode: 0o700 });
  }

  file(octets: Uint8Array | string = ''): string {
    const path = join(this.folder, `f${(this.files += 1)}`);
    writeFileSync(path, octets);
    return path;
  }

  /** What the program writes to its output. @throws where it fails */
  gpg(args: readonly string[], input?: Uint8Array | string): Buffer {
    const quiet = ['--homedir', this.home, '--batch', '--yes', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--passphrase', '', '--trust-model', 'always'];
    return execFileSync('gpg', [...quiet, ...args], { ...(input === undefined ? {} : { input }), stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 100_000_000 });
  }

  sq(args: readonly string[], input?: Uint8Array | string): Buffer {
    return execFileSync('sq', ['--force', ...args], { ...(input === undefined ? {} : { input }), stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 100_000_000 });
  }

  /** A key pair in gpg's keyring that signs, with a subkey to encrypt to; its fingerprint. */
  gpgKey(name: string, primary = 'ed25519', subkey = 'cv25519'): string {
    this.gpg(['--quick-generate-key', `${name} <${name}@example.org>`, primary, 'sign', '1y']);
    const fingerprint = /^fpr:+(\w+):/m.exec(this.gpg(['--list-keys', '--with-colons', `${name}@example.org`]).toString())?.[1] ?? '';
    this.gpg(['--quick-add-key', fingerprint, subkey, 'encr', '1y']);
    return fingerprint;
  }

  /** A key pair in files, as sq keeps them. */
  sqKey(name: string, suite: 'cv25519' | 'rsa3k' = 'cv25519'): { key: string; certificate: string; octets: Buffer } {
    const [key, certificate] = [join(this.folder, `${name}.key`), join(this.folder, `${name}.cert`)];
    this.sq(['key', 'generate', '-u', `${name} <${name}@example.org>`, '--cipher-suite', suite, '-e', key]);
    writeFileSync(certificate, this.sq(['key', 'extract-cert', '--binary', key]));
    return { key, certificate, octets: readFileSync(certificate) };
  }

  end(): void {
    spawnSync('gpgconf', ['--homedir', this.home, '--kill', 'all']);
    // An agent that was told to end may still write there.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
