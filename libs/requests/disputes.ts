import type { DutyKind } from '#duties/kinds';
import type { Tx } from '#platform/database';
import type { Lane } from '#queue/lanes';
import { type Delegate, delegatesOf } from './refusals';

/** The duty that shows whoever co-ordinates an agreement that two of its parties disagree. */
const WATCH = 'watch-dispute' satisfies DutyKind;
const SPOC = ['spoc'];

/** The most that one list shows; the oldest is on top. */
export const MOST_DISPUTES = 100;

/** Two points of contact that disagree about a request: who, since when, and whom of each one rings. Of what about, nothing. */
export interface Dispute {
  request: string;
  lane: Lane;
  since: Date;
  /** From when on the responsible manager of whoever co-ordinates is told. */
  dueAt: Date;
  /** Whoever asked, then whoever was asked. */
  between: { agency: string; name: string; delegates: Delegate[] }[];
}

interface Row {
  request: string;
  lane: Lane;
  opened_at: Date;
  due_at: Date;
  other: string;
  requester_name: string;
  what: string;
  holder_name: string;
}

/** Open disputes under the agreements that an agency co-ordinates, the oldest on top. */
export async function disputes(tx: Tx, agency: string, now: { at: Date; atWork: boolean }): Promise<Dispute[]> {
  const rows: Row[] = await tx.query(
    `select d.request, d.lane, d.opened_at, d.due_at, d.other, q.name as requester_name, d.what, h.name as holder_name
     from waybill.duty d join waybill.agency q on q.id = d.other join waybill.agency h on h.id = d.what
     where d.owner = $1 and d.kind = $2 and d.closed_at is null order by d.opened_at, d.id limit $3`, [agency, WATCH, MOST_DISPUTES]);
  const delegates = await delegatesOf(tx, [...new Set(rows.flatMap(({ other, what }) => [other, what]))], SPOC, now);
  const one = (id: string, name: string): Dispute['between'][number] => ({ agency: id, name, delegates: delegates.get(id) ?? [] });
  return rows.map((row) => ({ request: row.request, lane: row.lane, since: row.opened_at, dueAt: row.due_at, between: [one(row.other, row.requester_name), one(row.what, row.holder_name)] }));
}
