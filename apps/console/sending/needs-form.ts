import { type Agreement, term } from '#policy/agreement';
import { CATEGORIES } from '#policy/vocabulary/categories';
import { INFORMERS, NO_CONSENT_REASONS, NOT_INFORMED_REASONS } from '#policy/vocabulary/consent';
import { DOUBTS, HARM_TOLD_OTHERWISE, HISTORICAL_REASONS, IDENTITY_REASONS, SOURCE_KINDS, THIRD_PARTY_REASONS } from '#policy/vocabulary/declarations';
import { entryOf } from '#policy/vocabulary/entry';
import { DECISION_METHODS, DECISION_REASONS, JUSTIFICATIONS, NEEDS_TO_KNOW } from '#policy/vocabulary/reasons';
import { ROLES } from '#policy/vocabulary/roles';
import { ADVICE, RISKS } from '#protocol/line';
import { plain } from '../words';
import { capital, Fields, type Section, wordsOf } from './field';
import type { Filled } from './filled';
import type { What } from './what';

const KINDS = [['fact', 'fact'], ['opinion', 'opinion'], ['third-party-report', 'what somebody else reported']] as const;
const CONFIDENCE = [['confirmed', 'sure of it'], ['doubtful', 'in doubt']] as const;
const SOURCES = [['own-record', 'our own record'], ['subject', 'the person'], ['third-party', 'somebody else']] as const;
const CONSENT = [['obtained', 'obtained'], ['refused', 'refused'], ['withdrawn', 'withdrawn'], ['not-sought', 'not sought'], ['not-required', 'not required']] as const;
const CONSENT_BY = [['person', 'the person'], ['parent', 'a parent'], ['attorney', 'an attorney'], ['court-deputy', 'a deputy of the Court of Protection']] as const;
const EVIDENCE = [['written', 'in writing'], ['spoken-and-noted', 'spoken, and noted']] as const;
const INFORMED = [['informed', 'told'], ['will-be-informed', 'will be told'], ['not-informed', 'not told']] as const;

interface Needs {
  what: What;
  agreement: Agreement;
  /** What a recipient is called, by `agency/contact`. */
  called: (address: string) => string;
  /** Contacts of our own agency that can have been asked. */
  colleagues: readonly string[];
  today: string;
}

/** Advice is asked for, and nobody is to learn from it who it is about. */
export const PSEUDONYMOUS = 'pseudonymous';

/** The second page: who needs what and why, how far it can be relied on, consent, and the decision. */
export function needsForm(filled: Filled, { what, agreement, called, colleagues, today }: Needs): Section[] {
  const fields = new Fields(filled);
  const categories = filled.all('categories');
  const asks = what === 'request';
  return [...(asks ? asked(fields, filled, { categories, called, today }) : [...shared(fields, filled, { categories, called, today }), advice(fields, today)]), consent(fields, { agreement, asks, today }), ...decision(fields, { agreement, asks, colleagues, today }), consultation(fields, { colleagues, today })];
}

const saysOf = (category: string): string => capital(entryOf(CATEGORIES, category)?.says ?? category);

interface Given {
  categories: readonly string[];
  called: (address: string) => string;
  today: string;
}

function shared(fields: Fields, filled: Filled, { categories, called, today }: Given): Section[] {
  return categories.map((category) => ({
    title: saysOf(category), says: false,
    fields: [
      ...filled.all('to').flatMap((address) => [
        fields.select(`need.${category}.${address}`, `Why ${called(address)} needs it`, wordsOf(NEEDS_TO_KNOW, today), { blank: 'It does not: it does not get this' }),
        fields.select(`justification.${category}.${address}`, `Why ${called(address)} needs this and not less`, wordsOf(JUSTIFICATIONS, today), { blank: 'Not said' }),
      ]),
      fields.select(`kind.${category}`, 'It is', KINDS), fields.select(`confidence.${category}`, 'You are', CONFIDENCE, { blank: 'Not said' }), fields.select(`doubt.${category}`, 'If in doubt: why', wordsOf(DOUBTS, today), { blank: 'Not in doubt' }),
      fields.select(`source.${category}`, 'You have it from', SOURCES, { blank: 'Not said' }), fields.select(`sourceKind.${category}`, 'If from somebody else: from', wordsOf(SOURCE_KINDS, today), { blank: 'Not from somebody else' }),
      fields.date(`asOf.${category}`, 'As of', { hint: 'The day on which it was so, if that is not today' }), fields.select(`historical.${category}`, 'If it is of long ago: why it is told', wordsOf(HISTORICAL_REASONS, today), { blank: 'It is not' }),
    ],
  }));
}

function asked(fields: Fields, filled: Filled, { categories, called, today }: Given): Section[] {
  return [
    { title: 'Why you need it', says: false, fields: categories.map((category) => fields.select(`need.${category}`, `${saysOf(category)}: you need it because it`, wordsOf(NEEDS_TO_KNOW, today))) },
    { title: 'Your question', says: 'You write it later, sealed. Whoever is asked reads it to find what you ask for.', fields: filled.all('to').map((address) => fields.select(`question.${address}`, `Why ${called(address)} may read it`, wordsOf(NEEDS_TO_KNOW, today))) },
  ];
}

/** Asked in doubt, before anything is shared (DS-08). The text is written later, and its writer confirms there that nobody would be recognised by it. */
const advice = (fields: Fields, today: string): Section => ({
  title: 'If you ask for advice', says: 'Whoever you ask for advice needs the case, and mostly not whose it is: then your reference stays in your own record.',
  fields: [fields.select('advice', 'You ask for advice', [[PSEUDONYMOUS, 'Yes, and nobody is to learn whose case it is'], ...wordsOf(IDENTITY_REASONS, today).map(([code, says]) => [code, `Yes, and it has to say who it is: ${says}`] as const)], { blank: 'No' })],
});

const consent = (fields: Fields, { agreement, asks, today }: { agreement: Agreement; asks: boolean; today: string }): Section => ({
  title: asks ? 'Consent, and whether parents are informed' : 'Consent, and whether the person is told', says: false,
  fields: [
    fields.select('consent', 'Consent was', CONSENT),
    fields.select('consentReason', 'If it goes without consent: why', wordsOf(NO_CONSENT_REASONS, today).filter(([code]) => term(agreement, 'law.noConsentReasons')?.includes(code as keyof typeof NO_CONSENT_REASONS) ?? true), { blank: 'It was obtained' }),
    fields.select('consentBy', 'If it was obtained: from', CONSENT_BY, { blank: 'Not said' }), fields.date('consentOn', 'When'), fields.date('consentUntil', 'Until when it holds'), fields.select('consentEvidence', 'How', EVIDENCE, { blank: 'Not said' }),
    fields.tick('couldRefuse', 'The person could really have refused'), fields.tick('competent', 'A child under 16 agreed, and its competence was assessed and noted'), fields.tick('consentLimited', 'The person agreed within limits, which bind whoever gets it'),
    fields.select('informed', asks ? 'The person, or a child’s parents, were' : 'The person was', INFORMED), fields.select('informedBy', 'If they will be told: by', wordsOf(INFORMERS, today), { blank: 'Not said' }),
    fields.select('informedReason', 'If not told: why', wordsOf(NOT_INFORMED_REASONS, today), { blank: 'They are told' }),
  ],
});

function decision(fields: Fields, { agreement, asks, colleagues, today }: { agreement: Agreement; asks: boolean; colleagues: readonly string[]; today: string }): Section[] {
  const flow = term(agreement, 'decision.flow') ?? [];
  const checklist = term(agreement, 'decision.checklist') ?? [];
  return [{
    title: asks ? 'Your decision to ask' : 'Your decision to share', says: 'It goes on record in your organisation’s register. Reasons in words you write later, sealed to your own team.',
    fields: [
      fields.checkboxes('reasons', 'Why', wordsOf(DECISION_REASONS, today)),
      fields.select('method', 'How it was decided', wordsOf(DECISION_METHODS, today), { blank: 'Not said' }),
      fields.select('risk', 'How great the risk is', RISKS.map((code) => [code, plain(code)])),
      fields.tick('purposeClear', 'Its purpose is clear'), fields.tick('lawfulReason', 'There is a lawful reason'), ...(flow.includes('public-interest-test') ? [fields.tick('publicInterest', 'The public interest in sharing outweighs confidence')] : []),
      fields.tick('safety', 'The safety and well-being of the person, and of others, were considered'), fields.tick('necessary', asks ? 'It is necessary, and no more is asked than is needed' : 'It is necessary, and no more is shared than the risk warrants'),
      fields.tick('accurate', 'I checked that it is accurate and up to date'),
      fields.tick('others', 'Other people can be identified from it'), fields.select('othersReason', 'If so: why that is needed', wordsOf(THIRD_PARTY_REASONS, today), { blank: 'Nobody else can be identified' }),
      ...(checklist.length > 0 ? [fields.checkboxes('checklist', 'I thought of', checklist.map((code) => [code, plain(code)]))] : []),
      ...(asks ? [] : [fields.tick('harm', 'Somebody has suffered significant harm, or may'), fields.select('harmTold', 'If so, and the front door does not get this: how it hears of it', wordsOf(HARM_TOLD_OTHERWISE, today), { blank: 'It gets this' })]),
      fields.tick('highRisk', 'It is a complex or new matter, or of high risk to people’s data'), fields.select('impact', 'If so, an impact assessment was', [['done', 'done'], ['considered', 'thought of']], { blank: 'Not said' }),
      // MN-02: a wide circulation, and an emergency while the agreement is suspended.
      fields.select('secondDecider', 'Who decided it with you, where the agreement asks for two', colleagues.map((contact) => [contact, contact]), { blank: 'Nobody else' }),
    ],
  }];
}

/** Whose advice was taken before it was decided, and what it came to (DS-08, DS-15). What was said in words is written later, sealed. */
const consultation = (fields: Fields, { colleagues, today }: { colleagues: readonly string[]; today: string }): Section => ({
  title: 'If you talked it over first', says: 'It stands with your decision in your organisation’s register, and in nobody else’s. You may decide otherwise than you were advised.',
  fields: [
    fields.select('consultedRole', 'With', wordsOf(ROLES, today), { blank: 'With nobody' }), fields.date('consultedOn', 'When'),
    fields.select('consultedContact', 'Who that was, if it was somebody of ours', colleagues.map((contact) => [contact, contact]), { blank: 'Not said, or of another organisation' }),
    fields.select('advised', 'What the advice came to', ADVICE.map((code) => [code, plain(code)]), { blank: 'Not said' }),
  ],
});
