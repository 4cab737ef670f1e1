import { dutyRows } from '#duties/duties';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { insertRows } from '#platform/rows';
import { ENDS_NOTIFICATION } from '#policy/notifications';
import type { Register } from '#register/register';

/** Recipients handled in one transaction: bounded, so that a long list never becomes one long lock. */
const BATCH = 100;

interface Reader {
  notification: string;
  transfer: string;
  share: string;
  agency: string;
  controller: string;
  circulator: string;
  ended_at: Date;
  ended_because: string;
}

/** Sees to it that whoever received a notification, by whatever way, hears that it is over; the time for which it keeps its copy runs from then (IN-13, RT-11). */
export class EndedNotifications {
  constructor(private readonly rooms: { database: Database; register: Register; clock: Clock }) {}

  /** @returns how much was done */
  async look(): Promise<number> {
    return (await this.reach()) + (await this.tell()) + (await this.start());
  }

  /** Whoever got it from a recipient, who passed it on inside the agreement, has it as well. */
  private reach(): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const found: unknown[] = await tx.query(
        `with further as (
           select distinct r.notification, t.id, t.recipient, t.recipient_controller, r.circulator
           from waybill.notification_recipient r join waybill.notification n on n.id = r.notification and n.state <> 'disposed'
             join waybill.transfer a on a.id = r.transfer join waybill.share s on s.previous = a.share and s.sender = r.agency join waybill.transfer t on t.sender = s.sender and t.share = s.id
           where t.recipient not in (n.issuer, n.circulator) and not exists (select from waybill.notification_recipient o where o.notification = r.notification and o.transfer = t.id) limit $1)
         insert into waybill.notification_recipient (notification, transfer, agency, controller, circulator) select * from further on conflict do nothing returning 1`, [BATCH]);
      return found.length;
    });
  }

  private tell(): Promise<number> {
    const at = this.rooms.clock.now();
    return this.rooms.database.transaction(async (tx) => {
      const readers: Reader[] = await tx.query(
        `select r.notification, r.transfer, t.share, r.agency, r.controller, r.circulator, n.ended_at, n.ended_because
         from waybill.notification_recipient r join waybill.notification n on n.id = r.notification join waybill.transfer t on t.id = r.transfer
         where n.ended_at is not null and r.ended_told_at is null order by r.notification, r.transfer limit $1 for update of r skip locked`, [BATCH]);
      if (readers.length === 0) return 0;
      await insertRows(tx, [dutyRows(readers.map(({ notification, agency, circulator }) => ({ kind: 'note-notification-ended', about: { notification }, owner: agency, other: circulator, lane: 'routine', at })))]);
      await this.rooms.register.record(tx, readers.map(({ notification, transfer, share, controller, circulator, ended_because: because, ended_at }) => ({
        kind: 'notification-ended' as const, controller, at, fields: { notification, share, transfer, because, endedAt: ended_at.toISOString(), circulator },
      })));
      for (const { notification, transfer } of readers) await tx.query('update waybill.notification_recipient set ended_told_at = $3 where notification = $1 and transfer = $2', [notification, transfer, at]);
      return readers.length;
    });
  }

  /** A copy that is acknowledged after the end is kept from the end on as well; so is what whoever circulates received of the issuer. */
  private start(): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const [, started]: [unknown, number] = await tx.query(
        `update waybill.retention k set started_on = e.ended_on, due_told_at = null, due_on = case when k.indefinite or k.months is null then null else (e.ended_on + make_interval(months => k.months))::date end
         from (select r.agency, r.transfer, n.ended_at::date as ended_on from waybill.notification n join waybill.notification_recipient r on r.notification = n.id where n.ended_at is not null and n.state <> 'disposed'
           union select n.circulator, t.id, n.ended_at::date from waybill.notification n join waybill.transfer t on t.sender = n.issuer and t.share = n.submitted_share where n.ended_at is not null and n.state <> 'disposed') e
         where k.agency = e.agency and k.transfer = e.transfer and k.from_event = $1 and k.started_on is null and k.disposed_at is null`, [ENDS_NOTIFICATION]);
      return started;
    });
  }
}
