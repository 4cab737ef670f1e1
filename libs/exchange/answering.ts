import { instants, texts, uuids } from '#platform/arrays';
import { actingAs, type Tx } from '#platform/database';
import { insertRows, prepared } from '#platform/rows';
import { closeDuties, dutyRows, OF_REQUEST } from '#duties/duties';
import type { Bodies } from '#policy/bodies';
import type { NewShare } from './commit';
import { type NewAnswer, REQUEST_MOVES, type RequestState } from './requests';

const MOVES_JSON = JSON.stringify(Object.fromEntries(Object.entries(REQUEST_MOVES).map(([state, moves]) => [state, moves.join(' ')])));

/**
 * Writes answers down, moves their requests to where that leaves them, and sees to what follows. Last in a commit of many shares: for each
 * agency that answers it asks as that agency, so that row security shows it the requests that were put to it and no others. Agencies and
 * requests are taken in one order everywhere, so that no two commits wait for each other.
 */
export async function answer(tx: Tx, given: readonly NewAnswer[]): Promise<void> {
  for (const holder of [...new Set(given.map((each) => each.holder))].sort()) await actingAs(tx, holder, () => answerAs(tx, given.filter((each) => each.holder === holder)));
}

/** The same, where the transaction is the holder's own. */
export async function answerAs(tx: Tx, given: readonly NewAnswer[]): Promise<void> {
  const requests = [...new Set(given.map(({ request }) => request))].sort();
  await prepared(tx, 'select id from waybill.request where id = any($1) order by id for update', [uuids(requests).octets]);
  const each = given.flatMap(({ answers, ...of }) => [...answers].map(([category, said]) => ({ ...of, category, said })));
  if (each.length === 0) return;
  await insertRows(tx, [{
    into: 'waybill.request_answer',
    columns: {
      request: uuids(each.map(({ request }) => request)), category: texts(each.map(({ category }) => category)), answer: texts(each.map(({ said }) => said)), source: uuids(each.map(({ source }) => source)), at: instants(each.map(({ at }) => at)),
    },
  }]);
  const moved = await prepared<{ id: string; state: RequestState }>(
    tx,
    `with latest as (
       select distinct on (request, category) request, category, answer from waybill.request_answer where request = any($1) order by request, category, at desc, source desc),
     counted as (
       select r.id, cardinality(r.categories) as asked, count(l.category) as told, count(*) filter (where l.answer = 'refused') as refused
       from waybill.request r left join latest l on l.request = r.id and l.category = any(r.categories) where r.id = any($1) group by r.id, r.categories),
     left_at as (
       select id, case when told < asked then 'answering' when refused = 0 then 'answered' when refused = asked then 'declined' else 'partly' end as state from counted)
     update waybill.request r set state = l.state, closed_at = case when l.state = 'answering' then null else $2::timestamptz end
     from left_at l where r.id = l.id and l.state = any(string_to_array($3::jsonb ->> r.state, ' ')) returning r.id, r.state`,
    [uuids(requests).octets, given[0]?.at, MOVES_JSON],
  );
  for (const { id, state } of moved) await follow(tx, state, given.filter(({ request }) => request === id));
}

/** What an answer leaves to do: nothing more for whoever answered; of a refusal, for those who look at it. */
async function follow(tx: Tx, state: RequestState, given: readonly NewAnswer[]): Promise<void> {
  const [one] = given;
  if (!one) return;
  const { request, at, holder, requester, lane } = one;
  if (state !== 'answering') await closeDuties(tx, { request }, { because: state, at }, OF_REQUEST);
  if (!given.some(({ answers }) => [...answers.values()].includes('refused'))) return;
  const named = one.reviewedBy ? await agenciesOf(tx, request, one.reviewedBy) : [];
  const reviewers = [...new Set([...named, ...(one.compelled ? [requester] : [])])];
  if (reviewers.length > 0) await tx.query('update waybill.request set reviewers = $2 where id = $1', [request, reviewers]);
  await insertRows(tx, [dutyRows([
    ...reviewers.map((owner) => ({ kind: 'review-refusal' as const, about: { request }, owner, other: requester, lane, at })),
    ...(one.discussed ? [{ kind: 'discuss-refusal' as const, about: { request }, owner: holder, other: requester, lane, at }] : []),
  ])]);
}

/** A front door that shares back what came of a referral, and names it, has told its referrer. */
export async function tellReferrers(tx: Tx, shares: readonly NewShare[]): Promise<void> {
  for (const { sender, head, transfers, acceptedAt: at } of shares) {
    await actingAs(tx, sender.agency, async () => {
      const told: { id: string }[] = await tx.query('select id from waybill.transfer where share = $1 and recipient = $2 and sender = any($3)', [head.manifest.threads?.previous, sender.agency, transfers.map(({ recipient }) => recipient.agency)]);
      for (const { id } of told) await closeDuties(tx, { transfer: id }, { because: 'told', at }, ['tell-referrer']);
    });
  }
}

/** The agencies that these bodies are today, under the request's own agreement. */
export async function agenciesOf(tx: Tx, request: string, { posts, entries, desk }: Bodies): Promise<string[]> {
  const rows: { agency: string; held: boolean }[] = await tx.query(
    `select m.agency, exists (select from waybill.contact c where c.agency = m.agency and (c.posts && $2::text[] or c.desk = $4)) as held
     from waybill.membership m join waybill.request r on r.id = $1 and r.agreement = m.agreement where m.status = 'active'
       and (m.entry = any($3) or exists (select from waybill.contact c where c.agency = m.agency and (c.posts && $2::text[] or c.desk = $4))) order by m.agency`,
    [request, posts, entries, desk ?? null]);
  const holding = rows.filter(({ held }) => held);
  return (holding.length > 0 ? holding : rows).map(({ agency }) => agency);
}
