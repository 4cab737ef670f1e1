import type { RequestState } from '#exchange/requests';
import { HOUR } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { Agreement } from '#policy/agreement';
import { decided, type DecisionRule, escalationOf, needed, type View } from '#policy/escalating';
import type { Urgency } from '#protocol/manifest';
import type { RequestStated, RequestStatementKind } from '#protocol/request-statement';
import type { Lane } from '#queue/lanes';
import { found, type RequestRow, type Side, SIDES } from './requests';

// What was refused, is late or is disputed, for those who look at it, decide about it, or are to find a solution. Codes, ids and instants: the words are sealed to whoever asked.

/** What somebody has to do about a request, by the duty that says so. */
export const CONCERNS = ['decide-escalation', 'review-refusal', 'settle-dispute', 'discuss-refusal', 'chase-request'] as const;
export type Concern = (typeof CONCERNS)[number];

/** The most that one list shows; what is due first is on top. */
export const MOST_REFUSALS = 100;

export interface RefusalItem {
  id: string;
  requester: { agency: string; name: string };
  holder: { agency: string; name: string };
  agreement: string;
  type: string;
  urgency: Urgency;
  lane: Lane;
  state: RequestState;
  openedAt: Date;
  unansweredSince?: Date;
  /** What of it is due of the asker. */
  concerns: Concern[];
  dueAt?: Date;
}

type Row = RequestRow & { requester_name: string; holder_name: string; concerns: Concern[] | null; owed_by: Date | null };

const SHOWN = `select r.*, q.name as requester_name, h.name as holder_name, d.concerns, d.owed_by from waybill.request r join waybill.agency q on q.id = r.requester join waybill.agency h on h.id = r.holder
  left join lateral (select array_agg(kind order by due_at) as concerns, min(due_at) as owed_by from waybill.duty where request = r.id and owner = $1 and closed_at is null and kind = any($2)) d on true`;

/** What is refused, late or disputed of what an agency may see from these sides: what is due first on top. */
export async function refusals(tx: Tx, agency: string, sides: readonly Side[]): Promise<RefusalItem[]> {
  if (sides.length === 0) return [];
  const rows: Row[] = await tx.query(
    `${SHOWN} where (${sides.map((side) => `(${SIDES[side]})`).join(' or ')}) and (r.state in ('declined', 'partly') or (r.unanswered_at is not null and r.closed_at is null) or d.concerns is not null)
     order by d.owed_by nulls last, r.opened_at desc, r.id limit $3`, [agency, [...CONCERNS], MOST_REFUSALS]);
  return rows.map(itemOf);
}

/** One thread, as somebody reads it who was not at the desk. */
export interface Refusal extends RefusalItem {
  contact: string;
  categories: { category: string; answer?: string }[];
  statements: (Pick<RequestStated, 'kind' | 'by' | 'role' | 'outcome' | 'reason' | 'stage' | 'necessaryForSafety' | 'telephone'> & { at: Date; signer: string })[];
  escalation?: Escalated;
  disputed: boolean;
  /** As what the asker has a part in it. */
  sides: Side[];
  row: RequestRow;
}

/** What was taken to those who decide, and how it stands. */
export interface Escalated {
  at: Date;
  reason: string;
  necessaryForSafety: boolean;
  stage?: number;
  /** Two of one stage, where it is not with those who decide yet. */
  between?: string;
  decision?: { rule: DecisionRule; needed: number; dueAt: Date; views: DeciderView[]; outcome?: View };
}

export interface DeciderView {
  agency: string;
  name: string;
  /** It is the one that refused. */
  interested: boolean;
  view?: { outcome: View; at: Date; enteredBy?: string };
  /** Who of it can be rung now, first. */
  delegates: Delegate[];
}

export interface Delegate {
  contact: string;
  label: string;
  telephone?: string;
  emergencyDuty: boolean;
}

/** @throws Refusal NOT_FOUND for whoever has no part in it from one of these sides */
export async function refusal(tx: Tx, agency: string, id: string, { sides, agreement, at, atWork }: { sides: readonly Side[]; agreement(id: string): Agreement; at: Date; atWork: boolean }): Promise<Refusal | undefined> {
  const request = await found(tx, id);
  const own = sidesOf(request, agency).filter((side) => sides.includes(side));
  if (own.length === 0) return undefined;
  const [row]: Row[] = await tx.query(`${SHOWN} where r.id = $3`, [agency, [...CONCERNS], id]);
  const answers: { category: string; answer: string }[] = await tx.query('select distinct on (category) category, answer from waybill.request_answer where request = $1 order by category, at desc, source desc', [id]);
  const kept: { kind: RequestStatementKind; at: Date; octets: Buffer; signer: string }[] = await tx.query('select kind, at, octets, signer from waybill.request_statement where request = $1 order by at, id', [id]);
  const statements = kept.map(({ octets, at: when, signer }) => ({ ...(JSON.parse(octets.toString()) as RequestStated), at: when, signer }));
  const escalation = await escalatedOf(tx, request, statements, agreement(request.agreement), { at, atWork });
  const lastly = (kind: RequestStatementKind): number => statements.findLastIndex((each) => each.kind === kind);
  return {
    ...itemOf(row as Row), contact: request.contact, statements, sides: own, row: request, disputed: lastly('disputed') > lastly('settled'), ...(escalation && { escalation }),
    categories: request.categories.map((category) => ({ category, ...answers.find((each) => each.category === category) })),
  };
}

export const sidesOf = ({ requester, holder, reviewers, deciders }: RequestRow, agency: string): Side[] =>
  (['requester', 'holder', 'reviewer', 'decider'] as const).filter((side) => ({ requester: requester === agency, holder: holder === agency, reviewer: reviewers.includes(agency), decider: deciders.includes(agency) })[side]);

type Stated = Refusal['statements'][number];

async function escalatedOf(tx: Tx, request: RequestRow, statements: readonly Stated[], agreement: Agreement, now: { at: Date; atWork: boolean }): Promise<Escalated | undefined> {
  const since = statements.findLastIndex(({ kind }) => kind === 'escalated');
  const last = statements[since];
  if (!last) return undefined;
  const { at, reason = '', necessaryForSafety = false, stage } = last;
  const escalation = escalationOf(agreement, { stage, purpose: request.purpose });
  const told = { at, reason, necessaryForSafety, ...(stage !== undefined && { stage }), ...(escalation.to === 'stage' && { between: escalation.between }) };
  if (escalation.to !== 'deciders') return told;
  const latest = new Map(statements.slice(since).filter(({ kind }) => kind === 'viewed').map((each) => [each.telephone?.of.agency ?? each.by.agency, each]));
  const outcome = decided(escalation.rule, request.deciders.length, [...latest.values()].map((each) => each.outcome as View));
  const names: { id: string; name: string }[] = await tx.query('select id, name from waybill.agency where id = any($1)', [request.deciders]);
  const delegates = await delegatesOf(tx, request.deciders, escalation.codes, now);
  return {
    ...told,
    decision: {
      rule: escalation.rule, needed: needed(escalation.rule, request.deciders.length), dueAt: new Date(at.getTime() + escalation.hours * HOUR), ...(outcome && { outcome }),
      views: request.deciders.map((agency): DeciderView => {
        const said = latest.get(agency);
        return {
          agency, name: names.find(({ id }) => id === agency)?.name ?? agency, interested: agency === request.holder, delegates: delegates.get(agency) ?? [],
          ...(said && { view: { outcome: said.outcome as View, at: said.at, ...(said.telephone && { enteredBy: said.by.agency }) } }),
        };
      }),
    },
  };
}

/** Posts that speak for a partner that decides, where nobody holds the one that the agreement names. */
const SPEAK_FOR = ['spoc', 'responsible-manager'];
const EMERGENCY_DUTY = 'emergency-duty';

/** Whom of each agency one rings now: whoever holds the post that decides; outside hours of work the emergency duty contact before all. */
export async function delegatesOf(tx: Tx, agencies: readonly string[], codes: readonly string[], { at, atWork }: { at: Date; atWork: boolean }): Promise<Map<string, Delegate[]>> {
  const rows: { agency: string; id: string; label: string; telephone: string | null; decides: boolean; duty: boolean }[] = await tx.query(
    `select agency, id, label, telephone, posts && $2::text[] as decides, $3 = any(posts) as duty from waybill.contact
     where agency = any($1) and posts && ($2::text[] || $4::text[] || array[$3]) and from_day <= $5::date and (until_day is null or until_day > $5::date) order by agency, id`,
    [agencies, codes, EMERGENCY_DUTY, SPEAK_FOR, at]);
  const told = ({ id, label, telephone, duty }: (typeof rows)[number]): Delegate => ({ contact: id, label, emergencyDuty: duty, ...(telephone !== null && { telephone }) });
  return new Map([...Map.groupBy(rows, ({ agency }) => agency)].map(([agency, all]) => {
    const deciding = all.some(({ decides }) => decides) ? all.filter(({ decides, duty }) => decides && !duty) : all.filter(({ duty }) => !duty);
    const duty = all.filter((each) => each.duty);
    return [agency, (atWork ? deciding : [...duty, ...deciding]).map(told)];
  }));
}

const itemOf = (row: Row): RefusalItem => ({
  id: row.id, requester: { agency: row.requester, name: row.requester_name }, holder: { agency: row.holder, name: row.holder_name }, agreement: row.agreement, type: row.type, urgency: row.urgency, lane: row.lane, state: row.state,
  openedAt: row.opened_at, ...(row.unanswered_at && { unansweredSince: row.unanswered_at }), concerns: row.concerns ?? [], ...(row.owed_by && { dueAt: row.owed_by }),
});
