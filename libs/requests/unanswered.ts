import { openDuty } from '#duties/duties';
import type { AboutRoom } from '#duties/reminding';
import { writeEvents } from '#exchange/commit';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { NewEntry, Register } from '#register/register';
import type { RequestRow } from './requests';

/** Requests handled in one transaction. */
const BATCH = 100;

/** Reports what is unanswered past its time: to whoever asked, to whoever was asked, and in both registers. It refuses nothing (RQ-18). */
export class Unanswered {
  constructor(private readonly rooms: { database: Database; register: Register; clock: Clock }) {}

  /** Each request once, however many relays run. A duty of the holder's own goes to its point of contact at the same instant. */
  report(): Promise<number> {
    const at = this.rooms.clock.now();
    return this.rooms.database.transaction(async (tx) => {
      const due: RequestRow[] = await tx.query(
        'select * from waybill.request where due_at <= $1 and unanswered_at is null and closed_at is null order by due_at limit $2 for update skip locked', [at, BATCH]);
      if (due.length === 0) return 0;
      await tx.query('update waybill.request set unanswered_at = $2 where id = any($1)', [due.map(({ id }) => id), at]);
      await writeEvents(tx, due.map(({ id }) => ({ transfer: id, kind: 'unanswered', at })));
      for (const row of due) {
        const fields = { share: row.share, request: row.id, dueAt: (row.due_at ?? at).toISOString() };
        await this.rooms.register.record(tx, [...new Set([row.requester_controller, row.holder_controller])].map((controller): NewEntry => ({ kind: 'request-unanswered', controller, at, fields })));
        await openDuty(tx, { kind: 'chase-request', about: { request: row.id }, owner: row.requester, other: row.holder, lane: row.lane, at });
      }
      return due.length;
    });
  }
}

/** Whose register a reminder of a request stands in. */
export const remindedOfRequests: AboutRoom = async (tx, duties, at) => {
  const rows: RequestRow[] = await tx.query('select * from waybill.request where id = any($1)', [duties.map(({ request }) => request)]);
  const requests = new Map(rows.map((row) => [row.id, row]));
  const agencies: { id: string; controller: string }[] = await tx.query('select id, controller from waybill.agency where id = any($1)', [duties.map(({ owner }) => owner)]);
  const controllers = new Map(agencies.map(({ id, controller }) => [id, controller]));
  const about = duties.flatMap((duty) => {
    const request = requests.get(duty.request ?? '');
    return request ? [{ duty, request }] : [];
  });
  await writeEvents(tx, about.map(({ duty, request }) => ({ transfer: request.id, kind: 'reminder', at, detail: duty.kind })));
  return new Map(about.map(({ duty, request }) => {
    const own = duty.owner === request.holder ? request.holder_controller : duty.owner === request.requester ? request.requester_controller : (controllers.get(duty.owner) ?? '');
    return [duty.id, { controller: own, fields: { share: request.share, transfer: request.id } }];
  }));
};
