import type { Staff } from '#directory/staff';
import { day } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { Agreement } from '#policy/agreement';

/** Somebody to whom something can be addressed: a team or a person of another party, as a list to choose from shows it. */
export interface Correspondent {
  /** `agency/contact` */
  address: string;
  says: string;
  /** What its organisation is called. */
  agency: string;
}

/** A team of the sender's own for which somebody works. */
export interface OwnTeam {
  contact: string;
  label: string;
  atDesk: boolean;
}

/** Contacts of the other parties that are active under the agreement today, by organisation. */
export async function correspondentsOf(tx: Tx, staff: Staff, { id }: Pick<Agreement, 'id'>, at: Date): Promise<Correspondent[]> {
  const rows: { agency: string; id: string; label: string; name: string }[] = await tx.query(
    `select c.agency, c.id, c.label, a.name from waybill.membership m join waybill.agency a on a.id = m.agency join waybill.contact c on c.agency = a.id
     where m.agreement = $1 and m.status = 'active' and m.agency <> $2 and a.until_at is null and m.from_day <= $3::date and (m.until_day is null or m.until_day > $3::date)
       and c.from_day <= $3::date and (c.until_day is null or c.until_day > $3::date)
     order by a.name, c.label, c.id`, [id, staff.agency, day(at)]);
  return rows.map(({ agency, id: contact, label, name }) => ({ address: `${agency}/${contact}`, says: label, agency: name }));
}

/** Teams of its agency for which somebody works, and agreements under which that agency is active, of those that are served here. */
export async function standingOf(tx: Tx, staff: Staff, agreements: ReadonlyMap<string, Agreement>, at: Date): Promise<{ teams: OwnTeam[]; agreements: Agreement[] }> {
  const teams: { id: string; label: string; desk: string | null }[] = await tx.query('select id, label, desk from waybill.contact where agency = $1 and id = any($2) and from_day <= $3::date and (until_day is null or until_day > $3::date) order by label', [staff.agency, staff.contacts, day(at)]);
  const members: { agreement: string }[] = await tx.query(`select agreement from waybill.membership where agency = $1 and status = 'active' and from_day <= $2::date and (until_day is null or until_day > $2::date) order by agreement`, [staff.agency, day(at)]);
  return { teams: teams.map(({ id, label, desk }) => ({ contact: id, label, atDesk: desk !== null })), agreements: members.flatMap(({ agreement }) => agreements.get(agreement) ?? []) };
}

/** Contacts of the agency itself, who can approve what it does. */
export async function approversOf(tx: Tx, agency: string, at: Date): Promise<string[]> {
  const rows: { id: string }[] = await tx.query('select id from waybill.contact where agency = $1 and from_day <= $2::date and (until_day is null or until_day > $2::date) order by id', [agency, day(at)]);
  return rows.map(({ id }) => id);
}
