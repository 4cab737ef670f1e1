import type { RetentionKind, RetentionStated } from '#protocol/retention';
import { type Agreement, purposeOf, term } from './agreement';
import { type RecordRule, type Unmet, unmetRules, untrusted } from './recording';
import { holds, within } from './vocabulary/entry';
import { DISPOSAL_METHODS, HOLD_REASONS, INDEFINITE_REASONS, JUSTIFICATIONS, START_EVENTS } from './vocabulary/retention';
import { ROLES } from './vocabulary/roles';

/** Months after which a controller is asked whether keeping a copy is still justified (RT-05). Ours: no agreement gives any. */
export const REVIEW_MONTHS = 12;

/** How long something is kept: so many months after an event. */
export interface RetentionRule {
  what: string;
  /** Absent: as the controller's own policy says, which it states. */
  months?: number;
  from?: string;
  /** Whose the period is: the agreement's own, which a controller does not change, or the controller's. */
  fixed: boolean;
  /** Whether the agreement says what starts it. */
  startFixed: boolean;
}

const OWN_POLICY: Omit<RetentionRule, 'what'> = { from: 'received', fixed: false, startFixed: false };

/** Every period that an agreement has (RT-06 to RT-11). Pure. */
export const rulesOf = (agreement: Agreement): RetentionRule[] => (term(agreement, 'retention.periods') ?? []).map(({ what, months, from, atOnce, guidance }) => ({
  what, ...(atOnce ? { months: 0 } : months !== undefined && { months }), from: from ?? 'received', fixed: guidance === undefined, startFixed: from !== undefined,
}));

/** The rule for what was shared for a purpose: the agreement's own for it, else the recipient's own policy (RT-01, RT-02). Nothing is without one. Pure. */
export function ruleFor(agreement: Agreement, purpose: string): RetentionRule {
  const rules = rulesOf(agreement);
  const of = (what: string): RetentionRule | undefined => rules.find((rule) => rule.what === what);
  const nature = purposeOf(agreement, purpose)?.nature;
  const ofNature = nature === 'administration' ? undefined : of('case-data');
  return ofNature ?? of('notification') ?? of('shared-information') ?? { what: 'shared-information', ...OWN_POLICY };
}

/** What a statement of a controller about its copy is held to. */
export interface Retaining {
  agreement: Agreement;
  stated: RetentionStated;
  rule: RetentionRule;
  held: boolean;
  disposed: boolean;
  at: string;
}

const NEEDS: Record<RetentionKind, readonly (keyof RetentionStated)[]> = { ruled: [], started: ['event', 'on'], justified: ['reason'], held: ['reason'], lifted: [], disposed: ['method', 'on'] };
const REASONS = { ruled: INDEFINITE_REASONS, justified: JUSTIFICATIONS, held: HOLD_REASONS } as const;

const missing = ({ stated }: Retaining): string | undefined => NEEDS[stated.kind].find((field) => stated[field] === undefined);

function unknown({ agreement, stated, at }: Retaining): string | undefined {
  if (!holds(ROLES, stated.role, at)) return '/role';
  if (stated.event !== undefined && !holds(START_EVENTS, stated.event, at)) return '/event';
  if (stated.method !== undefined && !holds(DISPOSAL_METHODS, stated.method, at)) return '/method';
  if (stated.what !== undefined && !rulesOf(agreement).some(({ what }) => what === stated.what)) return '/what';
  const reasons = stated.kind in REASONS ? REASONS[stated.kind as keyof typeof REASONS] : {};
  return stated.reason !== undefined && !holds(reasons, stated.reason, at) ? '/reason' : undefined;
}

const admitted = (agreement: Agreement): readonly string[] => (term(agreement, 'retention.disposal') ?? []).filter((method) => method !== 'securely');

export const RETAINING = [
  {
    code: 'RETENTION_CODE_UNKNOWN', clauses: ['MN-06'], grounds: untrusted('what a word means that stands in no list nobody can trust'), pointer: unknown,
    says: 'every code stands in the vocabulary of its place',
    next: 'Use a code of the vocabulary in the place named.',
    met: (facts) => unknown(facts) === undefined,
  },
  {
    code: 'RETENTION_INCOMPLETE', clauses: ['RT-01', 'RT-12'], grounds: untrusted('a step whose day, reason or method is missing cannot be followed by anybody'), pointer: (facts) => `/${missing(facts) ?? ''}`,
    says: 'an event and a disposal have their day, a disposal its method, a hold and a justification their reason',
    next: 'Add the field named.',
    met: (facts) => missing(facts) === undefined,
  },
  {
    code: 'RULE_OF_THE_AGREEMENT', clauses: ['RT-06', 'RT-07', 'RT-08', 'RT-11'], grounds: ['retention.periods', { technical: 'a period that two texts give is not stretched' }], pointer: '/months',
    says: 'the agreement’s own period stands, where it has one; a controller’s own policy fills where it has none',
    next: 'Leave it; say which of the agreement’s kinds it is in `what`, or what started its time.',
    met: ({ stated, rule }) => stated.kind !== 'ruled' || !rule.fixed || (stated.months === undefined && stated.indefinite === undefined),
  },
  {
    code: 'RULE_SAYS_NOTHING', clauses: ['RT-01', 'RT-02'], grounds: ['retention.basis'], pointer: '/months',
    says: 'a rule says how many months it is kept, or that it has no end; not both',
    next: 'State `months`, or `indefinite` with its reason and how often it is looked at.',
    met: ({ stated, rule }) => stated.kind !== 'ruled' || rule.fixed || (stated.months !== undefined) !== (stated.indefinite === true),
  },
  {
    code: 'INDEFINITE_WITHOUT_REVIEW', clauses: ['RT-04'], grounds: ['retention.indefiniteReview', 'retention.basis'], pointer: '/reviewMonths',
    says: 'what is kept without an end has a reason, and is looked at in regular intervals',
    next: 'State `reason` and `reviewMonths`; or give it an end.',
    met: ({ stated }) => stated.indefinite !== true || (stated.reason !== undefined && stated.reviewMonths !== undefined),
  },
  {
    code: 'EVENT_OF_ANOTHER_RULE', clauses: ['RT-06', 'RT-11'], grounds: ['retention.periods', { technical: 'a time that starts with another event would end on another day' }], pointer: '/event',
    says: 'the event is the one that starts the time of its rule',
    next: 'State the event that the rule names: GET the retention shows it.',
    met: ({ stated, rule }) => stated.event === undefined || stated.event === rule.from || (stated.kind === 'ruled' && !rule.startFixed),
  },
  {
    code: 'NOT_YET', clauses: ['RT-01', 'RT-12'], grounds: untrusted('what has not happened is not on record'), pointer: '/on',
    says: 'an event or a disposal is of today or before',
    next: 'State it on the day, or after.',
    met: ({ stated, at }) => stated.on === undefined || within({ from: stated.on }, at),
  },
  {
    code: 'DISPOSAL_HELD', clauses: ['RT-15'], grounds: untrusted('what may be evidence is not destroyed'), pointer: '/kind',
    says: 'nothing is disposed of while it is held',
    next: 'Lift the hold once whoever asked for it says so, and state that.',
    met: ({ stated, held }) => stated.kind !== 'disposed' || !held,
  },
  {
    code: 'METHOD_NOT_OF_THE_AGREEMENT', clauses: ['RT-12'], grounds: ['retention.disposal', { technical: 'a copy that is not destroyed is not gone' }], pointer: '/method',
    says: 'it is destroyed in a way that the agreement names',
    next: 'Destroy it in one of those ways.',
    met: ({ agreement, stated }) => stated.method === undefined || admitted(agreement).length === 0 || admitted(agreement).includes(stated.method),
  },
  {
    code: 'DISPOSED_ALREADY', clauses: ['RT-12'], grounds: untrusted('of a copy that is gone nothing more can be stated'), pointer: '/kind',
    says: 'the copy is still there',
    next: 'Nothing: its certificate stands.',
    met: ({ disposed }) => !disposed,
  },
] as const satisfies readonly RecordRule<Retaining>[];

export const retainingUnmet = (facts: Retaining): Unmet<(typeof RETAINING)[number]['code']>[] => unmetRules(RETAINING, facts);
