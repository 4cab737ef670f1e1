import { ConfigIncomplete, type ProcessSettings, type Read, readConfig, type Settings } from './config';
import { Readiness } from './health';
import { errorName, type Log, logPipe, openLog } from './log';
import { Metrics, type MetricTable } from './metrics';
import { openOperatorListener, type operatorSettings } from './operator-listener';

/** What a process is given at its start. */
export interface Beginning<S extends Settings, T extends MetricTable> {
  config: Read<S>;
  log: Log;
  metrics: Metrics<T>;
  readiness: Readiness;
}

interface Plan<S extends Settings, T extends MetricTable> extends Omit<ProcessSettings<S>, 'says'> {
  metrics: T;
  /** Names that some process's settings have: anything else in the settings file is a slip of the pen. */
  known: ReadonlySet<string>;
}

/** sysexits.h: what nobody has mended yet is the same at the next try; what is away may come back. */
export const EXIT = { config: 78, away: 75, fault: 70 } as const;

/** How long an end waits for its last lines to be written. */
const LAST_WORDS_MS = 1_000;

/** What every process tells of itself. */
export const PROCESS_METRICS = {
  waybill_log_lines_lost_total: { type: 'counter', says: 'Log lines that could not be written since the start', alarm: { when: 'increase(waybill_log_lines_lost_total[5m]) > 0', section: 'log-lost' } },
  waybill_ready: { type: 'gauge', says: 'Whether the process can do its work: 1 or 0', alarm: { when: 'min_over_time(waybill_ready[2m]) == 0 or up{job=~"waybill.*"} == 0', section: 'not-ready' } },
} as const satisfies MetricTable;

/**
 * Runs a process: reads its settings, opens health and metrics for its operator, starts it, and ends it when it is told to.
 * At the first signal it says that it leaves, does what it has in hand, and exits 0; at the second it exits at once.
 * It exits 78 when its settings are wrong, 75 when what it needs is away, 70 at a fault that nobody foresaw.
 */
export async function runProcess<const S extends Settings & ReturnType<typeof operatorSettings>, const T extends typeof PROCESS_METRICS>(
  plan: Plan<S, T>,
  start: (beginning: Beginning<S, T>) => Promise<{ stop(): Promise<void> }> | { stop(): Promise<void> },
): Promise<void> {
  // Without a listener, a log that nobody reads would end the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const pipe = logPipe(plan.name);
  const log = openLog(plan.name, pipe);
  const exit = async (code: number): Promise<never> => {
    await pipe.end(LAST_WORDS_MS);
    return process.exit(code);
  };
  // A message or a stack may quote what was sent: the name alone is told.
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.write('error', 'process.failed', { error: errorName(error) });
      void exit(EXIT.fault);
    });
  }
  try {
    const config = readConfig(plan.name, plan.settings, process.env, plan);
    const readiness = new Readiness();
    const metrics = new Metrics(plan.metrics);
    metrics.watchProcess();
    // Both are of PROCESS_METRICS, which every table holds.
    const own = metrics as unknown as Metrics<typeof PROCESS_METRICS>;
    let lost = 0;
    metrics.onScrape(() => {
      own.count('waybill_log_lines_lost_total', pipe.lost - lost);
      lost = pipe.lost;
    });
    const { WAYBILL_METRICS_HOST: host, WAYBILL_METRICS_PORT: port } = config as Record<string, string>;
    const listener = await openOperatorListener({ host: host as string, port: Number(port) }, {
      readiness,
      metrics: {
        text: async () => {
          own.set('waybill_ready', (await readiness.look()).ready ? 1 : 0);
          return metrics.text();
        },
      },
    });
    log.write('info', 'operator.listening', { port: listener.port });
    const running = await start({ config, log, metrics, readiness });
    readiness.serve();
    log.write('info', 'process.started');
    let told = false;
    const leave = async (): Promise<void> => {
      if (told) process.exit(EXIT.fault);
      told = true;
      readiness.leave();
      log.write('info', 'process.stopping');
      await running.stop();
      await listener.stop();
      log.write('info', 'process.stopped');
      await exit(0);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void leave());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await exit(error instanceof ConfigIncomplete ? EXIT.config : EXIT.away);
  }
}
