import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { readEntries, type Reading } from '#client/register';
import { reportLines } from '#client/reports';
import { GRAMMAR } from '#protocol/grammar';
import { type ReportKind, REPORTS } from '#register/reports/reports';
import { atHome, type Common, runningAtHome, type Setting } from '../command';
import type { Result } from '../ending';
import { requireFree } from '../opened-folder';
import type { Home } from '../home';
import { UsageError } from '../io';

type Options = Common & { as: 'csv' | 'json'; reason: string; from?: string; until?: string; origin?: string; oneIn?: string };

/** `waybill register report`: what a data protection officer, an auditor or a commissioner asks of a register, as a file. */
export const reportCommand = (setting: Setting): Command =>
  atHome('report', 'Write a report of your own controller’s register to a file. The reading is recorded, with its reason.', 'waybill register report activities activities.csv --reason monitors-quality')
    .addHelpText('after', `\nReports:\n${Object.entries(REPORTS).map(([kind, { says }]) => `  ${kind.padEnd(13)} ${says}`).join('\n')}\n`)
    .argument('<report>').argument('<file>')
    .requiredOption('--reason <code>', 'why the register is read, as a code')
    .addOption(new Option('--as <form>', 'csv for a spreadsheet, or json, one object a line').choices(['csv', 'json']).default('csv'))
    .option('--from <day>', 'recorded on this day or later').option('--until <day>', 'recorded on this day or before')
    .option('--origin <agency>', 'of operations: on what came from this organisation only')
    .option('--one-in <n>', 'of an audit sample: one share in so many')
    .action((kind: string, file: string, options: Options) => runningAtHome(setting, options, (home) => reporting(setting, home, kind, file, options)));

async function reporting({ io }: Setting, home: Home, kind: string, file: string, { as, reason, from, until, origin, oneIn }: Options): Promise<Result> {
  if (!isReport(kind)) throw new UsageError([`there is no report ${kind}; there are ${Object.keys(REPORTS).join(', ')}`], 'Choose one of them.');
  for (const day of [from, until]) if (day !== undefined && !GRAMMAR.day.test(day)) throw new UsageError([`${day} is no day`], 'Write it as 2026-01-31.');
  if (oneIn !== undefined && !/^[1-9][0-9]{0,5}$/.test(oneIn)) throw new UsageError(['--one-in is no number'], 'Write 10 for one in ten.');
  const path = resolve(io.cwd, file);
  requireFree(path);
  const lines = reportLines(readEntries(home.partner, { reading: readingOf(home, reason) }), { kind, as, from, until, origin, ...(oneIn !== undefined && { oneIn: Number(oneIn) }), at: io.now() });
  const rows = await writtenTo(path, lines) - (as === 'csv' ? 1 : 0);
  return { ending: 'done', data: { report: kind, file: path, rows }, text: `${rows} rows in ${relative(io.cwd, path)}: ${REPORTS[kind].says}.` };
}

const isReport = (kind: string): kind is ReportKind => Object.hasOwn(REPORTS, kind);

/** Whose home it is reads it. @throws UsageError */
export function readingOf(home: Home, reason: string): Reading {
  if (!GRAMMAR.code.test(reason)) throw new UsageError(['--reason is no code'], 'Write it in small letters with hyphens, such as monitors-quality or subject-access.');
  return { reason, by: home.file.contact, ...(home.file.role !== undefined && { role: home.file.role }) };
}

/** Whole or not at all: what was begun and broke off is no report. */
export async function writtenTo(path: string, lines: AsyncIterable<string>): Promise<number> {
  const making = `${path}.part`;
  const out = openSync(making, 'w', 0o600);
  let count = 0;
  try {
    for await (const line of lines) {
      writeSync(out, line);
      count += 1;
    }
  } catch (error) {
    rmSync(making, { force: true });
    throw error;
  } finally {
    closeSync(out);
  }
  renameSync(making, path);
  return count;
}
