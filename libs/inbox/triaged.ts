import { after, OFFICE_HOURS, type Span, type WorkingTime } from '#duties/calendar';
import { closeDuties, openDuty } from '#duties/duties';
import type { DeskTerms } from '#directory/staff-file';
import type { Staff } from '#directory/staff';
import type { Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import { isLower, SIGNALS, type SignalCode, triageOf } from '#policy/triage';
import { TRIAGE_REASONS } from '#policy/vocabulary/requests';
import { TRIAGE_LEVELS, type TriageLevel } from '#protocol/request-statement';
import type { NewEntry, Register } from '#register/register';
import type { Item, Triage } from './item';
import { aboutOf, roleOf } from './looks';
import { isThere } from './places';

/** Within how long a desk deals with what it found so, where it has said nothing else: red through the night, the others in time at work. */
export const TARGETS: Record<TriageLevel, Span> = { red: { hours: 4 }, amber: { workingDays: 1 }, green: { workingDays: 3 } };

/** By when a desk means to have dealt with what came in. Pure. */
export function targetOf(arrivedAt: Date, level: TriageLevel, { targets, atWork }: Omit<DeskTerms, 'contact'>): Date {
  return after(arrivedAt, (targets?.[level] as Span | undefined) ?? TARGETS[level], atWork ? { ...OFFICE_HOURS, ...(atWork as Pick<WorkingTime, 'days' | 'from' | 'to'>) } : OFFICE_HOURS);
}

/** What somebody found: signs, and what it makes of them itself, where that is something else. */
export interface Found {
  signals: readonly SignalCode[];
  level: TriageLevel | undefined;
  reason: string | undefined;
}

/** What a form says. @throws Refusal FORM_INVALID */
export function readFound({ signals = [], level = '', reason = '' }: Record<string, unknown>): Found {
  const found = [signals].flat();
  const known = found.every((code): code is SignalCode => typeof code === 'string' && Object.hasOwn(SIGNALS, code));
  if (!known || new Set(found).size !== found.length || (level !== '' && !TRIAGE_LEVELS.includes(level as TriageLevel)) || (reason !== '' && !Object.hasOwn(TRIAGE_REASONS, String(reason)))) throw new Refusal({ code: 'FORM_INVALID' });
  return { signals: found as SignalCode[], level: level === '' ? undefined : (level as TriageLevel), reason: reason === '' ? undefined : String(reason) };
}

/** How pressing what came in was found, with the clock that follows from it. */
export class Triages {
  constructor(private readonly register: Register) {}

  /** Raised by anybody who works on it; lowered with a reason (RQ-02). Its lane stays what it was. @throws Refusal TRIAGE_REASON_MISSING */
  async save(tx: Tx, { staff, item, found, desk, at }: { staff: Staff; item: Item; found: Found; desk: Omit<DeskTerms, 'contact'>; at: Date }): Promise<void> {
    const { level: byTable } = triageOf(found.signals);
    const level = found.level ?? byTable;
    if (isLower(level, byTable) && found.reason === undefined) throw new Refusal({ code: 'TRIAGE_REASON_MISSING' });
    const reason = level === byTable ? undefined : found.reason;
    await tx.query(
      `insert into waybill.item_triage (agency, kind, item, level, by_table, signals, reason, staff, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (agency, kind, item) do update set level = excluded.level, by_table = excluded.by_table, signals = excluded.signals, reason = excluded.reason, staff = excluded.staff, at = excluded.at`,
      [staff.agency, item.kind, item.id, level, byTable, found.signals, reason ?? null, staff.id, at]);
    const about = item.kind === 'transfer' ? { transfer: item.id } : { request: item.id };
    const dueAt = targetOf(item.arrivedAt, level, desk);
    await closeDuties(tx, about, { because: 'triaged-anew', at }, ['service-target']);
    await openDuty(tx, { kind: 'service-target', about, owner: staff.agency, contact: item.contact, other: staff.agency, lane: item.lane, at, dueAt });
    const { controller = staff.controller, fields } = await aboutOf(tx, item);
    await this.register.record(tx, [{ kind: 'item-triaged', controller, at, fields: { ...fields, by: staff.id, role: roleOf(staff), level, byTable, signals: [...found.signals], reason, dueAt: dueAt.toISOString() } } satisfies NewEntry]);
  }
}

export interface TriageRow {
  target_at: Date | null;
  level: TriageLevel | null;
  by_table: TriageLevel | null;
  signals: string[] | null;
  triage_reason: string | null;
  triaged_by: string | null;
  triaged_at: Date | null;
}

/** What is shown of it, of an item whose agency, kind and id are these columns. */
export const TRIAGE_SHOWN = 'g.due_at as target_at, i.level, i.by_table, i.signals, i.reason as triage_reason, iw.name as triaged_by, i.at as triaged_at';
export const triageOfRow = (agency: string, kind: Item['kind'], id: string): string => `
  ${targetJoined(agency, id)}
  left join lateral (select agency, level, by_table, signals, reason, staff, at from waybill.item_triage where agency = ${agency} and kind = '${kind}' and item = ${id} limit 1) i on true
  left join waybill.staff iw on iw.agency = i.agency and iw.id = i.staff`;
const TARGET_OF = (agency: string, id: string): string => `waybill.duty d where d.owner = ${agency} and d.item = ${id} and d.kind = 'service-target' and d.closed_at is null`;
/** Whether an item has a target. */
export const hasTarget = (agency: string, id: string): string => isThere(TARGET_OF(agency, id));
/** The target of an item as `g`; of one without a target nothing is there. Looked up item by item, by its whole key (`limit` keeps it so), whatever the planner knows of the table. */
export const targetJoined = (agency: string, id: string): string =>
  `left join lateral (select due_at from ${TARGET_OF(agency, id)} limit 1) g on true`;
/** Rows of a room whose items have a target, in the order of the index duty_target, each looked up by its id. */
export const withTarget = (table: string, as: string, about: Item['kind']): string => `waybill.duty d cross join lateral (select * from ${table} where id = d.${about} limit 1) ${as}`;
/** Place of a target in that order. */
export const TARGET_PLACE = 'd.precedence, d.due_at, d.item';

export const triageIn = (row: TriageRow): { triage?: Triage } =>
  (row.level && row.by_table && row.triaged_at
    ? { triage: { level: row.level, byTable: row.by_table, signals: row.signals ?? [], ...(row.triage_reason ? { reason: row.triage_reason } : {}), by: row.triaged_by ?? '', at: row.triaged_at } }
    : {});
