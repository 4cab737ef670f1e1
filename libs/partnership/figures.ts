import type { Tx } from '#platform/database';
import type { FigureTold } from '#protocol/agreement-answers';
import { suppressed } from '#register/reports/statistics';

/** First and last month of a report, `YYYY-MM`. */
export interface Months {
  from: string;
  until: string;
}

/** Instants of a month, UTC. */
const monthOf = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM')`;

/** How long after it was accepted something was acknowledged: bands, which add up over months as medians do not. */
const BAND = `case when e.took <= interval '1 hour' then 'within-hour' when e.took <= interval '1 day' then 'within-day' when e.took <= interval '3 days' then 'within-three-days' when e.took <= interval '7 days' then 'within-week' else 'longer' end`;

/** Of which agreement a duty is: of what it is about. One about a mailbox or a domain is of none. */
const OF_AGREEMENT = `waybill.duty d left join waybill.transfer t on t.id = d.transfer left join waybill.share s on s.sender = t.sender and s.id = t.share
  left join waybill.request r on r.id = d.request left join waybill.breach b on b.id = d.breach left join waybill.matter m on m.id = d.matter`;
const DUTYS = 'coalesce(d.agreement, s.agreement, r.agreement, b.agreement, m.agreement)';

interface Measure {
  says: string;
  /** Rows of agreement, month, code and what is counted, since `$1`; as of `$2`. Absent: rows come one by one (`agreement_count`). */
  counts?: string;
}

/** All that a report counts (RV-07, RV-09): volumes, timeliness, refusals, escalations, breaches, what is overdue, and what was learnt. Codes and nobody's name. */
export const MEASURES = {
  shares: { says: 'shares, by urgency', counts: `select s.agreement, ${monthOf('s.accepted_at')} as month, s.urgency as code, s.id as counted from waybill.share s where s.accepted_at >= $1` },
  ended: { says: 'ways to a recipient that have ended, by how', counts: `select s.agreement, ${monthOf('t.ended_at')} as month, t.state as code, t.id as counted from waybill.transfer t join waybill.share s on s.sender = t.sender and s.id = t.share where t.ended_at >= $1` },
  timeliness: {
    says: 'how long after its acceptance something was acknowledged',
    counts: `select e.agreement, e.month, ${BAND} as code, e.id as counted from (select s.agreement, ${monthOf('t.ended_at')} as month, t.id, t.ended_at - t.accepted_at as took
      from waybill.transfer t join waybill.share s on s.sender = t.sender and s.id = t.share where t.state = 'acknowledged' and t.ended_at >= $1) e`,
  },
  'refused-shares': { says: 'shares that the agreement did not permit, by code' },
  'not-shared': { says: 'decisions not to share, by reason' },
  requests: { says: 'information requests, by urgency', counts: `select r.agreement, ${monthOf('r.opened_at')} as month, r.urgency as code, r.id as counted from waybill.request r where r.opened_at >= $1` },
  answers: { says: 'what was answered to them, category by category', counts: `select r.agreement, ${monthOf('a.at')} as month, a.answer as code, a.request || a.category as counted from waybill.request_answer a join waybill.request r on r.id = a.request where a.at >= $1` },
  unanswered: { says: 'requests that were unanswered past their time, by urgency', counts: `select r.agreement, ${monthOf('r.unanswered_at')} as month, r.urgency as code, r.id as counted from waybill.request r where r.unanswered_at >= $1` },
  escalations: {
    says: 'refusals that were looked at, and that were escalated',
    counts: `select r.agreement, ${monthOf('d.opened_at')} as month, case d.kind when 'decide-escalation' then 'escalated' else 'looked-at' end as code, d.request as counted
      from waybill.duty d join waybill.request r on r.id = d.request where d.kind in ('decide-escalation', 'review-refusal') and d.opened_at >= $1`,
  },
  breaches: { says: 'data breaches, by what happened; near misses apart', counts: `select b.agreement, ${monthOf('b.opened_at')} as month, case when b.near_miss then 'near-miss' else b.type end as code, b.id as counted from waybill.breach b where b.opened_at >= $1 and not b.exercise` },
  suspensions: { says: 'suspensions, by how far they went', counts: `select p.agreement, ${monthOf('p.began_at')} as month, p.scope as code, p.id as counted from waybill.suspension p where p.began_at >= $1` },
  matters: { says: 'what was put to the other side after a share: corrections, consultations and the like', counts: `select m.agreement, ${monthOf('m.opened_at')} as month, m.kind as code, m.id as counted from waybill.matter m where m.opened_at >= $1` },
  overdue: {
    says: 'what was due and not done in time, by what it was',
    counts: `select ${DUTYS} as agreement, ${monthOf('d.due_at')} as month, d.kind as code, d.id as counted from ${OF_AGREEMENT} where d.due_at >= $1 and d.due_at < $2 and (d.closed_at is null or d.closed_at > d.due_at)`,
  },
  lessons: {
    says: 'breaches whose lessons were to come to a review, and that a review looked at',
    counts: `select b.agreement, ${monthOf('d.opened_at')} as month, case when d.closed_at is null then 'to-bring' else 'looked-at' end as code, d.breach as counted from waybill.duty d join waybill.breach b on b.id = d.breach where d.kind = 'bring-to-review' and d.opened_at >= $1`,
  },
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof MEASURES;
const NAMES = Object.keys(MEASURES) as MeasureName[];
const measureOf = (name: MeasureName): Measure => MEASURES[name];

/** Counts anew what has happened since an instant, and takes up what was counted one by one. Safe to run by two relays at once. */
export async function tally(tx: Tx, since: Date, at: Date): Promise<void> {
  for (const name of NAMES) {
    const { counts } = measureOf(name);
    if (!counts) continue;
    await tx.query(
      `insert into waybill.agreement_figure (agreement, month, measure, code, count) select agreement, month, '${name}', code, count(distinct counted) from (${counts}) c, (select $2::timestamptz) as as_of where agreement is not null group by 1, 2, 4
       on conflict (agreement, month, measure, code) do update set count = excluded.count`, [since, at]);
  }
  await tx.query(
    `with taken as (delete from waybill.agreement_count where at <= $1 returning agreement, measure, code, at)
     insert into waybill.agreement_figure (agreement, month, measure, code, count) select agreement, ${monthOf('taken.at')}, measure, code, count(*) from taken group by 1, 2, 3, 4
     on conflict (agreement, month, measure, code) do update set count = agreement_figure.count + excluded.count`, [at]);
}

/** What is told of an agreement between two months. A small count is withheld, and with it the next larger where it could be worked out from that. */
export async function figuresOf(tx: Tx, agreement: string, { from, until }: Months): Promise<FigureTold[]> {
  const rows: { measure: MeasureName; code: string; count: string }[] = await tx.query(
    'select measure, code, sum(count) as count from waybill.agreement_figure where agreement = $1 and month between $2 and $3 group by 1, 2 order by 1, 2', [agreement, from, until]);
  return NAMES.flatMap((measure) => {
    const counts = new Map(rows.filter((row) => row.measure === measure).map(({ code, count }) => [code, Number(count)]));
    const hidden = suppressed(counts);
    return [...counts].map(([code, count]): FigureTold => ({ measure, says: measureOf(measure).says, code, ...(hidden.has(code) ? { withheld: 'small-number' } : { count }) }));
  });
}
