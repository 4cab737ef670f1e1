import type { Agreement } from './agreement';
import { term } from './agreement';
import { type RecordRule, type Unmet, unmetRules, untrusted } from './recording';

/** What suspending an agreement upon a case is held to. */
export interface Suspending {
  agreement: Agreement;
  /** Whoever suspends is an active party of the agreement. */
  party: boolean;
  /** Something happened: it is neither a near miss nor an exercise. */
  real: boolean;
  /** The agreement, or its part in it, is suspended already. */
  standing: boolean;
  /** Suspensions upon the same case before. */
  before: number;
  /** Shares of its own in this case, by what they are named as. */
  writing: boolean;
  evidence: boolean;
}

const TIMES: Record<'none' | 'once', number> = { none: 1, once: 2 };

/** All are tried, and all that are unmet are told. */
export const SUSPENDING = [
  {
    code: 'NO_RIGHT_TO_SUSPEND', clauses: ['SU-01'], grounds: ['suspension.right', { technical: 'an agreement that gives nobody the right is not suspended by a gateway' }], pointer: '/kind',
    says: 'an agreement is suspended by an active party, where it gives parties the right',
    next: 'Where the agreement gives no such right, ring its co-ordinator; whoever will not share decides that share by share, with reasons.',
    met: ({ agreement, party }) => party && term(agreement, 'suspension.right') !== undefined,
  },
  {
    code: 'NOTHING_BREACHED', clauses: ['SU-01'], grounds: ['suspension.right', { technical: 'what did not happen gives nobody a right' }], pointer: '/kind',
    says: 'an agreement is suspended upon a breach, not upon a near miss or an exercise',
    next: 'Bring it to the next meeting of the partnership.',
    met: ({ real }) => real,
  },
  {
    code: 'SUSPENDED_ALREADY', clauses: ['SU-01'], grounds: untrusted('two suspensions at once would have two ends'), pointer: '/kind',
    says: 'it is not suspended already',
    next: 'Speak at the meeting that is due; GET the case shows by when.',
    met: ({ standing }) => !standing,
  },
  {
    code: 'SUSPENSION_NOT_RENEWED', clauses: ['SU-04'], grounds: ['suspension.renewal', { technical: 'the agreement gives its days once' }], pointer: '/kind',
    says: 'an agreement is suspended upon the same case no more often than it allows',
    next: 'Report what is new as a breach of its own.',
    met: ({ agreement, before }) => before < TIMES[term(agreement, 'suspension.renewal') ?? 'none'],
  },
  {
    code: 'SUSPENDED_WITHOUT_WRITING', clauses: ['SU-02'], grounds: ['suspension.notice', { technical: 'nobody can answer what was not put in writing' }], pointer: '/inWriting',
    says: 'a suspension is put in writing: a share of the case, by whoever suspends',
    next: 'Share it in the case (`threads.breach`), to the signatories, and name that share.',
    met: ({ writing }) => writing,
  },
  {
    code: 'SUSPENDED_WITHOUT_EVIDENCE', clauses: ['SU-02'], grounds: ['suspension.notice', { technical: 'what went wrong is shown, not said' }], pointer: '/evidence',
    says: 'a suspension comes with evidence of what went wrong: a share of the case, by whoever suspends',
    next: 'Share the evidence in the case (`threads.breach`), and name that share.',
    met: ({ evidence }) => evidence,
  },
] as const satisfies readonly RecordRule<Suspending>[];

/** What stands against a suspension. Pure. */
export const suspendingUnmet = (facts: Suspending): Unmet<(typeof SUSPENDING)[number]['code']>[] => unmetRules(SUSPENDING, facts);
