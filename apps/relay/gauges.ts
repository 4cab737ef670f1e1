import { type Clock, MINUTE, SECOND } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import type { Log } from '#platform/log';
import type { Metrics } from '#platform/metrics';
import { backlog } from '#register/integration';
import type { RELAY_METRICS } from './metrics';

export interface GaugesOptions {
  database: Database;
  clock: Clock;
  log: Log;
  metrics: Metrics<typeof RELAY_METRICS>;
}

interface Queued {
  lane: string;
  waiting: number;
  parked: number;
  oldest: number | null;
}

/** A day is promised to partners, a second is usual: after a minute something stands still. */
const BEHIND_MS = MINUTE;
/** An alarm in the log says the same once a minute, for as long as it holds. */
const SAID_AGAIN_MS = MINUTE;

/** Looks at the database as its operator would, and says what nobody must sleep through. */
export class Gauges {
  private readonly said = new Map<string, number>();

  constructor(private readonly options: GaugesOptions) {}

  /** One look. Does no work that would ask for another at once. */
  async measure(): Promise<0> {
    const { database, metrics } = this.options;
    const now = this.options.clock.now();
    const { queued, register, overdue, held } = await database.transaction(async (tx) => ({
      queued: await outbox(tx, now), register: await backlog(tx),
      overdue: await counted(tx, 'select kind as name, count(*)::int as count from waybill.duty where closed_at is null and due_at <= $1 group by kind', [now]),
      held: await counted(tx, `select lane as name, count(*)::int as count from waybill.transfer where state = 'held' group by lane`, []),
    }));
    metrics.setAll('waybill_outbox_waiting', 'lane', by(queued, ({ waiting }) => waiting));
    metrics.setAll('waybill_outbox_parked', 'lane', by(queued, ({ parked }) => parked));
    metrics.setAll('waybill_outbox_oldest_seconds', 'lane', by(queued, ({ oldest }) => oldest ?? 0));
    metrics.setAll('waybill_duties_overdue', 'kind', overdue);
    metrics.setAll('waybill_transfers_held', 'lane', held);
    const behind = register.since ? Math.max(0, now.getTime() - register.since.getTime()) : 0;
    metrics.set('waybill_register_waiting', register.waiting);
    metrics.set('waybill_register_oldest_seconds', behind / SECOND);
    metrics.set('waybill_register_unopened', register.unopened.length);
    metrics.set('waybill_measured_seconds', now.getTime() / SECOND);
    const { log } = this.options;
    if (behind > BEHIND_MS && this.due('behind', now)) log.write('error', 'register.behind', { count: register.waiting, ms: behind });
    if (register.unopened.length > 0 && this.due('unopened', now)) log.write('error', 'register.unopened', { count: register.unopened.length });
    return 0;
  }

  private due(alarm: string, now: Date): boolean {
    if (now.getTime() - (this.said.get(alarm) ?? Number.NEGATIVE_INFINITY) < SAID_AGAIN_MS) return false;
    this.said.set(alarm, now.getTime());
    return true;
  }
}

async function outbox(tx: Tx, now: Date): Promise<Queued[]> {
  return (await tx.query(
    `select lane, (count(*) filter (where parked_reason is null))::int as waiting, (count(*) filter (where parked_reason is not null))::int as parked,
       greatest(0, extract(epoch from $1::timestamptz - min(due_at) filter (where parked_reason is null)))::float8 as oldest
     from waybill.outbox group by lane`,
    [now],
  )) as Queued[];
}

async function counted(tx: Tx, sql: string, parameters: unknown[]): Promise<Record<string, number>> {
  const rows = (await tx.query(sql, parameters)) as { name: string; count: number }[];
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

const by = (rows: readonly Queued[], figure: (row: Queued) => number): Record<string, number> => Object.fromEntries(rows.map((row) => [row.lane, figure(row)]));
