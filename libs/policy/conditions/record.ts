import { term } from '../agreement';
import { holds } from '../vocabulary/entry';
import { DECISION_METHODS, DECISION_REASONS } from '../vocabulary/reasons';
import { ROLES } from '../vocabulary/roles';
import type { Condition, ShareFacts } from './condition';

function decisionFault({ agreement, decisions, at }: ShareFacts): string | undefined {
  const content = term(agreement, 'record.content') ?? [];
  if (decisions.length === 0) return 'missing';
  for (const decision of decisions) {
    if (!holds(ROLES, decision.role, at)) return 'role';
    if (content.includes('why') && !decision.reasons.every((reason) => holds(DECISION_REASONS, reason, at))) return 'reasons';
    if (content.includes('how') && !holds(DECISION_METHODS, decision.method, at)) return 'method';
  }
  return undefined;
}

/** What is on record before anything is sent. What and with whom are the lines themselves; when and by whom every decision line holds. */
export const DECISION_RECORD = [
  {
    code: 'NO_DECISION', clauses: ['DS-01'], on: 'share', term: 'record.content', nicety: true, cause: decisionFault,
    says: 'the decision to share is recorded: who decided, in what role, when, why, and how where the agreement asks',
    next: 'Add a decision line, addressed to your own agency, with codes of the vocabulary.',
    met: (facts) => decisionFault(facts) === undefined,
  },
] as const satisfies readonly Condition[];
