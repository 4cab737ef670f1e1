import { createPublicKey } from 'node:crypto';
import { closeSync, createReadStream, createWriteStream, existsSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, renameSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { grouped } from '#enrolment/fingerprint';
import { REWRAP_HEAD_OCTETS, type RewrapFault, rewrapped } from '#envelope/rewrapping';
import { ConfigIncomplete, DATABASE_SETTINGS, databaseOf, readConfig } from '#platform/config';
import { Database } from '#platform/database';
import { type Compared, compareLogs } from '#register/comparison';
import { vkeyOf } from '#register/vkey';
import { command, type Common, group, running, type Setting } from '../command';
import type { Result } from '../ending';
import { certificateWith, named, namedText, secretKey } from '../files';
import { requireFree } from '../opened-folder';
import { type Io, UsageError } from '../io';

type Options = Common & { held: string[]; checkpointKey: string };
type Rewrap = Common & { key: string; passphraseFile?: string; to: string; fingerprint: string; into: string };

/** `waybill backup`: whether a database that was restored is the one that was there, and backups under another key. Making and sealing them is PostgreSQL's and gpg's: docs/runbook.md. */
export function backupCommand(setting: Setting): Command {
  const backup = group('backup', 'Compare a restored database with checkpoints that were kept outside (with WAYBILL_DATABASE_* as the relay has it), and seal backups to another key. For the operator.');
  backup.addCommand(
    command('compare', 'Work out every register’s root anew and hold it to the checkpoints that witnesses, partners or their officers kept: before the relay runs.', 'waybill backup compare --held witness/logs --checkpoint-key checkpoint.pub')
      .requiredOption('--held <path...>', 'checkpoints kept outside: files, or folders with *.note in them').requiredOption('--checkpoint-key <file>', 'public half of the relay’s checkpoint key, PEM')
      .action((options: Options) => running(setting, options, () => comparing(setting.io, options))),
  );
  backup.addCommand(
    command('rewrap', 'Seal backups to another key without opening them: the key under which each is encrypted is wrapped anew, its contents are copied as they are.', 'waybill backup rewrap base-2026-11-01.tar.gpg --key old.secret.asc --to new.asc --fingerprint 9F86D081… --into rewrapped')
      .argument('<file...>', 'what gpg --encrypt wrote').requiredOption('--key <file>', 'secret key that opens them now').option('--passphrase-file <file>', 'file that holds its passphrase')
      .requiredOption('--to <file>', 'certificate of the key that opens them from now on').requiredOption('--fingerprint <fingerprint>', 'its fingerprint, as you have it from where the key was made').requiredOption('--into <folder>', 'where they are written, under their own names')
      .action((files: string[], options: Rewrap) => running(setting, options, () => rewrapping(setting.io, files, options))),
  );
  return backup;
}

async function comparing(io: Io, { held, checkpointKey }: Options): Promise<Result> {
  const notes = held.flatMap((path) => notesIn(resolve(io.cwd, path)));
  const key = createPublicKey(namedText(io, checkpointKey, 'the public half of the checkpoint key'));
  const began = io.now().getTime();
  const database = await Database.open('relay', addressOf(io));
  const logs: Compared[] = [];
  try {
    await database.transaction(async (tx) => {
      for await (const log of compareLogs(tx, notes, (origin) => vkeyOf(origin, key))) logs.push(log);
    });
  } finally {
    await database.close();
  }
  const wrong = logs.filter(({ verdict }) => verdict !== 'holds' && verdict !== 'nothing-held');
  return {
    ending: wrong.length > 0 ? 'trust' : 'done', data: { logs, milliseconds: io.now().getTime() - began },
    text: [...logs.map((log) => `  ${log.controller}: ${SAYS[log.verdict](log)}`), wrong.length > 0 ? 'Do NOT start the relay: docs/runbook.md#restore.' : 'Every register is the one that was there. The relay may run.'].join('\n'),
  };
}

/** Those before stay as they are: whoever runs it destroys them when the new ones lie where they belong. */
async function rewrapping(io: Io, files: readonly string[], { key, passphraseFile, to, fingerprint, into }: Rewrap): Promise<Result> {
  const opener = await secretKey(io, key, passphraseFile);
  const certificate = await certificateWith(named(io, to, 'the certificate of the new key'), fingerprint, to, 'Name what gpg --export wrote of the new key.');
  const folder = resolve(io.cwd, into);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const written: string[] = [];
  for (const file of files) {
    const [from, path] = [resolve(io.cwd, file), join(folder, basename(file))];
    requireFree(path);
    const made = await rewrapped(headOf(from), { opener, to: [certificate], at: io.now() });
    if (typeof made === 'string') throw new UsageError([`${file} ${FAULTS[made].says}`], FAULTS[made].next);
    const out = createWriteStream(`${path}.part`, { mode: 0o600 });
    out.write(made.keys);
    await pipeline(createReadStream(from, { start: made.dataAt }), out);
    renameSync(`${path}.part`, path);
    written.push(path);
  }
  return { ending: 'done', data: { written, fingerprint: certificate.fingerprint }, text: `${written.length} written to ${into}: they open with ${grouped(certificate.fingerprint)} alone. Open one; then destroy those before, and the key.` };
}

const FAULTS: Record<RewrapFault, { says: string; next: string }> = {
  NOT_SEALED: { says: 'is not what gpg --encrypt writes', next: 'Name binary files; of armored ones make binary ones first: gpg --dearmor.' },
  PASSWORD_OPENS_IT: { says: 'opens with a password, too', next: 'Seal it anew from what is in it: whoever knows the password would go on opening it.' },
  NOT_FOR_THIS_KEY: { says: 'does not open with that key', next: 'gpg --list-packets says to which key it is sealed.' },
};

/** @throws UsageError */
function headOf(path: string): Uint8Array {
  if (!existsSync(path)) throw new UsageError([`${path} is not there`], 'Name a sealed backup.');
  const head = Buffer.alloc(REWRAP_HEAD_OCTETS);
  const file = openSync(path, 'r');
  try {
    return head.subarray(0, readSync(file, head, 0, head.length, 0));
  } finally {
    closeSync(file);
  }
}

const SAYS: Record<Compared['verdict'], (log: Compared) => string> = {
  holds: ({ size, held }) => `holds, ${size} entries; the checkpoint outside covers ${held?.size ?? 0}`,
  shorter: ({ size, gap }) => `SHORTER: ${gap} entries are missing after entry ${size - 1}`,
  forked: ({ held }) => `ANOTHER LOG: it is not the one whose ${held?.size ?? 0} entries were signed`,
  damaged: ({ size }) => `DAMAGED: its leaves, count and last checkpoint do not agree; ${size} entries are in order`,
  'nothing-held': ({ size }) => `not compared, ${size} entries: nobody brought a checkpoint of it`,
};

function notesIn(path: string): string[] {
  if (!existsSync(path)) throw new UsageError([`${path} is not there`], 'Name checkpoints that were kept outside the gateway.');
  if (!statSync(path).isDirectory()) return [readFileSync(path, 'utf8')];
  return readdirSync(path, { recursive: true, withFileTypes: true }).filter((each) => each.isFile() && each.name.endsWith('.note')).map((each) => readFileSync(join(each.parentPath, each.name), 'utf8'));
}

function addressOf(io: Io): ReturnType<typeof databaseOf> {
  try {
    return databaseOf(readConfig('relay', DATABASE_SETTINGS, io.env));
  } catch (error) {
    if (!(error instanceof ConfigIncomplete)) throw error;
    throw new UsageError(error.faults.map(({ says }) => says), 'Set WAYBILL_DATABASE_* as the relay has it.');
  }
}
