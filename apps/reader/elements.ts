/** An element with text and children. Nothing that was shared is ever read as HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(name: K, { text, ...attributes }: { text?: string } & Record<string, string> = {}, ...children: Node[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

export function found<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no ${id}`);
  return element as T;
}

/** A list of what is so, in words. */
export const facts = (pairs: readonly (readonly [string, string])[]): HTMLDListElement => element('dl', {}, ...pairs.flatMap(([what, is]) => [element('dt', { text: what }), element('dd', { text: is })]));

/** A list to choose one of. */
export const choice = (id: string, options: Readonly<Record<string, string>>): HTMLSelectElement => element('select', { id }, ...Object.entries(options).map(([value, text]) => element('option', { value, text })));

/** Boxes to tick, with what they are about. */
export const checks = (id: string, legend: string, options: Readonly<Record<string, string>>): HTMLFieldSetElement =>
  element('fieldset', { id }, element('legend', { text: legend }), ...Object.entries(options).map(([value, text]) => element('div', { class: 'choice' }, element('input', { type: 'checkbox', id: `${id}-${value}`, value }), element('label', { for: `${id}-${value}`, text: `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}` }))));

export const ticked = (fields: HTMLFieldSetElement): string[] => [...fields.querySelectorAll<HTMLInputElement>('input:checked')].map(({ value }) => value);
