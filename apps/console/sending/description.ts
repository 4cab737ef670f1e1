import { DateTime } from 'luxon';
import type { DecisionDescribed, PartDescribed, RecipientDescribed, ShareDescription } from '#client/description';
import type { Agreement } from '#policy/agreement';
import type { ConsentDeclared, InformingDeclared } from '#protocol/declarations';
import { GRAMMAR, hidesIdentifier, isOnCalendar } from '#protocol/grammar';
import type { Advice } from '#protocol/line';
import type { Urgency } from '#protocol/manifest';
import { CONSOLE_LIMITS } from '../limits';
import { plain } from '../words';
import { type Fault, idOf } from './field';
import type { Filled } from './filled';
import { PSEUDONYMOUS } from './needs-form';
import type { What } from './what';

export interface Describing {
  what: What;
  agreement: Agreement;
  agency: string;
  /** Of the share: drawn before it is written. */
  id: string;
  /** `YYYY-MM-DD` */
  today: string;
}

/** In the place of words that are written where they are sealed. */
const UNWRITTEN = new Uint8Array();

/** What of the first page is not as it should be. What the agreement wants is not asked here: the plan says it, with all reasons at once. */
export function faultsOf(filled: Filled, what: What): Fault[] {
  const fault = (name: string, says: string): Fault => ({ field: idOf(name), says });
  const reference = filled.one('reference');
  const neededBy = filled.one('neededBy');
  return [
    ...(filled.one('urgency') === '' ? [fault('urgency', 'Choose how pressing it is')] : []),
    ...(filled.one('purpose') === '' ? [fault('purpose', 'Choose what it is for')] : []),
    ...(what === 'request' && filled.one('type') === '' ? [fault('type', 'Choose what kind of request it is')] : []),
    ...(what === 'request' && neededBy !== '' && instantOf(neededBy) === undefined ? [fault('neededBy', 'Give the day and the time by when you need an answer, or leave it empty')] : []),
    ...(filled.one('role') === '' ? [fault('role', 'Choose in which role you do this')] : []),
    ...(filled.all('to').length === 0 ? [{ field: 'f-to-1', says: what === 'request' ? 'Choose whom you ask' : 'Choose who is to have it' }] : []),
    ...(filled.all('to').length > CONSOLE_LIMITS.recipients.value ? [{ field: 'f-to-1', says: `Choose no more than ${CONSOLE_LIMITS.recipients.value} recipients: what goes to more is sent with the command` }] : []),
    ...(filled.all('categories').length === 0 ? [fault('categories', what === 'request' ? 'Choose what you ask for' : 'Choose what you share')] : []),
    ...(reference !== '' && !GRAMMAR.reference.test(reference) ? [fault('reference', 'Write the reference as initials or a case number in capital letters, such as WQ-2041')] : []),
    ...(GRAMMAR.reference.test(reference) && hidesIdentifier(reference) ? [fault('reference', 'The reference looks like an NHS number, a date or a postcode. Use another: the gateway reads it')] : []),
    ...(filled.one('authorityOn') !== '' && !isDay(filled.one('authorityOn')) ? [fault('authorityOn', 'Give the day on which the proof was looked at')] : []),
  ];
}

/** What of the second page is not as it should be: so much as nothing can be planned without. */
export function faultsOfNeeds(filled: Filled, what: What): Fault[] {
  const [categories, to] = [filled.all('categories'), filled.all('to')];
  const needs = (category: string, address: string): boolean => filled.one(`need.${category}.${address}`) !== '';
  const missing: Fault[] = what === 'request'
    ? to.filter((address) => filled.one(`question.${address}`) === '').map((address) => ({ field: idOf(`question.${address}`), says: 'Choose why whoever you ask may read your question' }))
    : [
      ...categories.filter((category) => !to.some((address) => needs(category, address))).map((category) => ({ field: idOf(`need.${category}.${to[0] ?? ''}`), says: `Say who needs ${plain(category)} and why, or go back and leave it out` })),
      ...to.filter((address) => !categories.some((category) => needs(category, address))).map((address) => ({ field: idOf(`need.${categories[0] ?? ''}.${address}`), says: `Say what ${address} needs and why, or go back and leave it out` })),
    ];
  return [...missing, ...(filled.all('reasons').length === 0 ? [{ field: idOf('reasons'), says: what === 'request' ? 'Choose why you decided to ask' : 'Choose why you decided to share' }] : []), ...faultsOfDays(filled), ...faultsOfAdvice(filled)];
}

function faultsOfDays(filled: Filled): Fault[] {
  const days = ['consentOn', 'consentUntil', 'consultedOn', ...filled.all('categories').map((category) => `asOf.${category}`)];
  return days.flatMap((name) => (filled.one(name) !== '' && !isDay(filled.one(name)) ? [{ field: idOf(name), says: 'Give a day, such as 2026-01-31, or leave it empty' }] : []));
}

/** What belongs to advice that nobody is said to have given would be lost; and advice of no day is none that anybody can look up. */
function faultsOfAdvice(filled: Filled): Fault[] {
  const [role, on] = [filled.one('consultedRole'), filled.one('consultedOn')];
  if (role !== '' && on === '') return [{ field: idOf('consultedOn'), says: 'Give the day on which you talked it over, such as 2026-01-31' }];
  if (role === '' && ['consultedOn', 'consultedContact', 'advised'].some((name) => filled.one(name) !== '')) return [{ field: idOf('consultedRole'), says: 'Say with whom you talked it over' }];
  return [];
}

const isDay = (text: string): boolean => GRAMMAR.day.test(text) && isOnCalendar(text);

/** `2026-01-31T17:00` as the clock on the wall has it. */
function instantOf(text: string): string | undefined {
  const at = DateTime.fromISO(text, { zone: 'Europe/London' });
  return /^20\d\d-\d\d-\d\dT\d\d:\d\d$/.test(text) && at.isValid ? at.toUTC().toISO({ suppressMilliseconds: true }) : undefined;
}

/** What two pages of codes come to: a share whose words are still to be written. Pure. */
export function described(filled: Filled, { what, agreement, agency, id, today }: Describing): ShareDescription {
  const one = (name: string): string | undefined => filled.one(name) || undefined;
  const contact = filled.one('team');
  const parts: PartDescribed[] = what === 'request' ? [{ octets: UNWRITTEN, category: 'question' }] : filled.all('categories').map((category) => partOf(filled, category));
  const conditions = filled.all('conditions');
  const subjects = filled.all('subjects') as ShareDescription['subjects'];
  const reference = one('reference');
  const threads = { ...set('previous', one('previous')), ...set('supersedes', one('supersedes')) };
  return {
    id, agreement: { id: agreement.id, version: agreement.version }, sender: { agency, contact, ...set('role', one('role')) }, urgency: filled.one('urgency') as Urgency, handling: { doNotTellSubject: filled.has('doNotTell') },
    ...set('purpose', one('purpose')), ...set('lawfulBasis', one('lawfulBasis')), ...set('legalGateway', one('legalGateway')), ...(conditions.length > 0 ? { conditions: [...conditions] } : {}), ...(subjects && subjects.length > 0 ? { subjects: [...subjects] } : {}),
    ...set('consent', consentOf(filled)), ...set('informed', informedOf(filled)), ...(filled.has('accurate') ? { accuracy: { on: today, by: filled.one('role') } } : {}),
    thirdParties: { identifiable: filled.has('others'), ...set('reason', one('othersReason')) },
    ...set('advice', adviceOf(filled)), ...(Object.keys(threads).length > 0 ? { threads } : {}), ...(filled.one('onwardGround') && filled.one('onwardApprover') ? { onward: { ground: filled.one('onwardGround'), approver: filled.one('onwardApprover') } } : {}),
    ...(what === 'request' ? { asks: { type: filled.one('type'), categories: filled.all('categories').map((category) => ({ category, ...set('needToKnow', one(`need.${category}`)) })), ...set('neededBy', instantOf(filled.one('neededBy'))), ...authorityOf(filled) } } : {}),
    subject: { ...set('reference', reference), ...set('band', one('band') as NonNullable<ShareDescription['subject']>['band']), ...set('atRisk', one('atRisk')), known: {} },
    decision: decisionOf(filled, contact),
    parts, recipients: filled.all('to').map((address) => recipientOf(filled, { what, address, parts })),
  };
}

const set = <N extends string, V>(name: N, value: V | undefined): { [K in N]?: V } => (value === undefined ? {} : { [name]: value }) as { [K in N]?: V };

function partOf(filled: Filled, category: string): PartDescribed {
  const one = (name: string): never => (filled.one(`${name}.${category}`) || undefined) as never;
  return { octets: UNWRITTEN, category, ...set('kind', one('kind')), ...set('confidence', one('confidence')), ...set('doubt', one('doubt')), ...set('source', one('source')), ...set('sourceKind', one('sourceKind')), ...set('asOf', one('asOf')), ...set('historical', one('historical')) };
}

/** Whoever is given no reason for a part is not given the part. */
function recipientOf(filled: Filled, { what, address, parts }: { what: What; address: string; parts: readonly PartDescribed[] }): RecipientDescribed {
  const [agency = '', contact = ''] = address.split('/');
  const needs = parts.flatMap(({ category }, i) => {
    const needToKnow = filled.one(what === 'request' ? `question.${address}` : `need.${category}.${address}`);
    return needToKnow === '' ? [] : [[`part-${i + 1}`, { needToKnow, ...set('justification', filled.one(`justification.${category}.${address}`) || undefined) }] as const];
  });
  return { agency, contact, parts: Object.fromEntries(needs) };
}

function consentOf(filled: Filled): ConsentDeclared | undefined {
  const status = filled.one('consent') as ConsentDeclared['status'] | '';
  if (status === '') return undefined;
  if (status !== 'obtained') return { status, ...set('reason', filled.one('consentReason') || undefined) };
  return {
    status, ...set('on', filled.one('consentOn') || undefined), ...set('expires', filled.one('consentUntil') || undefined), ...set('by', (filled.one('consentBy') || undefined) as ConsentDeclared['by']), ...set('evidence', (filled.one('consentEvidence') || undefined) as ConsentDeclared['evidence']),
    limited: filled.has('consentLimited'), couldRefuse: filled.has('couldRefuse'), ...(filled.has('competent') ? { competent: true } : {}),
  };
}

function informedOf(filled: Filled): InformingDeclared | undefined {
  const status = filled.one('informed') as InformingDeclared['status'] | '';
  if (status === '') return undefined;
  return { status, ...(status === 'will-be-informed' ? set('by', filled.one('informedBy') || undefined) : {}), ...(status === 'not-informed' ? set('reason', filled.one('informedReason') || undefined) : {}) };
}

function adviceOf(filled: Filled): ShareDescription['advice'] {
  const asked = filled.one('advice');
  return asked === '' ? undefined : asked === PSEUDONYMOUS ? { pseudonymous: true } : { identityNeeded: asked };
}

function authorityOf(filled: Filled): { authority?: NonNullable<ShareDescription['asks']>['authority'] & object } {
  const [kind, checkedBy, checkedOn] = [filled.one('authority'), filled.one('authorityBy'), filled.one('authorityOn')];
  return kind && checkedBy && checkedOn ? { authority: { kind, checkedBy, checkedOn } } : {};
}

function decisionOf(filled: Filled, contact: string): DecisionDescribed {
  const [role, on] = [filled.one('consultedRole'), filled.one('consultedOn')];
  const checklist = filled.all('checklist');
  return {
    by: contact, role: filled.one('role'), reasons: [...filled.all('reasons')], ...set('method', filled.one('method') || undefined),
    aid: { purposeClear: filled.has('purposeClear'), consent: filled.one('consent') === 'obtained', identifies: true, lawfulReason: filled.has('lawfulReason'), ...(filled.has('publicInterest') ? { publicInterest: true } : {}) },
    safetyConsidered: filled.has('safety'), necessary: filled.has('necessary'), ...set('risk', (filled.one('risk') || undefined) as DecisionDescribed['risk']), ...(checklist.length > 0 ? { checklist: [...checklist] } : {}),
    ...(role && on ? { consulted: { role, on, ...set('contact', filled.one('consultedContact') || undefined), ...set('advised', (filled.one('advised') || undefined) as Advice | undefined) } } : {}), ...(filled.has('harm') ? { significantHarm: true, ...set('harmToldOtherwise', filled.one('harmTold') || undefined) } : {}),
    ...set('secondDecider', filled.one('secondDecider') || undefined),
    ...(filled.has('highRisk') ? { highRisk: true, ...set('impactAssessment', (filled.one('impact') || undefined) as DecisionDescribed['impactAssessment']) } : {}),
  };
}
