import { regulatorDocument, type RegulatorDocument } from '#client/regulator-report';
import type { Case } from './breach-case';
import { drafting } from './drafting';
import { draftOf } from './drafts';
import { element, found } from './elements';
import { attempt, say } from './page';

const WHO = [['controller', 'Your organisation, as the regulator knows it'], ['registration', 'Its registration number'], ['contact', 'Whom the regulator rings: data protection officer or senior responsible person']] as const;

/**
 * The report to the regulator, composed here of the record and of words that no server has (BR-09, BR-11). It holds nothing that another controller stated. Printed, each page
 * carries its marking; what was put in lies sealed in this browser.
 */
export async function composing({ as, told, partner, breach, reader }: Pick<Case, 'as' | 'told' | 'partner' | 'breach' | 'reader'>): Promise<{ elements: HTMLElement[]; keep: () => Promise<boolean> }> {
  const id = 'regulator-account';
  const words = (await draftOf(as, breach).catch(() => undefined))?.words ?? {};
  const kept = element('p', { class: 'hint', text: 'What you put in is sealed to your team’s key and kept in this browser.' });
  const button = element('button', { type: 'button', id: 'compose', class: 'quiet', text: 'Compose the report' });
  const report = element('div', { id: 'report' });
  const form = element('section', { id: 'regulator', 'aria-labelledby': 'regulator-title' }, element('h2', { id: 'regulator-title', text: 'The report to the regulator' }),
    element('p', { text: 'It is made on this computer, of what you and your report stated and of the words that you put in. Put in no name of anybody concerned.' }),
    ...WHO.map(([name, says]) => element('div', { class: 'field' }, element('label', { for: `regulator-${name}`, text: says }), element('input', { id: `regulator-${name}`, type: 'text', autocomplete: 'off', spellcheck: 'false' }))),
    element('div', { class: 'field' }, element('label', { for: id, text: 'What happened, in words' }), element('textarea', { id, rows: '8' })), button, kept, report);
  const draft = drafting({ as, id: breach, codes: '', root: form, told: kept, all: true }, { [id]: words['account'] ?? '', ...words });
  button.addEventListener('click', () => void attempt(async () => {
    const of = (name: string): string | undefined => found<HTMLInputElement>(`regulator-${name}`).value.trim() || undefined;
    const narrative = Object.fromEntries(['account', ...WHO.map(([name]) => name)].flatMap((name) => (of(name) === undefined ? [] : [[name, of(name) ?? '']])));
    const composed = regulatorDocument(told, partner.agency, narrative);
    const marking = [composed.marking, `B-${breach.slice(-8).toUpperCase()}`, ...(told.exercise ? ['EXERCISE'] : []), reader, new Date().toLocaleString('en-GB', { timeZone: 'Europe/London' })].join('  ·  ');
    report.replaceChildren(paged(composed, marking));
    document.body.classList.add('composed');
    await draft.keep();
    say('Composed on this computer. Read it, then print it or save it as a PDF: each page is marked.');
    report.querySelector('table')?.focus();
  }));
  return { elements: [form], keep: () => draft.keep() };
}

/** A table whose head stands on each page that it is printed on; nothing stands beside it. Nothing that somebody typed is read as HTML. */
const paged = ({ title, bearInMind, rows, restsOn }: RegulatorDocument, marking: string): HTMLElement => element('table', { tabindex: '-1' },
  element('caption', { text: title }), element('thead', {}, element('tr', {}, element('th', { colspan: '2', scope: 'colgroup', text: marking }))),
  element('tbody', {}, ...rows.map(([field, value]) => element('tr', {}, element('th', { scope: 'row', text: field }), element('td', { text: value }))), ...[bearInMind, restsOn].map((text) => element('tr', {}, element('td', { colspan: '2', text })))));
