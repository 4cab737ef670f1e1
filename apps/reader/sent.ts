import { GatewayProblem } from '#client/codes';
import type { Partner } from '#client/partner';
import type { SealedShare } from '#client/sealing-share';
import { recall } from '#client/statements';
import type { Receipt } from '#protocol/answers';
import { addressed } from '#protocol/line';
import { RECALL_REASONS, type RecallReason } from '#protocol/statement';
import { choice, element, facts } from './elements';
import { READER_LIMITS } from './limits';
import { attempt, say } from './page';

interface Sent {
  partner: Partner;
  receipt: Receipt;
  sealed: SealedShare<Uint8Array>;
  /** Whether it is an information request. */
  asks: boolean;
  /** It was taken back: what was written is not lost. */
  undone(): Promise<unknown>;
}

/**
 * The receipt, and the way back. It has gone when this is shown: closing the browser loses nothing, and nothing waits. What nobody has collected is taken
 * back with one press; after a minute with a reason.
 */
export function sentShown({ partner, receipt, sealed, asks, undone }: Sent): HTMLElement {
  const why = element('div', { class: 'field', hidden: '' }, element('label', { for: 'recall-reason', text: 'Take back what nobody has collected yet, because' }), choice('recall-reason', RECALL_REASONS));
  const button = element('button', { type: 'button', id: 'undo', class: 'quiet', text: `Undo: take it back (for ${READER_LIMITS.undo.value / 1_000} seconds with one press)` });
  const back = element('div', { class: 'undoing' }, why, button);
  const told = new Map(receipt.transfers.map(({ transfer, recipient }) => [transfer, addressed(recipient)]));
  setTimeout(() => {
    why.hidden = false;
    button.textContent = 'Take it back';
  }, READER_LIMITS.undo.value);
  button.addEventListener('click', () => void attempt(async () => {
    button.disabled = true;
    try {
      const reason = why.hidden ? 'sent-in-error' : (why.querySelector('select') as HTMLSelectElement).value;
      const { recalled, tooLate } = await recall(partner, { share: sealed.id, manifestDigest: sealed.manifestDigest }, reason as RecallReason).catch((error: unknown) => {
        if (!(error instanceof GatewayProblem) || error.code !== 'ALREADY_COLLECTED') throw error;
        return { recalled: [], tooLate: [...told.keys()] };
      });
      back.remove();
      const named = (transfers: readonly string[]): string => transfers.map((each) => told.get(each) ?? each).join(', ');
      if (recalled.length > 0) await undone().catch(() => undefined);
      say([
        ...(recalled.length > 0 ? [`Taken back from ${named(recalled)}: nobody there had collected it. Both registers say so.`] : []),
        ...(tooLate.length > 0 ? [`Too late for ${named(tooLate)}: it was collected. Ring them, and ask them to give it back.`] : []),
        ...(recalled.length > 0 ? ['What you wrote is kept in this browser, sealed, as a draft.'] : []),
      ].join(' '));
    } catch (error) {
      button.disabled = false;
      throw error;
    }
  }));
  return element('section', { id: 'sent', 'aria-labelledby': 'sent-title' },
    element('h2', { id: 'sent-title', text: asks ? 'It was asked' : 'It was sent' }),
    ...(receipt.emergency ? [element('p', { class: 'warning', text: `${receipt.emergency.says} ${receipt.emergency.frontDoors.flatMap(({ agency, contact, telephone }) => (telephone ? [`${agency}/${contact}: ${telephone}`] : [])).join('; ')}` })] : []),
    facts([
      ['Receipt', `S-${receipt.share.slice(-8).toUpperCase()}, by the gateway’s key that you trust`],
      ['On its way to', receipt.transfers.map(({ recipient, route }) => `${addressed(recipient)}${route === 'mail' ? ', by mail' : ''}`).join(', ')],
      ...(receipt.struckOff.length > 0 ? [['Struck off', receipt.struckOff.map(({ recipient, parts }) => `${addressed(recipient)}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`).join('; ')] as const] : []),
      ['In your register', receipt.register.entry],
    ]),
    back);
}
