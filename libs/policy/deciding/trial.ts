import type { Agreement } from '../agreement';
import { ADMISSION, CONDITIONS, type ConditionCode } from '../conditions';
import type { AdmissionFacts, AnyCondition, Condition } from '../conditions/condition';
import type { FallsOn, OffWire, Reason, Standing } from '../decision';
import { type Applied, applied } from '../grounds';
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
  /** It is told, and stops nothing. */
  warns: boolean;
}

/** Tries every condition that the agreement speaks of. */
export function tried(agreement: Agreement, facts: Facts): Finding[] {
  const conditions: readonly Condition[] = CONDITIONS;
  const found: Finding[] = [];
  for (const condition of conditions) {
    const here = concerns(condition, facts.share.route) ? applied(condition, agreement) : undefined;
    if (here) unmet(condition, here, facts, found);
  }
  return found;
}

/** Whether the condition is asked of what goes this way. */
const concerns = ({ by }: Condition, route: OffWire | undefined): boolean => by === undefined || (by === 'wire' ? route === undefined : by.includes(route?.by ?? 'wire'));

function unmet(condition: Condition, { standing, effect }: Applied, facts: Facts, found: Finding[]): void {
  const weight = { refusesShare: effect === 'share' || effect === 'request', nicety: condition.nicety ?? false, warns: effect === 'warns' };
  if (condition.on === 'share') {
    if (!condition.met(facts.share)) found.push({ reason: reasonOf(condition, facts.share, standing), ...weight });
  } else if (condition.on === 'request') {
    const { asks } = facts.share.manifest;
    const asking = asks && { ...facts.share, asks };
    if (asking && !condition.met(asking)) found.push({ reason: reasonOf(condition, asking, standing), ...weight });
  } else if (condition.on === 'recipient') {
    for (const [to, recipient] of facts.recipients) {
      if (condition.met(recipient)) continue;
      found.push({ reason: { ...reasonOf(condition, recipient, standing), recipient: recipient.recipient }, to, ...weight });
    }
  } else {
    facts.lines.forEach((line, i) => {
      if (condition.met(line)) return;
      found.push({ reason: { ...reasonOf(condition, line, standing), recipient: line.recipient, line: i }, to: line.to, line: i, ...weight });
    });
  }
}

/** Conditions of becoming an active party that are not met. */
export function triedAtTheDoor(agreement: Agreement, facts: AdmissionFacts): Reason[] {
  return firm<AdmissionFacts>(ADMISSION, agreement, facts);
}

/** What is only told keeps no party out. */
function firm<F>(conditions: readonly (AnyCondition & Told<F> & { met(facts: F): boolean })[], agreement: Agreement, facts: F): Reason[] {
  return conditions.flatMap((condition) => {
    const here = applied(condition, agreement);
    return !here || here.effect === 'warns' || condition.met(facts) ? [] : [reasonOf(condition, facts, here.standing)];
  });
}

interface Told<F> {
  code: string;
  clauses: readonly string[];
  says: string;
  next: string;
  on: FallsOn;
  pointer: string | ((facts: F) => string | undefined);
  cause?(facts: F): string | undefined;
  awaits?(facts: F): string | undefined;
}

function reasonOf<F>(condition: Told<F>, facts: F, standing: Standing): Reason {
  const { code, clauses, says, next, on } = condition;
  const pointer = typeof condition.pointer === 'function' ? condition.pointer(facts) : condition.pointer;
  const cause = condition.cause?.(facts);
  const awaits = condition.awaits?.(facts);
  return { code: code as ConditionCode, clauses, says, next, on, standing, ...(pointer !== undefined && { pointer }), ...(cause !== undefined && { cause }), ...(awaits !== undefined && { awaits }) };
}
