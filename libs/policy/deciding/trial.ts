import type { Agreement } from '../agreement';
import { applies, CONDITIONS, type ConditionCode } from '../conditions';
import type { Condition } from '../conditions/condition';
import type { FallsOn, Reason } from '../decision';
import type { Facts } from './facts';

/** One condition that is not met, and by whom. */
export interface Finding {
  reason: Reason;
  /** `agency/contact`; absent where it falls on the share. */
  to?: string;
  /** Index of the line; absent where it falls on the share or a recipient. */
  line?: number;
  refusesShare: boolean;
  nicety: boolean;
}

/** Tries every condition that the agreement speaks of. */
export function tried(agreement: Agreement, facts: Facts): Finding[] {
  const conditions: readonly Condition[] = CONDITIONS;
  return conditions.filter((condition) => applies(condition, agreement)).flatMap((condition) => unmet(condition, facts));
}

function unmet(condition: Condition, facts: Facts): Finding[] {
  const nicety = condition.nicety ?? false;
  switch (condition.on) {
    case 'share':
      return condition.met(facts.share) ? [] : [{ reason: reasonOf(condition, facts.share), refusesShare: true, nicety }];
    case 'recipient':
      return [...facts.recipients].filter(([, recipient]) => !condition.met(recipient)).map(([to, recipient]) => {
        return { reason: { ...reasonOf(condition, recipient), recipient: recipient.recipient }, to, refusesShare: condition.refuses === 'share', nicety };
      });
    case 'line':
      return facts.lines.flatMap((line, i) => {
        if (condition.met(line)) return [];
        const reason = { ...reasonOf(condition, line), recipient: line.recipient, line: i };
        return [{ reason, to: line.to, line: i, refusesShare: condition.refuses === 'share', nicety }];
      });
  }
}

interface Told<F> {
  code: string;
  clauses: readonly string[];
  says: string;
  next: string;
  on: FallsOn;
  pointer?: string | ((facts: F) => string | undefined);
  cause?(facts: F): string | undefined;
}

export function reasonOf<F>(condition: Told<F>, facts: F): Reason {
  const { code, clauses, says, next, on } = condition;
  const pointer = typeof condition.pointer === 'function' ? condition.pointer(facts) : condition.pointer;
  const cause = condition.cause?.(facts);
  return { code: code as ConditionCode, clauses, says, next, on, ...(pointer !== undefined && { pointer }), ...(cause !== undefined && { cause }) };
}
