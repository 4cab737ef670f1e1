import { Refusal } from '#platform/refusal';

export const TRANSFER_STATES = ['queued', 'sending', 'available', 'held', 'sent', 'collected', 'acknowledged', 'returned', 'undeliverable', 'recalled'] as const;
export type TransferState = (typeof TRANSFER_STATES)[number];

/** Every state and where a transfer may go from it. The four ends are visibly empty. */
export const MOVES: Record<TransferState, readonly TransferState[]> = {
  queued: ['sending', 'available', 'held', 'recalled', 'undeliverable'],
  sending: ['sent', 'queued', 'held', 'undeliverable'],
  sent: ['acknowledged', 'returned', 'undeliverable'],
  available: ['collected', 'held', 'recalled', 'returned', 'undeliverable'],
  held: ['queued', 'available', 'recalled', 'undeliverable'],
  collected: ['acknowledged', 'returned', 'undeliverable'],
  acknowledged: [],
  returned: [],
  undeliverable: [],
  recalled: [],
};

export const isEnd = (state: TransferState): boolean => MOVES[state].length === 0;

/** States from which `to` may be reached: what an update's WHERE clause names, so that a race moves a transfer once. */
export const from = (to: TransferState): TransferState[] => TRANSFER_STATES.filter((state) => MOVES[state].includes(to));

/** @throws Refusal WRONG_STATE */
export function requireMove(state: TransferState, to: TransferState): void {
  if (!MOVES[state].includes(to)) throw new Refusal({ code: 'WRONG_STATE', facts: { state, wanted: to } });
}
