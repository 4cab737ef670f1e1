import type { Staff } from '#directory/staff';
import { STAFF_ROLES } from '#directory/staff-roles';
import type { Tx } from '#platform/database';
import type { NewEntry, Register } from '#register/register';
import type { Item } from './item';

/** Who looked at what, and why: asked at the first look, recorded at each. */
export class Looks {
  constructor(private readonly register: Register) {}

  /** The reason that somebody gave at its first look. */
  async reason(tx: Tx, staff: Staff, item: Item): Promise<string | undefined> {
    const [row]: { reason: string }[] = await tx.query('select reason from waybill.item_reason where agency = $1 and kind = $2 and item = $3 and staff = $4', [staff.agency, item.kind, item.id, staff.id]);
    return row?.reason;
  }

  /** The first reason stands: who gives another later has looked by then. */
  async give(tx: Tx, staff: Staff, item: Item, reason: string, at: Date): Promise<void> {
    await tx.query('insert into waybill.item_reason (agency, kind, item, staff, reason, at) values ($1, $2, $3, $4, $5, $6) on conflict (agency, kind, item, staff) do nothing', [staff.agency, item.kind, item.id, staff.id, reason, at]);
  }

  /** In the same transaction as what is shown: on record, or it was not seen. */
  async record(tx: Tx, { staff, item, reason, secondFactor, at }: { staff: Staff; item: Item; reason: string; secondFactor: boolean; at: Date }): Promise<void> {
    const about = await aboutOf(tx, item);
    const entry = { kind: 'item-viewed', controller: about.controller ?? staff.controller, at, fields: { ...about.fields, by: staff.id, role: roleOf(staff), reason, secondFactor } } satisfies NewEntry;
    await this.register.record(tx, [entry]);
  }
}

/** The role in which somebody sees items: of several the first that lets it. */
export const roleOf = ({ roles }: Staff): string => roles.find((role) => STAFF_ROLES[role].items !== 'none') ?? (roles[0] as string);

/** In whose register it stands: that of the controller whose copy it is, which at a shared desk is not the agency's own (RC-04). */
async function aboutOf(tx: Tx, { kind, id }: Item): Promise<{ controller?: string; fields: { share?: string; transfer?: string; request?: string } }> {
  if (kind === 'request') return { fields: { request: id } };
  const [row]: { share: string; controller: string }[] = await tx.query('select share, recipient_controller as controller from waybill.transfer where id = $1', [id]);
  return row ? { controller: row.controller, fields: { share: row.share, transfer: id } } : { fields: { transfer: id } };
}
