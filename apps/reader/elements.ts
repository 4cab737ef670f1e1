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
