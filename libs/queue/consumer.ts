import type { Database, Tx } from '#platform/database';
import { errorName, type Log } from '#platform/log';
import { Failed, halving } from './halving';
import { DELIVERY_LIMIT, type Outcome, retryAfter } from './message';
import { type Due, Outbox } from './outbox';

export interface ConsumerOptions {
  database: Database;
  log: Log;
  /** Told of a message that is set aside, so that whoever sent it learns of it. */
  setAside(tx: Tx, transfer: string, code: string): Promise<void>;
}

/** Hands messages over and settles in the outbox what became of each: the same, whatever carried them. */
export class Consumer<T extends Due> {
  readonly outbox: Outbox;

  constructor(private readonly options: ConsumerOptions, private readonly handle: (messages: readonly T[]) => Promise<readonly Outcome[]>) {
    this.outbox = new Outbox(options.database);
  }

  /** @throws Error when the database is away: nothing is settled, and the same messages are to be handed over again */
  async workOff(messages: readonly T[]): Promise<void> {
    const outcomes = await halving(messages, this.handle);
    for (const [i, outcome] of outcomes.entries()) {
      const message = messages[i] as T;
      if (outcome instanceof Failed) await this.failed(message, outcome.error);
      else if (outcome !== 'done') await this.settle(message, outcome);
    }
  }

  async settle(message: Due, outcome: Exclude<Outcome, 'done'>): Promise<void> {
    const { database, log, setAside } = this.options;
    const { transfer, lane } = message;
    const parked = await database.transaction(async (tx) => {
      if ('again' in outcome) return void (await this.outbox.again(tx, [message.id], outcome.again));
      const first = await this.outbox.park(tx, message.id, outcome.park);
      if (first) await setAside(tx, transfer, outcome.park);
      return first;
    });
    if (parked && 'park' in outcome) log.write('warn', 'message.parked', { transfer, lane, code: outcome.park });
  }

  /** One hand-over that failed: it comes again, or was the last. */
  failed(message: Due, error: unknown): Promise<void> {
    const { transfer, lane, attempt } = message;
    this.options.log.write('error', 'message.failed', { transfer, lane, error: errorName(error), count: attempt });
    return this.settle(message, attempt >= DELIVERY_LIMIT ? { park: 'delivery-limit' } : { again: retryAfter(attempt) });
  }
}
