import { type Draft, forgetDraft } from './drafts';
import { element } from './elements';
import { attempt, say } from './page';

export const lastWritten = (at: string): string => new Date(at).toLocaleString('en-GB', { timeZone: 'Europe/London' });

/** What lies in this browser, to go on with or to throw away. */
export function choosing(drafts: readonly Draft[], called: (draft: Draft) => string, goOn: (draft: Draft) => void): HTMLElement[] {
  return drafts.map((draft) => {
    const row = element('div', { class: 'draft' });
    const go = element('button', { type: 'button', text: `Go on: ${called(draft)}` });
    const away = element('button', { type: 'button', class: 'quiet', text: `Throw away: ${called(draft)}` });
    go.addEventListener('click', () => void attempt(() => Promise.resolve(goOn(draft))));
    away.addEventListener('click', () => void attempt(async () => {
      await forgetDraft(draft.id);
      row.remove();
      say('It was thrown away.');
    }));
    row.append(go, away);
    return row;
  });
}
