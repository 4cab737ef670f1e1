import type { TransferState } from '#exchange/moves';
import type { RequestState } from '#exchange/requests';
import type { TriageLevel } from '#protocol/request-statement';
import type { Lane } from '#queue/lanes';

/** A word, and a colour of GOV.UK's tags that never says anything that the word does not. */
export interface Status {
  word: string;
  colour: 'red' | 'orange' | 'yellow' | 'blue' | 'turquoise' | 'green' | 'grey' | 'purple';
}

/** How it goes: the first thing that somebody at a front door must see. */
export const LANE_STATUS: Record<Lane, Status> = {
  breach: { word: 'Data breach', colour: 'purple' },
  emergency: { word: 'Emergency', colour: 'red' },
  priority: { word: 'Front door asks', colour: 'yellow' },
  urgent: { word: 'Urgent', colour: 'orange' },
  routine: { word: 'Routine', colour: 'grey' },
};

/** What became of a share, in the words of whoever it came to. */
export const TRANSFER_STATUS: Record<TransferState, Status> = {
  queued: { word: 'On its way', colour: 'grey' },
  sending: { word: 'On its way', colour: 'grey' },
  available: { word: 'New', colour: 'blue' },
  held: { word: 'Held', colour: 'yellow' },
  sent: { word: 'Delivered', colour: 'turquoise' },
  collected: { word: 'Collected', colour: 'turquoise' },
  acknowledged: { word: 'Acknowledged', colour: 'green' },
  returned: { word: 'Returned', colour: 'grey' },
  undeliverable: { word: 'Could not be delivered', colour: 'red' },
  recalled: { word: 'Taken back', colour: 'grey' },
};

/** Where an information request stands, in the words of whoever was asked. */
export const REQUEST_STATUS: Record<RequestState, Status> = {
  asked: { word: 'To be answered', colour: 'blue' },
  answering: { word: 'Partly answered', colour: 'turquoise' },
  answered: { word: 'Answered', colour: 'green' },
  partly: { word: 'Partly refused', colour: 'yellow' },
  declined: { word: 'Refused', colour: 'grey' },
  'sent-back': { word: 'Sent back', colour: 'grey' },
  withdrawn: { word: 'Taken back', colour: 'grey' },
  undelivered: { word: 'Could not be delivered', colour: 'red' },
};

/** How pressing somebody found it. */
export const TRIAGE_STATUS: Record<TriageLevel, Status> = { red: { word: 'Red', colour: 'red' }, amber: { word: 'Amber', colour: 'orange' }, green: { word: 'Green', colour: 'green' } };

export const LATE: Status = { word: 'Late', colour: 'red' };
export const SOON: Status = { word: 'Due soon', colour: 'orange' };
export const IN_TIME: Status = { word: 'In time', colour: 'green' };

/** Of a state that another room has: its own word. */
export const statusOf = (state: string): Status => {
  const all: Readonly<Record<string, Status>> = { ...TRANSFER_STATUS, ...REQUEST_STATUS };
  return (Object.hasOwn(all, state) && all[state]) || { word: state, colour: 'grey' };
};
