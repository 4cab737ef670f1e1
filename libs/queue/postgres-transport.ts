import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { Bell } from './bell';
import { Consumer, type ConsumerOptions } from './consumer';
import { Hands, type Held } from './hands';
import type { Lane } from './lanes';
import { type Fill, type Message, type Outcome, PATTERN } from './message';
import type { Due } from './outbox';

export interface PostgresTransportOptions extends ConsumerOptions {
  fill: Fill;
  leaseMs?: number;
}

/** The queue over PostgreSQL: the outbox itself, lent with SKIP LOCKED in the order of the lanes, announced with NOTIFY. */
export class PostgresTransport extends Server implements CustomTransportStrategy {
  private readonly consumer: Consumer<Due>;
  private readonly bell: Bell;
  private hands: Hands | undefined;

  constructor(private readonly options: PostgresTransportOptions) {
    super();
    this.consumer = new Consumer(options, (rows) => this.handOver(rows));
    this.bell = new Bell(options.database);
  }

  listen(callback: (error?: unknown) => void): void {
    this.hands = new Hands({ log: this.options.log, take: (lanes) => this.take(lanes), wait: () => this.bell.wait() });
    callback();
  }

  async close(): Promise<void> {
    const stopped = this.hands?.stop();
    await this.bell.silence();
    await stopped;
  }

  on(): void {
    // No connection events: a lost database shows in the log and is tried again.
  }

  unwrap<T>(): T {
    return this.options.database as T;
  }

  private async take(lanes: readonly Lane[]): Promise<Held | undefined> {
    const rows = await this.consumer.outbox.lend(lanes, this.options.leaseMs);
    const [first] = rows;
    if (!first) return undefined;
    const work = first.spent ? () => this.consumer.settle(first, { park: 'delivery-limit' }) : () => this.consumer.workOff(rows);
    return { lane: first.lane, work };
  }

  private async handOver(rows: readonly Due[]): Promise<readonly Outcome[]> {
    const handler = this.getHandlerByPattern(PATTERN);
    if (!handler) return rows.map(() => ({ park: 'no-handler' }));
    const fillings = await this.options.fill(rows.map((row) => row.transfer));
    const messages = rows.flatMap((row): Message[] => {
      const filling = fillings.get(row.transfer);
      return filling ? [{ kind: 'transfer.due', ...row, ...filling }] : [];
    });
    const gone = rows.filter((row) => !fillings.has(row.transfer)).map((row) => row.id);
    if (gone.length > 0) await this.options.database.transaction((tx) => this.consumer.outbox.drop(tx, gone));
    const outcomes = messages.length === 0 ? [] : ((await lastValueFrom(this.transformToObservable(await handler(messages)))) as Outcome[]);
    const byId = new Map(messages.map((message, i) => [message.id, outcomes[i] as Outcome]));
    return rows.map((row) => byId.get(row.id) ?? 'done');
  }
}
