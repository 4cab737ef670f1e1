import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readCertificate, type Certificate } from '#envelope/certificates';
import { type PrivateKey, readPrivateKey } from '#envelope/private-keys';
import { grouped, sameFingerprint } from '#enrolment/fingerprint';
import { EnrolmentRefusal } from '#enrolment/codes';
import { type Io, UsageError } from './io';

/** A file that somebody named. @throws UsageError */
export function named(io: Io, file: string, what: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(resolve(io.cwd, file)));
  } catch {
    throw new UsageError([`${resolve(io.cwd, file)} is not there or cannot be read`], `Name ${what}.`);
  }
}

export const namedText = (io: Io, file: string, what: string): string => Buffer.from(named(io, file, what)).toString('utf8');

/** Text of the file at a path. @throws UsageError with what to name instead */
export function readText(path: string, next: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UsageError([`${path} is not there`], next);
  }
}

/** Never over another: a key that is lost opens nothing any more. @throws UsageError */
export function writeNew(path: string, octets: string | Uint8Array, { secret = false } = {}): void {
  if (existsSync(path)) throw new UsageError([`${path} is there already`], 'Choose another name, or move it away.');
  writeFileSync(path, octets, { mode: secret ? 0o600 : 0o644, flag: 'wx' });
}

/** Files that their owner alone reads, in a folder that is made for them; over those that are there. */
export function keepPrivate(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, octets] of Object.entries(files)) writeFileSync(join(folder, name), octets, { mode: 0o600 });
}

/** Whether others than its owner can read it. Windows has no such bits. */
export function othersCanRead(path: string): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  return process.platform !== 'win32' && (mode & 0o077) !== 0;
}

/** A secret that others can read is not one. @throws UsageError with every file and the fix */
export function requirePrivate(paths: readonly string[]): void {
  const open = paths.filter(othersCanRead);
  if (open.length > 0) throw new UsageError(open.map((path) => `${path} can be read by others: it is a secret key no more`), `chmod 600 ${open.join(' ')}; if somebody may have read it, have it revoked and make new keys.`);
}

export const passphraseIn = (io: Io, file: string | undefined): string | undefined => (file === undefined ? undefined : namedText(io, file, 'the file that holds the passphrase').replace(/\r?\n$/, ''));

export async function secretKey(io: Io, path: string, passphraseFile: string | undefined): Promise<PrivateKey> {
  const octets = named(io, path, 'the file that holds the secret key');
  requirePrivate([resolve(io.cwd, path)]);
  return readPrivateKey(octets, passphraseIn(io, passphraseFile)).catch(() => {
    throw new UsageError([`${path} is not an OpenPGP secret key, or is locked`], 'Name the file that holds its passphrase: --passphrase-file.');
  });
}

/** A certificate that is taken only with the fingerprint that somebody read out. @throws UsageError, EnrolmentRefusal FINGERPRINT_DIFFERS */
export async function certificateWith(octets: Uint8Array, typed: string, whose = 'the co-ordinator’s certificate', next = 'Ask the co-ordinator for it: co-ordinator.cert.pgp.'): Promise<Certificate> {
  const reading = await readCertificate(octets);
  if (!reading.ok) throw new UsageError([`${whose} is not an OpenPGP certificate`], next);
  if (!sameFingerprint(typed, reading.certificate.fingerprint)) throw new EnrolmentRefusal('FINGERPRINT_DIFFERS', { 'of the file': grouped(reading.certificate.fingerprint) });
  return reading.certificate;
}

/** The end of a day that somebody named: through it, and not a second longer. @throws UsageError */
export function endOf(day: string): Date {
  const at = new Date(/^20\d{2}-\d{2}-\d{2}$/.test(day) ? `${day}T23:59:59.000Z` : Number.NaN);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day) throw new UsageError([`${day} is not a day`], 'Write it as 2027-03-31.');
  return at;
}
