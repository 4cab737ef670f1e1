/** Milliseconds. */
export interface Times {
  /** No octet in either direction: whoever is silent so long has gone. */
  idle: number;
  /** The same where a gigabyte is written and committed before the answer. */
  patience: number;
  /** One request with all its octets. */
  request: number;
  /** After a write failed: how long an answer that explains it may still be on its way. */
  explanation: number;
}

export const TIMES: Times = {
  idle: 60_000,
  patience: 10 * 60_000,
  // 1 GB at 5 Mbit/s.
  request: 30 * 60_000,
  explanation: 500,
};

/** Before each further try of a request to which nobody answered. Every request of this client may be repeated: the same again changes nothing. */
export const TRY_AGAIN_AFTER: readonly number[] = [500, 2_000];

/** Before each further try to go on with a part that broke off, counted anew whenever more of it got there: together two minutes, in which a gateway has restarted or another has taken its place. */
export const GO_ON_AFTER: readonly number[] = [500, 2_000, 5_000, 15_000, 30_000, 60_000];
