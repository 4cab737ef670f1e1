import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { readEntries } from '#client/register';
import { blindIndex, type IndexKey, indexShare, keyOf } from '#client/subject-index';
import { GRAMMAR } from '#protocol/grammar';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import type { Result } from '../ending';
import { requirePrivate, writeNew } from '../files';
import type { Home } from '../home';
import { type Io, UsageError } from '../io';
import { readingOf } from './register-report';

interface Keyed {
  indexKey?: string;
  indexCommand?: string;
}

const withKey = (command: Command): Command => command
  .option('--index-key <file>', 'your index key, 32 octets; subject-index.key of the home, made at first use, if not given')
  .option('--index-command <program>', 'or a program of your key management system: octets on stdin, HMAC-SHA-256 as hexadecimal on stdout');

/** `waybill register index`: has a share found again by whom it is about. The reference stays here. */
export const indexCommand = (setting: Setting): Command =>
  withKey(atHome('index', 'Have a share found again by your reference of whom it is about. The gateway gets a keyed hash that only you can make.', 'waybill register index 0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11 --reference -'))
    .argument('<share>').requiredOption('--reference <text>', 'your reference of the person; - reads it from stdin, so that it stands in no history of your shell')
    .action((share: string, options: Common & Keyed & { reference: string }) => runningAtHome(setting, options, async (home) => {
      if (!GRAMMAR.uuid.test(share)) throw new UsageError([`${share} is no id`], 'Take it from a receipt.');
      await indexShare(home.partner, share, [await referenceOf(setting.io, options.reference)], keyFor(setting.io, home, options));
      return { ending: 'done', data: { share }, text: 'It will be found again by this reference. Whom it is of, nobody can tell from what the gateway got.' };
    }));

/** `waybill register find`: what one's own register has about somebody. */
export const findCommand = (setting: Setting): Command =>
  withKey(atHome('find', 'Find what your register has about somebody, by your own reference, or about a share. The search is recorded, with its reason.', 'waybill register find --reference - --reason subject-access'))
    .option('--reference <text>', 'your reference of the person; - reads it from stdin').option('--about <id>', 'or a share, information request or data breach').requiredOption('--reason <code>', 'why you look, as a code')
    .action((options: Common & Keyed & { reference?: string; about?: string; reason: string }) => runningAtHome(setting, options, (home) => finding(setting.io, home, options)));

async function finding(io: Io, home: Home, { reference, about, reason, ...keyed }: Keyed & { reference?: string; about?: string; reason: string }): Promise<Result> {
  if (reference === undefined && about === undefined) throw new UsageError(['nothing is said of what to look for'], 'Give --reference or --about.');
  if (about !== undefined && !GRAMMAR.uuid.test(about)) throw new UsageError([`${about} is no id`], 'Take it from a receipt.');
  const index = reference === undefined ? undefined : await blindIndex(keyFor(io, home, keyed), { agency: home.partner.agency, reference: await referenceOf(io, reference) });
  const entries = [];
  for await (const { octets, ...entry } of readEntries(home.partner, { reading: readingOf(home, reason), looked: { ...(about !== undefined && { about }), ...(index !== undefined && { index }) } })) {
    entries.push({ ...entry, ...(octets && { entry: JSON.parse(octets.toString()) as Record<string, unknown> }) });
  }
  const shares = [...new Set(entries.flatMap(({ entry }) => (typeof entry?.['share'] === 'string' ? [entry['share']] : [])))];
  return {
    ending: 'done', data: { shares, entries },
    text: entries.length === 0 ? 'Your register has nothing about it that was indexed under this reference.' : entries.map(({ index: place, at, kind, entry }) => `${String(place).padStart(8)}  ${at}  ${kind.padEnd(22)} ${String(entry?.['share'] ?? '')}`).join('\n'),
  };
}

async function referenceOf(io: Io, given: string): Promise<string> {
  if (given !== '-') return given;
  const text = (await io.input?.())?.toString('utf8').trim();
  if (!text) throw new UsageError(['no reference comes on stdin'], 'Type it and end with Ctrl-D, or pipe it in.');
  return text;
}

function keyFor(io: Io, home: Home, { indexKey, indexCommand: program }: Keyed): IndexKey {
  if (program !== undefined) return { mac: (octets) => asked(program, octets) };
  const path = indexKey === undefined ? join(home.folder, 'subject-index.key') : resolve(io.cwd, indexKey);
  if (!existsSync(path)) {
    if (indexKey !== undefined) throw new UsageError([`${path} is not there`], 'Name the file that holds your index key.');
    // With another key nothing that was indexed is found again: it belongs into the backup of the home.
    writeNew(path, randomBytes(32), { secret: true });
  }
  requirePrivate([path]);
  const secret = readFileSync(path);
  if (secret.length !== 32) throw new UsageError([`${path} is no index key`], 'It has 32 octets, and no newline.');
  return keyOf(secret);
}

/** A key management system takes no longer. */
const KMS_TIMEOUT_MS = 20_000;

const asked = (program: string, octets: Uint8Array): Promise<Uint8Array> =>
  new Promise((done, failed) => {
    const child = execFile(program, { timeout: KMS_TIMEOUT_MS }, (error, stdout) => {
      const text = stdout.trim();
      if (error || !/^[0-9a-f]{64}$/.test(text)) failed(new UsageError([`${program} gave no HMAC-SHA-256`], 'It reads octets on stdin and writes 64 hexadecimal digits.'));
      else done(Buffer.from(text, 'hex'));
    });
    // One that ends without reading is told by what it said.
    child.stdin?.on('error', () => undefined).end(Buffer.from(octets));
  });
