import { ROLES } from '#policy/vocabulary/roles';
import type { AdviceSought } from '#protocol/declarations';
import { ADVICE, type Advice, type Consulted } from '#protocol/line';
import { choice, element, found } from './elements';
import { Mistyped } from './mistyped';
import { plain } from './words';

const field = (id: string, text: string, input: HTMLElement): HTMLElement => element('div', { class: 'field' }, element('label', { for: id, text }), input);

/** Whose advice was taken before it was decided, and what it came to (DS-08, DS-15). */
export function adviceFields(colleagues: readonly string[]): HTMLFieldSetElement {
  return element('fieldset', { id: 'advice' }, element('legend', { text: 'If you talked it over first: for your own record' }),
    field('advice-role', 'With', choice('advice-role', { '': 'Nobody', ...Object.fromEntries(Object.entries(ROLES).map(([code, { says }]) => [code, says])) })),
    field('advice-on', 'When', element('input', { id: 'advice-on', type: 'date' })),
    field('advice-contact', 'Who that was, if it was a manager of ours', choice('advice-contact', { '': 'Not said, or somebody else', ...Object.fromEntries(colleagues.map((each) => [each, each])) })),
    field('advice-came-to', 'What the advice came to', choice('advice-came-to', { '': 'Not said', ...Object.fromEntries(ADVICE.map((code) => [code, plain(code)])) })));
}

/** @throws Mistyped where somebody was asked on no day, or nobody on some day */
export function adviceTaken(): Consulted | undefined {
  const [role, on, contact, advised] = ['advice-role', 'advice-on', 'advice-contact', 'advice-came-to'].map((id) => found<HTMLInputElement | HTMLSelectElement>(id).value) as [string, string, string, Advice | ''];
  if (role !== '' && on === '') throw new Mistyped('Give the day on which you talked it over.');
  if (role === '' && (on !== '' || contact !== '' || advised !== '')) throw new Mistyped('Say with whom you talked it over.');
  return role === '' ? undefined : { role, on, ...(contact === '' ? {} : { contact }), ...(advised === '' ? {} : { advised }) };
}

/** The same as it is shown before it is signed. */
export const adviceShown = ({ role, on, contact, advised }: Consulted): string => `${plain(role)}${contact ? ` (${contact})` : ''}, ${on}${advised ? `; advised: ${plain(advised)}` : ''}`;

/** What whoever is asked, and whoever asks, is told of it: whether the case says whose it is. */
export const adviceAsked = ({ identityNeeded, pseudonymous }: AdviceSought): string => (identityNeeded ? `yes, and it says who it is: ${plain(identityNeeded)}` : pseudonymous ? 'yes, and it says of nobody who it is' : 'yes');

const UNRECOGNISED = 'unrecognised';

/** Beside the text: only whoever wrote it can tell by what somebody would be recognised (DS-08). */
export const unrecognisedField = (): HTMLElement => element('div', { class: 'choice' }, element('input', { type: 'checkbox', id: UNRECOGNISED }),
  element('label', { for: UNRECOGNISED, text: 'I read it once more: nobody would be recognised by it. No name or initials, no address, school or day, nothing that only this case has' }));

/** @throws Mistyped where it was not read for that */
export function requireUnrecognised(): void {
  if (!found<HTMLInputElement>(UNRECOGNISED).checked) throw new Mistyped('Read it once more for whatever somebody would be recognised by, and tick that nobody would be.');
}
