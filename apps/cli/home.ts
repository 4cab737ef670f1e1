import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Connection, type ConnectionOptions } from '#client/connection';
import type { Partner } from '#client/partner';
import { Pins, type PinsFile } from '#client/pins';
import { readPrivateKey } from '#envelope/sealing';
import { readSmimeIdentity, type SmimeIdentity } from '#envelope/smime-identity';
import { sha256 } from '#protocol/digest';
import { GRAMMAR } from '#protocol/grammar';
import { requirePrivate } from './files';
import { type Io, UsageError } from './io';

/** `waybill.json`: who we are at one gateway. Paths are taken from the home. */
export interface HomeFile {
  gateway: string;
  agency: string;
  contact: string;
  role?: string;
  agreement?: { id: string; version: string };
  ca: string;
  clientCertificate: string;
  clientKey: string;
  signingKey: string;
  openingKeys: string[];
  /** What parts sealed with S/MIME are signed with inside, and what they are opened with. */
  smimeSigning?: SmimeFiles;
  smimeOpening?: SmimeFiles[];
  pins: string;
  /** File that holds the passphrase of the secret keys, if they are locked. */
  passphraseFile?: string;
}

/** Both PEM; behind its own certificate may stand those above it. */
export interface SmimeFiles {
  certificate: string;
  key: string;
}

export interface Home {
  folder: string;
  file: HomeFile;
  partner: Partner;
  /** Writes the pins as they are now: keys seen, checkpoint held. */
  keep(): void;
  /** Our own copy of what we sent, by share. */
  sent(share: string): string;
  /** The same of a decision not to share, by decision. */
  decided(decision: string): string;
  /** The same of what was disclosed off the wire, by disclosure. */
  disclosed(disclosure: string): string;
}

const NEXT = 'Name the folder of your enrolment with --home or WAYBILL_HOME_DIR.';

/** Opens the folder with our keys and pins. @throws UsageError with everything that is missing, and the fix */
export async function openHome(io: Io, folder: string | undefined): Promise<Home> {
  const chosen = folder ?? io.env['WAYBILL_HOME_DIR'];
  if (!chosen) throw new UsageError(['no home is named'], NEXT);
  const home = resolve(io.cwd, chosen);
  const file = readHomeFile(home);
  const text = (name: string): Buffer => readFileSync(join(home, name));
  const smime = smimeFiles(file);
  const missing = [file.ca, file.clientCertificate, file.clientKey, file.signingKey, ...file.openingKeys, ...smime.flatMap(({ certificate, key }) => [certificate, key]), file.pins, ...(file.passphraseFile ? [file.passphraseFile] : [])].filter((name) => !isFile(join(home, name)));
  if (missing.length > 0) throw new UsageError(missing.map((name) => `${join(home, name)} is not there`), NEXT);
  warnOfOthers(io, home);
  requirePrivate([file.clientKey, file.signingKey, ...file.openingKeys, ...smime.map(({ key }) => key)].map((name) => join(home, name)));
  const passphrase = passphraseOf(home, file);
  const key = async (name: string) =>
    readPrivateKey(new Uint8Array(text(name)), passphrase).catch(() => {
      throw new UsageError([`${join(home, name)} is not an OpenPGP secret key, or is locked with another passphrase`], 'Name the file that holds its passphrase in waybill.json: passphraseFile.');
    });
  const pins = await Pins.of(readJsonFile(join(home, file.pins)) as PinsFile);
  if (pins.gateway !== file.gateway) throw new UsageError([`the pins are for ${pins.gateway}, the home for ${file.gateway}`], NEXT);
  const connection = connectionOf(home, file);
  const partner: Partner = {
    agency: file.agency, contact: file.contact, connection, pins, clock: io.now,
    signingKey: await key(file.signingKey), openingKeys: await Promise.all(file.openingKeys.map(key)),
    ...(smime.length > 0 && { smime: { ...(file.smimeSigning && { signing: smimeIdentity(home, file.smimeSigning, passphrase) }), opening: (file.smimeOpening ?? []).map((files) => smimeIdentity(home, files, passphrase)) } }),
  };
  return { folder: home, file, partner, keep: () => replace(join(home, file.pins), JSON.stringify(pins.toFile(), undefined, 2)), sent: (share) => join(home, 'sent', share), decided: (decision) => join(home, 'decided', decision), disclosed: (disclosure) => join(home, 'disclosed', disclosure) };
}

export const smimeFiles = ({ smimeSigning, smimeOpening = [] }: HomeFile): SmimeFiles[] => [...(smimeSigning ? [smimeSigning] : []), ...smimeOpening];

/** @throws UsageError */
export function smimeIdentity(home: string, { certificate, key }: SmimeFiles, passphrase: string | undefined): SmimeIdentity {
  try {
    return readSmimeIdentity({ certificates: readFileSync(join(home, certificate), 'utf8'), key: readFileSync(join(home, key), 'utf8'), ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    throw new UsageError([`${join(home, key)} is not the secret key of ${join(home, certificate)} (PEM), or is locked with another passphrase`], 'Put its own certificate first; from PKCS #12: openssl pkcs12 -nodes.');
  }
}

/** With which the home's secret keys are locked; undefined: they are not. */
export const passphraseOf = (home: string, { passphraseFile }: Pick<HomeFile, 'passphraseFile'>): string | undefined =>
  passphraseFile === undefined ? undefined : readFileSync(join(home, passphraseFile), 'utf8').replace(/\r?\n$/, '');

export function connectionOf(home: string, file: Pick<HomeFile, 'gateway' | 'ca' | 'clientCertificate' | 'clientKey' | 'passphraseFile'>, more: Partial<ConnectionOptions> = {}): Connection {
  const [ca, certificate, key] = [file.ca, file.clientCertificate, file.clientKey].map((name) => readFileSync(join(home, name))) as [Buffer, Buffer, Buffer];
  const passphrase = passphraseOf(home, file);
  return new Connection({ gateway: file.gateway, ca, certificate, key, ...(passphrase === undefined ? {} : { passphrase }), ...more });
}

/** `waybill.json` of a home. @throws UsageError with everything that is wrong */
export function readHomeFile(home: string): HomeFile {
  const file = readJsonFile(join(home, 'waybill.json')) as Partial<HomeFile>;
  const named = ['gateway', 'agency', 'contact', 'ca', 'clientCertificate', 'clientKey', 'signingKey', 'pins'] as const;
  const faults: string[] = named.filter((name) => typeof file[name] !== 'string').map((name) => `${name} is missing`);
  if (typeof file.gateway === 'string' && !GRAMMAR.origin.test(file.gateway)) faults.push('gateway must be an origin, like https://gateway.example');
  if (!Array.isArray(file.openingKeys) || !file.openingKeys.every((name) => typeof name === 'string')) faults.push('openingKeys must be a list of files');
  if (!smimeFiles(file as HomeFile).every((files) => typeof files.certificate === 'string' && typeof files.key === 'string')) faults.push('smimeSigning and smimeOpening name a certificate and a key');
  if (faults.length > 0) throw new UsageError(faults.map((fault) => `${join(home, 'waybill.json')}: ${fault}`), NEXT);
  return file as HomeFile;
}

export function readJsonFile(file: string): unknown {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below: whether it is missing or no JSON, the same has to be done.
  }
  throw new UsageError([`${file} is not there or is not JSON`], NEXT);
}

/** Others who can read the home can sign in our name. */
function warnOfOthers(io: Io, home: string): void {
  const mode = statSync(home).mode & 0o777;
  if ((mode & 0o077) !== 0 && process.platform !== 'win32') io.err(`Warning: ${home} can be read by others (mode ${mode.toString(8)}). Anybody who reads it can sign as you: chmod 700 ${home}\n`);
}

/** The digest of what we signed ourselves, as we kept it; undefined where we kept nothing. */
export function ownDigest({ sent }: Home, share: string): string | undefined {
  const own = GRAMMAR.uuid.test(share) ? join(sent(share), 'manifest.json') : '';
  return own && isFile(own) ? sha256(readFileSync(own)) : undefined;
}

/** Whole or not at all: a crash halfway leaves the old one. */
export function replace(file: string, text: string): void {
  const next = `${file}.next`;
  writeFileSync(next, text, { mode: 0o600 });
  renameSync(next, file);
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
