import type { RequestState } from '#exchange/requests';
import { readManifest } from '#protocol/read';
import { type Lane, LANES } from '#queue/lanes';
import { inOrder, type Item, LOOK_WITHIN_MS, referenceOf } from './item';
import { behind, isThere, precedenceOf, since } from './places';
import type { Counts, ItemSource } from './source';
import { hasTarget, TARGET_PLACE, TRIAGE_SHOWN, triageIn, triageOfRow, type TriageRow, withTarget } from './triaged';

interface Row extends TriageRow {
  id: string;
  requester: string;
  requester_name: string;
  requester_contact: string | null;
  contact: string;
  lane: Lane;
  state: RequestState;
  opened_at: Date;
  due_at: Date | null;
  agreement: string;
  urgency: string;
  purpose: string;
  type: string;
  categories: string[];
  answers: Record<string, string> | null;
  manifest: Buffer;
  copy: string;
  version: number | null;
  staff: string | null;
  staff_name: string | null;
  owned_since: Date | null;
}

const OWNER_OF = `waybill.item_owner where agency = r.holder and kind = 'request' and item = r.id`;
const OWNER = `left join lateral (select version, staff, since from ${OWNER_OF} limit 1) o on true`;
const PLACE = 'r.precedence, r.opened_at, r.id';
/** What is shown of requests that were found already. */
const shown = (found: string): string => `with r as materialized (${found})
  select r.id, r.requester, a.name as requester_name, r.requester_contact, r.contact, r.lane, r.state, r.opened_at, r.due_at, r.agreement, r.urgency, r.purpose, r.type, r.categories, s.manifest, t.state as copy,
    (select jsonb_object_agg(category, answer) from (select distinct on (category) category, answer from waybill.request_answer y where y.request = r.id order by category, at desc, source desc) x) as answers,
    o.version, o.staff, w.name as staff_name, o.since as owned_since, ${TRIAGE_SHOWN}
  from r join waybill.transfer t on t.id = r.id join waybill.share s on s.sender = t.sender and s.id = t.share join waybill.agency a on a.id = r.requester
  ${OWNER} left join waybill.staff w on w.agency = r.holder and w.id = o.staff ${triageOfRow('r.holder', 'request', 'r.id')} order by ${PLACE}`;
/** The predicate of the index request_in_inbox, and: it has come. Its copy may be done with long before it is answered. */
const COME = `waybill.transfer t where t.id = r.id and t.state in ('available', 'collected', 'acknowledged')`;
const OPEN = `r.closed_at is null and exists (select from ${COME})`;
const TOLD = `exists (select from waybill.transfer t where t.id = r.id and t.state not in ('queued', 'recalled', 'held'))`;
const OWNED = `($4 <> 'mine' or r.id in (select item from waybill.item_owner where agency = $1 and staff = $5 and kind = 'request')) and ($4 <> 'nobody' or not ${isThere(`${OWNER_OF} and staff is not null`)})`;

/** What front doors ask has a lane of its own, in which it goes before whatever else there is (RQ-02). In an emergency whoever has waited longest goes first, whoever asks. */
const rankIn = (lane: Lane): 0 | 1 => (lane === 'priority' ? 0 : 1);

/** What the agency was asked and has not answered. In the order of an index, as shares are. */
export const REQUESTS: ItemSource = {
  kind: 'request',
  async page(tx, wanted, after, limit) {
    const at = behind(after, rankIn);
    const own = [wanted.agency, wanted.contacts ?? null, precedenceOf(wanted.lane), wanted.owned, wanted.staff, at.lane];
    const of = (lane: string): string => `$1 and r.closed_at is null and ${isThere(COME)} and ($2::text[] is null or r.contact = any($2)) and ($3::smallint is null or ${lane} = $3) and ${OWNED}`;
    const untouched: Row[] = await tx.query(
      shown(`select r.* from waybill.request r where r.holder = ${of('r.precedence')} and not ${hasTarget('r.holder', 'r.id')} and (${PLACE}) > ($6::smallint, $7::timestamptz, $8::uuid) order by ${PLACE} limit $9`),
      [...own, since(at, after && LOOK_WITHIN_MS[after.lane]), at.id, limit]);
    const triaged: Row[] = await tx.query(
      shown(`select r.* from ${withTarget('waybill.request', 'r', 'request')} where d.owner = ${of('d.precedence')} and d.kind = 'service-target' and d.closed_at is null and r.holder = $1
       and (${TARGET_PLACE}) > ($6::smallint, $7::timestamptz, $8::uuid) order by ${TARGET_PLACE} limit $9`),
      [...own, at.due, at.id, limit]);
    return [...untouched, ...triaged].map(itemOf).sort(inOrder).slice(0, limit);
  },
  async counts(tx, { agency, contacts }) {
    const rows: { lane: Lane; open: number; unowned: number }[] = await tx.query(
      `select r.lane, count(*)::int as open, (count(*) filter (where r.precedence < ${LANES.indexOf('routine')} and o.staff is null))::int as unowned from waybill.request r ${OWNER}
       where r.holder = $1 and ${OPEN} and ($2::text[] is null or r.contact = any($2)) group by r.lane`, [agency, contacts ?? null]);
    return Object.fromEntries(LANES.map((lane) => [lane, rows.find((row) => row.lane === lane) ?? { open: 0, unowned: 0 }])) as Counts;
  },
  async find(tx, { agency, contacts }, id) {
    const [row]: Row[] = await tx.query(shown(`select r.* from waybill.request r where r.id = $1 and r.holder = $2 and ${TOLD} and ($3::text[] is null or r.contact = any($3))`), [id, agency, contacts ?? null]);
    return row && itemOf(row);
  },
};

function itemOf(row: Row): Item {
  const reading = readManifest(row.manifest);
  return {
    kind: 'request', id: row.id, reference: referenceOf('request', row.id), lane: row.lane, urgency: row.urgency, rank: rankIn(row.lane), ...(row.purpose ? { purpose: row.purpose } : {}),
    agreement: row.agreement, doNotTell: reading.ok ? reading.value.handling.doNotTellSubject : true,
    from: { agency: row.requester, name: row.requester_name, ...(row.requester_contact ? { contact: row.requester_contact } : {}) },
    contact: row.contact, arrivedAt: row.opened_at, dueAt: row.target_at ?? new Date(row.opened_at.getTime() + LOOK_WITHIN_MS[row.lane]), state: row.state, copy: row.copy, version: row.version ?? 0, ...triageIn(row),
    asked: { type: row.type, categories: row.categories.map((category) => ({ category, ...(row.answers?.[category] ? { answer: row.answers[category] } : {}) })), ...(row.due_at ? { answerBy: row.due_at } : {}) },
    ...(row.staff && row.owned_since ? { owner: { staff: row.staff, name: row.staff_name ?? row.staff, since: row.owned_since } } : {}),
  };
}
