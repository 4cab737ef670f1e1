import { randomUUID } from 'node:crypto';
import { uuids } from '#platform/arrays';
import { closeDuties, openDuty } from '#duties/duties';
import type { Clock } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { prepared } from '#platform/rows';
import type { Suspension } from '#policy/decision';
import type { Register } from '#register/register';
import { writeEvents } from './commit';
import { hold } from './holding';
import { ofRecipient } from './owing';
import { PRECEDENCE, type TransferRow } from './rows';

/** Transfers handled in one transaction. */
const BATCH = 100;

/** A standing suspension that a transfer falls under: of its agreement, and where the agreement has it so only of what goes from or to whoever suspended it. */
const FALLS_UNDER = `u.agreement = s.agreement and u.ended_at is null and u.ends_at > $2 and (u.scope = 'whole-agreement' or u.by in (t.sender, t.recipient))`;

/** Suspensions of an agreement that stand, undefined for none, as its signatories know of them: whoever asks is one, or its share goes nowhere. */
export async function suspensionsOf(tx: Tx, agreement: string, at: Date): Promise<Suspension[] | undefined> {
  const rows = await prepared<{ by: string; scope: Suspension['scope']; ends_at: Date }>(tx, 'select by, scope, ends_at from waybill.suspension where agreement = $1 and ended_at is null and ends_at > $2 order by began_at', [agreement, at]);
  return rows.length === 0 ? undefined : rows.map(({ by, scope, ends_at: endsAt }) => ({ by, scope, endsAt: endsAt.toISOString() }));
}

/** Those of these transfers that wait until their agreement is resumed. What no suspension stops was decided when they were accepted. */
export async function suspendedAmong(tx: Tx, transfers: readonly string[], at: Date): Promise<Set<string>> {
  const [any] = await prepared(tx, 'select from waybill.suspension where ended_at is null limit 1', []);
  if (!any) return new Set();
  const rows = await prepared<{ id: string }>(
    tx,
    `select t.id from waybill.transfer t join waybill.share s on s.sender = t.sender and s.id = t.share
     where t.id = any($1) and not t.through_suspension and exists (select from waybill.suspension u where ${FALLS_UNDER})`,
    [uuids(transfers).octets, at]);
  return new Set(rows.map(({ id }) => id));
}

/** Holds one until its agreement is resumed. Its payload is kept for as much longer as that may take: what waits is not what nobody collects. */
export async function holdSuspended(tx: Tx, register: Register, transfer: TransferRow, at: Date): Promise<void> {
  await hold(tx, register, transfer, 'agreement-suspended', at);
  await tx.query(
    `update waybill.transfer t set payload_until = t.payload_until + ((select max(u.ends_at) from waybill.suspension u join waybill.share s on s.sender = $3 and s.id = $4 where ${FALLS_UNDER}) - $2::timestamptz)
     where t.id = $1 and t.state = 'held' and exists (select from waybill.suspension u join waybill.share s on s.sender = $3 and s.id = $4 where ${FALLS_UNDER})`,
    [transfer.id, at, transfer.sender, transfer.share]);
}

/** What time does to transfers under an agreement that is suspended: the relay runs both again and again. */
export class Suspended {
  constructor(private readonly rooms: { database: Database; register: Register; clock: Clock }) {}

  /** Holds what waits in the queue, so that its sender is told within a minute though nobody takes it off; what the courier takes it holds itself. */
  hold(): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      const standing: unknown[] = await tx.query('select from waybill.suspension where ended_at is null and ends_at > $1 limit 1', [at]);
      if (standing.length === 0) return 0;
      const rows: TransferRow[] = await tx.query(
        `select t.* from waybill.transfer t join waybill.share s on s.sender = t.sender and s.id = t.share
         where t.state = 'queued' and not t.through_suspension and exists (select from waybill.suspension u where ${FALLS_UNDER}) order by t.precedence, t.accepted_at, t.id limit $1 for update of t skip locked`,
        [BATCH, at]);
      for (const transfer of rows) {
        await holdSuspended(tx, this.rooms.register, transfer, at);
        await tx.query('delete from waybill.outbox where transfer = $1', [transfer.id]);
      }
      return rows.length;
    });
  }

  /** Puts what was held back into the queue once nothing suspends its agreement, in the order in which it was accepted. */
  resume(): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      const rows: TransferRow[] = await tx.query(
        `select t.* from waybill.transfer t join waybill.share s on s.sender = t.sender and s.id = t.share
         where t.state = 'held' and t.hold_reason = 'agreement-suspended' and not exists (select from waybill.suspension u where ${FALLS_UNDER}) order by t.precedence, t.accepted_at, t.id limit $1 for update of t skip locked`,
        [BATCH, at]);
      for (const transfer of rows) {
        await tx.query(`update waybill.transfer set state = 'queued', hold_reason = null where id = $1 and state = 'held'`, [transfer.id]);
        await closeDuties(tx, { transfer: transfer.id }, { because: 'resumed', at }, ['not-delivered']);
        await openDuty(tx, ofRecipient('collect', transfer, at));
        await tx.query('insert into waybill.outbox (id, kind, transfer, lane, precedence) values ($1, $2, $3, $4, $5)', [randomUUID(), 'transfer.due', transfer.id, transfer.lane, PRECEDENCE[transfer.lane]]);
      }
      await writeEvents(tx, rows.map(({ id }) => ({ transfer: id, kind: 'resumed', at })));
      if (rows.length > 0) await tx.query(`select pg_notify('waybill_outbox', '')`);
      return rows.length;
    });
  }
}
