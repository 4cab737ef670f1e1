import type { Staff } from '#directory/staff';
import { allots, works } from '#directory/staff-roles';
import type { Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { Item } from './item';

/** What became of a change of owner: done, or somebody was quicker, and who has it now. */
export type Change = { done: true } | { done: false; owner?: { staff: string; name: string } };

/**
 * Who has taken which item upon himself. A change says which version it has seen: of two at once one is done, and the other is told
 * who has it. Nothing is taken from anybody unseen.
 */
export class Owners {
  /** @throws Refusal MAY_NOT_WORK, MAY_NOT_ALLOT */
  claim(tx: Tx, staff: Staff, item: Item, seen: number, at: Date): Promise<Change> {
    if (!works(staff.roles)) throw new Refusal({ code: 'MAY_NOT_WORK' });
    if (item.owner && item.owner.staff !== staff.id && !allots(staff.roles)) return this.told(tx, item);
    return this.change(tx, item, { agency: staff.agency, owner: staff.id, seen, at });
  }

  /** Back to the list, for whoever takes it next. */
  release(tx: Tx, staff: Staff, item: Item, seen: number, at: Date): Promise<Change> {
    requireOwnOrAllots(staff, item);
    return this.change(tx, item, { agency: staff.agency, owner: null, seen, at });
  }

  /** To a colleague, who must be one of those who work for the item's team. */
  handOver(tx: Tx, staff: Staff, item: Item, { to, seen, at }: { to: Staff; seen: number; at: Date }): Promise<Change> {
    requireOwnOrAllots(staff, item);
    if (!works(to.roles) || !to.contacts.includes(item.contact)) throw new Refusal({ code: 'COLLEAGUE_MAY_NOT' });
    return this.change(tx, item, { agency: staff.agency, owner: to.id, seen, at });
  }

  private async change(tx: Tx, item: Item, { agency, owner, seen, at }: { agency: string; owner: string | null; seen: number; at: Date }): Promise<Change> {
    // The first to come inserts; who comes at the same moment waits for it, and then finds another version than it saw.
    const rows: unknown[] = await tx.query(
      `insert into waybill.item_owner as o (agency, kind, item, staff, version, since) select $1, $2, $3, $4, $5::int + 1, $6 where $5::int = 0 or exists (select from waybill.item_owner where agency = $1 and kind = $2 and item = $3)
       on conflict (agency, kind, item) do update set staff = excluded.staff, version = excluded.version, since = excluded.since where o.version = $5::int returning version`,
      [agency, item.kind, item.id, owner, seen, at],
    );
    return rows.length === 1 ? { done: true } : this.told(tx, item, agency);
  }

  private async told(tx: Tx, item: Item, agency?: string): Promise<Change> {
    if (agency === undefined) return { done: false, ...(item.owner ? { owner: item.owner } : {}) };
    const [row]: { staff: string | null; name: string | null }[] = await tx.query(
      'select o.staff, s.name from waybill.item_owner o left join waybill.staff s on s.agency = o.agency and s.id = o.staff where o.agency = $1 and o.kind = $2 and o.item = $3',
      [agency, item.kind, item.id],
    );
    return { done: false, ...(row?.staff ? { owner: { staff: row.staff, name: row.name ?? row.staff } } : {}) };
  }
}

function requireOwnOrAllots(staff: Staff, item: Item): void {
  if (item.owner?.staff !== staff.id && !allots(staff.roles)) throw new Refusal({ code: 'MAY_NOT_ALLOT' });
}
