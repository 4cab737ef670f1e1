import type { Reader } from '#client/reader-key';
import { type Draft, forgetDraft, keepDraft } from './drafts';
import { READER_LIMITS } from './limits';

interface Drafting extends Pick<Draft, 'id' | 'codes'> {
  as: Reader;
  /** What is written stands in it. */
  root: HTMLElement;
  /** Where it is said that it was kept. */
  told: HTMLElement;
  /** Another draft, that is gone on with as this. */
  begun?: string | undefined;
  /** Of which choices are kept beside what was written: dates, numbers and ticks too. Where somebody declares something by a tick it is declared anew. */
  all?: boolean;
}

export interface Drafted {
  /** Seals what is there now. @returns whether anything was */
  keep(): Promise<boolean>;
  /** It was sent: nothing of it is a draft any more. */
  sent(): void;
  /** Nothing of it is being kept or forgotten any more. */
  settled(): Promise<unknown>;
}

const isBox = (field: Field): field is HTMLInputElement => field instanceof HTMLInputElement && field.type === 'checkbox';

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Keeps what is written in a part of the page as a draft, a moment after the last letter, and puts back what was there before. Files are not in it. */
export function drafting({ as, root, told, begun, all = false, ...of }: Drafting, before: Draft['words'] = {}): Drafted {
  const fields = (): Field[] => [...root.querySelectorAll<Field>(all ? 'textarea, input:not([type=file]), select' : 'textarea, input[type=text], select')].filter(({ id }) => id !== '');
  for (const field of fields()) {
    const value = Object.hasOwn(before, field.id) ? String(before[field.id]) : '';
    if (value === '') continue;
    if (isBox(field)) field.checked = true;
    else field.value = value;
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let done = false;
  let keeping: Promise<boolean> = Promise.resolve(false);
  const kept = async (): Promise<boolean> => {
    const written = fields().filter((field) => (isBox(field) ? field.checked : field.value !== ''));
    if (!all && !written.some((field) => !(field instanceof HTMLSelectElement))) return false;
    if (written.length === 0) return false;
    await keepDraft(as, { ...of, at: new Date().toISOString(), words: Object.fromEntries(written.map(({ id, value }) => [id, value])) });
    if (begun !== undefined && begun !== of.id) await forgetDraft(begun);
    told.textContent = `Kept in this browser, sealed, at ${new Date().toLocaleTimeString('en-GB', { timeZone: 'Europe/London' })}. Files are not.`;
    return true;
  };
  // One at a time, so that what is sent is not kept again by what was begun before.
  const keep = (): Promise<boolean> => (keeping = keeping.then(kept, kept));
  root.addEventListener('input', () => {
    clearTimeout(waiting);
    if (!done) waiting = setTimeout(() => void keep().catch(() => void (told.textContent = 'This browser does not keep drafts. Send it before you leave.')), READER_LIMITS.draftPause.value);
  });
  return {
    keep,
    sent: () => {
      done = true;
      clearTimeout(waiting);
      const forget = async (): Promise<boolean> => {
        for (const each of new Set([of.id, begun ?? of.id])) await forgetDraft(each).catch(() => undefined);
        return false;
      };
      keeping = keeping.then(forget, forget);
    },
    settled: () => keeping,
  };
}
