import type { Directory } from '#directory/directory';
import { cursorOf, readPlace } from '#exchange/cursor';
import type { Lane } from '#exchange/rows';
import { PRECEDENCE } from '#exchange/rows';
import type { RequestState } from '#exchange/requests';
import { keptTold } from '#exchange/signed-statement';
import type { Clock } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import { pageOf } from '#platform/pages';
import { Refusal } from '#platform/refusal';
import type { Agreement } from '#policy/agreement';
import type { AnswerGiven } from '#protocol/asks';
import type { Urgency } from '#protocol/manifest';
import type { CategoryTold, RequestItem, RequestPage, RequestStatementTold, RequestTold } from '#protocol/request-answers';
import type { Register } from '#register/register';

export interface RequestRooms {
  database: Database;
  directory: Directory;
  register: Register;
  clock: Clock;
  agreements: ReadonlyMap<string, Agreement>;
}

/** A request as it stands. */
export interface RequestRow {
  id: string;
  share: string;
  requester: string;
  requester_contact: string | null;
  requester_controller: string;
  holder: string;
  contact: string;
  holder_controller: string;
  agreement: string;
  agreement_version: string;
  type: string;
  purpose: string;
  categories: string[];
  urgency: Urgency;
  lane: Lane;
  state: RequestState;
  opened_at: Date;
  due_at: Date | null;
  unanswered_at: Date | null;
  closed_at: Date | null;
  triage: 'red' | 'amber' | 'green' | null;
  reviewers: string[];
  deciders: string[];
}

/** As what the asker may look at requests. */
export const SIDES = { requester: 'requester = $1', holder: 'holder = $1', reviewer: '$1 = any(reviewers)', decider: '$1 = any(deciders)' } as const;
export type Side = keyof typeof SIDES;

/** Information requests as threads: what was asked of whom, and what came of it. Everybody who may see one sees all of it but the sealed words. */
export class Requests {
  constructor(private readonly rooms: RequestRooms) {}

  /** One page of what the asker asked, was asked, or is to look at. `after` is the `next` of the page before. */
  list(asker: Asker, side: Side, page: { open?: boolean; after?: string; limit: number }): Promise<RequestPage> {
    return this.rooms.database.as(asker, async (tx) => {
      const [precedence, openedAt, id] = readPlace(page.after);
      const rows: RequestRow[] = await tx.query(
        `select * from waybill.request where ${SIDES[side]} and (not $2 or closed_at is null)
           and (array_position($3::text[], lane), opened_at, id) > ($4::integer, $5::timestamptz, $6::uuid)
         order by array_position($3::text[], lane), opened_at, id limit $7`,
        [asker.agency, page.open ?? false, LANES_IN_ORDER, precedence + 1, openedAt, id, page.limit + 1],
      );
      return pageOf(rows, page.limit, itemOf, (last) => cursorOf(PRECEDENCE[last.lane], last.opened_at, last.id));
    });
  }

  /** One thread. @throws Refusal NOT_FOUND for whoever has no part in it */
  told(asker: Asker, id: string): Promise<RequestTold> {
    return this.rooms.database.as(asker, async (tx) => {
      const row = await found(tx, id);
      return { ...itemOf(row), agreement: { id: row.agreement, version: row.agreement_version }, categories: await categoriesOf(tx, row), statements: await statementsOf(tx, id), reviewers: row.reviewers, deciders: row.deciders };
    });
  }
}

/** @throws Refusal NOT_FOUND */
export async function found(tx: Tx, id: string, locked: '' | 'for update' = ''): Promise<RequestRow> {
  const [row]: RequestRow[] = await tx.query(`select * from waybill.request where id = $1 ${locked}`, [id]);
  if (!row) throw new Refusal({ code: 'NOT_FOUND' });
  return row;
}

async function categoriesOf(tx: Tx, { id, categories }: RequestRow): Promise<CategoryTold[]> {
  const answers: { category: string; answer: AnswerGiven; source: string; at: Date }[] = await tx.query(
    'select distinct on (category) category, answer, source, at from waybill.request_answer where request = $1 order by category, at desc, source desc', [id]);
  const known = new Map(answers.map((each) => [each.category, each]));
  return categories.map((category) => {
    const answer = known.get(category);
    return { category, ...(answer && { answer: answer.answer, by: answer.source, at: answer.at.toISOString() }) };
  });
}

async function statementsOf(tx: Tx, id: string): Promise<RequestStatementTold[]> {
  const rows: { kind: string; agency: string; at: Date; octets: Buffer; signature: Buffer }[] = await tx.query('select kind, agency, at, octets, signature from waybill.request_statement where request = $1 order by at, id', [id]);
  return rows.map((each) => ({ kind: each.kind, agency: each.agency, ...keptTold(each) }));
}

const itemOf = (row: RequestRow): RequestItem => ({
  request: row.id,
  share: row.share,
  requester: { agency: row.requester, ...(row.requester_contact !== null && { contact: row.requester_contact }) },
  holder: { agency: row.holder, contact: row.contact },
  type: row.type,
  ...(row.purpose !== '' && { purpose: row.purpose }),
  urgency: row.urgency,
  lane: row.lane,
  state: row.state,
  openedAt: row.opened_at.toISOString(),
  ...(row.due_at && { dueAt: row.due_at.toISOString() }),
  ...(row.unanswered_at && { unansweredSince: row.unanswered_at.toISOString() }),
  ...(row.closed_at && { closedAt: row.closed_at.toISOString() }),
  ...(row.triage && { triage: row.triage }),
});

const LANES_IN_ORDER = Object.entries(PRECEDENCE).sort(([, a], [, b]) => a - b).map(([lane]) => lane);
