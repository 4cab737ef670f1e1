/** What is on the queue: one transfer that is due, with its sealed envelope where that is small. */
export interface Message {
  /** The message's own id, the same at each hand-over. */
  id: string;
  kind: 'transfer.due';
  transfer: string;
  lane: string;
  /** 1 at the first hand-over. */
  attempt: number;
  /** SHA-256 of the consignment (exchange room): checked before anything moves. */
  digest: string;
  envelope?: { boundary: string; octets: Buffer };
}

/** What became of a message: it is done with, it comes again later, or it is set aside for a person to look at. */
export type Outcome = 'done' | { again: number } | { park: string };

/** Hand-overs before a message is set aside: a fault that five tries do not pass is not passing by itself. */
export const DELIVERY_LIMIT = 5;
/** Milliseconds until the next hand-over, by attempt. */
export const RETRY_AFTER_MS = [500, 2_000, 10_000, 60_000] as const;
