import { createReadStream, existsSync, openSync, readFileSync, closeSync, renameSync, writeSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ClientRefusal } from '#client/codes';
import { exportRegister, followCheckpoint, verifyRegister } from '#client/register';
import { cosignedAt } from '#register/cosignature';
import type { ExportReport } from '#register/export-verification';
import { sentence } from '#register/findings';
import { atHome, type Common, group, runningAtHome, type Setting } from '../command';
import type { Result } from '../ending';
import type { Home } from '../home';
import { UsageError } from '../io';
import { findCommand, indexCommand } from './register-find';
import { reportCommand } from './register-report';

/** `waybill register`: our own controller's register, to keep and to check. */
export function registerCommand(setting: Setting): Command {
  const { io } = setting;
  const register = group('register', 'Export or verify your own controller’s register.');
  register.addCommand(
    atHome('export', 'Write the whole register to a file (NDJSON), and verify it.', 'waybill register export register.ndjson')
      .argument('<file>')
      .action((file: string, options: Common) => runningAtHome(setting, options, (home) => exporting(home, resolve(io.cwd, file)))),
  );
  register.addCommand(
    atHome('verify', 'Verify an exported register, or the gateway’s own, against your pinned keys and the checkpoint that you hold.', 'waybill register verify register.ndjson --held checkpoint.txt')
      .argument('[file]', 'export; read from the gateway, if not given')
      .option('--held <file>', 'checkpoint that you kept; the last that this home verified, if not given')
      .option('--witness <key>', 'key of a witness whose line the checkpoint must bear')
      .action((file: string | undefined, options: Common & Held) => runningAtHome(setting, options, (home) => verifying(home, file && resolve(io.cwd, file), { ...options, ...(options.held !== undefined && { held: resolve(io.cwd, options.held) }) }))),
  );
  register.addCommand(findCommand(setting));
  register.addCommand(indexCommand(setting));
  register.addCommand(reportCommand(setting));
  return register;
}

async function exporting(home: Home, file: string): Promise<Result> {
  if (existsSync(file)) throw new UsageError([`${file} is there already`], 'Choose another name.');
  // First the checkpoint that all of it must hold; from now on this home holds every register to it.
  const { note } = await followCheckpoint(home.partner);
  home.keep();
  const making = `${file}.part`;
  const out = openSync(making, 'w', 0o600);
  let report: ExportReport;
  try {
    report = await verifyRegister(home.partner, copied(exportRegister(home.partner), (octets) => writeSync(out, octets)), note);
  } catch (error) {
    rmSync(making, { force: true });
    throw error;
  } finally {
    closeSync(out);
  }
  // Kept even where it does not hold: it is the evidence.
  renameSync(making, file);
  return resultOf(report, { file });
}

async function* copied(source: AsyncIterable<Buffer>, write: (octets: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const octets of source) {
    write(octets);
    yield octets;
  }
}

interface Held {
  held?: string;
  witness?: string;
}

async function verifying(home: Home, file: string | undefined, { held, witness }: Held): Promise<Result> {
  for (const each of [file, held]) if (each !== undefined && !existsSync(each)) throw new UsageError([`${each} is not there`], 'Name an export, or leave it out to read the register from the gateway.');
  const note = held === undefined ? home.partner.pins.checkpoint : readFileSync(held, 'utf8');
  if (witness !== undefined && (note === undefined || cosignedAt(note, witness) === undefined)) throw new ClientRefusal('NOT_WITNESSED', { because: 'NOT_COSIGNED' });
  if (file !== undefined) return resultOf(await verifyRegister(home.partner, createReadStream(file), note), { file });
  const { checkpoint } = await followCheckpoint(home.partner);
  const result = resultOf(await verifyRegister(home.partner, exportRegister(home.partner), note), { checkpoint: { origin: checkpoint.origin, size: checkpoint.size } });
  home.keep();
  return result;
}

function resultOf(report: ExportReport, more: object): Result {
  const findings = report.findings.map((finding) => ({ ...finding, says: sentence(finding) }));
  const warnings = report.warnings.map((warning) => ({ ...warning, says: sentence(warning) }));
  if (!report.holds && report.size === 0 && findings.length === 0) throw new ClientRefusal('REGISTER_NOT_TRUSTED', {});
  return {
    ending: report.holds ? 'done' : 'trust',
    data: { ...more, holds: report.holds, origin: report.origin, size: report.size, root: report.root, checkpoints: report.checkpoints, ...(report.window && { window: report.window }), findings, warnings },
    text: [
      report.holds ? `Good: ${report.size} entries of ${report.origin}, ${report.checkpoints} checkpoints.` : `NOT TRUSTED: the register is not the one that was signed. Keep it as evidence and tell your data protection officer.`,
      ...windowOf(report),
      ...findings.map(({ says }) => `  ${says}`),
      ...warnings.map(({ says }) => `  Warning: ${says}`),
    ].join('\n'),
  };
}

/** What a checkpoint outside does not prove yet. */
function windowOf({ holds, window }: ExportReport): string[] {
  if (!holds) return [];
  if (!window) return ['  No checkpoint was held outside: a shorter or another log that was signed as well would not be noticed.'];
  return window.to > window.from ? [`  Entries ${window.from} to ${window.to - 1} came after the checkpoint that was held: of these alone the gateway could still show others something else.`] : [];
}
