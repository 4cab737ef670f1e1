import { isPartLine } from '#protocol/line';
import { term } from '../agreement';
import { contactOf } from '../parties';
import { isOwnWords } from '../vocabulary/categories';
import { DOUBTS, HISTORICAL_REASONS, SOURCE_KINDS, THIRD_PARTY_REASONS } from '../vocabulary/declarations';
import { holds, within } from '../vocabulary/entry';
import { ROLES } from '../vocabulary/roles';
import { monthsBetween } from './age';
import type { Condition, LineFacts, ShareFacts } from './condition';
import { isLowered, ofMeeting, readsAllLabels, readsLabel } from './marking';

/** Organisation and date every manifest has; the person or role is what can be missing or made up. */
function originatorNamed({ agreement, manifest, sender, at }: ShareFacts): boolean {
  if (!term(agreement, 'header.provenance').includes('originator')) return true;
  const { contact, role } = manifest.sender;
  if (contact !== undefined) return contactOf(sender, contact, at) !== undefined;
  return role !== undefined;
}

/** Where a text asks that what is historical be explained and gives no age: two years is where practice begins to look again. */
const HISTORICAL_AFTER_MONTHS = 24;

function isHistorical({ agreement, line, at }: LineFacts): boolean {
  if (!isPartLine(line) || line.asOf === undefined) return false;
  return monthsBetween(line.asOf, at) >= (term(agreement, 'header.historical')?.afterMonths ?? HISTORICAL_AFTER_MONTHS);
}

/** A sender's own words come from nobody else: there is nothing to mark. */
function doubtFault({ line, at }: LineFacts): string | undefined {
  if (!isPartLine(line) || isOwnWords(line.category)) return undefined;
  if (line.confidence === undefined) return 'not-stated';
  return line.confidence === 'doubtful' && !holds(DOUBTS, line.doubt, at) ? 'no-reason-given' : undefined;
}

function sourceFault({ line, at }: LineFacts): string | undefined {
  if (!isPartLine(line) || isOwnWords(line.category)) return undefined;
  if (line.source === undefined) return 'not-stated';
  return line.source === 'third-party' && !holds(SOURCE_KINDS, line.sourceKind, at) ? 'who' : undefined;
}

/** Where a text asks it of meetings, it is asked of what was shared in one. */
const marksEach = (facts: ShareFacts): boolean => term(facts.agreement, 'header.factOpinion') === 'each-item' || ofMeeting(facts);

/** What whoever receives it is shown first. */
export const HEADER = [
  {
    code: 'NO_PROVENANCE', clauses: ['PV-01'], on: 'share', term: 'header.provenance', pointer: '/sender', nicety: true,
    says: 'the header says from whom the information comes: organisation, contact or role, and date',
    next: "Name the sender's contact as the directory has it, or the role of the person who sends.",
    met: originatorNamed,
  },
  {
    code: 'ACCURACY_NOT_CONFIRMED', clauses: ['PV-03'], on: 'share', term: 'header.accuracy', pointer: '/accuracy', nicety: true,
    applies: (agreement) => term(agreement, 'header.accuracy') === 'supplier-confirms',
    says: 'the sender confirms when, and in what role, it was checked that the information is accurate and up to date',
    next: 'Check it, and state `accuracy`.',
    met: ({ manifest: { accuracy }, at }) => accuracy !== undefined && within({ from: accuracy.on }, at) && holds(ROLES, accuracy.by, at),
  },
  {
    code: 'THIRD_PARTIES_NOT_ADDRESSED', clauses: ['MN-11'], on: 'share', term: 'min.thirdParties', pointer: '/thirdParties', nicety: true,
    says: 'the share states whether people can be identified whom it is not about, and why that is needed',
    next: 'State `thirdParties`; with `identifiable` give a reason, or take them out.',
    met: ({ manifest: { thirdParties }, at }) => thirdParties !== undefined && (!thirdParties.identifiable || holds(THIRD_PARTY_REASONS, thirdParties.reason, at)),
  },
  {
    code: 'FACT_OPINION_UNMARKED', clauses: ['PV-02'], on: 'line', term: 'header.factOpinion', pointer: '/kind', nicety: true,
    says: "every part is marked as fact, opinion or a third party's report",
    next: 'Mark the part; split one that mixes them.',
    met: (facts) => !isPartLine(facts.line) || facts.line.kind !== undefined || isOwnWords(facts.line.category) || !marksEach(facts),
  },
  {
    code: 'HISTORICAL_UNEXPLAINED', clauses: ['PV-04'], on: 'line', term: 'header.historical', pointer: '/historical', nicety: true,
    says: 'what is of long ago says so, and why it is told',
    next: 'Give the part `historical`, or leave it out.',
    met: (facts) => !isHistorical(facts) || ('historical' in facts.line && holds(HISTORICAL_REASONS, facts.line.historical, facts.at)),
  },
  {
    code: 'DOUBT_NOT_STATED', clauses: ['PV-05'], on: 'line', term: 'header.doubt', pointer: '/confidence', nicety: true, cause: doubtFault,
    says: 'every part says whether it is confirmed or doubtful, and if doubtful why',
    next: 'Give the part `confidence`, and with `doubtful` its `doubt`.',
    met: (facts) => doubtFault(facts) === undefined,
  },
  {
    code: 'SOURCE_NOT_STATED', clauses: ['PV-06'], on: 'line', term: 'header.source', pointer: '/source', nicety: true, cause: sourceFault,
    says: 'every part says whether it comes from the sender, the person or a third party, and from what kind of third party',
    next: 'Give the part `source`, and with `third-party` its `sourceKind`; respect the limits that came with it.',
    met: (facts) => sourceFault(facts) === undefined,
  },
  {
    code: 'CLASSIFICATION_RAISED', clauses: ['PV-07'], on: 'share', term: 'header.classification', pointer: '/classification', warns: true,
    says: 'the marking is not below the one that the agreement gives it, nor below that under which it was received',
    next: 'Mark it OFFICIAL-SENSITIVE; it goes under that marking anyway.',
    met: (facts) => !isLowered(facts),
  },
  {
    code: 'LABEL_NOT_READ', clauses: ['PV-07'], on: 'share', term: 'header.classification', pointer: '/classification', nicety: true, applies: (agreement) => !readsAllLabels(agreement),
    says: 'the marking is one of today, or one of the scheme before 2014 that the agreement still reads',
    next: 'Mark it OFFICIAL-SENSITIVE.',
    met: readsLabel,
  },
] as const satisfies readonly Condition[];
