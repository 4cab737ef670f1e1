import type { Staff } from '#directory/staff';
import { STAFF_ROLES } from '#directory/staff-roles';
import { type Logged, loggedOf, operationFields } from '#exchange/operations';
import type { TransferRow } from '#exchange/rows';
import type { Tx } from '#platform/database';
import type { NewEntry, Register } from '#register/register';
import type { Item } from './item';
import { tellOfUnusual } from './unusual';

/** As much of an item as it takes to say that somebody looked. */
export type Looked = Pick<Item, 'kind' | 'id'>;

/** Who looked at what, and why: asked at the first look, recorded at each. */
export class Looks {
  constructor(private readonly register: Register) {}

  /** The reason that somebody gave at its first look. */
  async reason(tx: Tx, staff: Staff, item: Looked): Promise<string | undefined> {
    const [row]: { reason: string }[] = await tx.query('select reason from waybill.item_reason where agency = $1 and kind = $2 and item = $3 and staff = $4', [staff.agency, item.kind, item.id, staff.id]);
    return row?.reason;
  }

  /** The first reason stands: who gives another later has looked by then. More first looks than work explains are told to the data protection officer. */
  async give(tx: Tx, staff: Staff, item: Looked, reason: string, at: Date): Promise<void> {
    const given: unknown[] = await tx.query('insert into waybill.item_reason (agency, kind, item, staff, reason, at) values ($1, $2, $3, $4, $5, $6) on conflict (agency, kind, item, staff) do nothing returning item', [staff.agency, item.kind, item.id, staff.id, reason, at]);
    const unusual = given.length > 0 ? await tellOfUnusual(tx, staff, item, at) : undefined;
    if (!unusual) return;
    const about = await aboutOf(tx, item);
    await this.register.record(tx, [{ kind: 'access-unusual', controller: about.controller ?? staff.controller, at, fields: { ...about.fields, by: staff.id, role: roleOf(staff), looks: unusual.looks, taken: unusual.taken } }]);
  }

  /** In the same transaction as what is shown: on record, or it was not seen. */
  async record(tx: Tx, { staff, item, reason, secondFactor, at }: { staff: Staff; item: Looked; reason: string; secondFactor: boolean; at: Date }): Promise<void> {
    const about = await aboutOf(tx, item);
    const entry = { kind: 'item-viewed', controller: about.controller ?? staff.controller, at, fields: { ...about.fields, by: staff.id, role: roleOf(staff), reason, secondFactor } } satisfies NewEntry;
    const logged = about.logged && operationFields(about.logged, { operation: 'consultation', at, by: staff.id, role: roleOf(staff), justification: [reason] });
    await this.register.record(tx, [entry, ...(logged ? [{ kind: 'operation-logged' as const, controller: entry.controller, at, fields: logged }] : [])]);
  }

  /** Before somebody is handed an item to open in the browser: with which reader. */
  async handOver(tx: Tx, { staff, item, reason, secondFactor, reader, at }: { staff: Staff; item: Looked; reason: string; secondFactor: boolean; reader: string; at: Date }): Promise<void> {
    const about = await aboutOf(tx, item);
    await this.register.record(tx, [{ kind: 'item-handed-over', controller: about.controller ?? staff.controller, at, fields: { ...about.fields, by: staff.id, role: roleOf(staff), reason, secondFactor, reader } }]);
  }

  /** Before somebody is handed the reader to write something, seal and sign it: which share it will be, and with which reader. */
  async begin(tx: Tx, { staff, share, secondFactor, reader, at }: { staff: Staff; share: string; secondFactor: boolean; reader: string; at: Date }): Promise<void> {
    await this.register.record(tx, [{ kind: 'sending-begun', controller: staff.controller, at, fields: { share, by: staff.id, role: roleOf(staff), secondFactor, reader } }]);
  }

  /** That somebody printed what it had opened: what was handed over under this id. */
  async printed(tx: Tx, staff: Staff, id: string, at: Date): Promise<void> {
    const about = await aboutOf(tx, { kind: 'transfer', id });
    await this.register.record(tx, [{ kind: 'item-printed', controller: about.controller ?? staff.controller, at, fields: { ...about.fields, by: staff.id, role: roleOf(staff) } }]);
  }
}

/** The role in which somebody sees items: of several the first that lets it. */
export const roleOf = ({ roles }: Staff): string => roles.find((role) => STAFF_ROLES[role].items !== 'none') ?? (roles[0] as string);

/** In whose register it stands: that of the controller whose copy it is, which at a shared desk is not the agency's own (RC-04). */
export async function aboutOf(tx: Tx, { kind, id }: Looked): Promise<About> {
  // An information request is the transfer in which it came.
  const [row]: TransferRow[] = await tx.query('select * from waybill.transfer where id = $1 and recipient = waybill.agency()', [id]);
  // Whoever looks at a refusal, or at what it asked itself, is no recipient of it: that stands in its own register.
  const [seen]: { share: string }[] = row || kind !== 'request' ? [] : await tx.query('select share from waybill.request where id = $1', [id]);
  const share = row?.share ?? seen?.share;
  const fields = { ...(share === undefined ? {} : { share }), ...(kind === 'request' ? { request: id } : { transfer: id }) };
  return row ? { controller: row.recipient_controller, fields, logged: loggedOf(row) } : { fields };
}

interface About {
  controller?: string;
  fields: { share?: string; transfer?: string; request?: string };
  /** Its operations are logged (RC-08). */
  logged?: Logged | undefined;
}
