import { LIMITS } from '#protocol/limits';
import { hidesIdentifier } from '#protocol/grammar';
import type { NotShared } from '#protocol/not-shared';
import { type Agreement, purposeOf, term } from './agreement';
import type { Decision, RequestPut } from './decision';
import { type RecordRule, type Unmet, unmetRules } from './recording';
import { isCompelled } from './conditions/answering';
import { CATEGORIES } from './vocabulary/categories';
import { entryOf, holds } from './vocabulary/entry';
import { NOT_PERMITTED, NOT_SHARING_REASONS, type NotSharingReason } from './vocabulary/not-sharing';
import { DECISION_METHODS } from './vocabulary/reasons';
import { ROLES } from './vocabulary/roles';

/** What a decision not to share is held to. */
export interface NotSharing {
  agreement: Agreement;
  stated: NotShared;
  /** Agencies of the directory among those that it names, and contacts of the agency whose decision it is. */
  known: { agencies: ReadonlySet<string>; contacts: ReadonlySet<string> };
  /** What was decided of the proposal that came with it. */
  proposed: Decision['outcome'] | undefined;
  /** The information request that it answers, where that was put to the agency here. */
  request?: RequestPut | undefined;
  at: string;
}

/** The first field whose code stands in no list. */
function unknownCode({ agreement, stated, known, at }: NotSharing): string | undefined {
  const each = (field: string, codes: readonly string[] | undefined, is: (code: string) => boolean) => (codes ?? []).flatMap((code, i) => (is(code) ? [] : [`/${field}/${i}`]));
  const one = (field: string, code: string | undefined, is: (code: string) => boolean) => (code === undefined || is(code) ? [] : [`/${field}`]);
  return [
    ...each('parties', stated.parties, (agency) => known.agencies.has(agency)),
    ...one('by/contact', stated.by.contact, (contact) => known.contacts.has(contact)),
    ...one('decider', stated.decider, (contact) => known.contacts.has(contact)),
    ...one('purpose', stated.purpose, (code) => purposeOf(agreement, code) !== undefined),
    ...each('categories', stated.categories, (code) => holds(CATEGORIES, code, at)),
    ...one('role', stated.role, (code) => holds(ROLES, code, at)),
    ...one('method', stated.method, (code) => holds(DECISION_METHODS, code, at)),
    ...each('reasons', stated.reasons, (code) => holds(NOT_SHARING_REASONS, code, at)),
  ][0];
}

const reasonOf = (code: string): NotSharingReason | undefined => entryOf(NOT_SHARING_REASONS, code);

/** Whether it answers a request that the law compels an answer to. */
const compelled = ({ agreement, stated, request }: NotSharing): boolean => stated.request !== undefined && isCompelled(agreement, request?.purpose ?? stated.purpose ?? '');

/** All are tried, and all that are unmet are told. */
export const NOT_SHARING = [
  {
    code: 'CODE_UNKNOWN', clauses: ['MN-06'], grounds: [{ technical: 'what a word means that stands in no list nobody can trust' }], pointer: unknownCode,
    says: 'every code stands in the vocabulary of today, every organisation and contact in the directory, and the purpose in the agreement',
    next: 'Use a code of the vocabulary in the place named; where the purpose is none of the agreement, say so with `purpose-outside-agreement` and leave it out.',
    met: (facts) => unknownCode(facts) === undefined,
  },
  {
    code: 'AGREEMENT_VERSION_UNKNOWN', clauses: ['RV-06'], grounds: [{ technical: 'what is decided by another text than both sides signed cannot be trusted' }], pointer: '/agreement/version',
    says: 'the decision cites a version of the agreement that is in force, or was',
    next: 'Cite the version under which it was decided.',
    met: ({ agreement, stated }) => [agreement.version, ...agreement.supersedes].includes(stated.agreement.version),
  },
  {
    code: 'REASON_TOO_VAGUE', clauses: ['DS-13', 'DS-02'], grounds: ['decision.recordNonShare', { statute: 'uk-gdpr-5-2' }], pointer: '/reasons',
    says: 'data protection or confidentiality alone is no reason: at least one names a place in the agreement, the want of a lawful basis, a risk, need and proportion, or a fact',
    next: 'Add the reason that can be answered, such as `no-lawful-basis`, `not-necessary` or `puts-person-at-risk`; what it is about goes into the sealed words.',
    met: ({ stated }) => stated.reasons.some((code) => reasonOf(code)?.cites !== undefined),
  },
  {
    code: 'REASON_NOT_BORNE_OUT', clauses: ['DS-13', 'DS-02'], grounds: [{ technical: 'a reason that what comes with it contradicts cannot be trusted' }], pointer: '/reasons',
    says: 'that the agreement does not permit it is shown by a proposal that comes with the decision and is refused',
    next: 'Send the share as it would have been as `proposal`; if that would be permitted, share it or give another reason.',
    met: ({ stated, proposed }) => !stated.reasons.includes(NOT_PERMITTED) || proposed === 'refused',
  },
  {
    code: 'MAY_NOT_DECLINE', clauses: ['RQ-13'], grounds: ['request.statutoryCompulsory'], pointer: '/reasons',
    says: 'a request that the law compels an answer to is not declined: each reason says why it cannot be complied with',
    next: 'Share it; or say why you cannot: `not-held`, `shared-otherwise`, `privileged` or `no-safe-way`.',
    met: (facts) => !compelled(facts) || facts.stated.reasons.every((code) => reasonOf(code)?.cannot),
  },
  {
    code: 'RECORD_GOES_TO_REQUESTER', clauses: ['RQ-08'], grounds: ['refusal.recordToRequester', { technical: 'what its own agency alone can read is no record for anybody else' }], pointer: '/request',
    says: 'a request is declined with the record that goes to whoever asked, where the agreement says so',
    next: 'Answer with a share in its thread: `threads.request`, `answers` with reasons and `safetyConsidered`, and a part of category `reasons` to whoever asked. The decision not to share is recorded with it.',
    met: ({ agreement, request }) => request === undefined || term(agreement, 'refusal.recordToRequester') === undefined,
  },
  {
    code: 'SAFETY_NOT_CONSIDERED', clauses: ['DS-07'], grounds: ['decision.recordNonShare', { statute: 'uk-gdpr-5' }], pointer: '/safetyConsidered',
    says: 'the safety and well-being of the person and of others were considered',
    next: 'Consider them, and state `safetyConsidered`.',
    met: ({ stated }) => stated.safetyConsidered === true,
  },
  {
    code: 'IDENTIFIER_IN_CLEAR', clauses: ['MN-06', 'MN-07'], grounds: ['min.identityReduction', { statute: 'uk-gdpr-32' }], pointer: '/reference',
    says: 'the reference of the person holds initials or a case number, and no NHS number, date or postcode',
    next: 'Use initials and a case reference; who the person is stands in the sealed words.',
    met: ({ stated }) => !hidesIdentifier(stated.reference),
  },
  {
    code: 'DECIDED_LATER', clauses: ['DS-02'], grounds: [{ technical: 'what is not decided yet cannot be recorded' }], pointer: '/decidedAt',
    says: 'it was decided before it was recorded',
    next: 'State when it was decided.',
    met: ({ stated, at }) => Date.parse(stated.decidedAt) - Date.parse(at) <= LIMITS.createdAhead.value * 1_000,
  },
] as const satisfies readonly RecordRule<NotSharing>[];

/** What stands against recording a decision not to share as it is stated. Pure. */
export const unmetOf = (facts: NotSharing): Unmet<(typeof NOT_SHARING)[number]['code']>[] => unmetRules(NOT_SHARING, facts);
