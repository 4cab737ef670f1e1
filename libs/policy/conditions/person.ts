import { type Agreement, term } from '../agreement';
import { NOT_INFORMED_REASONS } from '../vocabulary/consent';
import { holds } from '../vocabulary/entry';
import type { Condition, ShareFacts } from './condition';

/** Whether the person was told, will be, or why not. */
export function informingAddressed({ manifest, at }: ShareFacts): boolean {
  const informed = manifest.informed;
  if (informed?.status === 'will-be-informed') return informed.by !== undefined;
  if (informed?.status === 'not-informed') return holds(NOT_INFORMED_REASONS, informed.reason, at);
  return informed !== undefined;
}

const balances = (agreement: Agreement): boolean => term(agreement, 'law.confidenceTest') !== 'binds';
const decidedFor = ({ decisions }: ShareFacts, reason: string): boolean => decisions.some(({ reasons }) => reasons.includes(reason));

/** What is owed to the person whom the share is about. */
export const PERSON = [
  {
    code: 'INFORMING_NOT_ADDRESSED', clauses: ['LB-12', 'LB-09'], on: 'share', term: 'law.informSubject', pointer: '/informed', nicety: true,
    applies: (agreement) => term(agreement, 'law.informSubject') !== 'privacy-notice',
    says: 'the share states that the person has been told, who will tell, or why not',
    next: 'State it; "not informed" needs a reason, such as that telling would put a child at risk.',
    met: informingAddressed,
  },
  {
    code: 'PROVIDER_NOT_INFORMED', clauses: ['LB-12'], on: 'share', term: 'law.informSubject', pointer: '/informed/provider', nicety: true,
    applies: (agreement) => term(agreement, 'law.informSubject') === 'where-safe-and-provider',
    says: 'where a third party gave the information, the share states whether it has been told as well',
    next: 'State `informed.provider`.',
    met: ({ shared, manifest }) => !shared.some(({ source }) => source === 'third-party') || manifest.informed?.provider !== undefined,
  },
  {
    code: 'DO_NOT_TELL_CONTRADICTED', clauses: ['LB-12'], on: 'share', grounds: ['law.informSubject', { technical: 'two contrary instructions cannot both be followed, and one of them puts somebody at risk' }],
    pointer: '/informed/status', nicety: true,
    says: 'nobody is named to tell a person who must not be told',
    next: 'Take the flag away if telling is safe, or state that the person is not informed and why.',
    met: ({ manifest }) => !manifest.handling.doNotTellSubject || manifest.informed?.status !== 'will-be-informed' || manifest.informed.by === undefined,
  },
  {
    code: 'OBJECTION_NOT_ANSWERED', clauses: ['LB-13'], on: 'share', term: 'law.confidenceTest', pointer: '/confidentiality', nicety: true,
    applies: balances,
    says: 'where a duty of confidence is owed and the person did not agree, the decision weighs the public interest',
    next: 'Give the decision the reason `public-interest`, and its words; an objection does not stop the share by itself.',
    met: (facts) => facts.manifest.confidentiality === undefined || facts.manifest.confidentiality.view === 'agreed' || decidedFor(facts, 'public-interest'),
  },
  {
    code: 'BEST_INTERESTS_MISSING', clauses: ['LB-14'], on: 'share', grounds: [{ statute: 'mental-capacity-act-2005' }], pointer: '/lines', nicety: true,
    says: 'for an adult who lacks capacity the decision says that sharing is in his or her best interests',
    next: 'Give the decision the reason `best-interests`, and its words.',
    met: (facts) => !facts.about.some(({ band }) => band === 'adult-lacking-capacity') || decidedFor(facts, 'best-interests'),
  },
] as const satisfies readonly Condition[];
