import type { EntryKind } from '#register/entry-kinds';
import { cover, Frontier, leafHash } from '#register/merkle';
import type { TransferRow } from './rows';
import type { Step, Tx } from './store';
import type { World } from './world';

// libs/register: entries with the transaction of what they record, and their places in the logs later.

export interface Entry { controller: string; kind: EntryKind; about: string; number?: number }

/** `Register.store`. */
export function* record(world: World, tx: Tx, entries: readonly Entry[]): Step {
  if (world.bug === 'entry-outside-transaction') {
    const own = world.store.begin();
    yield* write(world, own, entries);
    world.store.commit(own);
    return;
  }
  yield* write(world, tx, entries);
}

function* write(world: World, tx: Tx, entries: readonly Entry[]): Step {
  yield;
  const { entry: table, pending } = world.rows;
  const ids = entries.map(() => world.id('entry'));
  for (const [i, entry] of entries.entries()) yield* world.store.insert(tx, table, { id: ids[i] as string, ...entry });
  yield;
  for (const [i, { controller }] of entries.entries()) {
    const id = ids[i] as string;
    yield* world.store.insert(tx, pending, { entry: id, controller, leaf: leafHash(Buffer.from(id)), seq: world.nextSeq() });
  }
}

/** An agency is its own controller here. */
export const recordForBoth = (world: World, tx: Tx, { id, sender, recipient }: TransferRow, kind: EntryKind): Step =>
  record(world, tx, [recipient, sender].map((controller) => ({ controller, kind, about: id })));

/** Entries in one transaction: few here, so that logs grow in several. */
const BATCH = 12;

/** `integrate`: the real one's statements, over the real edge of the tree. */
export function* integrate(world: World, tx: Tx, batch = BATCH): Step<number> {
  const { rows, store } = world;
  const oldest = (controller: string): number => Math.min(...rows.pending.find(tx, (row) => row.controller === controller).map(({ seq }) => seq));
  const waiting = (controller: string): boolean => rows.pending.has(tx, (row) => row.controller === controller);
  const locked = world.bug === 'log-not-locked' ? rows.log.find(tx, ({ controller }) => waiting(controller))
    : yield* store.lock(tx, rows.log, ({ controller }) => waiting(controller), { skip: true, order: (a, b) => oldest(a.controller) - oldest(b.controller), limit: batch });
  if (locked.length === 0) return 0;
  yield;
  const each = Math.max(1, Math.floor(batch / locked.length));
  const pending = locked.map(({ controller }) => rows.pending.find(tx, (row) => row.controller === controller).sort((a, b) => a.seq - b.seq).slice(0, each));
  yield;
  // Neither lock nor primary key.
  const careless = { orNothing: world.bug === 'log-not-locked' };
  let integrated = 0;
  for (const [i, log] of locked.entries()) {
    const own = pending[i] ?? [];
    if (own.length === 0) continue;
    const edge = cover({ from: 0, to: log.size }).map(({ level, index }) => hashAt(world, tx, log.controller, level, index));
    const tree = new Frontier(log.size, edge);
    const nodes = own.flatMap(({ leaf }) => tree.push(leaf));
    for (const [n, { entry, leaf }] of own.entries()) yield* store.insert(tx, rows.leaf, { controller: log.controller, index: log.size + n, entry, hash: leaf }, careless);
    for (const node of nodes) yield* store.insert(tx, rows.node, { controller: log.controller, ...node }, careless);
    yield* store.insert(tx, rows.checkpoint, { controller: log.controller, size: tree.size, root: tree.root() }, careless);
    yield* store.update(tx, rows.log, (row) => row.controller === log.controller, (row) => ({ ...row, size: tree.size }));
    integrated += own.length;
  }
  yield;
  const taken = new Set(pending.flat().map(({ entry }) => entry));
  const removed = world.bug === 'pending-leaf-stays' && world.chance.once(8) ? taken.size : yield* store.remove(tx, rows.pending, ({ entry }) => taken.has(entry));
  if (removed !== taken.size && !careless.orNothing) throw new Error('fewer pending leaves were taken away than were integrated');
  world.count('entries integrated', integrated);
  return integrated;
}

export function hashAt(world: World, tx: Tx | undefined, controller: string, level: number, index: number): Buffer {
  const found = level === 0 ? world.rows.leaf.get(tx, `${controller} ${index}`) : world.rows.node.get(tx, `${controller} ${level} ${index}`);
  if (!found) throw new Error(`the register of ${controller} has no node ${level}/${index}`);
  return found.hash;
}
