import { type Agreement, term } from './agreement';

export type View = 'share' | 'do-not-share';
export type DecisionRule = 'any' | 'majority' | 'all';

/** How many that see it so it takes, of how many. */
const ENOUGH: Record<DecisionRule, (deciders: number) => number> = { any: () => 1, majority: (deciders) => Math.floor(deciders / 2) + 1, all: (deciders) => deciders };

/** How many have to see it so that it is shared. Pure. */
export const needed = (rule: DecisionRule, deciders: number): number => ENOUGH[rule](deciders);

/** What the views so far come to; undefined: it is still open. What can no longer be reached is decided the other way. Pure. */
export function decided(rule: DecisionRule, deciders: number, views: readonly View[]): View | undefined {
  const enough = needed(rule, deciders);
  const [share, not] = (['share', 'do-not-share'] as const).map((view) => views.filter((each) => each === view).length) as [number, number];
  if (share >= enough) return 'share';
  return not > deciders - enough ? 'do-not-share' : undefined;
}

/** What an escalation of this request leads to, at this stage of it. */
export type Escalation = { to: 'deciders'; codes: readonly string[]; rule: DecisionRule; hours: number } | { to: 'stage'; between: string } | { to: 'nobody' };

/** Where the agreement says nothing of how it is decided: one voice is enough, within a day. */
const UNSAID = { rule: 'any', hours: 24 } as const;

/** To whom an agreement takes a refusal. Pure. */
export function escalationOf(agreement: Agreement, { stage, purpose }: { stage: number | undefined; purpose: string }): Escalation {
  const escalates = term(agreement, 'refusal.escalateTo');
  if (!escalates || (escalates.about !== undefined && escalates.about !== purpose)) return { to: 'nobody' };
  const stages = term(agreement, 'refusal.stages');
  const here = stages?.find((each) => each.stage === (stage ?? 1));
  if (stages && !here) return { to: 'nobody' };
  if (here && here.stage !== escalates.stage) return { to: 'stage', between: here.between };
  return { to: 'deciders', codes: escalates.to, ...(term(agreement, 'refusal.decision') ?? UNSAID) };
}
