import { BATCH, DELIVERY_LIMIT } from '#queue/message';
import type { Lane } from '#queue/lanes';
import type { OutboxRow } from './rows';
import type { Step, Tx } from './store';
import { writeEvent } from './transfers';
import type { World } from './world';

// libs/queue/outbox.ts, and the settling of consumer.ts. Its instants are the database's own.

export type Due = Pick<OutboxRow, 'id' | 'transfer' | 'lane' | 'attempt' | 'seq'>;
export type Lent = Due & { spent: boolean };

const LEASE_MS = 30_000;

const isWaiting = (world: World, { parked, dueAt, leasedUntil }: OutboxRow): boolean =>
  parked === undefined && dueAt <= world.now && (leasedUntil === undefined || leasedUntil < world.now || world.bug === 'lease-ignored');

const bySeq = (a: OutboxRow, b: OutboxRow): number => a.seq - b.seq;

/** One statement, in a transaction of its own. */
export function* lend(world: World, lanes: readonly Lane[], leaseMs = LEASE_MS): Step<Lent[]> {
  return yield* world.transaction(function* (tx) {
    const { outbox } = world.rows;
    const first = lanes.map((lane) => outbox.find(tx, (row) => row.lane === lane && isWaiting(world, row)).sort(bySeq)[0]).find((row) => row !== undefined);
    if (!first) return [];
    const again = first.attempt > 0;
    const rows = yield* world.store.lock(tx, outbox, (row) => isWaiting(world, row) && row.lane === first.lane && row.attempt > 0 === again, { skip: true, order: bySeq, limit: again ? 1 : BATCH });
    const ids = new Set(rows.map(({ id }) => id));
    if (rows.some(({ leasedUntil }) => leasedUntil !== undefined)) world.count('leases expired');
    const lent = yield* world.store.update(tx, outbox, ({ id }) => ids.has(id), (row) => ({ ...row, attempt: row.attempt + 1, leasedUntil: world.now + leaseMs }));
    lent.sort(world.bug === 'lane-out-of-order' ? (a, b) => b.seq - a.seq : bySeq);
    return lent.map(({ id, transfer, lane, attempt, seq }) => ({ id, transfer, lane, attempt, seq, spent: attempt > DELIVERY_LIMIT }));
  });
}

export function* publishable(world: World, tx: Tx): Step<OutboxRow[]> {
  return yield* world.store.lock(tx, world.rows.outbox, (row) => row.publishedAt === undefined && isWaiting(world, row), { skip: true, order: (a, b) => a.precedence - b.precedence || a.seq - b.seq, limit: BATCH });
}

export function* published(world: World, tx: Tx, ids: readonly string[]): Step {
  yield* world.store.update(tx, world.rows.outbox, ({ id }) => ids.includes(id), (row) => ({ ...row, publishedAt: world.now, attempt: row.attempt + 1 }));
}

export function* drop(world: World, tx: Tx, ids: readonly string[]): Step {
  yield* world.store.remove(tx, world.rows.outbox, ({ id }) => ids.includes(id));
}

export function* again(world: World, tx: Tx, ids: readonly string[], ms: number): Step {
  yield* world.store.update(tx, world.rows.outbox, ({ id, parked }) => ids.includes(id) && parked === undefined, ({ leasedUntil: _l, publishedAt: _p, ...row }) => ({ ...row, dueAt: world.now + ms }));
}

export function* park(world: World, tx: Tx, id: string, reason: string): Step<boolean> {
  const parked = yield* world.store.update(tx, world.rows.outbox, (row) => row.id === id && row.parked === undefined, ({ leasedUntil: _l, publishedAt: _p, ...row }) => ({ ...row, parked: reason }));
  return parked.length > 0;
}

export function* missing(world: World, lane: Lane, ready: number, sinceMs: number): Step<number> {
  return yield* world.transaction(function* (tx) {
    const { outbox } = world.rows;
    const published = outbox.find(tx, (row) => row.lane === lane && row.parked === undefined && row.publishedAt !== undefined).length;
    const found = yield* world.store.lock(tx, outbox, (row) => row.lane === lane && row.parked === undefined && row.publishedAt !== undefined && row.publishedAt < world.now - sinceMs, { skip: true, order: bySeq, limit: Math.max(published - ready, 0) });
    const ids = new Set(found.map(({ id }) => id));
    yield* world.store.update(tx, outbox, ({ id }) => ids.has(id), ({ publishedAt: _, ...row }) => ({ ...row, attempt: Math.max(row.attempt - 1, 0) }));
    return found.length;
  });
}

/** As the operator does it, with its events. */
export function* replay(world: World, which: { lane: Lane } | 'all'): Step<string[]> {
  return yield* world.transaction(function* (tx) {
    const rows = yield* world.store.update(tx, world.rows.outbox, (row) => row.parked !== undefined && (which === 'all' || row.lane === which.lane),
      ({ parked: _k, leasedUntil: _l, publishedAt: _p, ...row }) => ({ ...row, attempt: 0, dueAt: world.now }));
    for (const { transfer } of rows) yield* writeEvent(world, tx, transfer, 'replayed', 'fault-mended');
    world.count('replayed', rows.length);
    return rows.map(({ transfer }) => transfer);
  });
}
