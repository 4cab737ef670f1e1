import type { TransferState } from '#exchange/moves';
import { readManifest } from '#protocol/read';
import { type Lane, LANES } from '#queue/lanes';
import { type Item, LOOK_WITHIN_MS, type Place, referenceOf } from './item';
import type { Counts, ItemSource } from './source';

interface Row {
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
const OWNER = `left join lateral (select version, staff, since from waybill.item_owner where agency = t.recipient and kind = 'transfer' and item = t.id limit 1) o on true`;
const PLACE = 't.precedence, coalesce(t.collected_at, t.accepted_at), t.id';
const SHOWN = `t.id, t.sender, a.name as sender_name, t.contact, t.lane, t.state, t.accepted_at, coalesce(t.collected_at, t.accepted_at) as since,
  s.agreement, s.urgency, s.manifest, o.version, o.staff, w.name as staff_name, o.since as owned_since`;
/** What is shown of transfers that were found already: of these few, and not of all that the list holds, whatever the planner knows of it. */
const shown = (found: string): string => `with t as materialized (${found}) select ${SHOWN} from t join waybill.share s on s.sender = t.sender and s.id = t.share join waybill.agency a on a.id = t.sender
  ${OWNER} left join waybill.staff w on w.agency = t.recipient and w.id = o.staff order by ${PLACE}`;
/** The predicate of the index transfer_in_inbox, word by word. */
const OPEN = `t.state in ('available', 'collected')`;
/** Of a transfer that was never handed over to the mailbox, or was taken back, the recipient learns nothing. */
const TOLD = `t.state not in ('queued', 'recalled', 'held')`;
/** What somebody has is begun from the few that it has. */
const MINE = `$4 <> 'mine' or t.id in (select item from waybill.item_owner where agency = $1 and staff = $5 and kind = 'transfer')`;
const OWNED = `(${MINE}) and ($4 <> 'nobody' or o.staff is null)`;

/**
 * Shares that came into the agency's mailbox and are not done with. In the order of an index: in one lane all have equally long, so
 * that who has waited longest has least left, and a page costs the same however long the list is.
 */
export const TRANSFERS: ItemSource = {
  kind: 'transfer',
  async page(tx, wanted, after, limit) {
    const { lane, since, id } = behind(after);
    const rows: Row[] = await tx.query(
      shown(`select t.* from waybill.transfer t ${OWNER}
       where t.recipient = $1 and ${OPEN} and ($2::text[] is null or t.contact = any($2)) and ($3::text is null or t.lane = $3) and ${OWNED}
         and (${PLACE}) > ($6::smallint, $7::timestamptz, $8::uuid) order by ${PLACE} limit $9`),
      [wanted.agency, wanted.contacts ?? null, wanted.lane ?? null, wanted.owned, wanted.staff, lane, since, id, limit],
    );
    return rows.map(itemOf);
  },
  async counts(tx, { agency, contacts }) {
    const own = `from waybill.transfer t %s where t.recipient = $1 and ${OPEN} and ($2::text[] is null or t.contact = any($2))`;
    const open: { lane: Lane; n: number }[] = await tx.query(`select t.lane, count(*)::int as n ${own.replace('%s', '')} group by t.lane`, [agency, contacts ?? null]);
    // Who has it is looked up of what presses alone: of ten thousand routine items nobody is told which of them nobody has.
    const unowned: { lane: Lane; n: number }[] = await tx.query(`select t.lane, count(*)::int as n ${own.replace('%s', OWNER)} and t.precedence < ${LANES.indexOf('routine')} and o.staff is null group by t.lane`, [agency, contacts ?? null]);
    const of = (rows: readonly { lane: Lane; n: number }[], lane: Lane): number => rows.find((row) => row.lane === lane)?.n ?? 0;
    return Object.fromEntries(LANES.map((lane) => [lane, { open: of(open, lane), unowned: of(unowned, lane) }])) as Counts;
  },
  async find(tx, { agency, contacts }, id) {
    const [row]: Row[] = await tx.query(shown(`select t.* from waybill.transfer t where t.id = $1 and t.recipient = $2 and ${TOLD} and ($3::text[] is null or t.contact = any($3))`), [id, agency, contacts ?? null]);
    return row && itemOf(row);
  },
};

const NOWHERE = '00000000-0000-0000-0000-000000000000';

/** The place in this source's own terms. Every share stands behind a front door's requests of its lane. */
function behind(after: Place | undefined): { lane: number; since: Date | string; id: string } {
  if (!after) return { lane: -1, since: '-infinity', id: NOWHERE };
  if (after.rank === 0) return { lane: LANES.indexOf(after.lane), since: '-infinity', id: NOWHERE };
  return { lane: LANES.indexOf(after.lane), since: new Date(after.dueAt.getTime() - LOOK_WITHIN_MS[after.lane]), id: after.id };
}

function itemOf(row: Row): Item {
  const reading = readManifest(row.manifest);
  const manifest = reading.ok ? reading.value : undefined;
  return {
    kind: 'transfer', id: row.id, reference: referenceOf('transfer', row.id), lane: row.lane, urgency: row.urgency, rank: 1,
    ...(manifest?.purpose ? { purpose: manifest.purpose } : {}),
    agreement: row.agreement, doNotTell: manifest?.handling.doNotTellSubject ?? true,
    from: { agency: row.sender, name: row.sender_name, ...(manifest?.sender.contact ? { contact: manifest.sender.contact } : {}) },
    contact: row.contact, arrivedAt: row.accepted_at, dueAt: new Date(row.since.getTime() + LOOK_WITHIN_MS[row.lane]), state: row.state,
    version: row.version ?? 0,
    ...(row.staff && row.owned_since ? { owner: { staff: row.staff, name: row.staff_name ?? row.staff, since: row.owned_since } } : {}),
  };
}

