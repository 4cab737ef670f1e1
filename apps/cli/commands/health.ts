import { request } from 'node:http';
import { resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { CONFIG, readingOf } from '#platform/config';
import { KNOWN, PROCESSES } from '../../settings';
import { command, type Common, running, type Setting } from '../command';
import type { Result } from '../ending';
import { type Io, UsageError } from '../io';

const SERVING = ['gateway', 'courier', 'relay', 'console'] as const;

/** One that listens and does not answer is no better than one that is gone. */
const PATIENCE_MS = 4_000;

/** `waybill health`: asks a process on this machine whether it can do its work. A container and an operator ask alike. */
export const healthCommand = (setting: Setting): Command =>
  command('health', 'Ask a process on this machine whether it can do its work.', 'waybill health gateway')
    .addArgument(new Argument('<process>', 'which').choices(SERVING))
    .option('--config <file>', `its settings file (or ${CONFIG})`)
    .action((name: (typeof SERVING)[number], options: Common & { config?: string }) => running(setting, options, () => asking(setting.io, name, options.config)));

async function asking(io: Io, name: (typeof SERVING)[number], given: string | undefined): Promise<Result> {
  const file = given ?? io.env[CONFIG];
  // Only where it listens is asked for: of all else that a check would find the process has told by itself.
  const { WAYBILL_METRICS_HOST, WAYBILL_METRICS_PORT } = PROCESSES[name].settings;
  const { config, faults } = readingOf({ name, settings: { WAYBILL_METRICS_HOST, WAYBILL_METRICS_PORT } }, { env: io.env, known: KNOWN, ...(file === undefined ? {} : { file: resolve(io.cwd, file) }) });
  if (config.WAYBILL_METRICS_HOST === undefined || config.WAYBILL_METRICS_PORT === undefined) throw new UsageError(faults.map(({ says }) => says), 'waybill config check says where.');
  const host = config.WAYBILL_METRICS_HOST === '0.0.0.0' ? '127.0.0.1' : config.WAYBILL_METRICS_HOST;
  const answer = await ask(host, Number(config.WAYBILL_METRICS_PORT));
  if (!answer) return { ending: 'unreachable', data: { process: name, status: 'away' }, text: `The ${name} does not answer on ${host}:${config.WAYBILL_METRICS_PORT}. docs/runbook.md, "Not ready".` };
  const unmet = Object.entries(answer.conditions).filter(([, met]) => !met).map(([condition]) => condition);
  return {
    ending: unmet.length === 0 ? 'done' : 'waits',
    data: { process: name, ...answer },
    text: unmet.length === 0 ? `The ${name} is ready.` : `The ${name} is NOT ready: ${unmet.join(', ')}. docs/runbook.md, "Not ready".`,
  };
}

function ask(host: string, port: number): Promise<{ status: string; conditions: Record<string, boolean> } | undefined> {
  return new Promise((resolve) => {
    const asked = request({ host, port, path: '/health/ready', timeout: PATIENCE_MS }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece)).on('error', () => resolve(undefined)).on('end', () => {
        try {
          resolve(JSON.parse(text) as { status: string; conditions: Record<string, boolean> });
        } catch {
          resolve(undefined);
        }
      });
    });
    asked.on('timeout', () => asked.destroy()).on('error', () => resolve(undefined)).end();
  });
}
