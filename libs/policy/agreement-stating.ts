import type { AgreementStated, AgreementStatementKind } from '#protocol/agreement';
import type { Agreement } from './agreement';
import { type RecordRule, type Unmet, unmetRules, untrusted } from './recording';
import { approversOf, reviewersOf, speakersOf, type Voice, withNeeds } from './speaking';
import { holds, type Table, within } from './vocabulary/entry';
import { NEEDS_OUTCOMES, REVIEW_OUTCOMES } from './vocabulary/reviews';
import { ROLES } from './vocabulary/roles';

interface Kind {
  says: string;
  clauses: readonly string[];
  /** Who states it. */
  by(agreement: Agreement, voices: readonly Voice[]): readonly string[];
  needs: readonly (keyof AgreementStated)[];
  outcomes?: Table;
}

const reviewers: Kind['by'] = (agreement, voices) => speakersOf(agreement, reviewersOf(agreement), voices);

/** Every statement about an agreement, and who makes it. */
export const AGREEMENT_STATING_KINDS: Record<AgreementStatementKind, Kind> = {
  dated: { says: 'the day on which it was signed, from which its first review is counted', clauses: ['RV-02'], by: reviewers, needs: ['on'] },
  reviewed: { says: 'it was reviewed: when, and what it came to', clauses: ['RV-01', 'RV-02', 'RV-03'], by: reviewers, needs: ['on', 'outcome'], outcomes: REVIEW_OUTCOMES },
  'law-changed': { says: 'a change in the law was found that bears on it', clauses: ['RV-04'], by: (_agreement, voices) => voices.map(({ agency }) => agency), needs: ['on'] },
  'needs-confirmed': { says: 'a party with needs of its own says whether they are the same', clauses: ['RV-08'], by: withNeeds, needs: ['outcome'], outcomes: NEEDS_OUTCOMES },
  approved: {
    says: 'a version that waits is approved', clauses: ['RV-05'], needs: ['version', 'digest'],
    by: (agreement, voices) => {
      const body = approversOf(agreement);
      return body ? speakersOf(agreement, body, voices) : [];
    },
  },
};

/** What a statement about an agreement is held to. */
export interface AgreementStating {
  /** As it is in force. */
  agreement: Agreement;
  stated: AgreementStated;
  voices: readonly Voice[];
  /** Versions that wait for approvals. */
  waiting: readonly { version: string; digest: string }[];
  at: string;
}

const gap = ({ stated }: AgreementStating): string | undefined => AGREEMENT_STATING_KINDS[stated.kind].needs.find((field) => stated[field] === undefined);

function unknown({ stated: { kind, role, outcome }, at }: AgreementStating): string | undefined {
  if (!holds(ROLES, role, at)) return '/role';
  const { outcomes } = AGREEMENT_STATING_KINDS[kind];
  return outcome === undefined || (outcomes && holds(outcomes, outcome, at)) ? undefined : '/outcome';
}

export const AGREEMENT_STATING = [
  {
    code: 'AGREEMENT_CODE_UNKNOWN', clauses: ['MN-06'], grounds: untrusted('what a word means that stands in no list nobody can trust'), pointer: unknown,
    says: 'every code stands in the vocabulary of its place',
    next: 'Use a code of the vocabulary in the place named.',
    met: (facts) => unknown(facts) === undefined,
  },
  {
    code: 'AGREEMENT_STATEMENT_INCOMPLETE', clauses: ['RV-01', 'RV-05'], grounds: untrusted('a review without its day or outcome, or an approval of nothing, proves nothing'), pointer: (facts) => `/${gap(facts) ?? ''}`,
    says: 'a review has its day and its outcome, an approval its version and digest',
    next: 'Add the field named.',
    met: (facts) => gap(facts) === undefined,
  },
  {
    code: 'NOT_YOURS_TO_STATE', clauses: ['RV-01', 'RV-05', 'RV-08'], grounds: ['agreement.amendRule', 'agreement.reviewCycle', { technical: 'what somebody else has to say about an agreement proves nothing' }], pointer: '/kind',
    says: 'it is stated by whoever the agreement names: its reviewers review it, those whom it asks approve a change',
    next: 'Ask one of those whom GET the agreement names; a change in the law any party may state.',
    met: ({ agreement, stated, voices }) => AGREEMENT_STATING_KINDS[stated.kind].by(agreement, voices).includes(stated.by.agency),
  },
  {
    code: 'NOT_YET', clauses: ['RV-01'], grounds: untrusted('what has not happened is not on record'), pointer: '/on',
    says: 'a signature, a review or the finding of a change is of today or before',
    next: 'State it on the day, or after.',
    met: ({ stated, at }) => stated.on === undefined || within({ from: stated.on }, at),
  },
  {
    code: 'VERSION_NOT_WAITING', clauses: ['RV-05'], grounds: ['agreement.amendRule', { technical: 'what nobody proposed nobody can approve' }], pointer: '/digest',
    says: 'the version that is approved is one that waits, by the digest of its machine-readable form',
    next: 'Read the version that waits, and approve that one: GET the agreement names it.',
    met: ({ stated, waiting }) => stated.kind !== 'approved' || waiting.some(({ version, digest }) => version === stated.version && digest === stated.digest),
  },
] as const satisfies readonly RecordRule<AgreementStating>[];

/** Pure. */
export const agreementStatingUnmet = (facts: AgreementStating): Unmet<(typeof AGREEMENT_STATING)[number]['code']>[] => unmetRules(AGREEMENT_STATING, facts);
