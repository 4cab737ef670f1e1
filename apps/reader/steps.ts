import { element } from './elements';

export interface Step {
  title: string;
  elements: readonly HTMLElement[];
}

/** One thing after another, forwards and back; what was filled in stays. The last step has what ends it. */
export function stepping(steps: readonly Step[]): HTMLElement {
  const sections = steps.map(({ title, elements }, i) => {
    const heading = element('h2', { tabindex: '-1', text: title });
    const at = element('p', { class: 'hint', text: `Step ${i + 1} of ${steps.length}` });
    const back = element('button', { type: 'button', class: 'quiet', text: 'Back' });
    const on = element('button', { type: 'button', class: 'go-on', text: 'Go on' });
    back.addEventListener('click', () => go(i - 1));
    on.addEventListener('click', () => go(i + 1));
    return element('section', { class: 'step', 'aria-label': title }, heading, at, ...elements, element('div', { class: 'stepping' }, ...(i > 0 ? [back] : []), ...(i < steps.length - 1 ? [on] : [])));
  });
  const show = (i: number): void => {
    for (const [each, section] of sections.entries()) section.hidden = each !== i;
  };
  const go = (i: number): void => {
    show(i);
    sections[i]?.querySelector('h2')?.focus();
  };
  show(0);
  return element('div', { class: 'steps' }, ...sections);
}
