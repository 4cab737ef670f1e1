import type { Partner } from '#client/partner';
import { type Planned, reasonsOf, sealHeld } from '#client/sharing';
import type { SealedShare } from '#client/sealing-share';
import { submit } from '#client/submitting';
import type { Receipt } from '#protocol/answers';
import { addressed } from '#protocol/line';
import { element } from './elements';
import { attempt, say } from './page';
import { plain } from './words';

interface Sending {
  partner: Partner;
  /** What its button says. */
  button: string;
  sent(receipt: Receipt, sealed: SealedShare<Uint8Array>): void;
}

/** Before it goes: who will be able to read what, and what does not go and why. Only from here is it sealed and sent. */
export function plannedShown({ partner, button, sent }: Sending, planned: Planned): Node[] {
  const { answer, draft, lines } = planned;
  const against = reasonsOf(answer);
  const reasons = against.length === 0 ? [] : [element('h3', { text: answer.outcome === 'refused' ? 'It may not go like this' : 'This does not go' }), element('ul', {}, ...against.map(({ code, says, next }) => element('li', { text: `${says} ${next} (${code})` })))];
  const warned = answer.warnings.length === 0 ? [] : [element('h3', { text: 'To bear in mind' }), element('ul', {}, ...answer.warnings.map(({ says, next, cause }) => element('li', { text: `${lines.some(({ recipient }) => recipient.agency === cause) ? `${cause}: ` : ''}${says}. ${next}` })))];
  const going = lines.filter(({ part }) => part !== undefined);
  if (answer.outcome === 'refused' || going.length === 0) {
    say('It would be refused. See why, change it, and look again.');
    return [...reasons, ...warned];
  }
  const send = element('button', { type: 'button', id: 'send', text: button });
  // Sealed once: sent again after an answer that was lost, it is the same share.
  let sealed: SealedShare<Uint8Array> | undefined;
  send.addEventListener('click', () => void attempt(async () => {
    send.disabled = true;
    say('Sealing and sending …');
    try {
      sealed ??= await sealHeld(partner, planned);
      sent(await submit(partner, sealed), sealed);
    } catch (error) {
      send.disabled = false;
      throw error;
    }
  }));
  say('This is what will go. Nothing has been sent yet.');
  const readers = going.map(({ recipient, part = '' }) => element('li', { text: `${addressed(recipient)} will be able to read: ${plain(draft.parts.get(part)?.category ?? part)}` }));
  return [element('h3', { text: 'Who will be able to read what' }), element('ul', { id: 'readers' }, ...readers), element('p', { text: 'Nobody else: it is sealed to their keys, for which the co-ordinator vouches.' }), ...reasons, ...warned, send];
}
