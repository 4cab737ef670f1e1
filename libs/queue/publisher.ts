import type { ChannelModel, ConfirmChannel, Message as Returned } from 'amqplib';
import type { Clock } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { errorName, type Log } from '#platform/log';
import { Bell } from './bell';
import { Broker, type BrokerStatus } from './broker';
import { confirm, readyIn } from './confirming';
import { Consumer, type ConsumerOptions } from './consumer';
import { attendDeadLetters } from './dead-letters';
import { Failed, halving } from './halving';
import { LANES } from './lanes';
import { BATCH, type Fill, type Filling } from './message';
import { type Due, Outbox } from './outbox';
import type { BrokerAddress } from './settings';
import { EXCHANGE } from './topology';
import { written } from './wire';

export interface PublisherOptions extends ConsumerOptions {
  database: Database;
  broker: BrokerAddress;
  clock: Clock;
  log: Log;
  fill: Fill;
}

/** After a batch that was not full, until the next: what comes meanwhile goes together. What comes first after a rest does not wait. */
const GATHER_MS = 25;
/** What no queue takes is not published again at once: somebody has to declare its queue first. */
const UNROUTABLE_PAUSE_MS = 10_000;
/** Published so long ago, a message is on its queue, in a hand, or lost. */
const LOST_AFTER_MS = 30_000;

/**
 * Brings the outbox to the broker, in the order of the lanes, and counts nothing as published that was not confirmed. Dying between
 * a confirmation and its mark publishes again: a message handed over twice moves its transfer once.
 */
export class Publisher {
  private readonly outbox: Outbox;
  private readonly broker: Broker;
  private readonly bell: Bell;
  /** Settles what cannot be put into a message as a consumer settles what it cannot work off. */
  private readonly consumer: Consumer<Due>;
  private connection: ChannelModel | undefined;
  private channel: ConfirmChannel | undefined;
  private readonly returned = new Set<string>();
  private stopped = false;
  private loop: Promise<void> | undefined;

  constructor(private readonly options: PublisherOptions) {
    const { database, log, broker } = options;
    this.outbox = new Outbox(database);
    this.bell = new Bell(database);
    this.consumer = new Consumer(options, () => Promise.resolve([]));
    this.broker = new Broker({ address: broker, log, up: (connection) => this.up(connection), down: () => this.down() });
  }

  get status(): BrokerStatus {
    return this.broker.status;
  }

  start(): void {
    this.broker.open();
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.bell.silence();
    const closed = this.broker.close();
    await this.loop;
    await closed;
  }

  /** Finds what a broker no longer has, and lets it be published again. Says how much that was. */
  async reconcile(): Promise<number> {
    const { connection } = this;
    if (!connection || !this.status.connected) return 0;
    let found = 0;
    for (const lane of LANES) {
      const missing = await this.outbox.missing(lane, await readyIn(connection, lane), LOST_AFTER_MS);
      if (missing > 0) this.options.log.write('warn', 'queue.refilled', { lane, count: missing });
      found += missing;
    }
    if (found > 0) this.bell.ring();
    // Once a round: what is still missing then shows at the next.
    return 0;
  }

  private async up(connection: ChannelModel): Promise<void> {
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => undefined);
    channel.on('close', () => this.broker.renew());
    channel.on('return', (message: Returned) => this.returned.add(String(message.properties.messageId)));
    await attendDeadLetters(connection, this.consumer, this.options.log);
    this.channel = channel;
    this.connection = connection;
  }

  private down(): void {
    this.channel = undefined;
    this.connection = undefined;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.broker.ready();
        if (this.stopped) break;
        this.bell.heed();
        const { published, full } = await this.publishDue();
        if (published > 0 && full) continue;
        if (published > 0) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
        await this.bell.wait();
      } catch (error) {
        this.options.log.write('error', 'queue.failed', { error: errorName(error) });
        await this.bell.wait();
      }
    }
  }

  /** One batch; says how many of it the broker has, and whether more may be due. */
  private async publishDue(): Promise<{ published: number; full: boolean }> {
    const unfit: [Due, unknown][] = [];
    let full = false;
    const published = await this.options.database.transaction(async (tx) => {
      const rows = await this.outbox.publishable(tx);
      if (rows.length === 0) return 0;
      full = rows.length === BATCH;
      const fillings = await halving(rows, async (some) => {
        const found = await this.options.fill(some.map((row) => row.transfer));
        return some.map((row) => found.get(row.transfer));
      });
      const fit: [Due, Filling][] = [];
      const gone: string[] = [];
      for (const [i, filling] of fillings.entries()) {
        const row = rows[i] as Due;
        if (filling instanceof Failed) unfit.push([row, filling.error]);
        else if (filling) fit.push([row, filling]);
        else gone.push(row.id);
      }
      if (gone.length > 0) await this.outbox.drop(tx, gone);
      if (unfit.length > 0) await this.outbox.counted(tx, unfit.map(([row]) => row.id));
      return this.publish(tx, fit);
    });
    for (const [row, error] of unfit) await this.consumer.failed({ ...row, attempt: row.attempt + 1 }, error);
    return { published, full };
  }

  private async publish(tx: Tx, messages: readonly [Due, Filling][]): Promise<number> {
    const { channel } = this;
    if (!channel || messages.length === 0) return 0;
    this.returned.clear();
    const at = this.options.clock.now();
    const confirmed = await Promise.all(messages.map(([row, filling]) => confirm(channel, { exchange: EXCHANGE, key: row.lane }, written(row, filling, at))));
    const taken = messages.map(([row]) => row).filter((row, i) => confirmed[i] && !this.returned.has(row.id));
    const unroutable = messages.map(([row]) => row).filter((row) => this.returned.has(row.id));
    if (taken.length > 0) await this.outbox.published(tx, taken.map((row) => row.id));
    if (unroutable.length > 0) await this.outbox.again(tx, unroutable.map((row) => row.id), UNROUTABLE_PAUSE_MS);
    for (const { transfer, lane } of unroutable) this.options.log.write('error', 'message.unroutable', { transfer, lane });
    this.status.published += taken.length;
    this.status.unroutable += unroutable.length;
    return taken.length;
  }
}
