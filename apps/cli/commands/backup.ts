import { createPublicKey } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ConfigIncomplete, DATABASE_SETTINGS, databaseOf, readConfig } from '#platform/config';
import { Database } from '#platform/database';
import { type Compared, compareLogs } from '#register/comparison';
import { vkeyOf } from '#register/vkey';
import { command, type Common, group, running, type Setting } from '../command';
import type { Result } from '../ending';
import { namedText } from '../files';
import { type Io, UsageError } from '../io';

type Options = Common & { held: string[]; checkpointKey: string };

/** `waybill backup`: whether a database that was restored is the one that was there. Making and sealing backups is PostgreSQL's and gpg's: docs/runbook.md. */
export function backupCommand(setting: Setting): Command {
  const backup = group('backup', 'Compare a restored database with checkpoints that were kept outside. For the operator, with WAYBILL_DATABASE_* as the relay has it.');
  backup.addCommand(
    command('compare', 'Work out every register’s root anew and hold it to the checkpoints that witnesses, partners or their officers kept: before the relay runs.', 'waybill backup compare --held witness/logs --checkpoint-key checkpoint.pub')
      .requiredOption('--held <path...>', 'checkpoints kept outside: files, or folders with *.note in them').requiredOption('--checkpoint-key <file>', 'public half of the relay’s checkpoint key, PEM')
      .action((options: Options) => running(setting, options, () => comparing(setting.io, options))),
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
