import { LIMITS } from '#protocol/limits';
import { type Address, addressed, isPartLine, type PartLine } from '#protocol/line';
import { type Agreement, term } from '../agreement';
import type { Party } from '../parties';
import { HARM_TOLD_OTHERWISE, IDENTIFYING } from '../vocabulary/declarations';
import { holds, within } from '../vocabulary/entry';
import { DECISION_METHODS, DECISION_REASONS } from '../vocabulary/reasons';
import { ROLES } from '../vocabulary/roles';
import { ADVISING } from './advising';
import type { Condition, ShareFacts } from './condition';

/** A day is written as people count it, an instant as UTC does: in summer a day here begins an hour before its midnight. */
const SUMMER_TIME_MS = 3_600_000;

function decisionFault({ agreement, decisions, shared, at }: ShareFacts): string | undefined {
  const content = term(agreement, 'record.content') ?? [];
  if (decisions.length === 0) return 'missing';
  // As they are written: of a day and its instants the day is the earlier.
  let newest = '';
  for (const { asOf } of shared) if (asOf !== undefined && asOf > newest) newest = asOf;
  for (const decision of decisions) {
    if (!holds(ROLES, decision.role, at)) return 'role';
    // Nothing is decided beforehand for all cases (DS-05), nor afterwards.
    if (Date.parse(decision.at) - Date.parse(at) > LIMITS.createdAhead.value * 1_000) return 'later-than-sending';
    // A standing rule decides on what nobody has seen yet: a decision for the case is not older than what it is about.
    if (newest !== '' && Date.parse(newest) - Date.parse(decision.at) > SUMMER_TIME_MS) return 'earlier-than-what-is-shared';
    if (!decision.reasons.every((reason) => holds(DECISION_REASONS, reason, at))) return 'reasons';
    if (content.includes('how') && !holds(DECISION_METHODS, decision.method, at)) return 'method';
  }
  return undefined;
}

/** The first thing that the agreement asks whoever decides to think of, and that was not. */
const forgotten = ({ agreement, decisions }: ShareFacts): string | undefined =>
  term(agreement, 'decision.checklist')?.find((item) => !decisions.some(({ checklist }) => checklist?.includes(item)));

const necessity = ({ decisions }: ShareFacts): string | undefined =>
  !decisions.some(({ necessary }) => necessary === true) ? 'necessary' : !decisions.some(({ risk }) => risk !== undefined) ? 'risk' : undefined;

/** By desk, by entry of the party list, or by type, as the agreement names whom harm is told. */
function toldOfHarm({ agreement, parties, lines, at }: ShareFacts): boolean {
  const wanted = term(agreement, 'decision.harmRecipients') ?? [];
  const is = (party: Party | undefined, contact: string): boolean =>
    (party?.types.some((type) => wanted.includes(type)) ?? false) ||
    (party?.memberships.some(({ entry, agreement: id }) => id === agreement.id && wanted.includes(entry)) ?? false) ||
    (party?.contacts.some((each) => each.contact === contact && within(each, at) && each.desk !== undefined && wanted.includes(each.desk)) ?? false);
  return lines.some((line) => isPartLine(line) && is(parties.party(line.recipient.agency), line.recipient.contact));
}

/** How many get something. Lines to one recipient mostly stand together. */
function addressees(shared: readonly PartLine[]): number {
  const known = new Set<string>();
  let before: Address | undefined;
  for (const { recipient } of shared) {
    if (before?.agency !== recipient.agency || before.contact !== recipient.contact) known.add(addressed(recipient));
    before = recipient;
  }
  return known.size;
}

const threshold = (agreement: Agreement) => term(agreement, 'min.secondDecider')?.overRecipients ?? Number.POSITIVE_INFINITY;

/** What is on record before anything is sent. What and with whom are the lines themselves; when and by whom every decision line holds. */
export const DECISION_RECORD = [
  {
    code: 'NO_DECISION', clauses: ['DS-01', 'DS-05'], on: 'share', grounds: [{ parameter: 'record.content', asks: ['why'] }, { statute: 'uk-gdpr-5-2' }], pointer: '/lines', nicety: true, cause: decisionFault,
    says: 'the decision to share is recorded for this case: who decided, in what role, when, why, and how where the agreement asks',
    next: 'Add a decision line, addressed to your own agency, with codes of the vocabulary.',
    met: (facts) => decisionFault(facts) === undefined,
  },
  {
    code: 'CHECKLIST_INCOMPLETE', clauses: ['DS-09'], on: 'share', term: 'decision.checklist', pointer: '/lines', nicety: true, cause: forgotten,
    says: 'whoever decided thought of everything that the agreement lists',
    next: 'Go through the list, and give the decision line its `checklist`.',
    met: (facts) => facts.decisions.length === 0 || forgotten(facts) === undefined,
  },
  {
    code: 'SAFETY_NOT_CONSIDERED', clauses: ['DS-07'], on: 'share', grounds: [{ parameter: 'record.content', asks: ['why'] }, { statute: 'uk-gdpr-5' }], pointer: '/lines', nicety: true,
    says: 'a share without consent says that the safety and well-being of the person and of others were considered',
    next: 'Consider them, and give the decision line `safetyConsidered`.',
    met: ({ manifest, decisions }) => manifest.consent?.status === 'obtained' || decisions.length === 0 || decisions.some(({ safetyConsidered }) => safetyConsidered === true),
  },
  {
    code: 'NECESSITY_NOT_STATED', clauses: ['DS-10', 'LB-16'], on: 'share', grounds: ['min.recipientRule', { statute: 'uk-gdpr-5' }], pointer: '/lines', nicety: true, cause: necessity,
    says: 'the decision says that sharing is necessary and in proportion to the need and the risk, and how high the risk is',
    next: 'Give the decision line `necessary` and `risk`.',
    met: (facts) => facts.decisions.length === 0 || necessity(facts) === undefined,
  },
  {
    code: 'HARM_NOT_TOLD', clauses: ['DS-11'], on: 'share', term: 'decision.harmRecipients', pointer: '/lines', warns: true,
    says: 'a concern about significant harm goes to those whom the agreement names for it, or the decision says how they hear of it',
    next: 'Add them as recipients, or give the decision line `harmToldOtherwise`; never assume that another will tell them.',
    met: (facts) => !facts.decisions.some(({ significantHarm, harmToldOtherwise }) => significantHarm && !holds(HARM_TOLD_OTHERWISE, harmToldOtherwise, facts.at)) || toldOfHarm(facts),
  },
  {
    code: 'CONSULTATION_NOT_NAMED', clauses: ['DS-15', 'DS-08'], on: 'share', term: 'decision.adviceRoute', pointer: '/lines', warns: true,
    says: 'a decision that was talked over says with whom, and when',
    next: 'Give the decision line `consulted`, with role and day.',
    met: ({ decisions }) => decisions.every(({ method, consulted }) => !method?.endsWith('-consulted') || consulted !== undefined),
  },
  ...ADVISING,
  {
    code: 'SECOND_DECIDER_MISSING', clauses: ['MN-02'], on: 'share', term: 'min.secondDecider', pointer: '/lines', nicety: true,
    says: 'a share with more recipients than the agreement leaves to one person was decided by a second one too',
    next: 'Let a second person decide, and give the decision line `secondDecider`.',
    met: ({ agreement, shared, decisions }) =>
      addressees(shared) <= threshold(agreement) ||
      decisions.some(({ decider, secondDecider }) => secondDecider !== undefined && secondDecider !== decider),
  },
  {
    code: 'IMPACT_NOT_ASSESSED', clauses: ['LB-15', 'PD-14'], on: 'share', term: 'dpia.rule', pointer: '/lines', nicety: true,
    applies: (agreement) => term(agreement, 'dpia.rule') === 'must-high-risk',
    says: 'high-risk processing has a data protection impact assessment',
    next: 'Carry the assessment out, and give the decision line `impactAssessment: done`.',
    met: ({ decisions }) => !decisions.some(({ highRisk, impactAssessment }) => highRisk && impactAssessment !== 'done'),
  },
  {
    code: 'IMPACT_NOT_CONSIDERED', clauses: ['LB-15', 'PD-14'], on: 'share', term: 'dpia.rule', pointer: '/lines', warns: true,
    applies: (agreement) => term(agreement, 'dpia.rule') === 'consider-complex',
    says: 'for a complex or novel matter a data protection impact assessment has been thought of',
    next: 'Give the decision line `impactAssessment`.',
    met: ({ decisions }) => !decisions.some(({ highRisk, impactAssessment }) => highRisk && impactAssessment === undefined),
  },
  {
    code: 'IDENTITY_NOT_QUESTIONED', clauses: ['MN-13'], on: 'share', term: 'min.identityReduction', pointer: '/lines', warns: true,
    applies: (agreement) => term(agreement, 'min.identityReduction')?.includes('anonymised-reports') ?? false,
    says: 'for a review or audit somebody asked whether it could be done without identity',
    next: 'Ask it, and give the decision line `identityNeeded`.',
    met: ({ purpose, shared, decisions }) =>
      decisions.length === 0 || (purpose?.nature !== 'review' && purpose?.nature !== 'audit') || !shared.some(({ category }) => IDENTIFYING.includes(category)) || decisions.some(({ identityNeeded }) => identityNeeded === true),
  },
] as const satisfies readonly Condition[];
