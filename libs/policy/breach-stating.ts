import { BREACH_STATEMENT_KINDS, type BreachStated, type BreachStatementKind } from '#protocol/breach';
import type { Agreement } from './agreement';
import { term } from './agreement';
import { breachRules } from './breach-relay';
import { type RecordRule, type Unmet, unmetRules, untrusted } from './recording';
import { holds, type Table } from './vocabulary/entry';
import * as words from './vocabulary/breach';
import { ROLES } from './vocabulary/roles';

/** As what an agency has a part in a case. */
export const BREACH_PARTS = {
  reporter: 'reported it', occurred: 'where it happened', owner: 'whose information it was', recipient: 'received it', told: 'was told', lead: 'leads', notifier: 'tells the regulator',
  safety: 'can protect whoever could come to harm', police: 'looks into a possible offence', signatory: 'is party to the agreement',
} as const;
export type BreachPart = keyof typeof BREACH_PARTS;

export const INVOLVED: readonly BreachPart[] = ['occurred', 'owner', 'recipient'];
const WHOEVER_WORKS_ON_IT: readonly BreachPart[] = ['reporter', ...INVOLVED, 'lead'];
const ANYBODY = Object.keys(BREACH_PARTS) as BreachPart[];

export const BREACH_STATES = ['open', 'circulated', 'closed', 'unfounded'] as const;
export type BreachState = (typeof BREACH_STATES)[number];

/** Where a case may go. */
export const BREACH_MOVES: Record<BreachState, readonly BreachState[]> = { open: ['circulated', 'closed', 'unfounded'], circulated: ['closed'], closed: [], unfounded: [] };

interface Kind {
  by: readonly BreachPart[];
  /** In which states of the case. */
  states: readonly BreachState[];
  needs?: readonly (keyof BreachStated)[];
  /** What else belongs to it, where there is any. */
  may?: readonly (keyof BreachStated)[];
  outcomes?: Table;
  reasons?: Table;
}

const THRESHOLD_OUTCOMES = { notify: { says: 'the regulator is told' }, 'do-not-notify': { says: 'the regulator is not told' } };
const DELETIONS = { deleted: { says: 'deleted, and not opened' }, 'deleted-after-opening': { says: 'deleted after it was opened' }, 'cannot-delete': { says: 'it cannot be deleted' } };
const ENDINGS = { closed: { says: 'all is done' }, unfounded: { says: 'it was no breach' } };
const RESOLVED = { resume: { says: 'sharing goes on' }, continue: { says: 'suspended until its last day' }, other: { says: 'as the sealed note says' } };
const OPEN: readonly BreachState[] = ['open'];
const UNTIL_CLOSED: readonly BreachState[] = ['open', 'circulated'];

/** Who may state what of a case, when, and what belongs to it. */
export const BREACH_STATING_KINDS: Record<BreachStatementKind, Kind> = {
  read: { by: ANYBODY, states: BREACH_STATES, may: ['awareAt'] },
  phase: { by: WHOEVER_WORKS_ON_IT, states: UNTIL_CLOSED, may: ['facts', 'scope'] },
  protected: { by: ['safety'], states: UNTIL_CLOSED, needs: ['done', 'doneBy', 'doneAt'] },
  assessed: { by: ['owner'], states: OPEN, needs: ['severity', 'likelihood', 'reasons'], reasons: words.BREACH_REASONS },
  graded: { by: INVOLVED, states: OPEN, needs: ['severity', 'likelihood'] },
  'grade-fixed': { by: ['lead', 'owner'], states: OPEN, needs: ['severity', 'likelihood', 'reasons'], reasons: words.BREACH_REASONS },
  threshold: { by: INVOLVED, states: OPEN, needs: ['risk', 'agreementMet', 'reasons'], outcomes: THRESHOLD_OUTCOMES, reasons: words.BREACH_REASONS },
  reported: { by: INVOLVED, states: UNTIL_CLOSED, needs: ['reportedAt'], may: ['reference', 'delay'] },
  'not-notifier': { by: INVOLVED, states: OPEN },
  subjects: { by: INVOLVED, states: OPEN, needs: ['told'], may: ['reasons', 'ground', 'child'], outcomes: words.SUBJECT_DECISIONS, reasons: words.BREACH_REASONS },
  'assistance-asked': { by: WHOEVER_WORKS_ON_IT, states: OPEN, needs: ['of', 'dueAt', 'reasons'], reasons: words.ASSISTANCE },
  'assistance-given': { by: ANYBODY, states: UNTIL_CLOSED, needs: ['answers'] },
  offence: { by: WHOEVER_WORKS_ON_IT, states: UNTIL_CLOSED },
  'hold-lifted': { by: ['police', 'lead'], states: BREACH_STATES },
  finding: { by: INVOLVED, states: OPEN, needs: ['facts'] },
  'deletion-asked': { by: WHOEVER_WORKS_ON_IT, states: OPEN, needs: ['transfer', 'of'] },
  'deletion-confirmed': { by: ['recipient', 'told'], states: UNTIL_CLOSED, needs: ['transfer'], outcomes: DELETIONS },
  outcome: { by: ['lead'], states: OPEN, needs: ['reasons'], outcomes: ENDINGS, reasons: words.BREACH_REASONS },
  acknowledged: { by: ANYBODY, states: ['circulated', 'closed', 'unfounded'] },
  suspended: { by: ANYBODY, states: UNTIL_CLOSED, needs: ['inWriting', 'evidence', 'reasons'], reasons: words.BREACH_REASONS },
  met: { by: ANYBODY, states: BREACH_STATES, needs: ['attended'], outcomes: RESOLVED },
  resumed: { by: ANYBODY, states: BREACH_STATES },
};

/** How a case stands, as far as a statement about it depends on that. */
export interface CaseStanding {
  state: BreachState;
  exercise: boolean;
  nearMiss: boolean;
  harm: boolean;
  /** Agencies by the part that they have. */
  parts: Readonly<Record<string, readonly BreachPart[]>>;
  /** Which agency stated which kinds, with the last outcome of each. */
  stated: readonly { kind: BreachStatementKind; agency: string; outcome?: string | undefined; id: string; answers?: string | undefined; of?: string | undefined; transfer?: string | undefined; reasons?: readonly string[] | undefined }[];
  /** By when the asker tells the regulator. */
  dueAt: string | undefined;
}

export interface BreachStating {
  agreement: Agreement;
  stated: BreachStated;
  parts: ReadonlySet<BreachPart>;
  standing: CaseStanding;
  at: string;
}

const kindOf = ({ stated }: BreachStating): Kind => BREACH_STATING_KINDS[stated.kind];

const FACT_TABLES: readonly [keyof NonNullable<BreachStated['facts']>, Table][] = [
  ['causes', words.BREACH_CAUSES], ['before', words.BREACH_ACTIONS], ['data', words.BREACHED_DATA], ['subjects', words.BREACHED_SUBJECTS], ['consequences', words.CONSEQUENCES], ['likelihood', words.LIKELIHOODS],
  ['impact', words.IMPACTS], ['recovery', words.RECOVERIES], ['taken', words.BREACH_ACTIONS], ['proposed', words.BREACH_ACTIONS], ['othersTold', words.OTHERS_TOLD],
];

/** The first field of the facts whose code stands in no list. */
export function factFault(facts: BreachStated['facts'], at: string): string | undefined {
  const wrong = FACT_TABLES.find(([field, table]) => [facts?.[field] ?? []].flat().some((code) => !holds(table, String(code), at)));
  return wrong && `/facts/${wrong[0]}`;
}

/** Of what a first report left open: the first field whose code stands in no list, or whose times are not in order. */
function scopeFault({ type, foundBy, happenedAt, foundAt }: NonNullable<BreachStated['scope']>, at: string): string | undefined {
  if (type !== undefined && !holds(words.BREACH_TYPES, type, at)) return '/scope/type';
  if (foundBy !== undefined && !holds(words.FOUND_BY, foundBy, at)) return '/scope/foundBy';
  return Date.parse(happenedAt ?? '') > Date.parse(foundAt ?? at) ? '/scope/happenedAt' : undefined;
}

function codeFault(facts: BreachStating): string | undefined {
  const { stated, at } = facts;
  const { outcomes, reasons } = kindOf(facts);
  if (!holds(ROLES, stated.role, at)) return '/role';
  if (outcomes ? !holds(outcomes, stated.outcome, at) : stated.outcome !== undefined) return '/outcome';
  if (stated.reasons !== undefined && !(reasons && stated.reasons.every((code) => holds(reasons, code, at)))) return '/reasons';
  const others: readonly [keyof BreachStated, Table][] = [['risk', words.RISKS], ['ground', words.RESTRICTION_GROUNDS], ['doneBy', ROLES]];
  const wrong = others.find(([field, table]) => stated[field] !== undefined && !holds(table, String(stated[field]), at));
  if (wrong) return `/${wrong[0]}`;
  if (stated.delay?.some((code) => !holds(words.DELAY_REASONS, code, at))) return '/delay';
  if (stated.done?.some((code) => !holds(words.PROTECTIVE_STEPS, code, at))) return '/done';
  if (stated.child && !holds(words.PARENTAL_RESPONSIBILITY, stated.child.responsibility, at)) return '/child/responsibility';
  return factFault(stated.facts, at) ?? (stated.scope && scopeFault(stated.scope, at));
}

function gap(facts: BreachStating): string | undefined {
  const { stated } = facts;
  const missing = kindOf(facts).needs?.find((field) => stated[field] === undefined);
  if (missing) return `/${missing}`;
  if (stated.kind === 'phase' && stated.facts === undefined && stated.scope === undefined) return '/facts';
  if (stated.kind === 'subjects' && stated.outcome === 'restricted' && stated.ground === undefined) return '/ground';
  if (stated.kind === 'subjects' && !['informed', 'about-to-inform', 'restricted'].includes(stated.outcome ?? '') && stated.reasons === undefined) return '/reasons';
  return stated.kind === 'finding' && stated.facts?.causes === undefined ? '/facts/causes' : undefined;
}

/** Agencies that have one of these parts. */
export const having = ({ parts }: Pick<CaseStanding, 'parts'>, wanted: readonly BreachPart[]): string[] => Object.keys(parts).filter((agency) => parts[agency]?.some((part) => wanted.includes(part))).sort();
const stating = ({ stated }: CaseStanding, kind: BreachStatementKind): string[] => stated.filter((each) => each.kind === kind).map(({ agency }) => agency);
const without = (agencies: readonly string[], done: readonly string[]): string[] => agencies.filter((agency) => !done.includes(agency));

const isEnding = ({ stated }: BreachStating): boolean => stated.kind === 'outcome' && stated.outcome === 'closed';
/** Of a real breach: near misses and exercises are told to no regulator. */
const isReal = ({ standing: { nearMiss, exercise } }: BreachStating): boolean => !nearMiss && !exercise;

const late = ({ stated, standing: { dueAt } }: BreachStating): boolean => stated.kind === 'reported' && dueAt !== undefined && (stated.reportedAt ?? '') > dueAt;

/** The case and what is stated of it. All are tried, and all that are unmet are told. */
export const BREACH_STATING = [
  {
    code: 'NOT_YOURS_TO_STATE', clauses: ['BR-07', 'BR-10'], grounds: untrusted('what somebody else has to say about a case proves nothing'), pointer: '/kind',
    says: 'it is stated by whoever it falls to: who leads, whose information it was, where it happened; what a report left open, by whoever reported it',
    next: 'Let them state it; GET the case shows who has which part.',
    met: (facts) => kindOf(facts).by.some((part) => facts.parts.has(part)) && (facts.stated.scope === undefined || (facts.stated.kind === 'phase' && facts.parts.has('reporter'))),
  },
  {
    code: 'BREACH_NOT_THERE', clauses: ['BR-12'], grounds: untrusted('what is stated of a case that stands elsewhere contradicts its record'), pointer: '/kind',
    says: 'the case stands where this can be stated of it',
    next: 'Look where it stands: GET the case.',
    met: (facts) => kindOf(facts).states.includes(facts.standing.state),
  },
  {
    code: 'CODE_UNKNOWN', clauses: ['BR-20'], grounds: untrusted('what a word means that stands in no list nobody can trust'), pointer: codeFault,
    says: 'every code stands in the vocabulary, and the outcome is one of this kind',
    next: 'Use a code of the vocabulary in the place named.',
    met: (facts) => codeFault(facts) === undefined,
  },
  {
    code: 'STATEMENT_INCOMPLETE', clauses: ['BR-14', 'BR-16'], grounds: [{ statute: 'uk-gdpr-33-5' }], pointer: gap,
    says: 'each step has its facts, each decision its reasons, and a restriction its ground',
    next: 'Add the field named.',
    met: (facts) => gap(facts) === undefined,
  },
  {
    code: 'PROTECTED_BY_PROCESS', clauses: ['BR-14'], grounds: untrusted('that a person is safe is not for whoever looks after the data to say alone'), pointer: '/role',
    says: 'that somebody who could come to harm is safe is said by who protects people, not by a data protection officer alone',
    next: 'Let the police, the front door or the worker who holds the case state what was done.',
    met: ({ stated }) => stated.kind !== 'protected' || (stated.role !== 'data-protection-officer' && stated.doneBy !== 'data-protection-officer'),
  },
  {
    code: 'GRADE_NOT_JOINT', clauses: ['BR-08'], grounds: ['breach.severityGrading', { technical: 'nobody has graded it yet' }], pointer: '/kind',
    says: 'the grade is fixed by whom the agreement lets fix it, where all grade together once every involved party has given its view',
    next: 'Wait for the views that are missing, and ask for them; GET the case shows whose these are.',
    met: ({ agreement, stated, standing, parts }) => {
      if (stated.kind !== 'grade-fixed') return true;
      const { value } = breachRules(agreement).grading;
      if (value === 'owners') return parts.has('owner');
      return parts.has('lead') && (value !== 'jointly' || without(having(standing, INVOLVED), stating(standing, 'graded')).length === 0);
    },
  },
  {
    code: 'NOT_TOLD_WITHOUT_DPO', clauses: ['BR-09'], grounds: [{ statute: 'uk-gdpr-33' }], pointer: '/role',
    says: 'that the regulator is not told though a risk is not unlikely, or the agreement’s threshold is met, is decided by a data protection officer',
    next: 'Let the data protection officer decide and state it.',
    met: ({ stated }) => stated.kind !== 'threshold' || stated.outcome === 'notify' || (stated.risk === 'unlikely' && stated.agreementMet === false) || stated.role === 'data-protection-officer',
  },
  {
    code: 'LATE_WITHOUT_REASON', clauses: ['BR-11'], grounds: ['breach.icoDeadlineHours', { statute: 'uk-gdpr-33' }], pointer: '/delay',
    says: 'what is told to the regulator later than its hours has the reasons for the delay',
    next: 'Give the reasons for the delay.',
    met: (facts) => !late(facts) || facts.stated.delay !== undefined,
  },
  {
    code: 'ANOTHER_NOTIFIES', clauses: ['BR-10'], grounds: ['breach.icoNotifier', { statute: 'uk-gdpr-33' }], pointer: '/kind',
    says: 'whoever the agreement has tell the regulator does not leave it to others',
    next: 'Decide whether the regulator is told, and state that.',
    met: ({ stated, parts }) => stated.kind !== 'not-notifier' || !parts.has('notifier'),
  },
  {
    code: 'NOTHING_ASKED', clauses: ['BR-17'], grounds: untrusted('what answers nothing that was asked stands in no thread'), pointer: '/answers',
    says: 'help that is given answers what was asked of whoever gives it, and a deletion is confirmed of what was asked to be deleted',
    next: 'Name the statement that asked, or the transfer.',
    met: ({ stated, standing }) =>
      (stated.kind !== 'assistance-given' || standing.stated.some(({ kind, id, of }) => kind === 'assistance-asked' && id === stated.answers && of === stated.by.agency)) &&
      (stated.kind !== 'deletion-confirmed' || standing.stated.some(({ kind, transfer }) => kind === 'deletion-asked' && transfer === stated.transfer)),
  },
  // What may end a case.
  {
    code: 'SAFETY_OPEN', clauses: ['BR-14'], grounds: untrusted('a case about data does not end before the person is safe'), pointer: '/outcome',
    says: 'no case ends before it is stated what was done for whoever could come to harm',
    next: 'Let the police, the front door or whoever holds the case state what was done.',
    met: (facts) => facts.stated.kind !== 'outcome' || !facts.standing.harm || facts.standing.exercise || stating(facts.standing, 'protected').length > 0,
  },
  {
    code: 'FINDINGS_MISSING', clauses: ['BR-12', 'BR-16'], grounds: ['breach.recordBy', { statute: 'uk-gdpr-33-5' }], pointer: '/outcome',
    says: 'no case is closed before each involved party has recorded what it found',
    next: 'Ask those for their findings who have not recorded any; GET the case shows who.',
    met: (facts) => !isEnding(facts) || facts.standing.exercise || without(having(facts.standing, INVOLVED), stating(facts.standing, 'finding')).length === 0,
  },
  {
    code: 'GRADE_NOT_FIXED', clauses: ['BR-08'], grounds: ['breach.severityGrading', { technical: 'how bad it was is not known' }], pointer: '/outcome',
    says: 'where the agreement has a breach graded, no case is closed before the grade stands',
    next: 'Let it be graded first.',
    met: (facts) => !isEnding(facts) || !isReal(facts) || term(facts.agreement, 'breach.severityGrading') === undefined || stating(facts.standing, 'grade-fixed').length > 0,
  },
  {
    code: 'THRESHOLD_NOT_DECIDED', clauses: ['BR-09', 'BR-10'], grounds: ['breach.icoThreshold', { statute: 'uk-gdpr-33' }], pointer: '/outcome',
    says: 'no case is closed before whoever tells the regulator has decided whether to, and has told it where that was decided',
    next: 'Let the notifier decide, and state `reported` when it has told the regulator.',
    met: (facts) => {
      if (!isEnding(facts) || !isReal(facts)) return true;
      const { stated } = facts.standing;
      return having(facts.standing, ['notifier']).every((agency) => {
        const decided = stated.filter((each) => each.kind === 'threshold' && each.agency === agency).at(-1);
        return decided !== undefined && (decided.outcome !== 'notify' || stated.some((each) => each.kind === 'reported' && each.agency === agency));
      });
    },
  },
  {
    code: 'SUBJECTS_NOT_DECIDED', clauses: ['BR-13', 'BR-14'], grounds: [{ statute: 'uk-gdpr-34' }], pointer: '/outcome',
    says: 'no case is closed before it is decided whether the people concerned are told',
    next: 'State `subjects`: told, by whom, or why not.',
    met: (facts) => !isEnding(facts) || !isReal(facts) || stating(facts.standing, 'subjects').length > 0,
  },
  {
    code: 'HELP_OUTSTANDING', clauses: ['BR-17'], grounds: untrusted('what was asked and is not answered may still change what is known'), pointer: '/outcome',
    says: 'no case is closed while help that was asked for, or a deletion, is outstanding',
    next: 'Wait for the answer, or ask again.',
    met: (facts) => {
      if (!isEnding(facts)) return true;
      const { stated } = facts.standing;
      return stated.every((asked) => (asked.kind !== 'assistance-asked' || stated.some((given) => given.kind === 'assistance-given' && given.answers === asked.id))
        && (asked.kind !== 'deletion-asked' || stated.some((given) => given.kind === 'deletion-confirmed' && given.transfer === asked.transfer)));
    },
  },
] as const satisfies readonly RecordRule<BreachStating>[];

/** What stands against a statement about a case. Pure. */
export const breachStatingUnmet = (facts: BreachStating): Unmet<(typeof BREACH_STATING)[number]['code']>[] => unmetRules(BREACH_STATING, facts);

export const isBreachStatementKind = (kind: string): kind is BreachStatementKind => Object.hasOwn(BREACH_STATEMENT_KINDS, kind);
