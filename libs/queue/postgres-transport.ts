import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { Client } from 'pg';
import { lastValueFrom } from 'rxjs';
import type { Database } from '#platform/database';
import { errorName, type Log } from '#platform/log';
import { DELIVERY_LIMIT, type Message, type Outcome, RETRY_AFTER_MS } from './message';

export interface PostgresTransportOptions {
  database: Database;
  log: Log;
  /** Puts the envelope into a message. Undefined when its transfer is no more: the message is dropped. */
  fill(transfer: string): Promise<Pick<Message, 'digest' | 'envelope'> | undefined>;
  /** Told of a message that is set aside, so that whoever sent it learns of it. */
  setAside(transfer: string, code: string): Promise<void>;
  leaseMs?: number;
}

/** Rows taken at once: enough to keep eight hands busy, few enough that an emergency waits behind little. */
const BATCH = 32;
const HANDS = 8;
/** A consumer that has not finished within this has died: its messages go to another. */
const LEASE_MS = 30_000;
/** A notification may be lost with its connection; the poll finds what it announced. */
const POLL_MS = 1_000;

interface Row {
  id: string;
  kind: Message['kind'];
  transfer: string;
  lane: string;
  attempt: number;
}

/** The queue over PostgreSQL: the outbox itself, taken with SKIP LOCKED in the order of the lanes, announced with NOTIFY. */
export class PostgresTransport extends Server implements CustomTransportStrategy {
  private stopped = false;
  private wake: (() => void) | undefined;
  private loop: Promise<void> | undefined;
  private listener: Client | undefined;

  constructor(private readonly options: PostgresTransportOptions) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.loop = this.run();
    callback();
  }

  async close(): Promise<void> {
    this.stopped = true;
    this.wake?.();
    await this.loop;
    await this.listener?.end().catch(() => undefined);
  }

  on(): void {
    // No connection events: a lost database shows in the log and is tried again.
  }

  unwrap<T>(): T {
    return this.options.database as T;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.attend();
        if ((await this.drain()) === 0) await this.pause();
      } catch (error) {
        this.options.log.write('error', 'queue.failed', { error: errorName(error) });
        await this.pause();
      }
    }
  }

  /** Takes what is due, works it off, and says how much that was. */
  private async drain(): Promise<number> {
    const rows = await this.take();
    const waiting = [...rows];
    const hand = async (): Promise<void> => {
      for (let row = waiting.shift(); row; row = waiting.shift()) await this.handOver(row);
    };
    await Promise.all(Array.from({ length: Math.min(HANDS, rows.length) }, hand));
    return rows.length;
  }

  private async take(): Promise<Row[]> {
    const [rows]: [Row[], number] = await this.options.database.source.query(
      `with due as (
         select id from waybill.outbox
         where parked_reason is null and due_at <= clock_timestamp() and (leased_until is null or leased_until < clock_timestamp())
         order by precedence, seq limit $1 for update skip locked)
       update waybill.outbox o set attempt = attempt + 1, leased_until = clock_timestamp() + make_interval(secs => $2)
       from due where o.id = due.id returning o.id, o.kind, o.transfer, o.lane, o.precedence, o.seq, o.attempt`,
      [BATCH, (this.options.leaseMs ?? LEASE_MS) / 1_000],
    );
    return (rows as (Row & { precedence: number; seq: string })[]).sort((a, b) => a.precedence - b.precedence || Number(BigInt(a.seq) - BigInt(b.seq)));
  }

  private async handOver(row: Row): Promise<void> {
    const outcome = await this.outcomeOf(row).catch((error: unknown): Outcome => {
      this.options.log.write('error', 'message.failed', { transfer: row.transfer, lane: row.lane, error: errorName(error), count: row.attempt });
      return row.attempt >= DELIVERY_LIMIT ? { park: 'delivery-limit' } : { again: RETRY_AFTER_MS[row.attempt - 1] ?? 60_000 };
    });
    const { source } = this.options.database;
    if (outcome === 'done') await source.query('delete from waybill.outbox where id = $1', [row.id]);
    else if ('again' in outcome) await source.query('update waybill.outbox set leased_until = null, due_at = clock_timestamp() + make_interval(secs => $2) where id = $1', [row.id, outcome.again / 1_000]);
    else {
      await this.options.setAside(row.transfer, outcome.park);
      await source.query('update waybill.outbox set leased_until = null, parked_reason = $2 where id = $1', [row.id, outcome.park]);
      this.options.log.write('warn', 'message.parked', { transfer: row.transfer, lane: row.lane, code: outcome.park });
    }
  }

  private async outcomeOf(row: Row): Promise<Outcome> {
    const handler = this.getHandlerByPattern(row.kind);
    if (!handler) return { park: 'no-handler' };
    const filled = await this.options.fill(row.transfer);
    if (!filled) return 'done';
    const message: Message = { id: row.id, kind: row.kind, transfer: row.transfer, lane: row.lane, attempt: row.attempt, ...filled };
    return (await lastValueFrom(this.transformToObservable(await handler(message)))) as Outcome;
  }

  private async attend(): Promise<void> {
    if (this.listener) return;
    const { options } = this.options.database.source as { options: { host?: string; port?: number; username?: string; database?: string; password?: string; ssl?: object } };
    const client = new Client({ host: options.host, port: options.port, user: options.username, database: options.database, password: options.password, ssl: options.ssl } as never);
    client.on('notification', () => this.wake?.());
    client.on('error', () => {
      this.listener = undefined;
    });
    await client.connect();
    await client.query('listen waybill_outbox');
    this.listener = client;
  }

  private pause(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
