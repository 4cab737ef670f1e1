import type { Tx } from '#platform/database';
import { day } from '#platform/clock';
import type { MeetingHeld, Reuse } from '#policy/decision';
import type { ManifestBase } from '#protocol/manifest';
import type { MeetingStated } from '#protocol/meeting';

interface HeldRow {
  agreement: string;
  chair: string;
  chair_contact: string;
  on_day: string | Date;
  confidentiality_at: Date | null;
  joint: boolean;
  terms: string | null;
}

/** A meeting, as far as papers, notes and statements depend on it; row security shows it to whoever has a part in it. */
export async function heldOf(tx: Tx, id: string): Promise<(MeetingHeld & { agreement: string }) | undefined> {
  const [row]: HeldRow[] = await tx.query('select agreement, chair, chair_contact, on_day, confidentiality_at, joint, terms from waybill.meeting where id = $1', [id]);
  if (!row) return undefined;
  const people: { agency: string; contact: string; items: string[] | null; signed_at: Date | null }[] = await tx.query('select agency, contact, items, signed_at from waybill.meeting_person where meeting = $1 order by agency, contact', [id]);
  return {
    agreement: row.agreement, on: row.on_day instanceof Date ? day(row.on_day) : row.on_day, chair: { agency: row.chair, contact: row.chair_contact }, confidentialityStated: row.confidentiality_at !== null, joint: row.joint, termsAttached: row.terms !== null,
    people: people.map(({ agency, contact, items, signed_at }) => ({ agency, contact, signed: signed_at !== null, ...(items && { items }) })),
    partners: [...new Set(people.filter(({ signed_at }) => signed_at !== null).map(({ agency }) => agency))],
  };
}

/** The meeting whose papers or notes a manifest says that it holds, where the asker has a part in it, under the agreement that both cite. */
export async function meetingOf(tx: Tx, { threads, agreement }: Pick<ManifestBase, 'threads' | 'agreement'>): Promise<MeetingHeld | undefined> {
  if (threads?.meeting === undefined) return undefined;
  const held = await heldOf(tx, threads.meeting);
  if (held?.agreement !== agreement.id) return undefined;
  const { agreement: _id, ...meeting } = held;
  return meeting;
}

/** Who has agreed to another use of what was shared in a meeting, and whose agreement it takes (MT-06, PU-06). */
export async function reuseOf(tx: Tx, id: string): Promise<Reuse | undefined> {
  const held = await heldOf(tx, id);
  if (!held) return undefined;
  const rows: { octets: Buffer }[] = await tx.query(`select octets from waybill.meeting_statement where meeting = $1 and kind = 'reuse-agreed' order by at, id`, [id]);
  const given = rows.map(({ octets }) => JSON.parse(octets.toString()) as MeetingStated).map(({ by, recipients = [], purpose = '' }) => ({
    by: by.agency, as: by.agency === held.chair.agency && by.contact === held.chair.contact ? 'chair' as const : 'partner' as const, recipients, purpose,
  }));
  return { partners: held.partners, given };
}
