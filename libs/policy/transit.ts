import { type Agreement, term } from './agreement';

/** How long a sealed payload may stay with us (RT-14). Days are elapsed periods of 24 hours since acceptance. */
export interface Transit {
  removeOn: 'acknowledgement';
  /** Uncollected after this the transfer is undeliverable, and the payload is removed. */
  maxDays: number;
  /** When the recipient is reminded, ascending. */
  remindOnDays: readonly number[];
}

export const transit = (agreement: Agreement): Transit => term(agreement, 'retention.payloadInTransit');
