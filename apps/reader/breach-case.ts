import { type BreachSaid, type BreachStatementVerified, stateOfBreach } from '#client/breaches';
import { BREACH_STATING_KINDS, type BreachPart } from '#policy/breach-stating';
import { BREACH_TYPES } from '#policy/vocabulary/breach';
import { entryOf } from '#policy/vocabulary/entry';
import { BREACH_STATEMENT_KINDS, type BreachStated, type BreachStatementKind } from '#protocol/breach';
import type { BreachTold } from '#protocol/breach-answers';
import { type Agencies, asStated, type CaseAsked, fieldsOfKind } from './breach-fields';
import { type BreachAbout, reporting } from './breach-report';
import { composing } from './breach-regulator';
import { choice, element, facts, found } from './elements';
import { fieldsOf } from './fields';
import { attempt, say } from './page';
import { plain } from './words';

export interface Case extends BreachAbout {
  told: Omit<BreachTold, 'statements'> & { statements: BreachStatementVerified[] };
  agencies: Agencies;
  /** Shows the case as it is then. */
  again(): Promise<void>;
}

const inLondon = (at: string): string => new Date(at).toLocaleString('en-GB', { timeZone: 'Europe/London' });

/** A case, each statement held to whoever is said to have signed it; what can be stated now; and the report to the regulator. */
export async function caseShown(about: Case): Promise<{ elements: HTMLElement[]; keep: () => Promise<boolean> }> {
  const { told, partner, breach } = about;
  const reference = `B-${breach.slice(-8).toUpperCase()}`;
  document.title = `${reference} – Reader`;
  found('heading').textContent = `Data breach ${reference}`;
  const own = told.parties.find(({ agency }) => agency === partner.agency);
  const isOpen = told.type === 'not-yet-known' && told.reporter === partner.agency && told.state === 'open';
  const rest = element('div', {});
  // Until the rest is said there is nothing to tell the regulator, and one draft of a case.
  const composed = isOpen ? { elements: [], ...(await reporting({ ...about, share: rest })) } : await composing(about);
  say(isOpen ? 'Told: the police, the front door and whoever else can protect somebody. Ring them now; then say the rest, in your own time.' : 'Verified: each statement, by a key of whoever made it, for which the co-ordinator vouches. Nothing has been stated by you yet.');
  return {
    elements: [...warned(told), ...shown(told), rest, ...(isOpen ? [] : [stating(about, (own?.parts ?? []) as BreachPart[])]), ...composed.elements],
    keep: composed.keep,
  };
}

/** Whom to ring, where somebody could come to harm. */
function warned({ ring, notices }: Case['told']): HTMLElement[] {
  if (ring === undefined) return [];
  const safety = notices.filter(({ wave }) => wave === 'safety');
  return [element('div', { class: 'warning', id: 'ring' }, element('p', { text: ring }), element('ul', {}, ...safety.map(({ agency, telephone, readAt }) => element('li', { text: `${agency}: ${telephone ?? 'no number in the directory'}${readAt === undefined ? ', not read yet' : `, read ${inLondon(readAt)}`}` }))))];
}

function shown({ under, type, reporter, state, dueAt, hoursLeft, statements }: Case['told']): HTMLElement[] {
  return [
    facts([
      ['What happened', entryOf(BREACH_TYPES, type)?.says ?? plain(type)], ['Reported by', reporter ?? 'the gateway itself'], ['Under', under.id], ['It is', plain(state)],
      ...(dueAt === undefined ? [] : [['Your own time', `${hoursLeft} whole hours left to tell the regulator, until ${inLondon(dueAt)}`] as const]),
    ]),
    element('h2', { text: 'What was stated, signed' }),
    element('ul', { id: 'statements' }, ...statements.map(({ at, said, kind }) => element('li', { text: `${inLondon(at)}: ${said.by.agency}, ${plain(said.role)}: ${plain(kind)}${'outcome' in said && said.outcome !== undefined ? `, ${plain(said.outcome)}` : ''}` }))),
  ];
}

/** What somebody with these parts may state of it as it stands, from the table by which the gateway looks again. */
function stating(about: Case, parts: readonly BreachPart[]): HTMLElement {
  const { told, role } = about;
  // Nobody says of a person's safety what a data protection officer alone has found out.
  const isTheirs = (kind: BreachStatementKind): boolean => kind !== 'protected' || role !== 'data-protection-officer';
  const kinds = (Object.keys(BREACH_STATING_KINDS) as BreachStatementKind[]).filter((kind) => isTheirs(kind) && BREACH_STATING_KINDS[kind].by.some((part) => parts.includes(part)) && (BREACH_STATING_KINDS[kind].states as readonly string[]).includes(told.state));
  const select = choice('kind', { '': 'Choose', ...Object.fromEntries(kinds.map((kind) => [kind, `${plain(kind)}: ${BREACH_STATEMENT_KINDS[kind]}`])) });
  const form = element('div', { id: 'stating-fields' });
  select.addEventListener('change', () => form.replaceChildren(...(select.value === '' ? [] : fieldsFor(about, select.value as BreachStatementKind))));
  return element('section', { id: 'stating', 'aria-labelledby': 'stating-title' }, element('h2', { id: 'stating-title', text: 'State something of it' }), element('div', { class: 'field' }, element('label', { for: 'kind', text: 'What you state' }), select), form);
}

function fieldsFor(about: Case, kind: BreachStatementKind): HTMLElement[] {
  const { told, partner, agencies, role, breach, again } = about;
  const stated = told.statements.flatMap(({ id, agency, said }) => ('breach' in said ? [{ ...(said as BreachStated), id, agency }] : []));
  const asked: CaseAsked = { own: partner.agency, agencies: Object.fromEntries(Object.entries(agencies).filter(([agency]) => kind === 'met' || told.parties.some((party) => party.agency === agency))), standing: { stated } };
  const fields = fieldsOf(fieldsOfKind(kind, asked), 'state');
  const button = element('button', { type: 'button', id: 'state', text: 'State it, signed' });
  button.addEventListener('click', () => void attempt(async () => {
    const said = asStated(fields.said());
    button.disabled = true;
    try {
      const { state } = await stateOfBreach(partner, breach, kind, { role, ...said } as BreachSaid);
      await again();
      say(`On record, signed: everybody in the case sees it. The case is ${plain(state)}.`);
      found('main').focus();
    } finally {
      button.disabled = false;
    }
  }));
  return [...fields.elements, button];
}
