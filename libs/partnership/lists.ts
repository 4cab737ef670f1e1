import { closeDuties, openDuty } from '#duties/duties';
import { type Clock, day } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { Refusal } from '#platform/refusal';
import type { Agreement } from '#policy/agreement';
import { isListKind, LIST_REVIEW_MONTHS, optedOut, type Visibility, visibilityOf } from '#policy/lists';
import type { ListEntryTold, ListsTold } from '#protocol/list-answers';
import type { Register } from '#register/register';
import { monthsAfter } from './notification-rows';

interface ListRow {
  id: string;
  agreement: string;
  name: string;
  kind: string;
  visibility: Visibility;
  keeper: string;
  keeper_controller: string;
  review_on: string;
}

/** A contact of the directory. */
export interface OnList {
  agency: string;
  contact: string;
}

/** What somebody who has a part in an agreement sees of its lists. */
export class ListsShown {
  constructor(private readonly rooms: { database: Database; clock: Clock }) {}

  /** As they stand on a day; today where none is named. Row security shows of each whom the asker may see. */
  told(asker: Asker, on: string = day(this.rooms.clock.now())): Promise<ListsTold> {
    return this.rooms.database.as(asker, async (tx) => {
      const lists: ListRow[] = await tx.query('select *, review_on::text from waybill.list order by agreement, name');
      const entries: (Omit<ListEntryTold, 'from' | 'until' | 'assistantOf'> & { list: string; from_day: string; until_day: string | null; assistant_of: string | null })[] = await tx.query(
        `select e.list, e.agency, e.contact, c.label, c.email, c.telephone, e.from_day::text, e.until_day::text, e.assistant_of, e.blind from waybill.list_entry e join waybill.contact c on c.agency = e.agency and c.id = e.contact
         where e.from_day <= $1 and (e.until_day is null or e.until_day > $1) order by e.agency, e.contact`, [on]);
      return {
        items: lists.map(({ id, agreement, name, kind, visibility, keeper, review_on: reviewOn }) => ({
          list: id, agreement, name, kind, visibility, keeper, reviewOn,
          entries: entries.filter(({ list }) => list === id).map(({ agency, contact, label, email, telephone, from_day: from, until_day: until, assistant_of: assistantOf, blind }) => ({
            agency, contact, label, ...(email !== null && { email }), ...(telephone !== null && { telephone }), from, ...(until !== null && { until }), ...(assistantOf !== null && { assistantOf }), ...(keeper === asker.agency && blind && { blind }),
          })),
        })),
      };
    });
  }
}

/** Keeps lists, at the co-ordinator's desk. Each change stands in the register of whoever it is about, with its day and no name (PD-15, ML-04). */
export class Lists {
  constructor(private readonly rooms: { database: Database; register: Register; clock: Clock }) {}

  /** Makes a list, which shows who is on it as the agreement has it for its kind. @throws Refusal NOT_FOUND where its keeper is no agency */
  make(agreement: Agreement, { name, kind, keeper }: { name: string; kind: string; keeper: string }): Promise<{ visibility: Visibility }> {
    if (!isListKind(kind)) throw new Refusal({ code: 'NOT_FOUND', says: 'There is no such kind of list.', next: 'Name one that `waybill list make --help` lists.' });
    const at = this.rooms.clock.now();
    return this.rooms.database.transaction(async (tx) => {
      const visibility = visibilityOf(agreement, kind);
      const controller = await controllerOf(tx, keeper);
      await tx.query('insert into waybill.list (id, agreement, name, kind, visibility, keeper, keeper_controller, review_on) values ($1, $2, $3, $4, $5, $6, $7, $8)', [
        uuid7(at.getTime()), agreement.id, name, kind, visibility, keeper, controller, monthsAfter(at, LIST_REVIEW_MONTHS)]);
      await this.record(tx, { agency: keeper, agreement: agreement.id, change: `list-made-${kind}`, on: day(at) });
      return { visibility };
    });
  }

  /** Puts a contact on a list from a day on. @throws Refusal NOT_FOUND */
  enter(agreement: string, name: string, { agency, contact, from, assistantOf }: OnList & { from?: string | undefined; assistantOf?: string | undefined }): Promise<void> {
    const on = from ?? day(this.rooms.clock.now());
    return this.change(agreement, name, async (tx, list) => {
      await tx.query('insert into waybill.list_entry (list, agency, contact, from_day, assistant_of) values ($1, $2, $3, $4, $5)', [list.id, agency, contact, on, assistantOf ?? null]);
      await this.record(tx, { agency, agreement, change: 'list-entered', on });
    });
  }

  /** From a day on another contact of the agency stands in the place of one, on every list of the agreement; what went before went to the other. @throws Refusal NOT_FOUND */
  move(agreement: string, { agency, contact }: OnList, to: string, on: string): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const [moved]: [{ list: string; blind: boolean; assistant_of: string | null }[], number] = await tx.query(
        `update waybill.list_entry e set until_day = $4, ended_because = 'mailbox-changed' from waybill.list l where l.id = e.list and l.agreement = $1 and e.agency = $2 and e.contact = $3 and e.until_day is null returning e.list, e.blind, e.assistant_of`,
        [agreement, agency, contact, on]);
      if (moved.length === 0) throw new Refusal({ code: 'NOT_FOUND' });
      for (const { list, blind, assistant_of } of moved) await tx.query('insert into waybill.list_entry (list, agency, contact, from_day, blind, assistant_of) values ($1, $2, $3, $4, $5, $6)', [list, agency, to, on, blind, assistant_of]);
      await this.record(tx, { agency, agreement, change: 'list-mailbox-changed', on });
      return moved.length;
    });
  }

  /** Somebody asks not to be shown: where the agreement lets a list go on without showing it, it is written to and shown to nobody; else it is on the list no more. At once. @throws Refusal NOT_FOUND */
  optOut(agreement: string, name: string, { agency, contact }: OnList): Promise<'blind' | 'removed'> {
    const on = day(this.rooms.clock.now());
    return this.change(agreement, name, async (tx, list) => {
      const follows = optedOut(list.visibility);
      const change = follows === 'blind' ? 'blind = true' : `until_day = $4, ended_because = 'opted-out'`;
      const [, changed]: [unknown, number] = await tx.query(`update waybill.list_entry set ${change} where list = $1 and agency = $2 and contact = $3 and until_day is null`, [list.id, agency, contact, ...(follows === 'blind' ? [] : [on])]);
      if (changed === 0) throw new Refusal({ code: 'NOT_FOUND' });
      await this.record(tx, { agency, agreement, change: follows === 'blind' ? 'list-opted-out-blind' : 'list-opted-out', on });
      return follows;
    });
  }

  /** Somebody leaves the post: off every list and out of the directory's view; of a person nothing is kept but the id, which records name (RT-10). @throws Refusal NOT_FOUND */
  leave({ agency, contact }: OnList): Promise<void> {
    const on = day(this.rooms.clock.now());
    return this.rooms.database.transaction(async (tx) => {
      const [, changed]: [unknown, number] = await tx.query(
        `update waybill.contact set until_day = $3, label = case when kind = 'person' then id else label end, email = case when kind = 'person' then null else email end, telephone = case when kind = 'person' then null else telephone end
         where agency = $1 and id = $2 and (until_day is null or until_day > $3)`, [agency, contact, on]);
      if (changed === 0) throw new Refusal({ code: 'NOT_FOUND' });
      await tx.query(`update waybill.list_entry set until_day = greatest($3::date, from_day), ended_because = 'left' where agency = $1 and contact = $2 and until_day is null`, [agency, contact, on]);
      await this.record(tx, { agency, change: 'contact-left', on });
    });
  }

  /** The keeper has looked through it. @throws Refusal NOT_FOUND */
  reviewed(agreement: string, name: string): Promise<string> {
    const at = this.rooms.clock.now();
    return this.change(agreement, name, async (tx, list) => {
      const next = monthsAfter(at, LIST_REVIEW_MONTHS);
      await tx.query('update waybill.list set review_on = $2 where id = $1', [list.id, next]);
      await closeDuties(tx, { list: list.id }, { because: 'looked-through', at }, ['review-list']);
      await this.record(tx, { agency: list.keeper, agreement, change: 'list-reviewed', on: day(at) });
      return next;
    });
  }

  private change<T>(agreement: string, name: string, work: (tx: Tx, list: ListRow) => Promise<T>): Promise<T> {
    return this.rooms.database.transaction(async (tx) => {
      const [list]: ListRow[] = await tx.query('select * from waybill.list where agreement = $1 and name = $2', [agreement, name]);
      if (!list) throw new Refusal({ code: 'NOT_FOUND' });
      return work(tx, list);
    });
  }

  private async record(tx: Tx, fields: { agency: string; agreement?: string; change: string; on: string }): Promise<void> {
    await this.rooms.register.record(tx, [{ kind: 'party-changed', controller: await controllerOf(tx, fields.agency), at: this.rooms.clock.now(), fields }]);
  }
}

async function controllerOf(tx: Tx, agency: string): Promise<string> {
  const [row]: { controller: string }[] = await tx.query('select controller from waybill.agency where id = $1', [agency]);
  if (!row) throw new Refusal({ code: 'NOT_FOUND' });
  return row.controller;
}

/** Duties opened in one transaction: bounded, so that a backlog never becomes one long lock. */
const BATCH = 100;

/** Asks the keeper to look through a list when its day has come, and to mend a mailbox that could not be reached (PD-15, ML-04). */
export class ListUpkeep {
  constructor(private readonly rooms: { database: Database; clock: Clock }) {}

  /** @returns how many duties were opened */
  look(): Promise<number> {
    const at = this.rooms.clock.now();
    return this.rooms.database.transaction(async (tx) => {
      const due: { id: string; keeper: string }[] = await tx.query(
        `select l.id, l.keeper from waybill.list l where l.review_on <= $1::date and not exists (select from waybill.duty d where d.list = l.id and d.kind = 'review-list' and d.closed_at is null) limit $2`, [day(at), BATCH]);
      for (const { id, keeper } of due) await openDuty(tx, { kind: 'review-list', about: { list: id }, owner: keeper, other: keeper, lane: 'routine', at });
      const unreached: { transfer: string; keeper: string; agency: string }[] = await tx.query(
        `select distinct t.id as transfer, l.keeper, t.recipient as agency from waybill.list l join waybill.list_entry e on e.list = l.id and (e.until_day is null or e.until_day > $1::date)
           join waybill.transfer t on t.sender = l.keeper and t.recipient = e.agency and t.contact = e.contact and t.state = 'undeliverable'
         where not exists (select from waybill.duty d where d.transfer = t.id and d.kind = 'mend-mailbox') limit $2`, [day(at), BATCH]);
      for (const { transfer, keeper, agency } of unreached) await openDuty(tx, { kind: 'mend-mailbox', about: { transfer }, owner: keeper, other: agency, lane: 'routine', at });
      return due.length + unreached.length;
    });
  }
}

/** Of those to whom the keeper circulated, who does not stand on the list of the day; nobody where the agreement has no such list (ML-05). */
export async function offTheList(tx: Tx, { agency }: Asker, agreement: string, share: string, on: string): Promise<string[]> {
  const rows: { recipient: string; contact: string }[] = await tx.query(
    `select t.recipient, t.contact from waybill.transfer t where t.sender = $1 and t.share = $2 and exists (select from waybill.list l where l.agreement = $3 and l.kind = 'circulation' and l.keeper = $1)
       and not exists (select from waybill.list l join waybill.list_entry e on e.list = l.id where l.agreement = $3 and l.kind = 'circulation' and l.keeper = $1 and e.agency = t.recipient and e.contact = t.contact and e.from_day <= $4 and (e.until_day is null or e.until_day > $4))`,
    [agency, share, agreement, on]);
  return rows.map(({ recipient, contact }) => `${recipient}/${contact}`);
}
