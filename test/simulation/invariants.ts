import { isEnd, MOVES, type TransferState } from '#exchange/moves';
import type { DutyKind } from '#duties/kinds';
import type { EntryKind } from '#register/entry-kinds';
import { emptyRoot } from '#register/merkle';
import { proveConsistency, proveInclusion, verifyConsistency, verifyInclusion } from '#register/proofs';
import { Violation } from './errors';
import { hashAt } from './register';
import type { CheckpointRow, DutyRow, EntryRow, EventRow, LeafRow, LogRow, OutboxRow, PendingRow, ShareRow, StatementRow, TransferRow, WrappedRow } from './rows';
import type { AnySlot, Tx } from './store';
import type { World } from './world';

// What must hold after every step. State changes only with a commit, so that is when it is looked at, in what is about to stand.

/** The duty that is open while a transfer is in a state: exactly one, and of this kind. */
const OPEN: Record<TransferState, DutyKind | undefined> = {
  queued: 'collect', sending: 'acknowledge', sent: 'acknowledge', available: 'collect', held: 'seal-again', collected: 'acknowledge',
  acknowledged: undefined, returned: undefined, undeliverable: 'share-otherwise', recalled: undefined,
};

/** What both registers say when a transfer comes into a state: its recipient's, its sender's. */
const ENTRIES: Partial<Record<TransferState, readonly [EntryKind, EntryKind]>> = {
  held: ['share-held', 'share-held'], collected: ['share-collected', 'share-collected'], acknowledged: ['share-received', 'share-acknowledged'],
  returned: ['share-returned', 'share-returned'], undeliverable: ['share-undeliverable', 'share-undeliverable'], recalled: ['share-recalled', 'share-recalled'],
};
const OF_MOVES = new Set<string>(Object.values(ENTRIES).flat());

type Changes<T> = readonly { row: T | undefined; next: T | undefined }[];

export function watch(world: World): (tx: Tx) => void {
  const laid = new Map<string, number>();
  const reminded = new Map<string, number>();
  const placed = new Set<string>();
  const need = (holds: boolean, says: string, about: string): void => {
    if (!holds) throw new Violation(`${says} (${about})`);
  };

  function transfers(tx: Tx, changes: Changes<TransferRow>, entries: readonly EntryRow[]): void {
    const moves = entries.filter(({ kind }) => OF_MOVES.has(kind)).length;
    let recorded = 0;
    for (const { row, next } of changes) {
      if (!next) throw new Violation('a transfer is never taken away');
      const entered = row?.state !== next.state;
      if (!row) need(next.state === 'queued', 'a transfer begins queued', next.id);
      else if (entered) need(MOVES[row.state].includes(next.state), `no transfer moves by a move that moves.ts lacks: ${row.state} to ${next.state}`, next.id);
      if (row && isEnd(row.state)) need(!entered && row.endedAt === next.endedAt && row.endReason === next.endReason, 'an end is the end', next.id);
      need(isEnd(next.state) === (next.endedAt !== undefined), 'an ended transfer has its instant, and no other has', next.id);
      if (entered && row) {
        const expected = ENTRIES[next.state];
        const own = (controller: string, kind: EntryKind): boolean => entries.some((entry) => entry.about === next.id && entry.controller === controller && entry.kind === kind);
        if (expected) need(own(next.recipient, expected[0]) && own(next.sender, expected[1]), 'both sides record what happened to a transfer, in its transaction', next.id);
        recorded += expected ? 2 : 0;
        if (isEnd(next.state)) world.count(`ended ${next.state}`);
        if (next.state === 'collected' || next.state === 'available') {
          const revokedAt = world.revoked.get(next.key);
          need(revokedAt === undefined || revokedAt >= tx.began, next.state === 'collected' ? 'a revoked recipient collects nothing' : 'nothing sealed to a revoked key is laid down', next.id);
        }
      }
      if (!row) need(entries.some(({ kind, about, controller }) => kind === 'share-announced' && about === next.id && controller === next.recipient), 'a transfer is announced in its transaction', next.id);
      if (next.removedAt !== undefined && row?.removedAt === undefined) {
        need(isEnd(next.state), 'a payload stays until its transfer has ended', next.id);
        need(!world.rows.outbox.has(tx, ({ transfer }) => transfer === next.id), 'no message is left of a transfer that has ended and was cleared away', next.id);
      }
      need(next.state !== 'queued' || world.purged.has(next.id) || world.rows.outbox.has(tx, ({ transfer }) => transfer === next.id), 'what waits to be delivered has its message, unless somebody purged it', next.id);
      const open = world.rows.duty.find(tx, ({ transfer, closedAt }) => transfer === next.id && closedAt === undefined).map(({ kind }) => kind).filter((kind) => kind !== 'cannot-open');
      const duty = OPEN[next.state];
      need(open.length === (duty ? 1 : 0) && open[0] === duty, `exactly the duty is open that the state asks for, and none after the end: ${next.state}, ${open.join(' and ') || 'none'}`, next.id);
    }
    need(moves === recorded, 'what is recorded of a transfer has happened to it', entries.map(({ kind }) => kind).join());
  }

  function shares(tx: Tx, changes: Changes<ShareRow>): void {
    for (const { next } of changes) {
      if (!next) continue;
      need(!world.accepted.has(`${next.sender} ${next.digest}`), 'a share is accepted once', next.id);
      world.accepted.set(`${next.sender} ${next.digest}`, { step: world.store.steps, receipt: next.receipt });
      const { transfer, member, certificate } = world.rows;
      for (const each of transfer.find(tx, ({ share, sender }) => share === next.id && sender === next.sender)) {
        // What stands at this very moment, whatever the decision rested on.
        need(certificate.get(undefined, each.key)?.revokedAt === undefined && !!member.get(undefined, each.recipient)?.active && !!member.get(undefined, next.sender)?.active,
          'nothing is accepted on facts that were stale at its commit', each.id);
      }
    }
  }

  function duties(changes: Changes<DutyRow>, entries: readonly EntryRow[]): void {
    for (const { row, next } of changes) {
      if (!next) throw new Violation('a duty is never taken away');
      const due = next.closedAt === undefined && next.step < next.steps.length ? next.openedAt + (next.steps[next.step] as number) : undefined;
      need(next.nextAt === due, 'an open duty has the instant at which somebody is next reminded, and a closed one none', next.id);
      if (row && row.closedAt !== undefined) need(next.step === row.step, 'nobody is reminded of what is closed', next.id);
      if (row && row.step !== next.step) need(next.step > row.step && entries.some((entry) => entry.about === next.id && entry.number === next.step), 'a step of a duty and the word of it are one', next.id);
    }
    for (const { kind, about, number = 0 } of entries) {
      if (kind !== 'reminder-sent') continue;
      need(number > (reminded.get(about) ?? 0), 'every step is reminded of once', about);
      reminded.set(about, number);
    }
  }

  function logs(tx: Tx, changes: Changes<LogRow>, leaves: readonly LeafRow[], pending: Changes<PendingRow>): void {
    for (const { entry } of leaves) {
      need(!placed.has(entry), 'each entry stands in exactly one log, once', entry);
      placed.add(entry);
    }
    for (const { row, next } of changes) {
      const own = leaves.filter(({ controller }) => controller === next?.controller).length;
      need(!!row && !!next && next.size === row.size + own, 'a log grows by what was put into it', String(next?.controller));
      if (next) need(world.rows.checkpoint.get(tx, `${next.controller} ${next.size}`) !== undefined, 'a log that grew has a checkpoint', next.controller);
    }
    for (const { row, next } of pending) if (row && !next) need(placed.has(row.entry), 'a pending leaf goes when it has its place', row.entry);
  }

  function outbox(tx: Tx, slots: readonly AnySlot[]): void {
    for (const slot of slots) {
      if (slot.table !== world.rows.outbox || !slot.written) continue;
      const [row, next] = [slot.row as OutboxRow | undefined, slot.next as OutboxRow | undefined];
      if (row && !next) need(world.purged.has(row.transfer) || world.rows.transfer.get(tx, row.transfer)?.state !== 'queued' || world.rows.outbox.has(tx, ({ transfer }) => transfer === row.transfer), 'what waits to be delivered has its message, unless somebody purged it', row.transfer);
      if (row?.leasedUntil !== undefined && next?.attempt === row.attempt + 1 && next.leasedUntil !== undefined) need(row.leasedUntil < world.now, 'what one courier has in hand no other is given before its time', next.id);
    }
    const lent = slots.filter(({ table, row, next }) => table === world.rows.outbox && (row as OutboxRow | undefined)?.attempt === 0 && (next as OutboxRow | undefined)?.leasedUntil !== undefined).map(({ next }) => next as OutboxRow);
    if (lent.length === 0) return;
    const last = Math.max(...lent.map(({ seq }) => seq));
    for (const slot of world.rows.outbox.slots.values()) {
      const { row } = slot;
      const overlooked = row && slot.by === undefined && slot.freed < tx.began && row.attempt === 0 && row.lane === lent[0]?.lane && row.seq < last && row.parked === undefined;
      if (overlooked) throw new Violation(`within a lane, what was accepted first is handed over first (${row.transfer})`);
    }
  }

  return (tx) => {
    if (!tx.slots.some(({ written }) => written)) return;
    const of = <T>(table: unknown): { row: T | undefined; next: T | undefined }[] => tx.slots.filter((slot) => slot.table === table && slot.written) as unknown as { row: T | undefined; next: T | undefined }[];
    const { rows } = world;
    const entries = of<EntryRow>(rows.entry).flatMap(({ next }) => next ?? []);
    const isRefusal = entries.find(({ kind }) => kind === 'share-refused');
    if (isRefusal) {
      const stood = world.accepted.get(`${isRefusal.controller} ${isRefusal.about}`);
      need(stood === undefined || stood.step >= tx.began, 'what has been accepted is not recorded as refused', isRefusal.about);
    }
    transfers(tx, of(rows.transfer), entries);
    shares(tx, of(rows.share));
    duties(of(rows.duty), entries);
    logs(tx, of(rows.log), of<LeafRow>(rows.leaf).flatMap(({ next }) => next ?? []), of(rows.pending));
    outbox(tx, tx.slots);
    for (const { next } of of<EventRow>(rows.event)) {
      if (next?.kind === 'available') {
        laid.set(next.transfer, (laid.get(next.transfer) ?? 0) + 1);
        need(laid.get(next.transfer) === 1, 'nothing is laid down twice', next.transfer);
      }
    }
    for (const { row, next } of of<WrappedRow>(rows.wrapped)) if (row && !next) need(isEnd(rows.transfer.get(tx, row.transfer)?.state ?? 'queued'), 'a payload stays until its transfer has ended', row.transfer);
    for (const { row, next } of of<StatementRow>(rows.statement)) need(!row && !!next, 'a statement stands as it was made', String(next?.kind));
    for (const { row, next } of of<{ fingerprint: string; revokedAt?: number }>(rows.certificate)) if (next?.revokedAt !== undefined && row?.revokedAt === undefined) world.revoked.set(next.fingerprint, world.store.steps);
  };
}

/** The moment at which the first octet leaves. */
export function served(world: World, { id, collectedAt, state }: TransferRow): void {
  if (collectedAt === undefined) throw new Violation(`no octet leaves of which no register says that it was collected: ${state} (${id})`);
  world.count('served');
}

/** When everything is mended and has come to rest. */
export async function atRest(world: World): Promise<void> {
  const { rows } = world;
  const none = <T>(found: readonly T[], says: string): void => {
    if (found.length > 0) throw new Violation(`${says}: ${JSON.stringify(found[0])}`);
  };
  none(rows.transfer.find(undefined, ({ state }) => !isEnd(state)), 'every accepted transfer ends');
  none(rows.outbox.find(undefined, () => true), 'no message is left of an ended transfer');
  none(rows.wrapped.find(undefined, () => true), 'no key is left of an ended transfer');
  none(rows.part.find(undefined, () => true), 'no octet is left of an ended share');
  none(rows.transfer.find(undefined, ({ removedAt }) => removedAt === undefined), 'what ended is removed, and says so');
  none(rows.pending.find(undefined, () => true), 'every entry gets its place');
  none(rows.duty.find(undefined, ({ nextAt }) => nextAt !== undefined && nextAt < world.now - 60_000), 'nobody who was due is left without a reminder');
  const leaves = new Set(rows.leaf.find(undefined, () => true).map(({ entry }) => entry));
  none(rows.entry.find(undefined, ({ id }) => !leaves.has(id)), 'every entry stands in a log');
  if (leaves.size !== rows.entry.slots.size) throw new Violation('a log holds nothing that was not recorded');
  for (const { controller, size } of rows.log.find(undefined, () => true)) await provable(world, controller, size);
}

/** Every earlier checkpoint is the beginning of every later one, and every leaf stands in the last. */
async function provable(world: World, controller: string, size: number): Promise<void> {
  const read = (level: number, index: number): Buffer => hashAt(world, undefined, controller, level, index);
  const checkpoints = world.rows.checkpoint.find(undefined, (row) => row.controller === controller).sort((a, b) => a.size - b.size);
  let before: CheckpointRow = { controller, size: 0, root: emptyRoot() };
  for (const checkpoint of checkpoints) {
    const proof = await proveConsistency({ from: before.size, to: checkpoint.size }, read);
    if (!verifyConsistency({ from: before.size, to: checkpoint.size, oldRoot: before.root, newRoot: checkpoint.root, proof })) throw new Violation(`every checkpoint follows from every earlier one: ${controller}, ${before.size} to ${checkpoint.size}`);
    before = checkpoint;
  }
  if (before.size !== size) throw new Violation(`the last checkpoint is of the whole log: ${controller}`);
  const { root } = before;
  // Some of them: whichever is missing, its neighbours' proofs fail too.
  for (let index = 0; index < size; index += 1 + (size >> 3)) {
    const proof = await proveInclusion(index, size, read);
    if (!verifyInclusion({ leaf: read(0, index), index, size, root, proof })) throw new Violation(`every entry can be proved: ${controller}, ${index}`);
  }
  world.count('proofs', checkpoints.length + Math.min(size, 8));
}
