import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { isAbsolute, join } from 'node:path';
import type { Setting } from './config';

/** What is wrong with a value, and what to do. Never the value itself. */
export interface ValueFault {
  says: string;
  fix: string;
}

/** What a value comes to: the text of a file, or the value as it stands. */
export interface Looked {
  read?: string;
  faults: readonly ValueFault[];
}

const fault = (says: string, fix: string): Looked => ({ faults: [{ says, fix }] });

/**
 * Looks at one value as its kind has it.
 * @param find where a path of the settings lies on this machine: a check may run outside the container that the settings are for
 */
export function look(setting: Setting, value: string, find: (path: string) => string): Looked {
  if (value.trim() === '') return fault('it is empty', `For example ${setting.example}`);
  return LOOKS[setting.kind](setting, value, find);
}

const LOOKS: Record<Setting['kind'], (setting: Setting, value: string, find: (path: string) => string) => Looked> = {
  text: (_, value) => ({ read: value, faults: [] }),
  port: ({ example }, value) => (/^[0-9]{1,5}$/.test(value) && Number(value) < 65_536 ? { read: value, faults: [] } : fault('it is no port', `Give a number up to 65535, for example ${example}`)),
  count: ({ example }, value) => (/^[1-9][0-9]{0,6}$/.test(value) ? { read: value, faults: [] } : fault('it is no whole number from 1 on', `For example ${example}`)),
  origin: originOf,
  file: fileOf,
  folder: folderOf,
};

function originOf({ example }: Setting, value: string): Looked {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== 'https:') return fault('it is no https origin', `Write https:// and the host, for example ${example}`);
  if (url.origin !== value) return fault('it has more than scheme, host and port', `Leave out the path, a slash at the end, a user and :443: as ${example}`);
  return { read: value, faults: [] };
}

function folderOf({ writable }: Setting, value: string, find: (path: string) => string): Looked {
  const path = find(value);
  if (!isAbsolute(value)) return fault('it is no absolute path', 'Begin it with /: a process need not start where you think');
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return fault('there is no such folder', 'Make it, or correct the path');
  if (!writable) return { read: path, faults: [] };
  try {
    // What the mode says is not what a read-only mount, a quota or a full disk says.
    rmdirSync(mkdtempSync(join(path, '.waybill-check-')));
    return { read: path, faults: [] };
  } catch {
    return fault('nothing can be written to this folder', 'Give it to the user of the process: chown, or ReadWritePaths of the unit; look whether the disk is full');
  }
}

function fileOf({ holds }: Setting, value: string, find: (path: string) => string): Looked {
  if (!isAbsolute(value)) return fault('it is no absolute path', 'Begin it with /: a process need not start where you think');
  const path = find(value);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) return fault('there is no such file', 'Create it, or correct the path');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return fault('the file cannot be read', 'Let the user of the process read it, and nobody else');
  }
  const faults: ValueFault[] = [];
  // A group that may read is how systemd and Kubernetes hand a credential over; everybody is never right.
  if (holds && SECRET.has(holds) && (found.mode & 0o027) !== 0) faults.push({ says: 'others may read or change the file, which holds a secret', fix: 'chmod 600 it, and think whether the secret must be replaced' });
  if (text.trim() === '') faults.push({ says: 'the file is empty', fix: 'Fill it' });
  else if (holds) faults.push(...HOLDS[holds](text));
  return { read: text, faults };
}

const SECRET: ReadonlySet<string> = new Set(['password', 'private-key', 'ed25519-private-key']);

export const isSecret = ({ holds }: Setting): boolean => holds !== undefined && SECRET.has(holds);

const attempt = <T>(make: () => T): T | undefined => {
  try {
    return make();
  } catch {
    return undefined;
  }
};

const LOCKED = { says: 'the key is locked with a passphrase, and nobody is there to type it', fix: 'Store it unlocked, readable for the process alone: openssl pkey -in locked.key -out unlocked.key' };

const privateKey = (text: string, type?: 'ed25519'): ValueFault[] => {
  if (/ENCRYPTED/.test(text)) return [LOCKED];
  const key = attempt(() => createPrivateKey(text));
  if (!key) return [{ says: 'it holds no private key in PEM', fix: 'It begins with -----BEGIN PRIVATE KEY-----; a certificate or a public key is not it' }];
  if (type && key.asymmetricKeyType !== type) return [{ says: `it holds a key of another type than Ed25519`, fix: 'Make one: openssl genpkey -algorithm ed25519' }];
  return [];
};

const HOLDS: Record<NonNullable<Setting['holds']>, (text: string) => ValueFault[]> = {
  password: (text) => (text.replace(/\r?\n$/, '').includes('\n') ? [{ says: 'the file has more than one line', fix: 'A password is one line' }] : []),
  'private-key': (text) => privateKey(text),
  'ed25519-private-key': (text) => privateKey(text, 'ed25519'),
  'ed25519-public-key': (text) => {
    if (text.includes('PRIVATE KEY')) return [{ says: 'it holds a private key, with which this process could sign as another', fix: 'Write the public half: openssl pkey -in private.key -pubout' }];
    const key = attempt(() => createPublicKey(text));
    if (!key) return [{ says: 'it holds no public key in PEM', fix: 'It begins with -----BEGIN PUBLIC KEY-----: openssl pkey -in private.key -pubout' }];
    return key.asymmetricKeyType === 'ed25519' ? [] : [{ says: 'it holds a key of another type than Ed25519', fix: 'Write the public half of the Ed25519 key: openssl pkey -in private.key -pubout' }];
  },
  certificate: (text) => {
    const certificate = attempt(() => new X509Certificate(text));
    if (!certificate) return [{ says: 'it holds no certificate in PEM', fix: 'It begins with -----BEGIN CERTIFICATE-----, the own one first, then its chain' }];
    if (new Date(certificate.validTo) < new Date()) return [{ says: 'its certificate has expired', fix: 'Put a current one there' }];
    return new Date(certificate.validFrom) > new Date() ? [{ says: 'its certificate is not valid yet', fix: 'Set the clock, or wait' }] : [];
  },
};

/** Whether a private key belongs to a certificate (PEM). Undefined when one of them is neither. */
export const fits = (key: string, certificate: string): boolean | undefined => attempt(() => new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)));

/** Whether a certificate is made out for a host. */
export const isFor = (certificate: string, hostname: string): boolean | undefined => {
  const read = attempt(() => new X509Certificate(certificate));
  const host = hostname.replace(/^\[|\]$/g, '');
  return read && (isIP(host) ? read.checkIP(host) : read.checkHost(host)) !== undefined;
};
