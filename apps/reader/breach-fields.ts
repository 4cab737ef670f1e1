import type { CaseStanding } from '#policy/breach-stating';
import { BREACH_STATING_KINDS } from '#policy/breach-stating';
import * as words from '#policy/vocabulary/breach';
import type { Table } from '#policy/vocabulary/entry';
import { ROLES } from '#policy/vocabulary/roles';
import type { BreachStated, BreachStatementKind } from '#protocol/breach';
import { GRAMMAR } from '#protocol/grammar';
import { type FieldAsked, YES_NO_UNKNOWN } from './fields';

const SHARE = { each: GRAMMAR.uuid, like: '0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11, with spaces between several' };
const wordsOf = (table: Table): Record<string, string> => Object.fromEntries(Object.entries(table).map(([code, { says }]) => [code, says]));
const one = (table: Table) => ({ one: wordsOf(table) });
const many = (table: Table) => ({ many: wordsOf(table) });
const NOT_YET = 'not-yet-known';
/** Of what a first report leaves open: whoever fills the form in knows. */
const known = (table: Table) => ({ one: wordsOf(Object.fromEntries(Object.entries(table).filter(([code]) => code !== NOT_YET))) });

/** A share that can be picked, and what is said of it: where it went, when. */
export type Picked = readonly [share: string, says: string];
/** Organisations of the agreement, by what they are called. */
export type Agencies = Readonly<Record<string, string>>;

const CYBER = ['facts.cyber', 'yes'] as const;
const IMPACTS = { confidentiality: 'Confidentiality: somebody could read it', integrity: 'Integrity: it may be changed', availability: 'Availability: it cannot be got at' };

/** What is known of it, in the order in which the regulator asks. */
export const FACTS = {
  happened: [{ name: 'facts.causes', says: 'How it happened', takes: many(words.BREACH_CAUSES) }],
  before: [{ name: 'facts.before', says: 'What was in place before, to prevent it', takes: many(words.BREACH_ACTIONS) }, { name: 'facts.cyber', says: 'Is it a cyber incident?', takes: { one: YES_NO_UNKNOWN } }],
  data: [
    { name: 'facts.data', says: 'Which categories of personal data', takes: many(words.BREACHED_DATA) }, { name: 'facts.records', says: 'How many records; the most it can be, where it is not known', takes: 'count' },
    { name: 'facts.people', says: 'How many people could be affected; the most it can be, where it is not known', takes: 'count' }, { name: 'facts.subjects', says: 'Whom it concerns', takes: many(words.BREACHED_SUBJECTS) },
  ],
  consequences: [
    { name: 'facts.consequences', says: 'What may come of it for them, or has', takes: many(words.CONSEQUENCES) }, { name: 'facts.likelihood', says: 'How likely it is that this is significant', takes: one(words.LIKELIHOODS) },
    { name: 'facts.highRisk', says: 'Is the risk to people high?', takes: { one: YES_NO_UNKNOWN } },
  ],
  cyber: [
    { name: 'facts.affected', says: 'What of the data is affected', takes: { many: IMPACTS }, when: CYBER }, { name: 'facts.impact', says: 'How great the impact on the organisation is', takes: one(words.IMPACTS), when: CYBER },
    { name: 'facts.recovery', says: 'How long it takes to recover', takes: one(words.RECOVERIES), when: CYBER },
  ],
  actions: [
    { name: 'facts.trained', says: 'Was the member of staff trained in data protection in the last two years?', takes: { one: YES_NO_UNKNOWN } }, { name: 'facts.taken', says: 'What was done since', takes: many(words.BREACH_ACTIONS) },
    { name: 'facts.proposed', says: 'What will be done', takes: many(words.BREACH_ACTIONS) }, { name: 'facts.proposedBy', says: 'By when', takes: 'day' }, { name: 'facts.othersTold', says: 'Who else was told', takes: many(words.OTHERS_TOLD) },
  ],
} as const satisfies Record<string, readonly FieldAsked[]>;
const EVERY_FACT: readonly FieldAsked[] = Object.values(FACTS).flat();

/** What was said first, with where it happened and whose it was, beside the facts. */
export const scopeFields = (agencies: Agencies, shares: readonly Picked[]) => ({
  what: [{ name: 'type', says: 'What happened', takes: known(words.BREACH_TYPES), needed: true }],
  found: [{ name: 'foundBy', says: 'How it was found', takes: known(words.FOUND_BY), needed: true }],
  when: [
    { name: 'foundAt', says: 'When it was found', takes: 'moment', needed: true }, { name: 'happenedAt', says: 'When it happened, if that is known', takes: 'moment' },
    { name: 'awareAt', says: 'From when on your organisation was reasonably certain: its 72 hours run from then', takes: 'moment', needed: true },
  ],
  whose: [
    ...(shares.length > 0 ? [{ name: 'shares', says: 'Shares that are affected: whose it was, who received it and who had it passed on follows from them', takes: { many: Object.fromEntries(shares) } } satisfies FieldAsked] : []),
    { name: 'otherShares', says: 'Others, by the number that stands on their page', takes: SHARE }, { name: 'owners', says: 'Whose information it was, beyond that', takes: { many: agencies } }, { name: 'recipients', says: 'Who received it, beyond that', takes: { many: agencies } },
    { name: 'where', says: 'Where it happened, if not with you', takes: { one: agencies } }, { name: 'caseHolder', says: 'Who holds the case of whoever could come to harm', takes: { one: agencies } },
  ],
}) as const satisfies Record<string, readonly FieldAsked[]>;

/** What a case has to choose from. */
export interface CaseAsked {
  own: string;
  /** Agencies in the case. */
  agencies: Agencies;
  standing: Pick<CaseStanding, 'stated'>;
}

type Name = keyof BreachStated;

/** How each thing that can be stated is asked for. */
function askedFor(name: Name, kind: BreachStatementKind, { own, agencies, standing: { stated } }: CaseAsked): FieldAsked[] {
  const { outcomes = {}, reasons = {} } = BREACH_STATING_KINDS[kind];
  const grid = (most: string, least: string) => ({ one: { 1: `1: ${least}`, 2: '2', 3: '3', 4: '4', 5: `5: ${most}` } });
  const asked = (of: BreachStatementKind) => stated.filter((each) => each.kind === of && each.of === own);
  const table: Partial<Record<Name, Omit<FieldAsked, 'name'> | FieldAsked[]>> = {
    facts: EVERY_FACT.map((field) => ({ ...field, ...(field.name === 'facts.causes' && kind === 'finding' ? { needed: true } : {}) })),
    outcome: { says: 'What you say', takes: one(outcomes) }, reasons: { says: kind === 'assistance-asked' ? 'What you ask for' : 'Reasons', takes: many(reasons) },
    awareAt: { says: 'From when on your organisation was reasonably certain, if that was before now', takes: 'moment' },
    severity: { says: 'How bad it would be', takes: grid('very bad', 'hardly bad') }, likelihood: { says: 'How likely it is', takes: grid('all but certain', 'hardly likely') },
    risk: { says: 'What the law asks first: is there a risk to people?', takes: one(words.RISKS) }, agreementMet: { says: 'Is the threshold of the agreement met?', takes: 'yes-no' },
    reportedAt: { says: 'When the regulator was told', takes: 'moment' }, reference: { says: 'The regulator’s own reference', takes: { text: GRAMMAR.reference, like: 'IC-1234' } }, delay: { says: 'If later than 72 hours: why', takes: many(words.DELAY_REASONS) },
    told: { says: 'By whom people are told', takes: { one: agencies } }, ground: { says: 'If the right to be told is restricted: on what ground', takes: one(words.RESTRICTION_GROUNDS) },
    child: [{ name: 'child.responsibility', says: 'If it is a child: who holds parental responsibility', takes: one(words.PARENTAL_RESPONSIBILITY) }, { name: 'child.isTheRisk', says: 'Is whoever holds it the danger?', takes: 'yes-no' }],
    of: { says: 'Of whom', takes: { one: agencies } }, dueAt: { says: 'By when', takes: 'moment' },
    answers: { says: 'What was asked of you', takes: { one: Object.fromEntries(asked('assistance-asked').map(({ id, agency, reasons: what }) => [id, `${agency}: ${(what ?? []).map((code) => wordsOf(words.ASSISTANCE)[code] ?? code).join('; ')}`])) } },
    done: { says: 'What was done', takes: many(words.PROTECTIVE_STEPS) }, doneBy: { says: 'By whom', takes: one(ROLES) }, doneAt: { says: 'When', takes: 'moment' },
    transfer: { says: 'Its transfer, by the number that stands in your register', takes: kind === 'deletion-confirmed' && asked('deletion-asked').length > 0 ? { one: Object.fromEntries(asked('deletion-asked').map(({ transfer = '', agency }) => [transfer, `what came from ${agency} by mistake`])) } : { text: GRAMMAR.uuid, like: '0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11' } },
    inWriting: { says: 'Number of the share in which it stands in writing', takes: { text: GRAMMAR.uuid, like: '0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11' } }, evidence: { says: 'Number of the share that holds the evidence', takes: { text: GRAMMAR.uuid, like: '0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11' } },
    attended: { says: 'Whose representatives were there', takes: { many: agencies } },
  };
  const found = table[name];
  return found === undefined ? [] : Array.isArray(found) ? found : [{ name, ...found }];
}

/** What a kind of statement asks for: what it needs, and then what it may have. */
export function fieldsOfKind(kind: BreachStatementKind, of: CaseAsked): FieldAsked[] {
  const { needs = [], may = [], outcomes } = BREACH_STATING_KINDS[kind];
  const needed = [...(outcomes ? ['outcome' as const] : []), ...needs];
  return [...needed.flatMap((name) => askedFor(name, kind, of).map((field) => ({ ...field, needed: field.needed ?? name !== 'facts' }))), ...may.flatMap((name) => askedFor(name, kind, of))];
}

/** A likelihood of the grid and a severity are numbers on the wire, and a child is considered as a whole or not at all. */
export function asStated({ severity, likelihood, child, ...said }: Record<string, unknown>): Record<string, unknown> {
  const { responsibility } = (child ?? {}) as { responsibility?: string };
  return { ...said, ...(severity !== undefined && { severity: Number(severity) }), ...(likelihood !== undefined && { likelihood: Number(likelihood) }), ...(responsibility !== undefined && { child: { isTheRisk: false, ...(child as object) } }) };
}
