import type { BreachFacts, BreachReported, BreachStated } from '#protocol/breach';
import type { BreachTold } from '#protocol/breach-answers';
import * as words from '#policy/vocabulary/breach';
import type { Table } from '#policy/vocabulary/entry';

/** What of a report only the reader knows: it is put in where the document is made, and nowhere else. */
export interface Narrative {
  /** What happened, and how, in words: as it was sealed. */
  account?: string;
  /** As the regulator knows the controller, and whom it may ring. */
  controller?: string;
  registration?: string;
  contact?: string;
}

const NOT_SAID = 'not yet known';
const decoded = <T>(base64: string): T => JSON.parse(Buffer.from(base64, 'base64').toString()) as T;

/** What the regulator's form holds, field by field. */
export interface RegulatorDocument {
  marking: string;
  title: string;
  bearInMind: string;
  rows: [field: string, value: string][];
  restsOn: string;
}

/** The document as plain text with light marks, for a file. */
export function regulatorReport(told: BreachTold, agency: string, narrative: Narrative = {}): string {
  const { marking, title, bearInMind, rows, restsOn } = regulatorDocument(told, agency, narrative);
  return [marking, '', `# ${title}`, '', bearInMind, '', ...rows.map(([field, value]) => `**${field}**: ${value}  `), '', restsOn, ''].join('\n');
}

/**
 * The report to the regulator, in the order of its form, from what a case has on record and from words that are put in here. It names no person. Of other
 * controllers it says that they were told, and nothing of what they stated. Pure; composed by whoever reads it, for no server ever has the words.
 */
export function regulatorDocument(told: BreachTold, agency: string, narrative: Narrative = {}): RegulatorDocument {
  const own = told.statements.filter((each) => each.agency === agency);
  const report = told.statements.find(({ kind }) => kind === 'report');
  const reported = report && decoded<BreachReported>(report.statement);
  const statements = own.filter(({ kind }) => kind !== 'report').map(({ statement }) => decoded<BreachStated>(statement));
  const last = (kind: string): BreachStated | undefined => statements.filter((each) => each.kind === kind).at(-1);
  const facts: BreachFacts = Object.assign({}, reported?.facts, ...told.phases.map((phase) => phase.facts), ...statements.filter(({ kind }) => kind === 'phase' || kind === 'finding').map((each) => each.facts));
  const foundBy = statements.flatMap(({ scope }) => scope?.foundBy ?? []).at(-1) ?? reported?.foundBy ?? 'gateway';
  const party = told.parties.find((each) => each.agency === agency);
  const before = last('reported');
  const subjects = last('subjects');
  const threshold = last('threshold');
  const says = (table: Table, codes: string | readonly string[] | undefined): string => [codes ?? []].flat().map((code) => table[code]?.says ?? code).join('; ') || NOT_SAID;
  const late = party?.dueAt !== undefined && (before?.reportedAt ?? '') > party.dueAt;
  const rows: [string, string][] = [
    ['Type of report', before ? `follow-up${before.reference ? `, case reference ${before.reference}` : ''}` : 'initial'],
    ['Reason for report', threshold ? `${threshold.outcome === 'notify' ? 'meets the threshold' : 'for information'}: ${says(words.RISKS, threshold.risk)}; ${says(words.BREACH_REASONS, threshold.reasons)}` : 'not yet decided'],
    ['What happened', `${says(words.BREACH_TYPES, told.type)}${told.nearMiss ? ' (a near miss)' : ''}`],
    ['In words', narrative.account ?? 'the sealed account, which is put in here by whoever can open it'],
    ['How it happened', says(words.BREACH_CAUSES, facts.causes)],
    ['How it was found', says(words.FOUND_BY, foundBy)],
    ['Measures in place before', says(words.BREACH_ACTIONS, facts.before)],
    ['Cyber incident', facts.cyber ?? NOT_SAID],
    ['When it was found', told.foundAt],
    ['When it happened', told.happenedAt ?? NOT_SAID],
    ['When the controller knew', party?.awareAt ?? NOT_SAID],
    ['Due', party?.dueAt ? `${party.dueAt} (72 elapsed hours; never extended)` : NOT_SAID],
    ['Categories of personal data', says(words.BREACHED_DATA, facts.data)],
    ['Records, at most', facts.records === undefined ? NOT_SAID : String(facts.records)],
    ['People who could be affected, at most', facts.people === undefined ? NOT_SAID : String(facts.people)],
    ['Whom it concerns', says(words.BREACHED_SUBJECTS, facts.subjects)],
    ['Consequences', says(words.CONSEQUENCES, facts.consequences)],
    ['Likelihood of significant consequences', says(words.LIKELIHOODS, facts.likelihood)],
    ['High risk to people', facts.highRisk ?? NOT_SAID],
    ...(facts.cyber === 'yes' ? ([
      ['Affected', facts.affected?.join(', ') ?? NOT_SAID], ['Impact on the organisation', says(words.IMPACTS, facts.impact)], ['Recovery', says(words.RECOVERIES, facts.recovery)],
    ] as [string, string][]) : []),
    ['Staff trained in the last two years', facts.trained ?? NOT_SAID],
    ['Reasons for delay', late ? says(words.DELAY_REASONS, before?.delay) : 'none: within 72 hours'],
    ['Actions taken', says(words.BREACH_ACTIONS, facts.taken)],
    ['Actions proposed', `${says(words.BREACH_ACTIONS, facts.proposed)}${facts.proposedBy ? `, by ${facts.proposedBy}` : ''}`],
    ['People told', subjects ? `${says(words.SUBJECT_DECISIONS, subjects.outcome)}${subjects.told ? `, by ${subjects.told}` : ''}${subjects.ground ? `; ground: ${says(words.RESTRICTION_GROUNDS, subjects.ground)}` : ''}${subjects.reasons ? `; ${says(words.BREACH_REASONS, subjects.reasons)}` : ''}` : 'undecided'],
    ['Other organisations told', [says(words.OTHERS_TOLD, facts.othersTold), `through the gateway: ${new Set(told.notices.map((notice) => notice.agency)).size}`].join('; ')],
    ['Severity, by the agreed grid', told.grade ?? 'not graded'],
    ['Controller', narrative.controller ?? agency],
    ['Registration', narrative.registration ?? 'put in here'],
    ['Reported by', report ? `${decoded<BreachReported>(report.statement).role} of ${report.agency}` : 'the gateway itself'],
    ['Data protection officer or senior responsible person', narrative.contact ?? 'put in here'],
  ];
  return {
    marking: 'OFFICIAL-SENSITIVE', title: `Report of a personal data breach${told.exercise ? ': AN EXERCISE, NOTHING HAPPENED' : ''}`, rows,
    bearInMind: 'No name, address or date of birth of anybody concerned stands in this report, and none belongs into it.',
    restsOn: `Case ${told.breach}, under ${told.under.id} ${told.under.version}. What it rests on stands in the register of the controller.`,
  };
}
