import type { NewDuty } from '#duties/duties';
import { HOUR } from '#platform/clock';
import type { BreachRules } from '#policy/breach-relay';
import type { BreachPart } from '#policy/breach-stating';

/** By when a controller that knows since `awareAt` tells the regulator: elapsed hours, through nights, weekends, holidays and the change of clocks. */
export const regulatorDueAt = (awareAt: Date, rules: BreachRules): Date => new Date(awareAt.getTime() + rules.hours.value * HOUR);

/** The clock of one controller: of the one that tells the regulator, to do so; of every other, to look to its own duty in law (S-4). */
export const clockOf = (breach: string, owner: string, parts: readonly BreachPart[], awareAt: Date, rules: BreachRules): NewDuty => ({
  kind: parts.includes('notifier') ? 'tell-regulator' : 'own-regulator-duty', about: { breach }, owner, lane: 'breach', at: awareAt, dueAt: regulatorDueAt(awareAt, rules),
});
