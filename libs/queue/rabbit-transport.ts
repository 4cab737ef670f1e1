import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { lastValueFrom } from 'rxjs';
import { Broker, type BrokerStatus } from './broker';
import { Consumer, type ConsumerOptions } from './consumer';
import { Hands, type Held } from './hands';
import { type Lane, LANES, PRESSING } from './lanes';
import { BATCH, type Message, type Outcome, PATTERN } from './message';
import type { BrokerAddress } from './settings';
import { queueOf } from './topology';
import { acknowledge, read } from './wire';

export interface RabbitTransportOptions extends ConsumerOptions {
  broker: BrokerAddress;
}

/** Lent to us at once, a lane: a batch in hand and the next one at the door. */
const PREFETCH = 128;
/** What does not press waits so long for what comes right behind it: they share a commit. */
const GATHER_MS = 10;
/** Once, when a broker is taken up: so long until all lanes have brought something, on a machine that has other things to do. */
const OPENING_MS = 250;
/** After this a lane that was lost is taken up again, and what is held is tried again while the database is away. */
const RETRY_MS = 1_000;

interface Waiting {
  delivery: ConsumeMessage;
  message: Message;
}

/** What a lane's channel has brought and nobody has in hand. */
interface Reach {
  channel: Channel;
  waiting: Waiting[];
}

/** The queue over RabbitMQ: a channel for each lane, so that what is pressing never stands behind what is not. */
export class RabbitTransport extends Server implements CustomTransportStrategy {
  private readonly broker: Broker;
  private readonly consumer: Consumer<Message>;
  private readonly lanes = new Map<Lane, Reach>();
  private connection: ChannelModel | undefined;
  private hands: Hands | undefined;
  private idle: (() => void)[] = [];
  private gathering: NodeJS.Timeout | undefined;
  private opening = false;
  private stopped = false;

  constructor(private readonly options: RabbitTransportOptions) {
    super();
    this.consumer = new Consumer(options, (messages) => this.handOver(messages));
    this.broker = new Broker({ address: options.broker, log: options.log, up: (connection) => this.up(connection), down: () => this.down() });
  }

  get brokerStatus(): BrokerStatus {
    return this.broker.status;
  }

  listen(callback: (error?: unknown) => void): void {
    this.broker.open();
    this.hands = new Hands({ log: this.options.log, take: (lanes) => Promise.resolve(this.take(lanes)), wait: () => this.wait() });
    callback();
  }

  async close(): Promise<void> {
    this.stopped = true;
    const stopped = this.hands?.stop();
    this.arrived();
    await stopped;
    // Each channel first: it carries its acknowledgements out before it closes, a connection would not wait for them.
    await Promise.all([...this.lanes.values()].map(({ channel }) => channel.close().catch(() => undefined)));
    await this.broker.close();
  }

  on(): void {
    // No connection events: a lost broker shows in the log and in `status`, and is tried again.
  }

  unwrap<T>(): T {
    return this.broker as T;
  }

  private async up(connection: ChannelModel): Promise<void> {
    this.connection = connection;
    // Nobody takes what does not press while what presses is still on its way: a broker that is taken up has all lanes to bring.
    this.opening = true;
    try {
      for (const lane of LANES) await this.attend(connection, lane);
    } finally {
      setTimeout(() => {
        this.opening = false;
        this.arrived();
      }, OPENING_MS).unref();
    }
  }

  private down(): void {
    this.connection = undefined;
    this.lanes.clear();
  }

  /** Consumes from a lane; where that ends or cannot be, the others go on, and this one is taken up again. */
  private async attend(connection: ChannelModel, lane: Lane): Promise<void> {
    if (this.stopped || this.connection !== connection) return;
    const channel = await connection.createChannel();
    const reach: Reach = { channel, waiting: [] };
    channel.on('error', () => undefined);
    channel.once('close', () => {
      if (this.lanes.get(lane) === reach) this.lanes.delete(lane);
      setTimeout(() => void this.attend(connection, lane).catch(() => undefined), RETRY_MS).unref();
    });
    try {
      await channel.prefetch(PREFETCH);
      this.lanes.set(lane, reach);
      await channel.consume(queueOf(lane), (delivery) => (delivery ? this.deliver(lane, reach, delivery) : this.cancelled(lane, channel)));
    } catch {
      // There is no such queue, or not for us: the broker has closed the channel.
      this.options.log.write('warn', 'queue.cancelled', { lane });
    }
  }

  /** The broker ended our consuming: the queue was deleted, or has moved to another node. */
  private cancelled(lane: Lane, channel: Channel): void {
    this.options.log.write('warn', 'queue.cancelled', { lane });
    void channel.close().catch(() => undefined);
  }

  private deliver(lane: Lane, reach: Reach, delivery: ConsumeMessage): void {
    const message = read(lane, delivery);
    if (message) reach.waiting.push({ delivery, message });
    else {
      this.options.log.write('error', 'message.malformed', { lane });
      reach.channel.ack(delivery);
    }
    if (this.opening) return;
    if (PRESSING.includes(lane)) this.arrived();
    else this.arrivedSoon();
  }

  /** What was handed over before goes alone: should it be what ended its consumer, it takes no other with it. */
  private take(lanes: readonly Lane[]): Held | undefined {
    const lane = lanes.find((each) => (this.lanes.get(each)?.waiting.length ?? 0) > 0);
    const reach = lane && this.lanes.get(lane);
    if (!reach) return undefined;
    const again = reach.waiting.findIndex(({ delivery }) => delivery.fields.redelivered);
    const batch = reach.waiting.splice(0, again === 0 ? 1 : again > 0 ? Math.min(again, BATCH) : BATCH);
    return { lane, work: () => this.work(reach, batch) };
  }

  /** Settled first, acknowledged then: whoever dies in between is handed the same again, and it has moved already. */
  private async work({ channel }: Reach, batch: readonly Waiting[]): Promise<void> {
    for (;;) {
      try {
        await this.consumer.workOff(batch.map(({ message }) => message));
        break;
      } catch (error) {
        if (this.stopped) throw error;
        this.options.log.write('error', 'queue.failed', { error: error instanceof Error ? error.name : 'Error', count: batch.length });
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    const last = batch.at(-1);
    // Up to the last: a lane is in one hand at a time and in its order, so all before it is done with.
    if (last) acknowledge(channel, last.delivery, { andBefore: true });
  }

  private async handOver(messages: readonly Message[]): Promise<readonly Outcome[]> {
    const handler = this.getHandlerByPattern(PATTERN);
    if (!handler) return messages.map(() => ({ park: 'no-handler' }));
    return (await lastValueFrom(this.transformToObservable(await handler(messages)))) as Outcome[];
  }

  private wait(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  private arrived(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    for (const resolve of this.idle.splice(0)) resolve();
  }

  private arrivedSoon(): void {
    if (this.idle.length > 0) this.gathering ??= setTimeout(() => this.arrived(), GATHER_MS);
  }
}
