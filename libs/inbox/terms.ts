import { day } from '#platform/clock';
import type { Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { Agreement } from '#policy/agreement';
import { MANAGERS } from '#policy/receiving';
import { underSecurityNeeds } from '#policy/security-needs';

/** The agreement under which an item came, with the security needs of whoever sent it in the place of the agreement's own (PD-20). */
export async function termsOf(tx: Tx, agreements: ReadonlyMap<string, Agreement>, item: { agreement: string; from: { agency: string } }, at: Date): Promise<Agreement> {
  const agreement = agreements.get(item.agreement);
  // Fails closed: without the agreement nobody knows what it asks of whoever looks.
  if (!agreement) throw new Refusal({ code: 'AGREEMENT_NOT_HERE' });
  const [member]: { entry: string }[] = await tx.query('select entry from waybill.membership where agency = $1 and agreement = $2', [item.from.agency, agreement.id]);
  return underSecurityNeeds(agreement, member?.entry, day(at));
}

/** The team for which an item came: what it is called, how it is rung, and whether it is the desk of a front door. */
export async function teamOf(tx: Tx, agency: string, contact: string): Promise<{ label: string; telephone?: string; atDesk: boolean }> {
  const [row]: { label: string; telephone: string | null; desk: string | null }[] = await tx.query('select label, telephone, desk from waybill.contact where agency = $1 and id = $2', [agency, contact]);
  return { label: row?.label ?? contact, ...(row?.telephone ? { telephone: row.telephone } : {}), atDesk: row?.desk !== null && row !== undefined };
}

/** Contacts of the agency whose approval counts where something that presses is refused (RQ-03). */
export async function managersOf(tx: Tx, agency: string, at: Date): Promise<string[]> {
  const rows: { id: string }[] = await tx.query('select id from waybill.contact where agency = $1 and posts && $2 and from_day <= $3::date and (until_day is null or until_day > $3::date) order by id', [agency, [...MANAGERS], at]);
  return rows.map(({ id }) => id);
}
