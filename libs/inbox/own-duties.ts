import type { Staff } from '#directory/staff';
import { dutiesOf, sightOf } from '#directory/staff-roles';
import type { Tx } from '#platform/database';
import type { ItemKind } from './item';

/** Something that is due of an agency, as its row has it. */
export interface OwnDuty {
  id: string;
  kind: string;
  ownerRole: string;
  transfer?: string;
  request?: string;
  /** What came in, where it is about that: it stands on the list as well. */
  item?: { kind: ItemKind; id: string };
  domain?: string;
  breach?: string;
  /** The contact whose mailbox it is about. */
  mailbox?: string;
  /** The agreement that it is about, or whose membership; and what of that. */
  agreement?: string;
  what?: string;
  openedAt: Date;
  dueAt: Date;
}

interface Row {
  id: string;
  kind: string;
  owner_role: string;
  transfer: string | null;
  request: string | null;
  incoming: boolean | null;
  asked: boolean;
  domain: string | null;
  breach: string | null;
  mailbox: string | null;
  agreement: string | null;
  what: string | null;
  opened_at: Date;
  due_at: Date;
}

/** The most that one list shows: who has more has a colleague to ask. The rest comes as these are closed. */
export const MOST_DUTIES = 100;

/** What is due of whoever has this role in this agency, what is due first on top. Of items of other teams nothing is told. */
export async function ownDuties(tx: Tx, staff: Staff): Promise<OwnDuty[]> {
  const contacts = sightOf(staff.roles) === 'own-teams' ? staff.contacts : null;
  const rows: Row[] = await tx.query(
    `select d.id, d.kind, d.owner_role, d.transfer, d.request, t.recipient = d.owner as incoming, r.id is not null as asked, d.domain, d.breach, m.contact as mailbox, coalesce(d.agreement, mm.agreement) as agreement, d.what, d.opened_at, d.due_at
     from waybill.duty d left join waybill.team_mailbox m on m.id = d.mailbox left join waybill.membership mm on mm.id = d.membership left join waybill.transfer t on t.id = coalesce(d.transfer, d.request) left join waybill.request r on r.id = t.id
     where d.owner = $1 and d.owner_role = any($2) and d.closed_at is null and (t.id is null or t.recipient <> d.owner or $3::text[] is null or t.contact = any($3))
     order by d.due_at, d.id limit $4`,
    [staff.agency, dutiesOf(staff.roles), contacts, MOST_DUTIES],
  );
  return rows.map((row) => ({
    id: row.id, kind: row.kind, ownerRole: row.owner_role, openedAt: row.opened_at, dueAt: row.due_at,
    ...(row.incoming ? { item: { kind: row.asked ? 'request' as const : 'transfer' as const, id: (row.transfer ?? row.request) as string } } : {}),
    ...(row.transfer ? { transfer: row.transfer } : {}), ...(row.request ? { request: row.request } : {}), ...(row.domain ? { domain: row.domain } : {}), ...(row.breach ? { breach: row.breach } : {}), ...(row.mailbox ? { mailbox: row.mailbox } : {}), ...(row.agreement ? { agreement: row.agreement } : {}), ...(row.what ? { what: row.what } : {}),
  }));
}
