import type { Answers } from '#protocol/asks';
import { type Agreement, term } from '../agreement';
import { entryOf } from '../vocabulary/entry';
import { NOT_SHARING_REASONS, type NotSharingReason } from '../vocabulary/not-sharing';
import type { Condition, ShareFacts } from './condition';

const refusing = ({ manifest: { answers } }: ShareFacts): Answers | undefined => (answers?.categories.some(({ answer }) => answer === 'refused') ? answers : undefined);
const reasonsOf = (answers: Answers): (NotSharingReason | undefined)[] => (answers.reasons ?? []).map((code) => entryOf(NOT_SHARING_REASONS, code));
const toRequester = ({ shared, request }: ShareFacts, category: string): boolean => shared.some((part) => part.recipient.agency === request?.requester && part.category === category);

/** What an answer says that the request does not bear out. */
function answerFault(facts: ShareFacts): string | undefined {
  const { manifest: { answers }, request } = facts;
  for (const { category, answer } of answers?.categories ?? []) {
    if (!request?.categories.includes(category)) return 'not-asked';
    if ((answer === 'confirmed' || answer === 'differs') && request.type !== 'audit') return 'no-audit';
    if ((answer === 'given' || answer === 'differs') && !toRequester(facts, category)) return 'no-part';
  }
  return undefined;
}

/** What of the record of a refusal is missing. */
function recordFault(facts: ShareFacts): string | undefined {
  const answers = refusing(facts);
  if (!answers) return undefined;
  if (!answers.reasons) return 'reasons';
  if (answers.safetyConsidered !== true) return 'safety';
  return toRequester(facts, 'reasons') ? undefined : 'words';
}

/** Whether the law compels an answer to what is asked for this purpose (RQ-13). */
export const isCompelled = (agreement: Agreement, purpose: string): boolean => term(agreement, 'request.statutoryCompulsory')?.includes(purpose) ?? false;

/** What must be so of a share that answers an information request, or is about a breach. */
export const ANSWERING = [
  {
    code: 'BREACH_UNKNOWN', clauses: ['BR-20'], on: 'share', by: 'wire', grounds: [{ technical: 'what is about a case in which its sender has no part stands in no record' }], pointer: '/threads/breach', nicety: true,
    says: 'a share that is about a data breach names a case, under this agreement, in which its sender has a part',
    next: 'Report the breach first; or leave `threads.breach` out.',
    met: ({ manifest, breach }) => manifest.threads?.breach === undefined || breach !== undefined,
  },
  {
    code: 'NOT_IN_CASE', clauses: ['BR-20'], on: 'recipient', by: 'wire', grounds: [{ technical: 'what is said of a case to whoever has no part in it would be a breach itself' }], pointer: '/recipient/agency',
    says: 'what is about a data breach goes to those who have a part in the case',
    next: 'Leave this recipient out; whoever else must know is told in a share of its own.',
    met: ({ breach, recipient }) => breach === undefined || breach.parties.includes(recipient.agency),
  },
  {
    code: 'REQUEST_UNKNOWN', clauses: ['RQ-17'], on: 'share', by: 'wire', grounds: [{ technical: 'what answers a request that nobody put to the sender stands in no thread' }], pointer: '/threads/request', nicety: true,
    says: 'a share that answers an information request names one that was put to its sender under this agreement',
    next: 'Name the request by the id of the transfer in which it came, under the agreement that it cites; or leave `threads.request` and `answers` out.',
    met: ({ manifest, request }) => (manifest.threads?.request === undefined && manifest.answers === undefined) || request !== undefined,
  },
  {
    code: 'REQUESTER_NOT_REACHED', clauses: ['RQ-17'], on: 'share', by: 'wire', grounds: [{ technical: 'an answer that does not go to whoever asked answers nobody' }], pointer: '/threads/request', nicety: true,
    says: 'an answer goes to whoever asked',
    next: 'Give a part to the contact that asked; what goes to others only is a share of its own.',
    met: ({ request, shared }) => request === undefined || shared.some(({ recipient }) => recipient.agency === request.requester),
  },
  {
    code: 'ANSWER_UNFOUNDED', clauses: ['RQ-07', 'RQ-14'], on: 'share', grounds: [{ technical: 'an answer that the request or the parts contradict cannot be trusted' }], pointer: '/answers/categories', nicety: true, cause: answerFault,
    says: 'each answer is to a category that was asked, and what is given, or differs, comes as a part of that category',
    next: 'Answer the categories of the request, each with given, not-held or refused, in an audit with confirmed or differs; add the part, or change the answer.',
    met: (facts) => facts.request === undefined || answerFault(facts) === undefined,
  },
  {
    code: 'REFUSED_WITHOUT_RECORD', clauses: ['RQ-08'], on: 'share', term: 'refusal.recordToRequester', pointer: '/answers', cause: recordFault,
    says: 'whoever declines gives the requester its record: the reasons as codes, that the safety and well-being of the person was considered, and how, in sealed words',
    next: 'State `reasons` and `safetyConsidered`, and give the requester a part of category `reasons` that says what was considered.',
    met: (facts) => recordFault(facts) === undefined,
  },
  {
    code: 'REASON_TOO_VAGUE', clauses: ['DS-13', 'DS-02'], on: 'share', grounds: ['decision.recordNonShare', { statute: 'uk-gdpr-5-2' }], pointer: '/answers/reasons',
    says: 'data protection or confidentiality alone is no reason: at least one names a place in the agreement, the want of a lawful basis, a risk, need and proportion, or a fact',
    next: 'Add the reason that can be answered, such as `no-lawful-basis`, `not-necessary` or `puts-person-at-risk`; what it is about goes into the sealed words.',
    met: (facts) => {
      const answers = refusing(facts);
      return !answers || reasonsOf(answers).some((reason) => reason?.cites !== undefined);
    },
  },
  {
    code: 'MAY_NOT_DECLINE', clauses: ['RQ-13'], on: 'share', term: 'request.statutoryCompulsory', pointer: '/answers/reasons',
    says: 'a request that the law compels an answer to is not declined: each reason says why it cannot be complied with',
    next: 'Share it; or say why you cannot: `not-held`, `shared-otherwise`, `privileged` or `no-safe-way`. Then it goes to the review partners as not complied with.',
    met: (facts) => {
      const answers = refusing(facts);
      return !answers || !facts.request || !isCompelled(facts.agreement, facts.request.purpose) || reasonsOf(answers).every((reason) => reason?.cannot);
    },
  },
] as const satisfies readonly Condition[];
