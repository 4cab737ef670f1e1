import { createHash } from 'node:crypto';
import { day } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { DeskTerms, Training } from './staff-file';
import type { StaffRoleCode } from './staff-roles';

/** A member of staff as a screen shows it. In registers and logs the id and the role stand for it, never the name. */
export interface Staff {
  agency: string;
  controller: string;
  id: string;
  name: string;
  roles: readonly StaffRoleCode[];
  contacts: readonly string[];
  secondFactor: boolean;
}

/** What is on file of it, on which it depends what it may open (AS-02, AS-15, AS-20). Days are `YYYY-MM-DD`. */
export interface OnFileOfStaff {
  check?: { on: string; until?: string };
  training: readonly { kind: Training; on: string; until?: string }[];
  /** When it last read the statement of its responsibilities. */
  statementAt?: Date;
}

export interface Duty {
  contact: string;
  staff: string;
  name: string;
  until: Date;
}

interface StaffRow {
  agency: string;
  controller: string;
  id: string;
  name: string;
  roles: StaffRoleCode[];
  contacts: string[];
  second_factor: boolean;
}

/** How somebody's sign-in is found: the provider's word for a person, in a form that tells nothing of it. */
export const signInOf = ({ issuer, subject }: { issuer: string; subject: string }): string => createHash('sha256').update(JSON.stringify([issuer, subject])).digest('hex');

const COLUMNS = 's.agency, a.controller, s.id, s.name, s.roles, s.contacts, s.second_factor';
/** Days in SQL as text, so that no time zone of a connection moves them. */
const THERE = '(s.from_day <= $2::date and (s.until_day is null or s.until_day >= $2::date)) and a.from_at <= $3 and (a.until_at is null or a.until_at > $3)';

/** Who works where. Reading only; the registrar writes. Each is asked in a transaction that says who may see the row. */
export class StaffRoll {
  /** The member of staff that a provider vouches for, if it works here today. The transaction must be a bearer's of this sign-in. */
  async signingIn(tx: Tx, signIn: string, at: Date): Promise<Staff | undefined> {
    const [row]: StaffRow[] = await tx.query(`select ${COLUMNS} from waybill.staff s join waybill.agency a on a.id = s.agency where s.sign_in = $1 and ${THERE}`, [signIn, day(at), at]);
    return row && staffOf(row);
  }

  /** A member of the asking agency's staff, if it works there today. */
  async member(tx: Tx, id: string, at: Date): Promise<Staff | undefined> {
    const [row]: StaffRow[] = await tx.query(`select ${COLUMNS} from waybill.staff s join waybill.agency a on a.id = s.agency where s.id = $1 and s.agency = waybill.agency() and ${THERE}`, [id, day(at), at]);
    return row && staffOf(row);
  }

  /** All staff of an agency who work there today, by name. */
  async colleagues(tx: Tx, agency: string, at: Date): Promise<Staff[]> {
    const rows: StaffRow[] = await tx.query(`select ${COLUMNS} from waybill.staff s join waybill.agency a on a.id = s.agency where s.agency = $1 and ${THERE} order by s.name, s.id`, [agency, day(at), at]);
    return rows.map(staffOf);
  }

  async onFile(tx: Tx, { agency, id }: Pick<Staff, 'agency' | 'id'>): Promise<OnFileOfStaff> {
    const [row]: { on: string | null; until: string | null; statement: Date | null }[] = await tx.query(
      `select checked_on::text as on, checked_until::text as until, (select max(at) from waybill.staff_statement t where t.agency = s.agency and t.staff = s.id) as statement
       from waybill.staff s where s.agency = $1 and s.id = $2`,
      [agency, id],
    );
    const training: { kind: Training; on: string; until: string | null }[] = await tx.query('select kind, on_day::text as on, until_day::text as until from waybill.staff_training where agency = $1 and staff = $2 order by kind', [agency, id]);
    return {
      ...(row?.on ? { check: { on: row.on, ...(row.until ? { until: row.until } : {}) } } : {}),
      training: training.map(({ kind, on, until }) => ({ kind, on, ...(until ? { until } : {}) })),
      ...(row?.statement ? { statementAt: row.statement } : {}),
    };
  }

  /** Who of the asking agency is on duty now, for these contacts. */
  async onDuty(tx: Tx, contacts: readonly string[], at: Date): Promise<Duty[]> {
    return tx.query(
      `select d.contact, d.staff, s.name, d.until_at as until from waybill.on_duty d join waybill.staff s on s.agency = d.agency and s.id = d.staff
       where d.agency = waybill.agency() and d.contact = any($1) and d.from_at <= $2 and d.until_at > $2 order by d.contact, s.name`,
      [contacts, at],
    );
  }

  /** What a desk of the asking agency holds itself to, where it said so. */
  async deskTerms(tx: Tx, contact: string): Promise<Omit<DeskTerms, 'contact'>> {
    const [row]: { terms: Omit<DeskTerms, 'contact'> }[] = await tx.query('select terms from waybill.desk_terms where agency = waybill.agency() and contact = $1', [contact]);
    return row?.terms ?? {};
  }

  /** That somebody read the statement of its responsibilities. */
  async acknowledge(tx: Tx, { agency, id }: Pick<Staff, 'agency' | 'id'>, at: Date): Promise<void> {
    await tx.query('insert into waybill.staff_statement (agency, staff, at) values ($1, $2, $3)', [agency, id, at]);
  }
}

const staffOf = ({ agency, controller, id, name, roles, contacts, second_factor }: StaffRow): Staff => ({ agency, controller, id, name, roles, contacts, secondFactor: second_factor });
