import type { Tx } from '#platform/database';
import { HOUR, MINUTE } from '#platform/clock';
import { REPORT } from './opening';

/** How many cases something is so in. `of`: a code of the vocabulary, or a span of time. */
export interface Counted {
  of: string;
  cases: number;
}

/** Figures over an agency's own cases; exercises are none. */
export interface BreachFigures {
  kinds: (Counted & { open: number })[];
  causes: Counted[];
  /** From the report to the first notice that went out. */
  firstNotice: Counted[];
  /** From its own controller's awareness until it told the regulator. */
  regulator: Counted[];
  /** What is still due of it, by kind of duty; `cases`: duties. */
  duties: (Counted & { late: number })[];
}

/** Upper ends of what took so long, in milliseconds. The first is what the relay is held to, the last the 72 hours of Article 33. */
const NOTICE_WITHIN = { 'up-to-a-minute': MINUTE, 'up-to-an-hour': HOUR, 'up-to-a-day': 24 * HOUR } as const;
const REGULATOR_WITHIN = { 'up-to-a-day': 24 * HOUR, 'up-to-two-days': 48 * HOUR, 'up-to-72-hours': 72 * HOUR } as const;

/** Of the agency that asks; row security shows it no other's. */
export async function breachFigures(tx: Tx, agency: string, now: Date): Promise<BreachFigures> {
  const kinds: BreachFigures['kinds'] = await tx.query('select type as of, count(*)::int as cases, count(*) filter (where closed_at is null)::int as open from waybill.breach where not exercise group by type order by 2 desc, 1');
  const causes: Counted[] = await tx.query(
    `select cause as of, count(distinct breach)::int as cases from (
       select s.breach, convert_from(s.octets, 'UTF8')::jsonb -> 'facts' -> 'causes' as causes from waybill.breach_statement s where s.kind in ($1, 'phase', 'finding')
       union all select p.breach, p.facts::jsonb -> 'causes' from waybill.breach_phase p) said
     join waybill.breach b on b.id = said.breach and not b.exercise, jsonb_array_elements_text(coalesce(said.causes, '[]')) cause group by cause order by 2 desc, 1`, [REPORT]);
  const noticed: { ms: number | null }[] = await tx.query(
    `select (extract(epoch from min(n.told_at) - b.opened_at) * 1000)::float8 as ms from waybill.breach b left join waybill.breach_notice n on n.breach = b.id where not b.exercise group by b.id, b.opened_at`);
  const told: { ms: number | null }[] = await tx.query(
    `select (extract(epoch from p.reported_at - p.aware_at) * 1000)::float8 as ms from waybill.breach_party p join waybill.breach b on b.id = p.breach and not b.exercise where p.agency = $1 and p.due_at is not null`, [agency]);
  const duties: BreachFigures['duties'] = await tx.query(
    'select kind as of, count(*)::int as cases, count(*) filter (where due_at < $2)::int as late from waybill.duty where owner = $1 and breach is not null and closed_at is null group by kind order by 2 desc, 1', [agency, now]);
  return { kinds, causes, firstNotice: within(noticed, NOTICE_WITHIN, 'nobody-was-told'), regulator: within(told, REGULATOR_WITHIN, 'not-told'), duties };
}

/** How many took how long: every span stands there, nought or not. */
function within(rows: readonly { ms: number | null }[], spans: Readonly<Record<string, number>>, none: string): Counted[] {
  const names = [...Object.keys(spans), 'longer', none];
  const nameOf = ({ ms }: { ms: number | null }): string => (ms === null ? none : (Object.keys(spans).find((name) => ms <= (spans[name] ?? 0)) ?? 'longer'));
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + 1);
  return names.map((of) => ({ of, cases: counts.get(of) ?? 0 }));
}

/** Something that comes at an instant, of one case. */
export interface Coming {
  breach: string;
  /** A kind of duty; `suspension-ends`. */
  what: string;
  at: Date;
}

/** The most that the calendar shows; what comes later is due later. */
export const MOST_COMING = 200;

/** What is due of the agency in all its cases, and when suspensions of theirs end, in the order in which it comes. */
export const comingUp = (tx: Tx, agency: string): Promise<Coming[]> => tx.query(
  `select breach, kind as what, due_at as at from waybill.duty where owner = $1 and breach is not null and closed_at is null
   union all select breach, 'suspension-ends', ends_at from waybill.suspension where ended_at is null
   order by 3, 1, 2 limit $2`, [agency, MOST_COMING]);
