import type { Line } from './connection';
import { element, found } from './elements';
import type { Handed } from './handed';
import { READER_LIMITS } from './limits';
import { say } from './page';

interface Watching {
  item: Handed;
  line: Line;
  /** Asks something of no matter, which keeps the session. */
  keep(): Promise<unknown>;
}

/**
 * Says before the session ends, and lets whoever is there stay; who types is there. At its end nothing is left on the screen: what was being written is
 * sealed first.
 */
export function watching({ item, line, keep }: Watching): { keeps(seal: () => Promise<boolean>): void } {
  const { idle, back } = item;
  let seal: () => Promise<boolean> = () => Promise.resolve(false);
  const keeps = (own: () => Promise<boolean>): void => void (seal = own);
  if (!idle) return { keeps };
  const stay = element('button', { type: 'button', id: 'idle-stay', text: 'Stay signed in' });
  const box = element('div', { id: 'idle', role: 'alertdialog', hidden: '', 'aria-labelledby': 'idle-title', 'aria-describedby': 'idle-says' },
    element('h2', { id: 'idle-title', text: 'You are about to be signed out' }),
    element('p', { id: 'idle-says', text: `Nothing has been done for a while. Your session ends in ${Math.round(idle.warnMs / 60_000)} minutes. What you were writing is sealed and kept in this browser.` }), stay);
  document.body.append(box);
  let focused: Element | null = null;
  let asking = false;
  const ask = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    await keep().catch(() => undefined);
    asking = false;
  };
  const leave = async (): Promise<void> => {
    clearInterval(looking);
    const kept = await seal().catch(() => undefined);
    box.hidden = true;
    for (const each of [found('share'), found('footer')]) each.replaceChildren();
    found('marking').textContent = '';
    const again = item.writes ? 'Sign in again, and choose “Go on with a draft”.' : 'Sign in again, and open the item again.';
    say(`Your session has ended. ${kept ? 'What you wrote lies sealed in this browser. ' : kept === undefined ? 'This browser could not keep what you wrote. ' : ''}${again}`);
    if (back) found('main').append(element('p', {}, element('a', { href: back, text: 'Sign in again' })));
    found('main').focus();
  };
  const look = (): void => {
    const left = line.answeredAt + idle.ms - Date.now();
    if (left <= 0) return void leave();
    if (left > idle.warnMs) {
      if (!box.hidden) (focused as HTMLElement | null)?.focus();
      box.hidden = true;
    } else if (box.hidden) {
      focused = document.activeElement;
      box.hidden = false;
      void seal().catch(() => undefined);
      stay.focus();
    }
  };
  const looking = setInterval(look, READER_LIMITS.look.value);
  stay.addEventListener('click', () => void ask().then(look));
  document.addEventListener('input', () => {
    if (Date.now() - line.answeredAt > READER_LIMITS.keepEvery.value) void ask();
  });
  return { keeps };
}
