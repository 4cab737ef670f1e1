import { type Table, within } from '#policy/vocabulary/entry';
import type { Filled } from './filled';

export interface Option {
  value: string;
  says: string;
  chosen: boolean;
  /** The heading under which it stands in its list. */
  group?: string;
}

/** One field of a form, as a template shows it; no template knows what any field is for. */
export interface Field {
  kind: 'select' | 'radios' | 'checkboxes' | 'text' | 'date' | 'datetime-local';
  id: string;
  name: string;
  label: string;
  hint: string | false;
  value: string;
  options: Option[];
  /** The same by the heading under which they stand. */
  groups: { label: string; options: Option[] }[];
  error: string | false;
  /** Ids of what describes it. */
  describedBy: string;
}

export interface Section {
  title: string;
  says: string | false;
  fields: Field[];
}

/** What is not as it should be, and where. It never says what was typed. */
export interface Fault {
  field: string;
  says: string;
}

export type Choices = readonly (readonly [string, string, string?])[];

export const idOf = (name: string): string => `f-${name.replaceAll(/[^A-Za-z0-9]/g, '-')}`;

interface More {
  hint?: string;
  id?: string;
}

export const capital = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;

/** Fields that know what was filled in. */
export class Fields {
  constructor(private readonly filled: Filled) {}

  select(name: string, label: string, choices: Choices, { blank = 'Choose', ...more }: More & { blank?: string } = {}): Field {
    return this.field('select', name, label, [['', blank], ...choices], more);
  }

  radios(name: string, label: string, choices: Choices, more: More = {}): Field {
    return this.field('radios', name, label, choices, more);
  }

  checkboxes(name: string, label: string, choices: Choices, more: More = {}): Field {
    return this.field('checkboxes', name, label, choices, more);
  }

  /** Something that is so, or is not. */
  tick(name: string, label: string, more: More = {}): Field {
    return this.field('checkboxes', name, '', [['yes', label]], more);
  }

  text(name: string, label: string, more: More = {}): Field {
    return this.field('text', name, label, [], more);
  }

  date(name: string, label: string, more: More = {}): Field {
    return this.field('date', name, label, [], more);
  }

  moment(name: string, label: string, more: More = {}): Field {
    return this.field('datetime-local', name, label, [], more);
  }

  private field(kind: Field['kind'], name: string, label: string, choices: Choices, { hint, id = idOf(name) }: More): Field {
    const options = choices.map(([value, says, group]): Option => ({ value, says: capital(says), chosen: value === '' ? this.filled.one(name) === '' : this.filled.has(name, value), ...(group ? { group } : {}) }));
    return grouped({ kind, id, name, label, hint: hint ?? false, value: this.filled.one(name), options, error: false, describedBy: hint ? `${id}-hint` : '' });
  }
}

/** With its options by their headings, in the order in which they stand. */
export const grouped = (field: Omit<Field, 'groups'>): Field => ({ ...field, groups: [...Map.groupBy(field.options, ({ group = '' }) => group)].map(([label, options]) => ({ label, options })) });

/** The fields with what is wrong of each beside it. */
export const told = (sections: readonly Section[], faults: readonly Fault[]): Section[] => sections.map((section) => ({
  ...section,
  fields: section.fields.map((field) => {
    const fault = faults.find((each) => each.field === field.id);
    return fault ? { ...field, error: fault.says, describedBy: `${field.describedBy} ${field.id}-error`.trim() } : field;
  }),
}));

/** The words of a table that hold today. */
export const wordsOf = (table: Table, at: string): Choices => Object.entries(table).filter(([, entry]) => within(entry, at)).map(([code, { says }]) => [code, says]);

/** The same, those first that the agreement lists. Nothing is left out: what a list shuts out may still save a life, and the plan says what it comes to. */
export function listedFirst(table: Table, codes: readonly string[] = [], at: string): Choices {
  const all = wordsOf(table, at).map(([code, says]) => [code, `${capital(says)} (${code})`] as const);
  if (codes.length === 0) return all;
  return [...all.filter(([code]) => codes.includes(code)).map(([code, says]) => [code, says, 'Listed by the agreement'] as const), ...all.filter(([code]) => !codes.includes(code)).map(([code, says]) => [code, says, 'Others'] as const)];
}
