import { type Clock, day } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { Register } from '#register/register';
import { signInOf } from './staff';
import type { StaffFile, StaffMember } from './staff-file';

export interface StaffRegistrarRooms {
  database: Database;
  register: Register;
  clock: Clock;
}

export interface StaffEntered {
  entered: string[];
  changed: string[];
  /** Turns of duty that stand from now on. */
  turns: number;
}

/** Writes who works where: a command's business, never a serving process's. That it changed stands in the agency's own register, and no name. */
export class StaffRegistrar {
  constructor(private readonly rooms: StaffRegistrarRooms) {}

  /**
   * Enters what a reviewed file says, all of it or nothing. Of somebody who is there it changes what the file has otherwise: the next
   * request of a session is judged by it. Who is not in the file stays as it was; somebody leaves by an `until`.
   * @throws Refusal NOT_FOUND for an agency, STAFF_CONTACT_UNKNOWN, STAFF_SIGN_IN_TAKEN
   */
  async enter({ agency, staff, rota = [], desks = [] }: StaffFile): Promise<StaffEntered> {
    const at = this.rooms.clock.now();
    return this.rooms.database.transaction(async (tx) => {
      const [known]: { controller: string }[] = await tx.query('select controller from waybill.agency where id = $1', [agency]);
      if (!known) throw new Refusal({ code: 'NOT_FOUND', says: `${agency} is not in the directory.`, next: 'Enter it first: waybill directory enter party.yaml.' });
      await requireContacts(tx, agency, [...staff.flatMap(({ contacts = [] }) => contacts), ...rota.map(({ contact }) => contact), ...desks.map(({ contact }) => contact)]);
      await requireFree(tx, agency, staff);
      const there = new Set(((await tx.query('select id from waybill.staff where agency = $1', [agency])) as { id: string }[]).map(({ id }) => id));
      for (const member of staff) await enterMember(tx, agency, member);
      if (rota.length > 0) await enterRota(tx, agency, rota, at);
      for (const { contact, ...terms } of desks) await tx.query('insert into waybill.desk_terms (agency, contact, terms) values ($1, $2, $3) on conflict (agency, contact) do update set terms = excluded.terms', [agency, contact, JSON.stringify(terms)]);
      await this.rooms.register.record(tx, [{ kind: 'party-changed', controller: known.controller, at, fields: { agency, change: 'staff-entered', on: day(at) } }]);
      const ids = staff.map((member) => member.staff);
      return { entered: ids.filter((id) => !there.has(id)), changed: ids.filter((id) => there.has(id)), turns: rota.length };
    });
  }
}

async function requireContacts(tx: Tx, agency: string, contacts: readonly string[]): Promise<void> {
  const rows: { id: string }[] = await tx.query('select id from waybill.contact where agency = $1', [agency]);
  const unknown = [...new Set(contacts)].filter((contact) => !rows.some(({ id }) => id === contact));
  if (unknown.length > 0) throw new Refusal(unknown.map((contact) => ({ code: 'STAFF_CONTACT_UNKNOWN', says: `${agency} has no contact ${contact}.`, next: 'Correct it, or enter the contact first: waybill directory enter party.yaml.' })));
}

/** One sign-in is one person of one agency: in two it would be unclear whose list it sees. */
async function requireFree(tx: Tx, agency: string, staff: readonly StaffMember[]): Promise<void> {
  const signIns = new Map(staff.map((member) => [signInOf(member.signsIn), member.staff]));
  const rows: { agency: string; id: string; sign_in: string }[] = await tx.query('select agency, id, sign_in from waybill.staff where sign_in = any($1)', [[...signIns.keys()]]);
  const taken = rows.filter((row) => row.agency !== agency || row.id !== signIns.get(row.sign_in));
  if (taken.length > 0) throw new Refusal(taken.map((row) => ({ code: 'STAFF_SIGN_IN_TAKEN', says: `${signIns.get(row.sign_in)} would sign in as somebody who is entered already.`, next: 'Give each person a sign-in of its own at the identity provider.' })));
}

async function enterMember(tx: Tx, agency: string, { staff, name, roles, contacts = [], signsIn, check, training = [], secondFactor, from, until }: StaffMember): Promise<void> {
  await tx.query(
    `insert into waybill.staff (agency, id, name, roles, contacts, sign_in, issuer, subject, checked_on, checked_until, second_factor, from_day, until_day)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict (agency, id) do update set name = excluded.name, roles = excluded.roles, contacts = excluded.contacts, sign_in = excluded.sign_in, issuer = excluded.issuer, subject = excluded.subject,
       checked_on = excluded.checked_on, checked_until = excluded.checked_until, second_factor = excluded.second_factor, from_day = excluded.from_day, until_day = excluded.until_day`,
    [agency, staff, name, roles, contacts, signInOf(signsIn), signsIn.issuer, signsIn.subject, check?.on ?? null, check?.until ?? null, secondFactor, from, until ?? null],
  );
  for (const done of training) {
    await tx.query(
      `insert into waybill.staff_training (agency, staff, kind, on_day, until_day) values ($1, $2, $3, $4, $5)
       on conflict (agency, staff, kind) do update set on_day = excluded.on_day, until_day = excluded.until_day`,
      [agency, staff, done.kind, done.on, done.until ?? null],
    );
  }
}

/** What is over stays, for whoever asks who was there; what is to come is as the file says. */
async function enterRota(tx: Tx, agency: string, rota: NonNullable<StaffFile['rota']>, at: Date): Promise<void> {
  await tx.query('delete from waybill.on_duty where agency = $1 and contact = any($2) and until_at > $3', [agency, [...new Set(rota.map(({ contact }) => contact))], at]);
  for (const { contact, staff, from, until } of rota) {
    await tx.query('insert into waybill.on_duty (agency, contact, staff, from_at, until_at) values ($1, $2, $3, $4, $5)', [agency, contact, staff, new Date(from), new Date(until)]);
  }
}
