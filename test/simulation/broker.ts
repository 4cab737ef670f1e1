import { type Lane, LANES } from '#queue/lanes';
import type { Carried } from './transfers';
import type { World } from './world';

/** A message on a queue, or in a consumer's hand. */
export interface Delivery {
  message: Carried;
  redelivered: boolean;
  count: number;
}

/** What a consumer has of a lane: lent to it, and what of that it has not taken in hand. */
export interface Channel {
  lane: Lane;
  open: boolean;
  unacknowledged: Delivery[];
  waiting: Delivery[];
}

/** Lent at once. */
const PREFETCH = 128;

/** RabbitMQ as the real code knows it, and everything that it may do to a message. */
export class SimulatedBroker {
  readonly queues = new Map<Lane, Delivery[]>(LANES.map((lane) => [lane, []]));
  readonly dead: { message: Carried; reason: string }[] = [];
  private channels: Channel[] = [];
  up = true;

  constructor(private readonly world: World, private readonly deliveryLimit: number) {}

  publish(message: Carried): void {
    this.queue(message.lane).push({ message, redelivered: false, count: 0 });
    this.world.count('published');
  }

  ready(lane: Lane): number {
    return this.queue(lane).length;
  }

  attend(lane: Lane): Channel {
    const channel: Channel = { lane, open: true, unacknowledged: [], waiting: [] };
    this.channels.push(channel);
    return channel;
  }

  private get attended(): Channel[] {
    return this.channels.filter((each) => each.open && this.up && each.unacknowledged.length < PREFETCH && this.queue(each.lane).length > 0);
  }

  /** Whether something waits that somebody attends to. */
  canLend(): boolean {
    return this.attended.length > 0;
  }

  /** Lends a message to somebody who attends to its lane. */
  lend(): boolean {
    const open = this.attended;
    if (open.length === 0) return false;
    const channel = this.world.chance.of(open);
    const delivery = this.queue(channel.lane).shift() as Delivery;
    channel.unacknowledged.push(delivery);
    channel.waiting.push(delivery);
    return true;
  }

  /** Up to and including this one, as the real consumer does. Lost when the channel is. */
  acknowledge(channel: Channel, last: Delivery): void {
    if (!channel.open) return;
    const at = channel.unacknowledged.indexOf(last);
    channel.unacknowledged.splice(0, at + 1);
  }

  /** Everything lent and not acknowledged comes again, first in its queue. */
  close(channel: Channel): void {
    if (!channel.open) return;
    channel.open = false;
    this.channels = this.channels.filter((each) => each !== channel);
    for (const delivery of channel.unacknowledged.reverse()) {
      const count = delivery.count + 1;
      if (count > this.deliveryLimit) {
        this.dead.push({ message: delivery.message, reason: 'delivery-limit' });
        this.world.count('dead letters');
      } else this.queue(channel.lane).unshift({ ...delivery, redelivered: true, count });
      this.world.count('redelivered');
    }
    channel.unacknowledged = [];
  }

  purge(): void {
    for (const lane of LANES) this.world.count('messages purged', this.queue(lane).splice(0).length);
    this.world.count('purges');
  }

  /** One of what brokers and networks do. */
  trouble(): void {
    const { chance } = this.world;
    const queue = this.queue(chance.of(LANES));
    const kind = chance.below(9);
    if (kind === 0 && queue.length > 0 && this.world.count('messages lost')) queue.splice(chance.below(queue.length), 1);
    if (kind === 1 && queue.length > 0 && this.world.count('messages duplicated')) queue.splice(chance.below(queue.length + 1), 0, { ...chance.of(queue) });
    if (kind === 2 && queue.length > 1 && this.world.count('messages reordered')) queue.push(queue.shift() as Delivery);
    if (kind === 3 && this.channels.length > 0 && this.world.count('channels closed')) this.close(chance.of(this.channels));
    if (kind === 4) this.purge();
    if (kind > 5 && this.world.count('channels closed', this.channels.length)) for (const channel of [...this.channels]) this.close(channel);
    if (kind === 5) this.up = !this.up && this.world.count('broker outages');
  }

  private queue(lane: Lane): Delivery[] {
    return this.queues.get(lane) as Delivery[];
  }
}
