import type { TransferState } from '#exchange/moves';
import { readManifest } from '#protocol/read';
import { type Lane, LANES } from '#queue/lanes';
import { inOrder, type Item, LOOK_WITHIN_MS, referenceOf } from './item';
import { behind, isThere, precedenceOf, since } from './places';
import type { Counts, ItemSource } from './source';
import { hasTarget, TARGET_PLACE, TRIAGE_SHOWN, triageIn, triageOfRow, type TriageRow, withTarget } from './triaged';

interface Row extends TriageRow {
  id: string;
  sender: string;
  sender_name: string;
  contact: string;
  lane: Lane;
  state: TransferState;
  accepted_at: Date;
  since: Date;
  agreement: string;
  urgency: string;
  manifest: Buffer;
  version: number | null;
  staff: string | null;
  staff_name: string | null;
  owned_since: Date | null;
}

/** Looked up item by item, by its whole key (`limit` keeps it so): a planner that knows nothing yet of the table would go through all of it for each item. */
const OWNER_OF = `waybill.item_owner where agency = t.recipient and kind = 'transfer' and item = t.id`;
const OWNER = `left join lateral (select version, staff, since from ${OWNER_OF} limit 1) o on true`;
const PLACE = 't.precedence, t.waiting_since, t.id';
const SHOWN = `t.id, t.sender, a.name as sender_name, t.contact, t.lane, t.state, t.accepted_at, t.waiting_since as since,
  s.agreement, s.urgency, s.manifest, o.version, o.staff, w.name as staff_name, o.since as owned_since, ${TRIAGE_SHOWN}`;
/** What is shown of transfers that were found already: of these few, and not of all that the list holds, whatever the planner knows of it. */
const shown = (found: string): string => `with t as materialized (${found}) select ${SHOWN} from t join waybill.share s on s.sender = t.sender and s.id = t.share join waybill.agency a on a.id = t.sender
  ${OWNER} left join waybill.staff w on w.agency = t.recipient and w.id = o.staff ${triageOfRow('t.recipient', 'transfer', 't.id')} order by ${PLACE}`;
/** The predicate of the index transfer_in_inbox, word by word. */
const OPEN = `t.state in ('available', 'collected')`;
/** An information request is one, too, and stands on the list as what it is. */
const ASKED = 'waybill.request r where r.id = t.id';
const SHARED = `not exists (select from ${ASKED})`;
/** Of a transfer that was never handed over to the mailbox, or was taken back, the recipient learns nothing. */
const TOLD = `t.state not in ('queued', 'recalled', 'held')`;
/** What somebody has is begun from the few that it has. */
const MINE = `$4 <> 'mine' or t.id in (select item from waybill.item_owner where agency = $1 and staff = $5 and kind = 'transfer')`;
const OWNED = `(${MINE}) and ($4 <> 'nobody' or not ${isThere(`${OWNER_OF} and staff is not null`)})`;

/**
 * Shares that came into the agency's mailbox and are not done with. In the order of an index: in one lane all have equally long, so
 * that who has waited longest has least left, and a page costs the same however long the list is.
 */
export const TRANSFERS: ItemSource = {
  kind: 'transfer',
  async page(tx, wanted, after, limit) {
    const at = behind(after, () => 1);
    const own = [wanted.agency, wanted.contacts ?? null, precedenceOf(wanted.lane), wanted.owned, wanted.staff, at.lane];
    const of = (lane: string): string => `$1 and ${OPEN} and not ${isThere(ASKED)} and ($2::text[] is null or t.contact = any($2)) and ($3::smallint is null or ${lane} = $3) and ${OWNED}`;
    const untouched: Row[] = await tx.query(
      shown(`select t.* from waybill.transfer t where t.recipient = ${of('t.precedence')} and not ${hasTarget('t.recipient', 't.id')} and (${PLACE}) > ($6::smallint, $7::timestamptz, $8::uuid) order by ${PLACE} limit $9`),
      [...own, since(at, after && LOOK_WITHIN_MS[after.lane]), at.id, limit]);
    const triaged: Row[] = await tx.query(
      shown(`select t.* from ${withTarget('waybill.transfer', 't', 'transfer')} where d.owner = ${of('d.precedence')} and d.kind = 'service-target' and d.closed_at is null and t.recipient = $1
       and (${TARGET_PLACE}) > ($6::smallint, $7::timestamptz, $8::uuid) order by ${TARGET_PLACE} limit $9`),
      [...own, at.due, at.id, limit]);
    return [...untouched, ...triaged].map(itemOf).sort(inOrder).slice(0, limit);
  },
  async counts(tx, { agency, contacts }) {
    const own = `from waybill.transfer t %s where t.recipient = $1 and ${OPEN} and ${SHARED} and ($2::text[] is null or t.contact = any($2))`;
    const open: { lane: Lane; n: number }[] = await tx.query(`select t.lane, count(*)::int as n ${own.replace('%s', '')} group by t.lane`, [agency, contacts ?? null]);
    // Who has it is looked up of what presses alone: of ten thousand routine items nobody is told which of them nobody has.
    const unowned: { lane: Lane; n: number }[] = await tx.query(`select t.lane, count(*)::int as n ${own.replace('%s', OWNER)} and t.precedence < ${LANES.indexOf('routine')} and o.staff is null group by t.lane`, [agency, contacts ?? null]);
    const of = (rows: readonly { lane: Lane; n: number }[], lane: Lane): number => rows.find((row) => row.lane === lane)?.n ?? 0;
    return Object.fromEntries(LANES.map((lane) => [lane, { open: of(open, lane), unowned: of(unowned, lane) }])) as Counts;
  },
  async find(tx, { agency, contacts }, id) {
    const [row]: Row[] = await tx.query(shown(`select t.* from waybill.transfer t where t.id = $1 and t.recipient = $2 and ${TOLD} and ${SHARED} and ($3::text[] is null or t.contact = any($3))`), [id, agency, contacts ?? null]);
    return row && itemOf(row);
  },
};

function itemOf(row: Row): Item {
  const reading = readManifest(row.manifest);
  const manifest = reading.ok ? reading.value : undefined;
  return {
    kind: 'transfer', id: row.id, reference: referenceOf('transfer', row.id), lane: row.lane, urgency: row.urgency, rank: 1,
    ...(manifest?.purpose ? { purpose: manifest.purpose } : {}),
    agreement: row.agreement, doNotTell: manifest?.handling.doNotTellSubject ?? true,
    from: { agency: row.sender, name: row.sender_name, ...(manifest?.sender.contact ? { contact: manifest.sender.contact } : {}) },
    contact: row.contact, arrivedAt: row.accepted_at, dueAt: row.target_at ?? new Date(row.since.getTime() + LOOK_WITHIN_MS[row.lane]), state: row.state, copy: row.state, ...triageIn(row),
    version: row.version ?? 0,
    ...(row.staff && row.owned_since ? { owner: { staff: row.staff, name: row.staff_name ?? row.staff, since: row.owned_since } } : {}),
  };
}

