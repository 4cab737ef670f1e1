import { GRAMMAR } from '#protocol/grammar';
import { checks, choice, element, ticked } from './elements';
import { Mistyped } from './mistyped';

/** What a field takes, and how it is shown. Lists of codes have their words. */
export type Takes =
  | { one: Readonly<Record<string, string>> } | { many: Readonly<Record<string, string>> } | 'moment' | 'day' | 'count' | 'yes-no' | 'tick' | { text: RegExp; like: string } | { each: RegExp; like: string };

export interface FieldAsked {
  /** Name on the wire; of a field of something nested `facts.people`. */
  name: string;
  says: string;
  takes: Takes;
  needed?: boolean;
  /** It is asked only while another field has this value. */
  when?: readonly [name: string, is: string];
}

export interface FieldsShown {
  elements: HTMLElement[];
  /** What was filled in, as it goes over the wire; what is empty is not there. @throws Mistyped with what is missing */
  said(): Record<string, unknown>;
}

export const YES_NO_UNKNOWN = { yes: 'Yes', no: 'No', unknown: 'Not known' } as const;
const YES_NO = { yes: 'Yes', no: 'No' } as const;

const labelled = (id: string, text: string, field: HTMLElement): HTMLElement => element('div', { class: 'field' }, element('label', { for: id, text }), field);
const capital = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
const worded = (words: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(words).map(([code, says]) => [code, capital(says)]));

/** Fields from their table. Each keeps its id, by which a draft finds it again. */
export function fieldsOf(asked: readonly FieldAsked[], prefix: string): FieldsShown {
  const shown = asked.map((field) => ({ field, made: made(field, `${prefix}-${field.name.replaceAll('.', '-')}`) }));
  for (const { field: { when }, made: { root } } of shown) {
    const on = when && shown.find(({ field }) => field.name === when[0]);
    if (!on || !when) continue;
    const look = (): void => void (root.hidden = on.made.value() !== when[1]);
    on.made.root.addEventListener('change', look);
    look();
  }
  return {
    elements: shown.map(({ made: { root } }) => root),
    said: () => {
      const said: Record<string, unknown> = {};
      for (const { field: { name, says, needed }, made: { root, value } } of shown) {
        const given = root.hidden ? undefined : value();
        if (given === undefined && needed === true && !root.hidden) throw new Mistyped(`Say this first: ${says}. Nothing was signed.`);
        if (given !== undefined) put(said, name, given);
      }
      return said;
    },
  };
}

function put(into: Record<string, unknown>, name: string, value: unknown): void {
  const [first = '', rest] = name.split('.', 2);
  if (rest === undefined) into[first] = value;
  else into[first] = { ...(into[first] as object | undefined), [rest]: value };
}

interface Made {
  root: HTMLElement;
  /** @throws Mistyped */
  value(): unknown;
}

function made({ says, takes }: FieldAsked, id: string): Made {
  if (takes === 'tick') {
    const input = element('input', { type: 'checkbox', id });
    return { root: element('div', { class: 'choice' }, input, element('label', { for: id, text: says })), value: () => input.checked || undefined };
  }
  if (typeof takes === 'object' && 'many' in takes) {
    const root = checks(id, says, takes.many);
    return { root, value: () => (ticked(root).length > 0 ? ticked(root) : undefined) };
  }
  if (takes === 'yes-no' || (typeof takes === 'object' && 'one' in takes)) {
    const select = choice(id, { '': 'Choose', ...worded(takes === 'yes-no' ? YES_NO : takes.one) });
    return { root: labelled(id, says, select), value: () => (select.value === '' ? undefined : takes === 'yes-no' ? select.value === 'yes' : select.value) };
  }
  const input = element('input', { id, type: takes === 'moment' ? 'datetime-local' : takes === 'day' ? 'date' : 'text', autocomplete: 'off', spellcheck: 'false', ...(takes === 'count' ? { inputmode: 'numeric' } : {}) });
  return { root: labelled(id, says, input), value: () => (input.value.trim() === '' ? undefined : read(input.value.trim(), says, takes)) };
}

/** @throws Mistyped */
function read(text: string, says: string, takes: Takes): unknown {
  const wrong = (like: string) => new Mistyped(`${says}: write it like ${like}. Nothing was signed.`);
  // As the clock on the wall has it.
  if (takes === 'moment') return new Date(text).toISOString();
  if (takes === 'count') {
    if (!/^\d{1,9}$/.test(text)) throw wrong('120');
    return Number(text);
  }
  if (takes === 'day') {
    if (!GRAMMAR.day.test(text)) throw wrong('2026-01-31');
    return text;
  }
  if (typeof takes !== 'object') return text;
  if ('text' in takes) {
    if (!takes.text.test(text)) throw wrong(takes.like);
    return text;
  }
  if (!('each' in takes)) return text;
  const all = text.split(/[\s,;]+/).filter(Boolean);
  if (!all.every((each) => takes.each.test(each))) throw wrong(takes.like);
  return [...new Set(all)];
}
