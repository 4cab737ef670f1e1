import { REQUEST_MOVES, REQUEST_STATES, type RequestState } from '#exchange/requests';
import { BREACH_MOVES, BREACH_STATES, type BreachState } from '#policy/breach-stating';
import { NOTIFICATION_STATING } from '#policy/notifications';
import { NOTIFICATION_STATES, type NotificationState } from '#protocol/notification';
import { isEnd, MOVES, TRANSFER_STATES, type TransferState } from '#exchange/moves';
import { DELIVERY_LIMIT, type Outcome, RETRY_AFTER_MS } from '#queue/message';
import { code, document, table } from './markdown';

const SAYS: Record<TransferState, string> = {
  queued: 'accepted and committed; waits for the courier',
  sending: 'on its way out of the building',
  available: 'lies in the recipient’s mailbox',
  held: 'waits: a key that it was sealed to was revoked, or its way is closed. There is no lesser way',
  sent: 'handed to the recipient’s system; what that system answered is not an acknowledgement',
  collected: 'the first octet of a part was served: it can no longer be recalled',
  acknowledged: 'the recipient states, signed, that it has it; controllership of the copy is set',
  returned: 'the recipient gave it back, signed, with the reason',
  undeliverable: 'it could not be handed over, or nobody collected or acknowledged it in time; the sender is told',
  recalled: 'the sender took it back, signed, before it was collected',
};

const REQUEST_SAYS: Record<RequestState, string> = {
  asked: 'put to whoever is asked; nothing of it is answered. Past its time it is reported as unanswered, and stays here: silence is never a refusal',
  answering: 'some of its categories are answered',
  answered: 'each category is given or not held; in an audit, confirmed or differs',
  partly: 'each category is answered, and some are refused',
  declined: 'each category is refused. What was refused may be given yet, or be asked once more when it was so decided',
  'sent-back': 'whoever was asked sent it back with a ground, and did not look into it',
  withdrawn: 'whoever asked took it back before it was collected',
  undelivered: 'it never reached whoever was asked',
};

const BREACH_SAYS: Record<BreachState, string> = {
  open: 'it is worked on',
  circulated: 'its outcome is told to all who are involved, and some have not taken note of it',
  closed: 'all that its agreement and the law ask for is done',
  unfounded: 'it was no breach',
};

const NOTIFICATION_SAYS: Record<NotificationState, string> = {
  drafted: 'on record with its issuer, and shown to nobody else',
  submitted: 'lies with whoever circulates',
  returned: 'given back to its issuer, with the reason',
  circulated: 'with everybody on the list',
  'under-review': 'whether it stands is looked at',
  'followed-up': 'its issuer was asked, and the next review is set',
  rescinded: 'it should not stand: whoever received it is told, and copies are kept from now on for a time',
  closed: 'it has done what it was for: the same',
  retained: 'kept for as long as the schedule of the host authority says',
  disposed: 'what was kept of it is gone',
};

type OutcomeName = 'done' | (Exclude<Outcome, string> extends infer O ? (O extends object ? keyof O : never) : never);

const OUTCOMES: Record<OutcomeName, string> = {
  done: 'the message is taken off the queue: the transfer has moved, was held, or had moved before',
  again: 'the message comes again after the milliseconds that it names',
  park: 'the message is set aside with a reason for a person to look at; the transfer stays where it is',
};

/** States of a transfer and where it may go from each: as a table and as a picture. */
export function describeStates(): string {
  return document(
    '# States of a transfer',
    'Written from `libs/exchange/moves.ts` by `npm run generate`; never edited by hand. A transfer is one share on its way to one recipient. '
      + 'Every accepted transfer ends in one of the four states without a way out, and its sender is told which. A share is open until all of its transfers have ended.',
    table(['State', 'Says', 'May become'], TRANSFER_STATES.map((state) => [code(state), SAYS[state], isEnd(state) ? '**an end**' : MOVES[state].map(code).join(', ')])),
    ['```mermaid', 'stateDiagram-v2', '  [*] --> queued', ...TRANSFER_STATES.flatMap((state) => (isEnd(state) ? [`  ${state} --> [*]`] : MOVES[state].map((to) => `  ${state} --> ${to}`))), '```'].join('\n'),
    '## Of an information request',
    'Written from `libs/exchange/requests.ts`. A request is the transfer in which it was put: what is asked of one recipient.',
    table(['State', 'Says', 'May become'], REQUEST_STATES.map((state) => [code(state), REQUEST_SAYS[state], REQUEST_MOVES[state].length === 0 ? '**an end**' : REQUEST_MOVES[state].map(code).join(', ')])),
    '## Of a breach',
    'Written from `libs/policy/breach-stating.ts`. What may close a case comes from the agreement; docs/codes.md says what stands against it.',
    table(['State', 'Says', 'May become'], BREACH_STATES.map((state) => [code(state), BREACH_SAYS[state], BREACH_MOVES[state].length === 0 ? '**an end**' : BREACH_MOVES[state].map(code).join(', ')])),
    '## Of a notification about a provider',
    'Written from `libs/policy/notifications.ts`. Each statement is signed by whoever makes it; what else it is held to stands in docs/codes.md.',
    table(['State', 'Says'], NOTIFICATION_STATES.map((state) => [code(state), NOTIFICATION_SAYS[state]])),
    table(['Statement', 'Says', 'By', 'In', 'Leads to', 'Shown to'], Object.entries(NOTIFICATION_STATING).map(([name, { says, by, from, to, shownTo = [] }]) => [code(name), says, by.join(', '), from.map(code).join(', '), to === undefined ? '' : code(to), shownTo.join(', ')])),
    '## What becomes of a message',
    'The queue hands a consumer one message for each transfer that is due. It may hand it over twice; the transfer moves once.',
    table(['Outcome', 'Says'], Object.entries(OUTCOMES).map(([name, says]) => [code(name), says])),
    `A consumer that fails gives no outcome: the message comes again after ${RETRY_AFTER_MS.map((ms) => `${ms.toLocaleString('en-GB')} ms`).join(', ')}, and is parked after ${DELIVERY_LIMIT} hand-overs.`,
  );
}
