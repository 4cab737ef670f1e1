import type { Staff } from '#directory/staff';
import { dutiesOf, sightOf } from '#directory/staff-roles';
import type { Tx } from '#platform/database';

/** Something that is due of an agency, as its row has it. */
export interface OwnDuty {
  id: string;
  kind: string;
  ownerRole: string;
  transfer?: string;
  /** Of a transfer that came to the agency: then it stands on the list as well. */
  incoming: boolean;
  domain?: string;
  openedAt: Date;
  dueAt: Date;
}

interface Row {
  id: string;
  kind: string;
  owner_role: string;
  transfer: string | null;
  incoming: boolean | null;
  domain: string | null;
  opened_at: Date;
  due_at: Date;
}

/** The most that one list shows: who has more has a colleague to ask. The rest comes as these are closed. */
export const MOST_DUTIES = 100;

/** What is due of whoever has this role in this agency, what is due first on top. Of items of other teams nothing is told. */
export async function ownDuties(tx: Tx, staff: Staff): Promise<OwnDuty[]> {
  const contacts = sightOf(staff.roles) === 'own-teams' ? staff.contacts : null;
  const rows: Row[] = await tx.query(
    `select d.id, d.kind, d.owner_role, d.transfer, t.recipient = d.owner as incoming, d.domain, d.opened_at, d.due_at
     from waybill.duty d left join waybill.transfer t on t.id = d.transfer
     where d.owner = $1 and d.owner_role = any($2) and d.closed_at is null and (t.id is null or t.recipient <> d.owner or $3::text[] is null or t.contact = any($3))
     order by d.due_at, d.id limit $4`,
    [staff.agency, dutiesOf(staff.roles), contacts, MOST_DUTIES],
  );
  return rows.map((row) => ({
    id: row.id, kind: row.kind, ownerRole: row.owner_role, incoming: row.incoming === true, openedAt: row.opened_at, dueAt: row.due_at,
    ...(row.transfer ? { transfer: row.transfer } : {}), ...(row.domain ? { domain: row.domain } : {}),
  }));
}
