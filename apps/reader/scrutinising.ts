import type { CopyVerified } from '#client/copy';
import type { Partner } from '#client/partner';
import { stateOfRequest } from '#client/stating';
import { SENT_BACK_REASONS } from '#policy/vocabulary/requests';
import { choice, element } from './elements';

interface Scrutinising {
  partner: Partner;
  copy: CopyVerified;
  role: string;
  attempt(work: () => Promise<void>): Promise<void>;
  say(text: string): void;
  ended(text: string): void;
}

/** Whether it may be asked like this: named, with outcome and time (RQ-04, RQ-05). Sent back it goes to whoever asked, with the reason. */
export function scrutinising({ partner, copy, role, attempt, say, ended }: Scrutinising): HTMLElement {
  const id = copy.told.transfer;
  const accept = element('button', { type: 'button', id: 'accept', class: 'quiet', text: 'Its purpose and consent are clear: we take it up' });
  accept.addEventListener('click', () => void attempt(async () => {
    await stateOfRequest(partner, id, 'scrutinised', { role, outcome: 'accepted' });
    accept.disabled = true;
    say('Taken up, signed. Whoever asked sees it.');
  }));
  const reason = choice('sent-back', Object.fromEntries(Object.entries(SENT_BACK_REASONS).map(([code, { says }]) => [code, says])));
  const back = element('button', { type: 'button', id: 'send-back', class: 'quiet', text: 'Send the request back' });
  back.addEventListener('click', () => void attempt(async () => {
    await stateOfRequest(partner, id, 'scrutinised', { role, outcome: 'sent-back', reason: reason.value });
    ended('Sent back, signed. Whoever asked is told why.');
  }));
  return element('section', { id: 'scrutiny', 'aria-labelledby': 'scrutiny-title' }, element('h2', { id: 'scrutiny-title', text: 'May it be asked like this?' }), accept, element('label', { for: 'sent-back', text: 'Or it goes back, because' }), reason, back);
}
