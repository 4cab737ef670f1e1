import type { Reader } from '#client/reader-key';
import { type RequestSaid, type RequestStatementVerified, stateOfRequest, verifiedRequest } from '#client/stating';
import { ESCALATION_REASONS } from '#policy/vocabulary/requests';
import { GRAMMAR } from '#protocol/grammar';
import { REQUEST_STATEMENT_KINDS, type RequestStatementKind } from '#protocol/request-statement';
import type { RequestTold } from '#protocol/request-answers';
import { type Line, partnerBy } from './connection';
import { choice, element, facts, found } from './elements';
import type { Handed } from './handed';
import { Mistyped } from './mistyped';
import { attempt, say } from './page';
import { plain } from './words';

/** What may be said, in which role, and whom it may be said for, as the console hands it over. The gateway looks at each again. */
export interface Sayings {
  kinds: readonly (readonly [RequestStatementKind, string])[];
  /** Others who decide, `agency/contact`: whose view may be told by telephone. */
  deciders: readonly string[];
  /** Stages of an escalation, and between whom each is. */
  stages: readonly (readonly [number, string])[];
}

const words = (given: URLSearchParams, name: string): string[] => (given.get(name) ?? '').split(' ').filter(Boolean);

export function sayingsIn(given: URLSearchParams): Sayings {
  const pairs = (name: string): [string, string][] => words(given, name).flatMap((each) => (GRAMMAR.code.test(each.split(':')[1] ?? '') ? [each.split(':', 2) as [string, string]] : []));
  return {
    kinds: pairs('says').flatMap(([kind, role]) => (Object.hasOwn(REQUEST_STATEMENT_KINDS, kind) ? [[kind as RequestStatementKind, role] as const] : [])),
    deciders: words(given, 'deciders').filter((each) => each.split('/').length === 2 && each.split('/').every((part) => GRAMMAR.contact.test(part))),
    stages: pairs('stages').map(([stage, between]) => [Number(stage), between] as const).filter(([stage]) => Number.isInteger(stage)),
  };
}

/** What was said of a request, each held to whoever is said to have signed it; and what can be said now. */
export async function saying({ about: request }: Handed, sayings: Sayings, line: Line, as: Reader): Promise<void> {
  say('Verifying …');
  const partner = partnerBy(line, as);
  const told = await verifiedRequest(partner, request);
  const share = found('share');
  const reference = `R-${request.slice(-8).toUpperCase()}`;
  document.title = `${reference} – Reader`;
  found('heading').textContent = `Request ${reference}`;
  share.replaceChildren(...shown(told), ...sayings.kinds.map(([kind, role]) => form({ kind, role, sayings, put: async (said) => {
    const { state } = await stateOfRequest(partner, request, kind, said);
    for (const each of share.querySelectorAll('.saying')) each.remove();
    say(`On record, signed: everybody who has a part in it sees it. The request is ${STATES[state] ?? plain(state)}.`);
    found('main').focus();
  } })));
  share.hidden = false;
  say('Verified: each statement, by a key of whoever made it, for which the co-ordinator vouches. Nothing has been said by you yet.');
}

const STATES: Readonly<Record<string, string>> = { asked: 'to be answered', declined: 'refused', partly: 'partly refused', answering: 'partly answered' };

function shown({ requester, holder, type, state, categories, statements }: Omit<RequestTold, 'statements'> & { statements: RequestStatementVerified[] }): Node[] {
  return [
    facts([
      ['Asked by', requester.agency], ['Asked of', `${holder.agency}/${holder.contact}`], ['What it is', plain(type)], ['It is', STATES[state] ?? plain(state)],
      ...categories.map(({ category, answer }) => [plain(category), answer ? plain(answer) : 'no answer yet'] as const),
    ]),
    ...(statements.length > 0 ? [element('h2', { text: 'What was said of it, signed' }), element('ul', {}, ...statements.map(({ said, at }) => element('li', { text: `${new Date(at).toLocaleString('en-GB', { timeZone: 'Europe/London' })}: ${said.by.agency}, ${plain(said.role)}: ${[said.kind, said.outcome, said.reason, said.telephone && `for ${said.telephone.of.agency} by telephone`].filter(Boolean).map((each) => plain(String(each))).join(', ')}` })))] : []),
  ];
}

interface Form {
  kind: RequestStatementKind;
  role: string;
  sayings: Sayings;
  put(said: RequestSaid): Promise<void>;
}

interface Fields {
  title: string;
  button: string;
  fields: HTMLElement[];
  /** @throws Mistyped */
  said(): Omit<RequestSaid, 'role'>;
}

function form({ kind, role, sayings, put }: Form): HTMLElement {
  const made = FORMS[kind]?.(sayings);
  if (!made) return element('div', { class: 'saying' });
  const button = element('button', { type: 'button', id: `say-${kind}`, class: 'quiet', text: made.button });
  button.addEventListener('click', () => void attempt(async () => {
    const said = made.said();
    button.disabled = true;
    await put({ role, ...said }).finally(() => (button.disabled = false));
  }));
  return element('section', { class: 'saying', 'aria-labelledby': `title-${kind}` }, element('h2', { id: `title-${kind}`, text: made.title }), ...made.fields, button);
}

const labelled = (id: string, text: string, field: HTMLElement): HTMLElement[] => [element('label', { for: id, text }), field];
const box = (id: string, text: string): { field: HTMLElement; input: HTMLInputElement } => {
  const input = element('input', { type: 'checkbox', id });
  return { input, field: element('div', { class: 'choice' }, input, element('label', { for: id, text })) };
};
/** One must be chosen: nothing is said by whoever only pressed the button. */
const outcomes = (id: string, options: Readonly<Record<string, string>>): HTMLSelectElement => choice(id, { '': 'Choose', ...options });
const chosen = (field: HTMLSelectElement): string => {
  if (field.value === '') throw new Mistyped('Choose what you say first. Nothing was signed.');
  return field.value;
};

const FORMS: Partial<Record<RequestStatementKind, (sayings: Sayings) => Fields>> = {
  reviewed: () => {
    const outcome = outcomes('outcome-reviewed', { upheld: 'The refusal was right', 'not-upheld': 'The refusal was not right', commented: 'We looked at it, and have something to say of it otherwise' });
    return { title: 'Was the refusal right?', button: 'Say so, signed', fields: labelled(outcome.id, 'We find', outcome), said: () => ({ outcome: chosen(outcome) }) };
  },
  viewed: ({ deciders }) => {
    const outcome = outcomes('outcome-viewed', { share: 'It is to be shared', 'do-not-share': 'It is not to be shared' });
    const whose = choice('whose', { '': 'Our own', ...Object.fromEntries(deciders.map((each) => [each, `That of ${each}, told to us by telephone`])) });
    const { field, input } = box('read-back', 'It was read back to whoever told it, who said that it is right');
    field.hidden = true;
    whose.addEventListener('change', () => void (field.hidden = whose.value === ''));
    return {
      title: 'Is it to be shared?', button: 'Say so, signed', fields: [...labelled(outcome.id, 'The view', outcome), ...(deciders.length > 0 ? [...labelled(whose.id, 'Whose view it is', whose), field] : [])],
      said: () => {
        if (whose.value === '') return { outcome: chosen(outcome) };
        if (!input.checked) throw new Mistyped('Read it back to whoever told it, and say that you did. Nothing was signed.');
        const [agency = '', contact = ''] = whose.value.split('/');
        return { outcome: chosen(outcome), telephone: { of: { agency, contact }, readBack: true, at: new Date().toISOString() } };
      },
    };
  },
  escalated: ({ stages }) => {
    const reason = outcomes('reason-escalated', Object.fromEntries(Object.entries(ESCALATION_REASONS).map(([code, { says }]) => [code, says])));
    const stage = choice('stage', Object.fromEntries(stages.map(([each, between]) => [String(each), `Stage ${each}: ${plain(between)}`])));
    const { field, input } = box('safety', 'It is necessary for the safety of a child: those who decide have it at once, at pace');
    return {
      title: 'Take it to those who decide', button: 'Escalate it, signed', fields: [...labelled(reason.id, 'Because', reason), ...(stages.length > 0 ? labelled(stage.id, 'Which stage', stage) : []), field],
      said: () => ({ reason: chosen(reason), ...(input.checked && { necessaryForSafety: true }), ...(stages.length > 0 && { stage: Number(stage.value) }) }),
    };
  },
  discussed: () => {
    const on = element('input', { id: 'on', type: 'date' });
    return {
      title: 'The reasons were talked over', button: 'Say so, signed', fields: labelled('on', 'On which day', on),
      said: () => {
        if (!GRAMMAR.day.test(on.value)) throw new Mistyped('Give the day on which it was talked over. Nothing was signed.');
        return { on: on.value };
      },
    };
  },
  disputed: () => ({ title: 'We disagree', button: 'Open a dispute, signed: both points of contact are to find a solution', fields: [], said: () => ({}) }),
  settled: () => {
    const outcome = outcomes('outcome-settled', { agreed: 'With a solution that both accept', 'not-agreed': 'Without one' });
    return { title: 'The disagreement has ended', button: 'Say so, signed', fields: labelled(outcome.id, 'How', outcome), said: () => ({ outcome: chosen(outcome) }) };
  },
};
