import type { Staff } from '#directory/staff';
import type { DecisionRule, View } from '#policy/escalating';
import { entryOf } from '#policy/vocabulary/entry';
import { ESCALATION_REASONS, SENT_BACK_REASONS } from '#policy/vocabulary/requests';
import { ROLES } from '#policy/vocabulary/roles';
import type { RequestStatementKind } from '#protocol/request-statement';
import type { Concern, Escalated, Refusal } from '#requests/refusals';
import type { Status } from './statuses';
import { plain, timeLeft } from './words';

// What a page says of a refusal and of what follows it: words for codes.

/** What is due of whoever looks. */
export const CONCERN: Record<Concern, Status> = {
  'decide-escalation': { word: 'To decide', colour: 'red' },
  'review-refusal': { word: 'To look at', colour: 'orange' },
  'settle-dispute': { word: 'Disputed', colour: 'purple' },
  'discuss-refusal': { word: 'To talk over', colour: 'yellow' },
  'chase-request': { word: 'Unanswered', colour: 'orange' },
};

/** What one can say of it, as the page offers it. */
export const FOUND: Record<RequestStatementKind, string> = {
  scrutinised: 'whether it may be asked like this', triaged: 'how pressing it is', discussed: 'that the reasons were talked over with whoever asked', reviewed: 'whether the refusal was right', escalated: 'that it goes to those who decide',
  viewed: 'whether it is to be shared, also for somebody who told you by telephone', disputed: 'that the two of you disagree', settled: 'that the disagreement has ended',
};

const OUTCOMES: Readonly<Record<string, string>> = {
  accepted: 'it may be asked like this', 'sent-back': 'sent back', upheld: 'the refusal was right', 'not-upheld': 'the refusal was not right', commented: 'looked at, with a comment', share: 'it is to be shared', 'do-not-share': 'it is not to be shared', agreed: 'with a solution', 'not-agreed': 'without a solution',
};

const STATED: Record<RequestStatementKind, string> = {
  scrutinised: 'looked whether it may be asked like this', triaged: 'said how pressing it is', discussed: 'talked the reasons over with whoever asked', reviewed: 'looked at the refusal', escalated: 'took it to those who decide', viewed: 'said whether it is to be shared', disputed: 'disagrees', settled: 'says that the disagreement has ended',
};

const roleSays = (role: string): string => entryOf(ROLES, role)?.says ?? plain(role);
const reasonSays = (reason: string): string => entryOf(ESCALATION_REASONS, reason)?.says ?? entryOf(SENT_BACK_REASONS, reason)?.says ?? plain(reason);

/** One statement in a line, with the key that signed it. */
export const statementShown = ({ kind, by, role, outcome, reason, stage, necessaryForSafety, telephone, at, signer }: Refusal['statements'][number]) => ({
  at, key: signer, says: `${by.agency}, ${roleSays(role)}, ${STATED[kind]}`,
  detail: [
    ...(outcome ? [OUTCOMES[outcome] ?? plain(outcome)] : []), ...(reason ? [reasonSays(reason)] : []), ...(stage ? [`stage ${stage}`] : []), ...(necessaryForSafety ? ['necessary for somebody’s safety'] : []),
    ...(telephone ? [`the view of ${telephone.of.agency}, told by telephone and read back`] : []),
  ].join('; '),
});

const RULES: Record<DecisionRule, (needed: number, of: number) => string> = {
  any: () => 'One of those who decide is enough for it to be shared.',
  majority: (needed, of) => `It is shared when ${needed} of ${of} say so.`,
  all: (_needed, of) => `It is shared when all ${of} say so.`,
};
const VIEWS: Record<View, Status> = { share: { word: 'Share', colour: 'green' }, 'do-not-share': { word: 'Do not share', colour: 'grey' } };
const OPEN: Status = { word: 'Not said yet', colour: 'blue' };

/** How an escalation stands: by which rule, who said what, whose interest it is, and whom one can ring now. */
export function decisionShown({ at, reason, necessaryForSafety, stage, between, decision }: Escalated, { now, own, colleagues }: { now: Date; own: string; colleagues: readonly Staff[] }) {
  const shares = decision?.views.filter(({ view }) => view?.outcome === 'share').length ?? 0;
  return {
    at, why: reasonSays(reason), necessaryForSafety, stage: stage ?? false, between: between ? roleSays(between) : false, with: decision !== undefined,
    rule: decision ? RULES[decision.rule](decision.needed, decision.views.length) : '', ruleName: decision?.rule ?? '', shares,
    outcome: decision?.outcome ? VIEWS[decision.outcome] : false, left: decision && !decision.outcome ? timeLeft(decision.dueAt, now, decision.dueAt.getTime() - at.getTime()) : false, dueAt: decision?.dueAt ?? at,
    views: (decision?.views ?? []).map(({ agency, name, interested, view, delegates }) => ({
      name, interested, status: view ? VIEWS[view.outcome] : OPEN, at: view?.at ?? false, enteredBy: view?.enteredBy ?? false, delegates: delegates.map((each) => ({ ...each, telephone: each.telephone ?? false })), own: agency === own ? colleagues.map((each) => each.name) : [],
    })),
  };
}
