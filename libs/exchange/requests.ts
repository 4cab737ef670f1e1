import { instants, texts, uuids, wordLists } from '#platform/arrays';
import { closeDuties, OF_REQUEST } from '#duties/duties';
import { HOUR } from '#platform/clock';
import type { Asker, Tx } from '#platform/database';
import type { Rows } from '#platform/rows';
import { type Agreement, term } from '#policy/agreement';
import { type Bodies, bodiesOf } from '#policy/bodies';
import { isCompelled } from '#policy/conditions/answering';
import type { RequestPut, TransferLane } from '#policy/decision';
import type { AnswerGiven, Answers } from '#protocol/asks';
import { isPartLine, type Line } from '#protocol/line';
import type { Manifest, ManifestBase } from '#protocol/manifest';
import type { Lane } from '#queue/lanes';

// The rows of information requests: written in the same commit as the shares that ask and answer. What else becomes of a request is libs/requests'.

export const REQUEST_STATES = ['asked', 'answering', 'answered', 'partly', 'declined', 'sent-back', 'withdrawn', 'undelivered'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

/**
 * Every state and where a request may go from it. Silence is none of them: an unanswered request stays where it is, and is reported. What was
 * refused may be given yet, or be asked once more when those who decide have decided so.
 */
export const REQUEST_MOVES: Record<RequestState, readonly RequestState[]> = {
  asked: ['answering', 'answered', 'partly', 'declined', 'sent-back', 'withdrawn', 'undelivered'],
  answering: ['answering', 'answered', 'partly', 'declined', 'sent-back'],
  partly: ['partly', 'answered', 'asked'],
  declined: ['declined', 'partly', 'answered', 'asked'],
  answered: [],
  'sent-back': [],
  withdrawn: [],
  undelivered: [],
};

/** States from which `to` may be reached. */
export const requestFrom = (to: RequestState): RequestState[] => REQUEST_STATES.filter((state) => REQUEST_MOVES[state].includes(to));

/** What its transfer's end is for a request: one that was acknowledged has still to be answered. */
export const ENDS_REQUEST: Readonly<Record<string, RequestState>> = { recalled: 'withdrawn', returned: 'sent-back', undeliverable: 'undelivered' };

/** What is asked of one recipient. */
export interface NewRequest {
  transfer: string;
  share: string;
  requester: { agency: string; contact: string | undefined; controller: string };
  holder: { agency: string; contact: string; controller: string };
  manifest: Manifest;
  lane: Lane;
  at: Date;
  dueAt: Date | undefined;
}

/** From when on it counts as unanswered: by when it is needed, else within the hours that the agreement gives its lane. */
export function dueOf(agreement: Agreement, { asks }: ManifestBase, lane: TransferLane, at: Date): Date | undefined {
  if (asks?.neededBy !== undefined) return new Date(asks.neededBy);
  const hours = term(agreement, 'request.answerWithin')?.[lane === 'breach' ? 'emergency' : lane];
  return hours === undefined ? undefined : new Date(at.getTime() + hours * HOUR);
}

export const requestRows = (requests: readonly NewRequest[]): Rows => ({
  into: 'waybill.request',
  columns: {
    id: uuids(requests.map(({ transfer }) => transfer)), share: uuids(requests.map(({ share }) => share)),
    requester: texts(requests.map(({ requester }) => requester.agency)), requester_contact: texts(requests.map(({ requester }) => requester.contact ?? null)), requester_controller: texts(requests.map(({ requester }) => requester.controller)),
    holder: texts(requests.map(({ holder }) => holder.agency)), contact: texts(requests.map(({ holder }) => holder.contact)), holder_controller: texts(requests.map(({ holder }) => holder.controller)),
    agreement: texts(requests.map(({ manifest }) => manifest.agreement.id)), agreement_version: texts(requests.map(({ manifest }) => manifest.agreement.version)),
    type: texts(requests.map(({ manifest }) => manifest.asks?.type ?? '')), purpose: texts(requests.map(({ manifest }) => manifest.purpose ?? '')),
    categories: wordLists(requests.map(({ manifest }) => manifest.asks?.categories.map(({ category }) => category) ?? [])),
    urgency: texts(requests.map(({ manifest }) => manifest.urgency)), lane: texts(requests.map(({ lane }) => lane)),
    needed_by: instants(requests.map(({ manifest: { asks } }) => (asks?.neededBy === undefined ? null : new Date(asks.neededBy)))), due_at: instants(requests.map(({ dueAt }) => dueAt ?? null)),
    state: texts(requests.map(() => 'asked' satisfies RequestState)), opened_at: instants(requests.map(({ at }) => at)),
  },
});

/** What one share, or one decision, answers of a request. */
export interface NewAnswer {
  request: string;
  /** Whose answer it is. */
  holder: string;
  requester: string;
  source: string;
  answers: ReadonlyMap<string, AnswerGiven>;
  lane: Lane;
  at: Date;
  /** Who looks at a refusal, and whether it is good practice to discuss it. */
  reviewedBy: Bodies | undefined;
  discussed: boolean;
  /** The law compels an answer: whoever asked looks at why there is none. */
  compelled: boolean;
}

/** An answer, with what the agreement wants done about a refusal. */
export function newAnswer(agreement: Agreement, { requester, purpose, urgency, lane = urgency }: RequestPut, answer: Pick<NewAnswer, 'request' | 'holder' | 'source' | 'answers' | 'at'>): NewAnswer {
  const reviewers = term(agreement, 'refusal.reviewedBy');
  return { ...answer, requester, lane, reviewedBy: reviewers && bodiesOf(agreement, reviewers), discussed: term(agreement, 'refusal.discuss') !== undefined, compelled: isCompelled(agreement, purpose) };
}

/** What a share answers: as it says, and of what it does not speak of, whatever of it really goes to whoever asked. */
export function answersIn({ answers }: { answers?: Answers }, { requester, categories }: Pick<RequestPut, 'requester' | 'categories'>, going: readonly Line[]): Map<string, AnswerGiven> {
  const given = going.flatMap((line) => (isPartLine(line) && line.recipient.agency === requester && categories.includes(line.category) ? [line.category] : []));
  const said = (answers?.categories ?? []).filter(({ category, answer }) => answer !== 'given' || given.includes(category));
  return new Map([...given.map((category) => [category, 'given'] as const), ...said.map(({ category, answer }) => [category, answer] as const)]);
}

/** The request that a manifest answers, where it was put to the asker under the agreement that both cite; row security lets it read no other. */
export async function requestPut(tx: Tx, asker: Asker, { threads, agreement }: Pick<ManifestBase, 'threads' | 'agreement'>): Promise<RequestPut | undefined> {
  if (threads?.request === undefined) return undefined;
  const [row]: RequestPut[] = await tx.query('select requester, type, purpose, urgency, lane, categories from waybill.request where id = $1 and holder = $2 and agreement = $3', [threads.request, asker.agency, agreement.id]);
  return row;
}

/** A request ends with its transfer, where that was not delivered. */
export async function endRequest(tx: Tx, transfer: string, end: string, at: Date): Promise<void> {
  const to = ENDS_REQUEST[end];
  if (to === undefined) return;
  const [, moved]: [unknown, number] = await tx.query('update waybill.request set state = $2, closed_at = $3 where id = $1 and state = any($4)', [transfer, to, at, requestFrom(to)]);
  if (moved > 0) await closeDuties(tx, { request: transfer }, { because: to, at }, OF_REQUEST);
}
