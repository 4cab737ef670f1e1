import type { Clock } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import { pageOf } from '#platform/pages';
import { Refusal } from '#platform/refusal';
import type { DutyClosed, DutyClosing, DutyPage, DutyTold, Proof } from '#protocol/duties';
import type { Register } from '#register/register';
import { type Closings, DUTIES, type DutyKind } from './kinds';

export interface DeskRooms {
  database: Database;
  register: Register;
  clock: Clock;
}

interface OpenDuty {
  id: string;
  kind: DutyKind;
  transfer: string | null;
  domain: string | null;
  request: string | null;
  matter: string | null;
  rights: string | null;
  breach: string | null;
  mailbox: string | null;
  membership: string | null;
  agreement: string | null;
  what: string | null;
  notification: string | null;
  list: string | null;
  owner: string;
  owner_role: string;
  contact: string | null;
  other: string | null;
  lane: DutyTold['lane'];
  opened_at: Date;
  due_at: Date;
  next_at: Date | null;
  step: number;
}

/** Where what shows that a duty is done stands: rows that row-level security lets only their own agency see. */
const SHOWN_IN: Record<Proof, string> = {
  share: 'select from waybill.share where sender = $1 and id = $2',
  decision: 'select from waybill.not_shared where agency = $1 and id = $2',
  disclosure: 'select from waybill.disclosure where agency = $1 and id = $2',
};

/** What an agency has to do, and its word that something of it is done. */
export class Desk {
  constructor(private readonly rooms: DeskRooms) {}

  /** Open duties of the asker's own, the soonest due first. `role`: only what that post has. `after` is the `next` of the page before. */
  list(asker: Asker, { role, after, limit }: { role?: string | undefined; after?: string; limit: number }): Promise<DutyPage> {
    const now = this.rooms.clock.now();
    return this.rooms.database.as(asker, async (tx) => {
      const rows: OpenDuty[] = await tx.query(
        `select d.*, coalesce(d.agreement, m.agreement) as agreement from waybill.duty d left join waybill.membership m on m.id = d.membership left join waybill.duty a on a.id = $3
         where d.owner = $1 and d.closed_at is null and ($2::text is null or d.owner_role = $2) and ($3::uuid is null or (d.due_at, d.id) > (a.due_at, a.id)) order by d.due_at, d.id limit $4`,
        [asker.agency, role ?? null, after ?? null, limit + 1]);
      return pageOf(rows, limit, (row) => told(row, now), ({ id }) => id);
    });
  }

  /**
   * Closes a duty of the asker's own by hand, with what shows that it is done, and records it. The same again changes nothing.
   * @throws Refusal NOT_FOUND, DUTY_CLOSING_UNKNOWN, DUTY_NOT_SHOWN, DUTY_CLOSED
   */
  close(asker: Asker, id: string, { because, by, shownBy }: DutyClosing): Promise<DutyClosed> {
    const at = this.rooms.clock.now();
    return this.rooms.database.as(asker, async (tx) => {
      const [duty]: (OpenDuty & { closed_at: Date | null; closed_because: string | null })[] = await tx.query('select * from waybill.duty where id = $1 and owner = $2 for update', [id, asker.agency]);
      if (!duty) throw new Refusal({ code: 'NOT_FOUND' });
      if (duty.closed_at) {
        if (duty.closed_because !== because) throw new Refusal({ code: 'DUTY_CLOSED', facts: { because: duty.closed_because ?? '', at: duty.closed_at.toISOString() } });
        return { duty: id, closedAt: duty.closed_at.toISOString(), because };
      }
      await requireHolder(tx, asker, by);
      await requireShown(tx, asker, DUTIES[duty.kind].closings, { because, shownBy });
      await tx.query('update waybill.duty set closed_at = $2, closed_because = $3, closed_by = $4, shown_by = $5, next_at = null where id = $1', [id, at, because, by.contact, shownBy ?? null]);
      await this.rooms.register.record(tx, [{ kind: 'duty-closed', controller: asker.controller, at, fields: { duty: id, about: duty.kind, because, by: by.contact, shownBy, transfer: duty.transfer ?? undefined } }]);
      return { duty: id, closedAt: at.toISOString(), because };
    });
  }
}

/** Whether there is such a thing of the asker's own. */
export async function isShown(tx: Tx, { agency }: Asker, proof: Proof, id: string | undefined): Promise<boolean> {
  const shown: unknown[] = id === undefined ? [] : await tx.query(SHOWN_IN[proof], [agency, id]);
  return shown.length > 0;
}

async function requireHolder(tx: Tx, asker: Asker, by: DutyClosing['by']): Promise<void> {
  const found: unknown[] = by.agency === asker.agency ? await tx.query('select from waybill.contact where agency = $1 and id = $2', [asker.agency, by.contact]) : [];
  if (found.length === 0) throw new Refusal({ code: 'DUTY_CLOSING_UNKNOWN', pointer: '/by', says: 'Nobody of the agency’s directory entry is named.', next: 'Name a contact of your own.' });
}

async function requireShown(tx: Tx, asker: Asker, closings: Closings, { because, shownBy }: Pick<DutyClosing, 'because' | 'shownBy'>): Promise<void> {
  const closing = Object.hasOwn(closings, because) ? closings[because] : undefined;
  if (!closing) throw new Refusal({ code: 'DUTY_CLOSING_UNKNOWN', pointer: '/because', facts: { closings: Object.keys(closings) } });
  if (!closing.shows) return;
  if (!(await isShown(tx, asker, closing.shows, shownBy))) throw new Refusal({ code: 'DUTY_NOT_SHOWN', pointer: '/shownBy', facts: { shows: closing.shows } });
}

const told = (row: OpenDuty, now: Date): DutyTold => ({
  duty: row.id, kind: row.kind, says: DUTIES[row.kind].says, role: row.owner_role, lane: row.lane,
  ...(row.contact ? { contact: row.contact } : {}), ...(row.transfer ? { transfer: row.transfer } : {}), ...(row.request ? { request: row.request } : {}), ...(row.matter ? { matter: row.matter } : {}), ...(row.rights ? { rightsRequest: row.rights } : {}), ...(row.domain ? { domain: row.domain } : {}), ...(row.breach ? { breach: row.breach } : {}), ...(row.mailbox ? { mailbox: row.mailbox } : {}), ...(row.agreement ? { agreement: row.agreement } : {}), ...(row.what ? { what: row.what } : {}), ...(row.notification ? { notification: row.notification } : {}), ...(row.list ? { list: row.list } : {}), ...(row.other ? { other: row.other } : {}),
  openedAt: row.opened_at.toISOString(), dueAt: row.due_at.toISOString(), overdue: row.due_at <= now, reminders: row.step, ...(row.next_at ? { nextReminderAt: row.next_at.toISOString() } : {}),
  closings: Object.entries(DUTIES[row.kind].closings).map(([because, { says, shows }]) => ({ because, says, ...(shows ? { shows } : {}) })),
});
