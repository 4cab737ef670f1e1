import { randomUUID } from 'node:crypto';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { LIMITS } from '#protocol/limits';
import type { Register } from '#register/register';
import { writeEvents } from './commit';
import { hold } from './holding';
import { from } from './moves';
import { KEPT_AS_EVIDENCE } from './evidence-held';
import { loggedOf, operationFields } from './operations';
import { recordForBoth } from './recording';
import { PRECEDENCE, type TransferRow } from './rows';
import { ONLY_RELEASED, toldUndeliverable } from './undeliverable';

export interface UpkeepRooms {
  database: Database;
  register: Register;
  clock: Clock;
}

/** Revoked longer ago, a key's transfers are held already; should this relay have stood still, they are when somebody asks for them. */
const REVOKED_WITHIN_H = 24;

/** Rows handled in one transaction: bounded, so that a backlog never becomes one long lock. */
const BATCH = 100;


/** What time does to transfers: the relay runs each of these again and again; each finds its own work in rows. */
export class Upkeep {
  constructor(private readonly rooms: UpkeepRooms) {}

  /** Holds what lies in a mailbox sealed to a key that was revoked since, and tells its sender: nobody need try to collect it first. */
  holdRevoked(): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      const rows: TransferRow[] = await tx.query(
        `select t.* from waybill.certificate c join waybill.transfer t on t.recipient = c.agency and t.state = 'available'
         where c.use = 'seal' and c.revoked_at > $1::timestamptz - make_interval(hours => ${REVOKED_WITHIN_H}) and exists (
           select from waybill.wrapped_key w join waybill.certificate_key k on k.key_id = any(w.keys) or k.key_fingerprint = any(w.keys)
           where w.transfer = t.id and k.fingerprint = c.fingerprint)
         limit $2 for update of t skip locked`,
        [at, BATCH],
      );
      for (const transfer of rows) await hold(tx, this.rooms.register, transfer, 'key-revoked', at);
      return rows.length;
    });
  }

  /** Ends what was never collected, or collected or sent and never acknowledged, at its payload's maximum time. The sender is told. */
  expire(): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      const [rows]: [TransferRow[], number] = await tx.query(
        `update waybill.transfer t set state = 'undeliverable', ended_at = $1, end_reason = case
           when route = 'mail' and state <> 'sent' then 'not-sent'
           when route = 'mail' and exists (select from waybill.duty d where d.transfer = t.id and d.closed_because = 'released') then '${ONLY_RELEASED}'
           when route <> 'mail' and collected_at is null then 'not-collected'
           else 'not-acknowledged' end
         where id in (select id from waybill.transfer where payload_until <= $1 and state = any($2) limit $3 for update skip locked) returning *`,
        [at, from('undeliverable'), BATCH],
      );
      for (const transfer of rows) {
        await toldUndeliverable(tx, this.rooms.register, transfer, { reason: transfer.end_reason ?? 'not-collected', at });
      }
      return rows.length;
    });
  }

  /**
   * Removes what ended transfers leave behind: their lines and wrapped keys, and a part's octets when no transfer holds keys to it
   * any more (RT-14). The entry stays.
   */
  removePayloads(): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      const [rows]: [TransferRow[], number] = await tx.query(
        `update waybill.transfer set payload_removed_at = $1
         where id in (select id from waybill.transfer t where ended_at is not null and payload_removed_at is null and not ${KEPT_AS_EVIDENCE} limit $2 for update skip locked) returning *`,
        [at, BATCH],
      );
      for (const { sender, share } of rows) await tx.query('select from waybill.part where sender = $1 and share = $2 for update', [sender, share]);
      // A message that was set aside is of no use to anybody any more.
      await tx.query('delete from waybill.outbox where transfer = any($1)', [rows.map((transfer) => transfer.id)]);
      for (const transfer of rows) {
        await tx.query('delete from waybill.line where transfer = $1', [transfer.id]);
        await tx.query('delete from waybill.wrapped_key where transfer = $1', [transfer.id]);
        await writeEvents(tx, [{ transfer: transfer.id, kind: 'payload-removed', at }]);
        await recordForBoth(tx, this.rooms.register, transfer, { kind: 'payload-removed', at, fields: { share: transfer.share, transfer: transfer.id, reason: transfer.state, octets: Number(transfer.size) } });
        const logged = loggedOf(transfer);
        if (logged) await recordForBoth(tx, this.rooms.register, transfer, { kind: 'operation-logged', at, fields: operationFields(logged, { operation: 'erasure', at }) });
      }
      for (const { sender, share } of rows) {
        const orphans = `sender = $1 and share = $2 and not exists (select from waybill.wrapped_key k where k.sender = $1 and k.share = $2 and k.part =`;
        await tx.query(`delete from waybill.chunk c where ${orphans} c.part)`, [sender, share]);
        await tx.query(`delete from waybill.part p where ${orphans} p.name)`, [sender, share]);
      }
      return rows.length;
    });
  }

  /** PostgreSQL is the truth: a transfer that waits without a message, because a queue was emptied, gets one. */
  rebuild(): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const rows: TransferRow[] = await tx.query(
        `select t.* from waybill.transfer t where t.state = 'queued' and t.accepted_at < $1
           and not exists (select from waybill.outbox o where o.transfer = t.id) limit $2 for update skip locked`,
        [new Date(this.rooms.clock.now().getTime() - REBUILD_AFTER_MS), BATCH],
      );
      for (const transfer of rows) {
        await tx.query('insert into waybill.outbox (id, kind, transfer, lane, precedence) values ($1, $2, $3, $4, $5)', [randomUUID(), 'transfer.due', transfer.id, transfer.lane, PRECEDENCE[transfer.lane]]);
      }
      if (rows.length > 0) await tx.query(`select pg_notify('waybill_outbox', '')`);
      return rows.length;
    });
  }

  /** Turns minutes with more than the tolerated malformed uploads into one counted entry each. */
  async countMalformed(): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      const [rows]: [{ agency: string; minute: Date; uploads: number; controller: string }[], number] = await tx.query(
        `delete from waybill.malformed_upload m using waybill.agency a where a.id = m.agency and m.minute < date_trunc('minute', $1::timestamptz) returning m.*, a.controller`,
        [at],
      );
      const counted = rows.filter((row) => row.uploads > LIMITS.malformedPerMinute.value);
      if (counted.length > 0) {
        await this.rooms.register.record(tx, counted.map((row) => ({ kind: 'malformed-uploads' as const, controller: row.controller, at, fields: { from: row.minute.toISOString(), count: row.uploads - LIMITS.malformedPerMinute.value } })));
      }
      return counted.length;
    });
  }

  /** Forgets Idempotency-Keys past their thirty days. */
  async forgetKeys(): Promise<number> {
    const [, count]: [unknown, number] = await this.rooms.database.transaction((tx) => tx.query('delete from waybill.idempotency where at < $1::timestamptz - make_interval(days => $2)', [this.rooms.clock.now(), LIMITS.idempotencyDays.value]));
    return count;
  }
}

/** A message that is being handed over is not missing: only after this long without one is it made again. */
const REBUILD_AFTER_MS = 30_000;
