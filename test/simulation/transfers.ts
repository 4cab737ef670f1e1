import { binding } from '#directory/facts';
import type { CertificateRow as RealCertificateRow } from '#directory/rows';
import { planned } from '#duties/duties';
import type { DutyKind } from '#duties/kinds';
import { from } from '#exchange/moves';
import { PRECEDENCE } from '#exchange/rows';
import { DAY, HOUR, SECOND } from '#platform/clock';
import type { Outcome } from '#queue/message';
import type { Lane } from '#queue/lanes';
import { Refused } from './errors';
import { record, recordForBoth } from './register';
import type { DutyRow, OutboxRow, TransferRow } from './rows';
import type { Step, Tx } from './store';
import type { World } from './world';

// libs/exchange: what becomes of a transfer once it is accepted. Each function is one of the real ones, statement by statement.

export function* writeEvent(world: World, tx: Tx, transfer: string, kind: string, detail?: string): Step {
  yield;
  yield* world.store.insert(tx, world.rows.event, { seq: world.nextSeq(), transfer, kind, ...(detail ? { detail } : {}) });
}

export interface NewDuty { kind: DutyKind; transfer: string; owner: string; lane: Lane; at: number }

export function* openDuty(world: World, tx: Tx, { kind, transfer, owner, lane, at }: NewDuty): Step {
  yield;
  const { steps } = planned({ kind, lane, at: new Date(at) });
  yield* world.store.insert(tx, world.rows.duty, { id: world.id('duty'), kind, transfer, owner, openedAt: at, steps, step: 0, nextAt: at + (steps[0] ?? 0) });
}

const ENDED_WITH_TRANSFER: readonly DutyKind[] = ['collect', 'acknowledge', 'seal-again', 'share-otherwise'];

export function* closeDuties(world: World, tx: Tx, transfer: string, because: string, at: number, kinds: readonly DutyKind[] = ENDED_WITH_TRANSFER): Step {
  if (world.bug === 'duties-stay-open' && because === 'undeliverable') return;
  yield* world.store.update(tx, world.rows.duty, (duty) => duty.transfer === transfer && duty.closedAt === undefined && kinds.includes(duty.kind), ({ nextAt: _, ...duty }) => ({ ...duty, closedAt: at, because }));
}

/** The real `binding` over a certificate's row: the other columns never end it here. */
export const isRevoked = (world: World, tx: Tx | undefined, fingerprint: string): boolean => {
  const row = world.rows.certificate.get(tx, fingerprint);
  return row !== undefined && standing(row) === 'revoked';
};

export const standing = ({ revokedAt }: { revokedAt?: number }): ReturnType<typeof binding> =>
  binding({ revoked_at: revokedAt === undefined ? null : new Date(revokedAt), from_at: ALWAYS, until_at: NEVER } as RealCertificateRow, ALWAYS);
const [ALWAYS, NEVER] = [new Date(0), new Date(8.64e15)];

/** `sealedToRevoked` and `holdRevoked` of delivery.ts. */
export function* hold(world: World, tx: Tx, { id, sender, recipient, lane, ...transfer }: TransferRow, at: number): Step<boolean> {
  const held = yield* world.store.update(tx, world.rows.transfer, (row) => row.id === id && from('held').includes(row.state), (row): TransferRow => ({ ...row, state: 'held', holdReason: 'key-revoked' }));
  if (held.length === 0) return false;
  world.count('held');
  yield* recordForBoth(world, tx, { id, sender, recipient, lane, ...transfer }, 'share-held');
  yield* writeEvent(world, tx, id, 'held', 'key-revoked');
  yield* closeDuties(world, tx, id, 'held', at, ['collect']);
  yield* openDuty(world, tx, { kind: 'seal-again', transfer: id, owner: sender, lane, at });
  return true;
}

/** What a message says; whether its envelope is the one that was accepted. */
export interface Carried extends Pick<OutboxRow, 'id' | 'transfer' | 'lane' | 'attempt'> { intact: boolean }

/** `Delivery.deliver`. */
export function* deliver(world: World, messages: readonly Carried[]): Step<Outcome[]> {
  return yield* world.transaction(function* (tx) {
    const { store, rows } = world;
    const wanted = new Set(messages.map(({ transfer }) => transfer));
    const found = world.bug === 'deliver-without-lock' ? rows.transfer.find(tx, ({ id, state }) => wanted.has(id) && state === 'queued')
      : yield* store.lock(tx, rows.transfer, ({ id, state }) => wanted.has(id) && state === 'queued', { order: byId });
    const waiting = new Map(found.map((row) => [row.id, row]));
    const outcomes = messages.map(({ transfer, intact }): Outcome => (intact || !waiting.has(transfer) ? 'done' : { park: 'digest-mismatch' }));
    const sound = messages.filter((_, i) => outcomes[i] === 'done');
    const moving = [...new Set(sound.map(({ transfer }) => transfer))].flatMap((id) => waiting.get(id) ?? []);
    const at = world.clock();
    yield;
    const revoked = new Set(moving.filter(({ id, key }) => rows.wrapped.get(tx, id) && isRevoked(world, tx, key) && world.bug !== 'revoked-key-delivered').map(({ id }) => id));
    for (const transfer of moving) if (revoked.has(transfer.id)) yield* hold(world, tx, transfer, at);
    const going = new Set(moving.map(({ id }) => id).filter((id) => !revoked.has(id)));
    const moved = going.size === 0 ? [] : yield* store.update(tx, rows.transfer,
      ({ id, state }) => going.has(id) && (from('available').includes(state) || world.bug === 'deliver-without-lock'), (row): TransferRow => ({ ...row, state: 'available', availableAt: at }));
    const laid = new Set(moved.map(({ id }) => id));
    for (const { id } of moving) if (laid.has(id)) yield* writeEvent(world, tx, id, 'available');
    const done = new Set(sound.map(({ id }) => id));
    yield* store.remove(tx, rows.outbox, ({ id }) => done.has(id));
    world.count('handed over again after it had moved', sound.filter(({ transfer }) => !waiting.has(transfer)).length);
    return outcomes;
  });
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

/** `Mailbox.find`: what its recipient may look at. @throws Refused */
export function find(world: World, tx: Tx, agency: string, id: string): TransferRow {
  const transfer = world.rows.transfer.get(tx, id);
  if (!transfer || transfer.recipient !== agency || transfer.state === 'queued' || transfer.state === 'recalled') throw new Refused('NOT_FOUND');
  if (transfer.state === 'held') throw new Refused('TRANSFER_HELD');
  return transfer;
}

/** `Mailbox.part`: serves the first octet, once it is on record that it does. @throws Refused */
export function* part(world: World, agency: string, id: string): Step<TransferRow> {
  yield* world.transaction(function* (tx) {
    yield;
    find(world, tx, agency, id);
    yield;
    if (!world.rows.wrapped.get(tx, id)) throw new Refused('PAYLOAD_REMOVED');
  });
  yield* collect(world, agency, id);
  return world.rows.transfer.get(undefined, id) as TransferRow;
}

/** `Mailbox.collect`. @throws Refused */
export function* collect(world: World, agency: string, id: string): Step {
  const at = world.clock();
  const held = yield* world.transaction(function* (tx) {
    const { store, rows } = world;
    yield;
    const transfer = find(world, tx, agency, id);
    yield;
    if (rows.wrapped.get(tx, id) && isRevoked(world, tx, transfer.key) && world.bug !== 'revoked-key-collected') {
      yield* hold(world, tx, transfer, at);
      return true;
    }
    const moved = yield* store.update(tx, rows.transfer, (row) => row.id === id && from('collected').includes(row.state), (row): TransferRow => ({ ...row, state: 'collected', collectedAt: at }));
    if (moved.length === 0) {
      yield;
      const now = find(world, tx, agency, id);
      if (now.endedAt !== undefined && now.state !== 'acknowledged' && world.bug !== 'served-after-its-end') throw new Refused('PAYLOAD_REMOVED');
      return false;
    }
    yield* recordForBoth(world, tx, transfer, 'share-collected');
    yield* writeEvent(world, tx, id, 'collected');
    yield* closeDuties(world, tx, id, 'collected', at, ['collect']);
    yield* openDuty(world, tx, { kind: 'acknowledge', transfer: id, owner: transfer.recipient, lane: transfer.lane, at });
    return false;
  });
  if (held) throw new Refused('TRANSFER_HELD');
}

export type Stated = 'acknowledged' | 'returned' | 'opened';

/** `Statements.state`. Done again when it met another that wrote the same rows. @throws Refused */
export function* state(world: World, agency: string, id: string, kind: Stated, digest: string, reason?: string): Step<string> {
  const at = world.clock();
  return yield* world.transaction(function* (tx) {
    const { store, rows } = world;
    yield;
    const transfer = rows.transfer.get(tx, id);
    if (!transfer || transfer.recipient !== agency || transfer.state === 'queued' || transfer.state === 'recalled') throw new Refused('NOT_FOUND');
    yield;
    if (stands(world, tx, id, kind, digest)) {
      yield;
      return rows.transfer.get(tx, id)?.state as string;
    }
    yield;
    yield* store.insert(tx, rows.statement, { transfer: id, kind, digest });
    if (kind === 'opened') {
      if (transfer.state !== 'collected' && transfer.state !== 'acknowledged') throw new Refused('WRONG_STATE');
      yield* recordForBoth(world, tx, transfer, 'share-opened');
      yield* writeEvent(world, tx, id, 'opened');
      return transfer.state;
    }
    if (!(yield* end(world, tx, id, kind, reason ?? kind, at))) throw new Refused('WRONG_STATE');
    if (kind === 'returned') yield* recordForBoth(world, tx, transfer, 'share-returned');
    else yield* record(world, tx, [{ controller: transfer.recipient, kind: 'share-received', about: id }, { controller: transfer.sender, kind: 'share-acknowledged', about: id }]);
    if (reason === 'cannot-open') yield* openDuty(world, tx, { kind: 'cannot-open', transfer: id, owner: transfer.sender, lane: transfer.lane, at });
    return kind;
  });
}

/** Whether this very statement stands already. @throws Refused STATEMENT_DIFFERS when another of its kind does */
function stands(world: World, tx: Tx, transfer: string, kind: string, digest: string): boolean {
  const row = world.rows.statement.get(tx, `${transfer} ${kind}`);
  if (!row) return false;
  if (row.digest !== digest) throw new Refused('STATEMENT_DIFFERS');
  return true;
}

function* end(world: World, tx: Tx, id: string, to: 'acknowledged' | 'returned' | 'recalled', reason: string, at: number): Step<boolean> {
  const may = world.bug === 'recall-after-collection' ? [...from(to), 'collected' as const] : from(to);
  const moved = yield* world.store.update(tx, world.rows.transfer, (row) => row.id === id && may.includes(row.state), (row): TransferRow => ({ ...row, state: to, endedAt: at, endReason: reason }));
  if (moved.length === 0) return false;
  yield* closeDuties(world, tx, id, to, at);
  yield* writeEvent(world, tx, id, to, reason === to ? undefined : reason);
  return true;
}

/** `Statements.recall`. @throws Refused */
export function* recall(world: World, sender: string, share: string, digest: string): Step<string[]> {
  const at = world.clock();
  return yield* world.transaction(function* (tx) {
    const { store, rows } = world;
    yield;
    if (!rows.share.get(tx, `${sender} ${share}`)) throw new Refused('NOT_FOUND');
    yield;
    const recalled: string[] = [];
    for (const transfer of rows.transfer.find(tx, (row) => row.sender === sender && row.share === share)) {
      yield;
      if (stands(world, tx, transfer.id, 'recalled', digest)) recalled.push(transfer.id);
      else if (yield* end(world, tx, transfer.id, 'recalled', 'sent-in-error', at)) {
        yield* store.insert(tx, rows.statement, { transfer: transfer.id, kind: 'recalled', digest });
        if (world.bug !== 'outbox-row-of-the-ended') yield* store.remove(tx, rows.outbox, (row) => row.transfer === transfer.id);
        yield* recordForBoth(world, tx, transfer, 'share-recalled');
        recalled.push(transfer.id);
      }
    }
    if (recalled.length === 0) throw new Refused('ALREADY_COLLECTED');
    return recalled;
  });
}

// libs/exchange/upkeep.ts

/** Rows in one transaction: few here, so that there are several. */
const few = (world: World): number => 1 + world.chance.below(4);
const REVOKED_WITHIN = 24 * HOUR;
const REBUILD_AFTER = 30 * SECOND;
export const TRANSIT = 28 * DAY;

export const UPKEEP = {
  *remind(world: World, limit = few(world)): Step<number> {
    return yield* world.transaction(function* (tx) {
      const at = world.clock();
      const { store, rows } = world;
      const isDue = ({ nextAt, closedAt }: DutyRow): boolean => nextAt !== undefined && nextAt <= at && closedAt === undefined;
      const due = world.bug === 'reminder-not-locked' ? rows.duty.find(tx, isDue) : yield* store.lock(tx, rows.duty, isDue, { order: (a, b) => (a.nextAt as number) - (b.nextAt as number), limit, skip: true });
      for (const duty of due) {
        const passed = duty.steps.filter((ms) => duty.openedAt + ms <= at).length;
        const next = world.bug === 'reminder-lost-in-a-leap' && passed > duty.step + 1 ? undefined : duty.steps[passed];
        if (world.bug !== 'reminded-twice') {
          yield* store.update(tx, rows.duty, ({ id }) => id === duty.id, ({ nextAt: _, ...row }) => ({ ...row, step: passed, ...(next === undefined ? {} : { nextAt: duty.openedAt + next }) }));
        }
        const transfer = rows.transfer.get(tx, duty.transfer) as TransferRow;
        yield* writeEvent(world, tx, duty.transfer, 'reminder', duty.kind);
        yield* record(world, tx, [{ controller: duty.owner === transfer.sender ? transfer.sender : transfer.recipient, kind: 'reminder-sent', about: duty.id, number: passed }]);
      }
      world.count('reminders', due.length);
      return due.length;
    });
  },

  *holdRevoked(world: World, limit = few(world)): Step<number> {
    return yield* world.transaction(function* (tx) {
      const at = world.clock();
      const found = yield* world.store.lock(tx, world.rows.transfer, ({ state, key }) => {
        const revokedAt = state === 'available' ? world.rows.certificate.get(tx, key)?.revokedAt : undefined;
        return revokedAt !== undefined && revokedAt > at - REVOKED_WITHIN;
      }, { limit, skip: true });
      for (const transfer of found) yield* hold(world, tx, transfer, at);
      return found.length;
    });
  },

  *expire(world: World, limit = few(world)): Step<number> {
    return yield* world.transaction(function* (tx) {
      const at = world.clock();
      const { store, rows } = world;
      const ended = yield* store.update(tx, rows.transfer, ({ until, state }) => until <= at && from('undeliverable').includes(state),
        (row): TransferRow => ({ ...row, state: 'undeliverable', endedAt: at, endReason: row.collectedAt === undefined ? 'not-collected' : 'not-acknowledged' }), { limit, skip: true });
      for (const transfer of ended) {
        yield* closeDuties(world, tx, transfer.id, 'undeliverable', at);
        if (world.bug !== 'outbox-row-of-the-ended') yield* store.remove(tx, rows.outbox, (row) => row.transfer === transfer.id);
        yield* writeEvent(world, tx, transfer.id, 'undeliverable', transfer.endReason);
        yield* recordForBoth(world, tx, transfer, 'share-undeliverable');
        yield* openDuty(world, tx, { kind: 'share-otherwise', transfer: transfer.id, owner: transfer.sender, lane: transfer.lane, at });
      }
      world.count('expired', ended.length);
      return ended.length;
    });
  },

  *removePayloads(world: World, limit = few(world)): Step<number> {
    return yield* world.transaction(function* (tx) {
      const at = world.clock();
      const { store, rows } = world;
      const isDue = ({ endedAt, removedAt, state }: TransferRow): boolean => (endedAt !== undefined || (world.bug === 'payload-removed-early' && state === 'collected')) && removedAt === undefined;
      const ended = yield* store.update(tx, rows.transfer, isDue, (row) => ({ ...row, removedAt: at }), { limit, skip: true });
      for (const { share } of ended) if (world.bug !== 'parts-not-locked') yield* store.lock(tx, rows.part, (row) => row.share === share);
      const ids = new Set(ended.map(({ id }) => id));
      if (world.bug !== 'outbox-row-of-the-ended') yield* store.remove(tx, rows.outbox, ({ transfer }) => ids.has(transfer));
      for (const transfer of ended) {
        yield* store.remove(tx, rows.wrapped, (row) => row.transfer === transfer.id);
        yield* writeEvent(world, tx, transfer.id, 'payload-removed');
        yield* recordForBoth(world, tx, transfer, 'payload-removed');
      }
      for (const { share } of ended) yield* store.remove(tx, rows.part, (row) => row.share === share && !rows.wrapped.has(tx, (key) => key.share === share));
      return ended.length;
    });
  },

  *rebuild(world: World, limit = few(world)): Step<number> {
    return yield* world.transaction(function* (tx) {
      const { store, rows } = world;
      const before = world.clock() - REBUILD_AFTER;
      const found = yield* store.lock(tx, rows.transfer, ({ id, state, acceptedAt }) => state === 'queued' && acceptedAt < before && !rows.outbox.has(tx, ({ transfer }) => transfer === id), { limit, skip: true });
      if (world.bug !== 'never-rebuilt') for (const transfer of found) yield* enqueue(world, tx, transfer);
      world.count('messages made anew', found.length);
      return world.bug === 'never-rebuilt' ? 0 : found.length;
    });
  },
} as const;

export function* enqueue(world: World, tx: Tx, { id: transfer, lane }: TransferRow): Step {
  yield;
  const seq = world.nextSeq();
  yield* world.store.insert(tx, world.rows.outbox, { id: `message-${seq}`, transfer, lane, precedence: PRECEDENCE[lane], attempt: 0, dueAt: world.now, seq });
}
