import { term } from '../agreement';
import { CATEGORIES } from '../vocabulary/categories';
import { AT_RISK_GROUNDS } from '../vocabulary/declarations';
import { NO_CONSENT_REASONS } from '../vocabulary/consent';
import { entryOf, holds } from '../vocabulary/entry';
import { ARTICLE_9, VITAL_INTERESTS } from '../vocabulary/lawful-bases';
import { type LawEnforcementCondition, PART_3, SCHEDULE_1, SCHEDULE_8 } from '../vocabulary/schedules';
import type { Condition, LineFacts, ShareFacts } from './condition';
import { admits } from './lists';

const OFFICIAL_AUTHORITY: readonly string[] = ['police', 'probation', 'prison', 'youth-justice', 'court-advisory', 'minister'];

const flagged = (category: string, flag: 'special' | 'offence'): boolean => entryOf(CATEGORIES, category)?.flag === flag;
const sharesSpecial = ({ shared }: ShareFacts): boolean => shared.some(({ category }) => flagged(category, 'special'));
const sharesOffences = ({ shared }: ShareFacts): boolean => shared.some(({ category }) => flagged(category, 'offence'));
const declares = ({ manifest }: ShareFacts, code: string): boolean => manifest.conditions?.includes(code) ?? false;
const scheduled = ({ manifest, at }: ShareFacts): string[] => (manifest.conditions ?? []).filter((code) => holds(SCHEDULE_1, code, at));

function specialFault(facts: ShareFacts): string | undefined {
  const { agreement, manifest, at } = facts;
  const declared = (manifest.conditions ?? []).filter((code) => holds(ARTICLE_9, code, at));
  const admitted = term(agreement, 'law.art9');
  if (declared.length === 0) return 'missing';
  if (manifest.urgency === 'emergency' && declared.includes(VITAL_INTERESTS.art9)) return undefined;
  if (!admitted || declared.some((code) => admits(admitted, code, facts))) return undefined;
  return admitted.list === 'closed' ? 'not-in-agreement' : 'no-reason-given';
}

/** Which conditions of the Schedule each condition of the Article takes (DPA 2018, s.10(2) and (3)). */
const TAKES: Record<string, (code: string) => boolean> = {
  '9(2)(g)': (code) => entryOf(SCHEDULE_1, code)?.part === 2,
  '9(2)(h)': (code) => code === 'sch1-2',
  '9(2)(i)': (code) => code === 'sch1-3',
};

/** A condition of the Article that needs none from the Schedule carries the share by itself. */
function scheduleFault(facts: ShareFacts): string | undefined {
  const { agreement, manifest, at } = facts;
  const declared = (manifest.conditions ?? []).filter((code) => holds(ARTICLE_9, code, at));
  // Until a condition of the Article stands, there is nothing for one of the Schedule to go with.
  if (specialFault(facts) !== undefined || declared.some((code) => !needsSchedule(code))) return undefined;
  const fitting = scheduled(facts).filter((code) => declared.some((article) => TAKES[article]?.(code)));
  if (fitting.length === 0) return 'missing';
  // A list that names nothing for this condition of the Article does not speak of it.
  const admitted = term(agreement, 'law.sch1');
  if (!admitted?.codes.some((code) => declared.some((article) => TAKES[article]?.(code)))) return undefined;
  return fitting.some((code) => admits(admitted, code, facts)) ? undefined : admitted.list === 'closed' ? 'not-in-agreement' : 'no-reason-given';
}

const needsSchedule = (code: string): boolean => {
  const entry = entryOf(ARTICLE_9, code);
  return entry !== undefined && 'needsSchedule1' in entry;
};

const adult = ({ band }: { band?: string }): boolean => band === 'adult' || band === 'adult-lacking-capacity';

/** Schedule 1, paragraphs 18 and 19: whom they protect, and why it goes without consent. */
function safeguardingFault(facts: ShareFacts): string | undefined {
  const { manifest, about, at } = facts;
  if (!sharesSpecial(facts) || specialFault(facts) !== undefined || (!declares(facts, 'sch1-18') && !declares(facts, 'sch1-19'))) return undefined;
  if (!about.some(({ band }) => band !== undefined)) return 'age-band';
  // An agreement that seeks consent first asks for the reason itself.
  const asked = term(facts.agreement, 'law.consentStance') === 'seek-first' || manifest.consent?.status === 'obtained';
  if (!asked && !holds(NO_CONSENT_REASONS, manifest.consent?.reason, at)) return 'no-consent-reason';
  return about.some((subject) => adult(subject) && !holds(AT_RISK_GROUNDS, subject.atRisk, at)) ? 'at-risk-ground' : undefined;
}

function misuse(facts: ShareFacts): string | undefined {
  const { manifest, about, shared } = facts;
  const asked = ['obtained', 'refused', 'withdrawn'].includes(manifest.consent?.status ?? '');
  if (declares(facts, 'sch1-10') && asked) return 'consent-sought';
  if (!declares(facts, 'sch1-19')) return undefined;
  if (about.some((subject) => subject.band !== undefined && !adult(subject))) return 'under-18';
  return shared.some(({ category }) => flagged(category, 'special') && category !== 'health') ? 'not-health' : undefined;
}

function offenceFault(facts: ShareFacts): string | undefined {
  const declared = scheduled(facts);
  if (facts.sender?.types.some((type) => OFFICIAL_AUTHORITY.includes(type))) return undefined;
  if (declared.length === 0) return 'missing';
  const admitted = term(facts.agreement, 'law.offenceData');
  return !admitted || declared.some((code) => admits(admitted, code, facts)) ? undefined : admitted.list === 'closed' ? 'not-in-agreement' : 'no-reason-given';
}

const registerOfOffences = ({ line, party }: LineFacts): boolean =>
  'category' in line && line.severalPeople === true && flagged(line.category, 'offence') && !party?.types.some((type) => OFFICIAL_AUTHORITY.includes(type));

/** For law enforcement, by an authority to which that condition is open. */
function lawEnforcementFault({ manifest, purpose, sender }: ShareFacts): string | undefined {
  const declared = (manifest.conditions ?? []).flatMap((code): LawEnforcementCondition | [] => entryOf(SCHEDULE_8, code) ?? entryOf(PART_3, code) ?? []);
  if (declared.length === 0) return undefined;
  if (purpose?.nature !== 'law-enforcement') return 'not-law-enforcement';
  return declared.every(({ open }) => sender?.types.some((type) => open.includes(type))) ? undefined : 'not-open-to-sender';
}

/** Special categories and offences: what Article 9, Article 10 and the Schedules of the Data Protection Act 2018 ask. */
export const SCHEDULES = [
  {
    code: 'NO_SPECIAL_CATEGORY_CONDITION', clauses: ['LB-02'], on: 'share', grounds: ['law.art9', { statute: 'uk-gdpr-9' }], pointer: '/conditions', nicety: true, cause: specialFault,
    says: 'special category information goes only with a condition of Article 9 that the agreement admits or whose choice is explained',
    next: 'Add the condition, or leave the special categories out.',
    met: (facts) => !sharesSpecial(facts) || specialFault(facts) === undefined,
  },
  {
    code: 'NO_SCHEDULE1_CONDITION', clauses: ['LB-03'], on: 'share', grounds: ['law.sch1', { statute: 'dpa-2018-sch1' }], pointer: '/conditions', nicety: true, cause: scheduleFault,
    says: 'a condition of Article 9 that rests on domestic law goes with the condition of Schedule 1 that it needs, one that the agreement admits or whose choice is explained',
    next: 'Add the condition of Schedule 1, such as `sch1-18` to `9(2)(g)` or `sch1-2` to `9(2)(h)`.',
    met: (facts) => !sharesSpecial(facts) || scheduleFault(facts) === undefined,
  },
  {
    code: 'CONDITION_INCOMPLETE', clauses: ['LB-04'], on: 'share', grounds: ['law.noConsentReasons', { statute: 'dpa-2018-sch1' }], pointer: '/conditions', nicety: true, cause: safeguardingFault,
    says: 'the safeguarding conditions are relied on with the age of the person, a reason for going without consent, and of an adult the ground on which he or she is at risk',
    next: 'Give the subject line its age band, of an adult `atRisk`, and consent its reason.',
    met: (facts) => safeguardingFault(facts) === undefined,
  },
  {
    code: 'CONDITION_MISUSED', clauses: ['LB-05'], on: 'share', grounds: [{ statute: 'dpa-2018-sch1' }], pointer: '/conditions', nicety: true, cause: misuse,
    says: 'a condition of Schedule 1 is relied on only where it applies: unlawful acts where nobody was asked, economic well-being for health information of adults',
    next: 'Choose the condition that fits; `sch1-18` safeguards children and individuals at risk.',
    met: (facts) => misuse(facts) === undefined,
  },
  {
    code: 'NO_OFFENCE_CONDITION', clauses: ['LB-06'], on: 'share', grounds: ['law.offenceData', { statute: 'uk-gdpr-10' }], pointer: '/conditions', nicety: true, cause: offenceFault,
    says: 'information on offences goes under official authority, or with a condition of Schedule 1 that the agreement admits or whose choice is explained',
    next: 'Add the condition, or leave the information on offences out.',
    met: (facts) => !sharesOffences(facts) || offenceFault(facts) === undefined,
  },
  {
    code: 'OFFENCE_REGISTER_PROHIBITED', clauses: ['LB-06'], on: 'line', grounds: ['law.offenceData', { statute: 'uk-gdpr-10' }], pointer: '/severalPeople',
    says: 'information on offences of several people goes to official authority only',
    next: 'Share what concerns the one person, or leave this recipient out.',
    met: (facts) => !registerOfOffences(facts),
  },
  {
    code: 'SCHEDULE8_NOT_AVAILABLE', clauses: ['LB-17'], on: 'share', grounds: ['law.lawEnforcement', { statute: 'dpa-2018-part-3' }], pointer: '/conditions', nicety: true, cause: lawEnforcementFault,
    says: 'what Part 3 and Schedule 8 allow is relied on for law enforcement only, by police, probation and prisons only',
    next: 'Rely on Schedule 1; the safeguarding condition is `sch1-18`.',
    met: (facts) => lawEnforcementFault(facts) === undefined,
  },
] as const satisfies readonly Condition[];
