import type { Agreement } from './agreement';
import { term } from './agreement';
import type { Standing } from './decision';
import type { Ground } from './conditions/condition';
import { standingOf } from './grounds';
import type { ParameterName } from './parameters';
import type { Post } from './vocabulary/roles';

// Who is told of a breach, of what, in which order, who acts, and by when: what an agreement says, and where it is silent the law or a default of
// ours, marked so (S-4: it decides who acts first, never who is released from the duty). Pure.

/** Whom an answer means; the room of breaches finds out which agencies these are. */
export const GROUPS = {
  owners: 'whoever provided the information: it belongs to them',
  occurred: 'the agency where it happened',
  involved: 'everybody who had a part in the information: whoever provided it, lost it, received it',
  partnership: 'the partnership’s own desk, and its data protection officer',
  partners: 'every active partner',
} as const;
export type Group = keyof typeof GROUPS;

export interface Said<T> {
  value: T;
  standing: Standing;
}

export interface BreachRules {
  first: Said<readonly Group[]>;
  firstWithin: Said<'immediately' | 'without-undue-delay'>;
  second: Said<readonly Group[]>;
  /** Posts in the order in which they are tried, 30 minutes each. */
  contacts: Said<readonly Post[]>;
  lead: Said<readonly Group[]>;
  /** `jointly`: every involved party has given its view first; `owners`: theirs decides; `lead`. */
  grading: Said<'jointly' | 'owners' | 'lead'>;
  threshold: Said<'significant-risk' | 'serious-implications' | 'statute'>;
  notifiers: Said<readonly Group[]>;
  hours: Said<number>;
  recordedBy: Said<readonly Group[]>;
  circulated: Said<boolean>;
  indemnity: Said<'mutual' | 'mutual-receiver-liable' | 'own-cover' | 'none' | 'not-said'>;
  maySuspend: Said<boolean>;
}

const FIRST = {
  owner: ['owners'], 'providing-controller': ['owners'], coordinator: ['partnership', 'occurred'], 'other-partners': ['partners'],
} as const satisfies Record<string, readonly Group[]>;

const SECOND = { involved: ['involved'], all: ['partners'], 'all-if-suspended': ['involved'] } as const satisfies Record<string, readonly Group[]>;

const LEADS = {
  owner: ['owners'], 'all-involved': ['involved'], 'coordinator-or-organisation': ['partnership', 'occurred'], 'each-controller': ['involved'],
} as const satisfies Record<string, readonly Group[]>;

const NOTIFIERS = { 'owning-controller': ['owners'], 'where-it-occurred': ['occurred'], 'each-controller': ['involved'] } as const satisfies Record<string, readonly Group[]>;

const GRADING = { jointly: 'jointly', 'providing-controller': 'owners' } as const;

/** Where nobody answers, the next (BR-04). What an agreement names for breaches goes before, and whoever else it has answer for a party after. */
const contactsOf = (agreement: Agreement, named: readonly Post[]): readonly Post[] => [...new Set<Post>([...named, 'breach-post', 'spoc', 'responsible-manager', ...(term(agreement, 'party.oversightRole') ?? []), 'coordinator'])];

/** Hours from awareness, elapsed, weekends and holidays counted, never made longer. */
export const STATUTORY_HOURS = 72;

const silent = (says: string): Standing => ({ on: 'default', says });
const byLaw = { on: 'statute', says: 'UK GDPR, Article 33; Data Protection Act 2018, s.67 for law enforcement' } as const satisfies Standing;

/** What an agreement says of breaches, and on what each stands. */
export function breachRules(agreement: Agreement): BreachRules {
  const on = (parameter: ParameterName): Standing => standingOf({ code: parameter, grounds: [parameter] as readonly Ground[] }, agreement);
  const said = <N extends ParameterName, T>(parameter: N, as: (value: NonNullable<ReturnType<typeof term<N>>>) => T, or: Said<T>): Said<T> => {
    const value = term(agreement, parameter);
    return value === undefined ? or : { value: as(value as NonNullable<ReturnType<typeof term<N>>>), standing: on(parameter) };
  };
  return {
    first: said('breach.firstNotify', (value): readonly Group[] => FIRST[value], { value: ['owners'], standing: silent('whoever provided the information cannot protect anybody before it knows') }),
    firstWithin: said('breach.firstNotifyDeadline', (value) => value, { value: 'immediately', standing: silent('nothing is gained by waiting') }),
    second: said('breach.notifyOthers', ({ whom }): readonly Group[] => SECOND[whom], { value: ['involved'], standing: silent('each controller involved has a clock of its own, which begins when it knows') }),
    contacts: said('breach.contactTable', (value): readonly Post[] => contactsOf(agreement, value), { value: contactsOf(agreement, []), standing: silent('the text names no post') }),
    lead: said('breach.investigationLead', (value): readonly Group[] => LEADS[value], { value: ['occurred'], standing: silent('whoever had it at hand knows most') }),
    grading: said('breach.severityGrading', (value) => GRADING[value], { value: 'lead', standing: silent('the text does not say who grades') }),
    threshold: said('breach.icoThreshold', (value) => value, { value: 'statute', standing: byLaw }),
    notifiers: said('breach.icoNotifier', (value): readonly Group[] => NOTIFIERS[value], { value: ['involved'], standing: byLaw }),
    hours: hoursOf(agreement, on),
    recordedBy: said('breach.recordBy', (): readonly Group[] => ['involved'], { value: ['involved'], standing: { on: 'statute', says: 'UK GDPR, Article 33(5)' } }),
    circulated: said('breach.outcomeCirculation', () => true, { value: false, standing: silent('the text does not ask that anybody take note') }),
    indemnity: said('agreement.indemnity', (value) => value, { value: 'not-said', standing: silent('the text does not speak of it') }),
    maySuspend: said('suspension.right', () => true, { value: false, standing: silent('the text gives nobody the right to suspend it') }),
  };
}

/** Never longer than the law has it; what is filled in for a silence is the law's own. */
function hoursOf(agreement: Agreement, on: (parameter: ParameterName) => Standing): Said<number> {
  const hours = term(agreement, 'breach.icoDeadlineHours') ?? STATUTORY_HOURS;
  const standing = agreement.terms['breach.icoDeadlineHours'] && on('breach.icoDeadlineHours');
  return hours > STATUTORY_HOURS || standing?.on !== 'clause' ? { value: Math.min(hours, STATUTORY_HOURS), standing: byLaw } : { value: hours, standing };
}

/** In which order the posts of an agency are tried: outside working hours whoever is on call comes first. */
export const contactOrder = (rules: BreachRules, { working }: { working: boolean }): readonly Post[] => (working ? rules.contacts.value : [...new Set<Post>(['emergency-duty', ...rules.contacts.value])]);

export type Grade = 'low' | 'medium' | 'high' | 'very-high';

/** Our grid, five by five: how bad it would be, times how likely. Replaced in one place. */
export function gradeOf({ severity, likelihood }: { severity: number; likelihood: number }): Grade {
  const product = severity * likelihood;
  if (severity === 5 || product >= 15) return product >= 20 ? 'very-high' : 'high';
  return product >= 6 ? 'medium' : 'low';
}
