import type { Lane } from './lanes';

/** What is on the queue: one transfer that is due, with its sealed envelope where that is small. */
export interface Message extends Filling {
  /** The message's own id, that of its row in the outbox: the same at each hand-over. */
  id: string;
  kind: 'transfer.due';
  transfer: string;
  lane: Lane;
  /** 1 at the first hand-over. */
  attempt: number;
}

/** What a transfer puts into its message. */
export interface Filling {
  /** SHA-256 of the consignment (exchange room): checked before anything moves. */
  digest: string;
  /** The transfer's own, a compact JWS: where the envelope comes from travels with it. */
  provenance: string;
  /** Nothing of it may lie anywhere after this. */
  until: Date;
  /** Absent above the limit: the digest alone stands for it. */
  envelope?: { boundary: string; octets: Buffer };
}

/** The fillings of transfers, by transfer. One that is no more is absent. */
export type Fill = (transfers: readonly string[]) => Promise<ReadonlyMap<string, Filling>>;

/** A batch of messages: what `Message[]` comes to, one for each, in their order. */
export const PATTERN = 'transfers.due';

/**
 * What became of a message. `done`: whoever handled it took its row out of the outbox in the transaction that did the work.
 * `again`: it comes again after so many milliseconds. `park`: it is set aside, with a code, for a person to look at.
 */
export type Outcome = 'done' | { again: number } | { park: string };

/** Hand-overs before a message is set aside: a fault that five tries do not pass is not passing by itself. */
export const DELIVERY_LIMIT = 5;
/** Milliseconds until the next hand-over, by attempt. */
export const RETRY_AFTER_MS = [500, 2_000, 10_000, 60_000] as const;
/** Messages handed over at once: their moves share one commit, and an emergency waits for no more than that. */
export const BATCH = 64;

export const retryAfter = (attempt: number): number => RETRY_AFTER_MS[attempt - 1] ?? 60_000;
