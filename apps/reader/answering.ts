import type { CopyVerified } from '#client/copy';
import type { ShareDescription } from '#client/description';
import type { Partner } from '#client/partner';
import { plan } from '#client/sharing';
import { NOT_SHARING_REASONS, type NotSharingReason } from '#policy/vocabulary/not-sharing';
import { DECISION_METHODS } from '#policy/vocabulary/reasons';
import type { AnswerGiven, CategoryAsked } from '#protocol/asks';
import { type Risk, RISKS, type SubjectLine } from '#protocol/line';
import { adviceFields, adviceTaken } from './advice';
import { checks, choice, element, found, ticked } from './elements';
import { Mistyped } from './mistyped';
import { plannedShown } from './planned-shown';
import { referenceOf } from './share';
import { plain } from './words';

export interface Answering {
  partner: Partner;
  /** The request, verified and opened. */
  copy: CopyVerified;
  role: string;
  managers: readonly string[];
  /** Of what the agreement asks whoever decides to think. */
  checklist: readonly string[];
  /** Whether the law compels an answer: what cannot be given is not refused, but not complied with (RQ-13). */
  compelled: boolean;
  attempt(work: () => Promise<void>): Promise<void>;
  say(text: string): void;
  answered(): void;
}

const ANSWERS = { '': 'Choose', given: 'We give it', 'not-held': 'We do not hold it', refused: 'We refuse it' } as const;
const KINDS = { fact: 'Fact', opinion: 'Opinion', 'third-party-report': 'What somebody else reported' } as const;

const labelled = (id: string, text: string, field: HTMLElement): HTMLElement => element('div', { class: 'field' }, element('label', { for: id, text }), field);
const box = (id: string, text: string): HTMLElement => element('div', { class: 'choice' }, element('input', { type: 'checkbox', id }), element('label', { for: id, text }));
const isTicked = (id: string): boolean => found<HTMLInputElement>(id).checked;
const valueOf = (id: string): string => found<HTMLInputElement>(id).value.trim();

/** Category by category: given, not held or refused; none is forgotten (RQ-07). What is sent is sealed and signed on this page. */
export function answering(about: Answering): HTMLElement {
  const { copy, attempt, managers, checklist, compelled } = about;
  const asked = copy.read.asks?.categories ?? [];
  const refusal = element('fieldset', { id: 'refusal' }, element('legend', { text: compelled ? 'Why you cannot comply: whoever asked gets this record, and whoever reviews it is told' : 'Why you refuse: whoever asked gets this record' }),
    checks('refused-because', compelled ? 'The law compels an answer: it cannot be given because' : 'Reasons', reasonsOf(compelled)),
    labelled('words', 'What was considered, in words; sealed to whoever asked', element('textarea', { id: 'words', rows: '4' })),
    ...(copy.read.urgency === 'routine' ? [] : [labelled('refusal-approved', 'It presses: which manager approves?', choice('refusal-approved', { '': 'Nobody', ...Object.fromEntries(managers.map((each) => [each, each])) }))]));
  const declared = element('fieldset', { id: 'declared' }, element('legend', { text: 'Before you send' }),
    box('lawful', 'Its purpose is clear, and there is a lawful reason'), box('safety', 'The safety and well-being of the person, and of others, were considered'),
    box('accurate', 'I checked that it is accurate and up to date'), box('necessary', 'It is necessary for what was asked, and no more than that'), box('others', 'Other people can be identified from it'),
    labelled('risk', 'How great is the risk?', choice('risk', Object.fromEntries(RISKS.map((each) => [each, plain(each)])))),
    labelled('method', 'How it was decided', choice('method', { '': 'Not said', ...Object.fromEntries(Object.entries(DECISION_METHODS).map(([code, { says }]) => [code, says])) })),
    ...(checklist.length > 0 ? [checks('thought-of', 'I thought of', Object.fromEntries(checklist.map((code) => [code, plain(code)])))] : []));
  const rows = asked.map(({ category }) => row(category, compelled));
  const look = (): void => {
    const answers = asked.map(({ category }) => answerTo(category));
    refusal.hidden = !answers.includes('refused');
    for (const { category } of asked) found(`gives-${category}`).hidden = answerTo(category) !== 'given';
  };
  const button = element('button', { type: 'button', id: 'look', text: 'Look what will go to whom' });
  const pane = element('section', { id: 'answer', 'aria-labelledby': 'answer-title' }, element('h2', { id: 'answer-title', text: 'Answer it' }), ...rows, refusal, declared, adviceFields(managers), button, element('div', { id: 'planned' }));
  for (const select of pane.querySelectorAll('select')) select.addEventListener('change', look);
  // What was changed after it was looked over has to be looked over again.
  pane.addEventListener('input', () => found('planned').replaceChildren());
  button.addEventListener('click', () => void attempt(async () => {
    about.say('Asking what would be decided …');
    found('planned').replaceChildren(...plannedShown({ partner: about.partner, button: 'Send the answer, signed', sent: about.answered }, await plan(about.partner, await described(about, asked))));
    found('planned').scrollIntoView();
  }));
  queueMicrotask(look);
  return pane;
}

/** Where the law compels an answer nobody declines: what is left says that it cannot be given. */
const reasonsOf = (compelled: boolean): Record<string, string> =>
  Object.fromEntries(Object.entries<NotSharingReason>(NOT_SHARING_REASONS).flatMap(([code, { says, cannot }]) => (compelled && !cannot ? [] : [[code, says]])));

function row(category: string, compelled: boolean): HTMLElement {
  const id = `answer-${category}`;
  const gives = element('div', { id: `gives-${category}` },
    labelled(`text-${category}`, 'What you give, in words', element('textarea', { id: `text-${category}`, rows: '5' })),
    labelled(`file-${category}`, 'Or a file in its place', element('input', { id: `file-${category}`, type: 'file' })),
    box(`scanned-${category}`, 'Our scanner looked through the file and found nothing'),
    labelled(`kind-${category}`, 'It is', choice(`kind-${category}`, KINDS)));
  return element('fieldset', { class: 'category' }, element('legend', { text: plain(category) }), labelled(id, 'Your answer', choice(id, compelled ? { ...ANSWERS, refused: 'We cannot comply' } : ANSWERS)), gives);
}

const answerTo = (category: string): string => found<HTMLSelectElement>(`answer-${category}`).value;

/** @throws Mistyped with what is missing */
async function described({ partner, copy, role }: Answering, asked: readonly CategoryAsked[]): Promise<ShareDescription> {
  const { read } = copy;
  const unanswered = asked.filter(({ category }) => answerTo(category) === '');
  if (unanswered.length > 0) throw new Mistyped(`Answer every category: ${unanswered.map(({ category }) => plain(category)).join(', ')}.`);
  const need = asked[0]?.needToKnow;
  const refused = asked.some(({ category }) => answerTo(category) === 'refused');
  const today = new Date().toISOString().slice(0, 10);
  const given = await Promise.all(asked.filter(({ category }) => answerTo(category) === 'given').map(async ({ category, needToKnow }) => ({ category, needToKnow, octets: await octetsOf(category), kind: valueOf(`kind-${category}`), ...(isTicked(`scanned-${category}`) ? { scannedOn: today } : {}) })));
  const words = refused ? [{ category: 'reasons', needToKnow: need, octets: new TextEncoder().encode(valueOf('words')), kind: 'opinion' }] : [];
  const parts = [...given, ...words];
  const [consulted, method] = [adviceTaken(), valueOf('method')];
  if (parts.length === 0) parts.push({ category: asked[0]?.category ?? '', needToKnow: need, octets: new TextEncoder().encode('We hold nothing of what was asked.'), kind: 'fact' });
  const approvedBy = refused && read.urgency !== 'routine' ? valueOf('refusal-approved') : '';
  const reasons = ticked(found<HTMLFieldSetElement>('refused-because'));
  const thoughtOf = [...document.querySelectorAll<HTMLFieldSetElement>('#thought-of')].flatMap(ticked);
  return {
    agreement: read.agreement, sender: { agency: partner.agency, contact: partner.contact, role }, urgency: read.urgency, handling: { doNotTellSubject: read.handling.doNotTellSubject },
    // What is asked for a purpose is given for it, by the right under which it was asked.
    ...defined({ purpose: read.purpose, lawfulBasis: read.lawfulBasis, conditions: read.conditions, legalGateway: read.legalGateway, classification: read.classification, consent: read.consent, informed: read.informed, subjects: read.subjects, review: read.review }),
    ...(isTicked('accurate') ? { accuracy: { on: today, by: role } } : {}), thirdParties: { identifiable: isTicked('others') },
    threads: { request: copy.told.transfer },
    answers: {
      categories: asked.map(({ category }) => ({ category, answer: answerTo(category) as AnswerGiven })),
      ...(refused ? { ...(reasons.length > 0 ? { reasons } : {}), ...(isTicked('safety') ? { safetyConsidered: true } : {}), ...(approvedBy ? { approvedBy } : {}) } : {}),
    },
    subject: { ...subjectOf(copy), reference: referenceOf(copy), known: {} },
    decision: {
      by: partner.contact, role, reasons: ['answers-request'], aid: { purposeClear: isTicked('lawful'), consent: read.consent?.status === 'obtained', identifies: true, lawfulReason: isTicked('lawful') }, safetyConsidered: isTicked('safety'),
      necessary: isTicked('necessary'), risk: valueOf('risk') as Risk, ...(thoughtOf.length > 0 ? { checklist: thoughtOf } : {}),
      ...(method === '' ? {} : { method }), ...(consulted ? { consulted } : {}),
    },
    parts: parts.map(({ needToKnow: _need, ...part }) => part) as ShareDescription['parts'],
    recipients: [{ agency: read.sender.agency, contact: read.sender.contact ?? '', parts: Object.fromEntries(parts.map(({ needToKnow }, i) => [`part-${i + 1}`, needToKnow ? { needToKnow } : {}])) }],
  };
}

/** The person as whoever asked refers to it: age band, and of an adult the ground of the risk. */
function subjectOf({ mine }: CopyVerified): Pick<NonNullable<ShareDescription['subject']>, 'band' | 'atRisk'> {
  const line = mine.find((each): each is SubjectLine => 'about' in each && each.about === 'subject');
  return { ...(line?.band ? { band: line.band } : {}), ...(line?.atRisk ? { atRisk: line.atRisk } : {}) };
}

const defined = <T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;

/** @throws Mistyped */
async function octetsOf(category: string): Promise<Uint8Array> {
  const file = found<HTMLInputElement>(`file-${category}`).files?.[0];
  if (file) return new Uint8Array(await file.arrayBuffer());
  const text = valueOf(`text-${category}`);
  if (text === '') throw new Mistyped(`Write what you give of ${plain(category)}, or choose a file.`);
  return new TextEncoder().encode(text);
}
