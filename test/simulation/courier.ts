import { isOutage } from '#platform/outage';
import { type Lane, LANES } from '#queue/lanes';
import { BATCH, DELIVERY_LIMIT, type Outcome, retryAfter } from '#queue/message';
import { SECOND } from '#platform/clock';
import type { Channel, Delivery, SimulatedBroker } from './broker';
import { Violation } from './errors';
import { again, drop, type Due, lend, park } from './outbox';
import { type Step, Sqlstate } from './store';
import { type Carried, deliver, writeEvent } from './transfers';
import type { Process, World } from './world';

// apps/courier over either transport: hands.ts, consumer.ts, halving.ts, postgres-transport.ts, rabbit-transport.ts.

const HANDS: readonly (readonly Lane[])[] = [LANES, ['breach', 'emergency']];

interface Held { lane: Lane; work(): Step }

interface Courier { busy: Set<Lane>; taking: boolean; take(lanes: readonly Lane[]): Step<Held | undefined> }

export function startCourier(world: World, process: Process, broker: SimulatedBroker | undefined): { died(): void } {
  const channels = new Map<Lane, Channel>();
  const busy = new Set<Lane>();
  const courier: Courier = { busy, taking: false, take: (lanes) => (broker ? fromBroker(world, broker, channels, lanes) : fromOutbox(world, lanes)) };
  for (const [i, lanes] of HANDS.entries()) world.spawn(`hand ${i}`, process, hand(world, courier, lanes));
  if (broker) for (const lane of LANES) world.spawn(`attends ${lane}`, process, attend(world, broker, channels, lane));
  return { died: () => channels.forEach((channel) => broker?.close(channel)) };
}

function* attend(world: World, broker: SimulatedBroker, channels: Map<Lane, Channel>, lane: Lane): Step {
  for (;;) {
    const channel = broker.attend(lane);
    channels.set(lane, channel);
    yield () => !channel.open;
    if (channels.get(lane) === channel) channels.delete(lane);
    yield* world.sleep(SECOND);
  }
}

function* hand(world: World, courier: Courier, lanes: readonly Lane[]): Step {
  for (;;) {
    try {
      yield () => !courier.taking || world.bug === 'hands-look-together';
      courier.taking = true;
      let held: Held | undefined;
      try {
        held = yield* courier.take(lanes.filter((lane) => !courier.busy.has(lane)));
        if (held) {
          if (courier.busy.has(held.lane)) throw new Violation('a lane is in one hand of a courier at a time');
          courier.busy.add(held.lane);
        }
      } finally {
        courier.taking = false;
      }
      if (!held) {
        yield* world.sleep(SECOND);
        continue;
      }
      try {
        yield* held.work();
      } finally {
        courier.busy.delete(held.lane);
      }
    } catch (error) {
      if (!(error instanceof Sqlstate)) throw error;
      yield* world.sleep(SECOND);
    }
  }
}

function* fromOutbox(world: World, lanes: readonly Lane[]): Step<Held | undefined> {
  const rows = yield* lend(world, lanes);
  const [first] = rows;
  if (!first) return undefined;
  for (const [i, row] of rows.entries()) if (i > 0 && row.seq < (rows[i - 1] as Due).seq) throw new Violation('a lane is handed over in the order of acceptance');
  return { lane: first.lane, work: () => (first.spent ? settle(world, first, { park: 'delivery-limit' }) : workOff(world, rows, (some) => handOver(world, some))) };
}

/** The envelope is read from the database with the message: it is what it is there. */
function* handOver(world: World, rows: readonly Due[]): Step<Outcome[]> {
  const known = yield* world.transaction(function* (tx) {
    yield;
    return new Set(rows.filter(({ transfer }) => world.rows.transfer.get(tx, transfer)).map(({ id }) => id));
  });
  const gone = rows.filter(({ id }) => !known.has(id)).map(({ id }) => id);
  if (gone.length > 0) yield* world.transaction((tx) => drop(world, tx, gone));
  const messages = rows.filter(({ id }) => known.has(id)).map((row): Carried => ({ ...row, intact: true }));
  const outcomes = messages.length === 0 ? [] : yield* deliverAll(world, messages);
  return rows.map(({ id }) => outcomes[messages.findIndex((message) => message.id === id)] ?? 'done');
}

function* fromBroker(world: World, broker: SimulatedBroker, channels: Map<Lane, Channel>, lanes: readonly Lane[]): Step<Held | undefined> {
  const lane = lanes.find((each) => (channels.get(each)?.waiting.length ?? 0) > 0);
  const channel = lane && channels.get(lane);
  if (!channel) return undefined;
  const at = channel.waiting.findIndex(({ redelivered }) => redelivered);
  const batch = channel.waiting.splice(0, at === 0 ? 1 : at > 0 ? Math.min(at, BATCH) : BATCH);
  yield;
  return { lane, work: () => settled(world, broker, channel, batch) };
}

/** Settled first, acknowledged then. */
function* settled(world: World, broker: SimulatedBroker, channel: Channel, batch: readonly Delivery[]): Step {
  const last = batch.at(-1) as Delivery;
  if (world.bug === 'acknowledged-before-commit') {
    broker.acknowledge(channel, last);
    // What the outbox still had of it would have it published anew.
    yield* world.transaction((tx) => drop(world, tx, batch.map(({ message }) => message.id)));
  }
  for (;;) {
    try {
      yield* workOff(world, batch.map(({ message }) => message), (some) => deliverAll(world, some));
      break;
    } catch (error) {
      if (!(error instanceof Sqlstate)) throw error;
      yield* world.sleep(SECOND);
    }
  }
  yield;
  broker.acknowledge(channel, last);
}

/** A transfer that nobody can move, each time, until it is mended. */
function* deliverAll(world: World, messages: readonly Carried[]): Step<Outcome[]> {
  if (messages.some(({ transfer }) => world.poisoned.has(transfer))) {
    yield;
    throw new Sqlstate('P0001');
  }
  return yield* deliver(world, messages);
}

class Failed { constructor(readonly error: unknown) {} }

function* workOff<T extends Due | Carried>(world: World, messages: readonly T[], handle: (some: readonly T[]) => Step<Outcome[]>): Step {
  const outcomes = yield* halving(messages, handle);
  for (const [i, outcome] of outcomes.entries()) {
    const message = messages[i] as T;
    if (outcome instanceof Failed) yield* settle(world, message, failure(message.attempt));
    else if (outcome !== 'done') yield* settle(world, message, outcome);
  }
}

/** `halving`, whose `isOutage` is the real one. */
export function* halving<T, R>(items: readonly T[], work: (some: readonly T[]) => Step<R[]>): Step<(R | Failed)[]> {
  if (items.length === 0) return [];
  try {
    return yield* work(items);
  } catch (error) {
    if (!(error instanceof Sqlstate) || isOutage(error)) throw error;
    if (items.length === 1) return [new Failed(error)];
    const half = items.length >> 1;
    return [...(yield* halving(items.slice(0, half), work)), ...(yield* halving(items.slice(half), work))];
  }
}

const failure = (attempt: number): Exclude<Outcome, 'done'> => (attempt >= DELIVERY_LIMIT ? { park: 'delivery-limit' } : { again: retryAfter(attempt) });

export function* settle(world: World, { id, transfer }: Pick<Due, 'id' | 'transfer'>, outcome: Exclude<Outcome, 'done'>): Step {
  yield* world.transaction(function* (tx) {
    if ('again' in outcome) {
      world.count('retried');
      return yield* again(world, tx, [id], outcome.again);
    }
    if (!(yield* park(world, tx, id, outcome.park))) return;
    world.count('parked');
    yield* writeEvent(world, tx, transfer, 'set-aside', outcome.park);
  });
}

export const failedOnce = (world: World, row: Due): Step => settle(world, row, failure(row.attempt));
