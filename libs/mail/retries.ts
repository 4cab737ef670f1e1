import { DAY, HOUR, MINUTE } from '#platform/clock';

export type Pressing = 'breach' | 'emergency' | 'priority' | 'urgent' | 'routine';

/**
 * When what failed for now is tried again, counted from the first attempt, and when it is given up. Greylisting lets a second attempt through after some five minutes,
 * so none comes much before. What presses is given up while its sender can still do something else; what does not has the five days of RFC 5321, 4.5.4.1.
 */
export const RETRIES: Record<Pressing, { after: readonly number[]; thenEvery: number; givenUpAfter: number }> = {
  breach: { after: [1, 5, 10, 15, 20].map((minutes) => minutes * MINUTE), thenEvery: 10 * MINUTE, givenUpAfter: 2 * HOUR },
  emergency: { after: [1, 5, 10, 15].map((minutes) => minutes * MINUTE), thenEvery: 5 * MINUTE, givenUpAfter: HOUR },
  priority: { after: [5, 15, 30, 60].map((minutes) => minutes * MINUTE), thenEvery: 30 * MINUTE, givenUpAfter: DAY },
  urgent: { after: [5, 15, 30, 60].map((minutes) => minutes * MINUTE), thenEvery: 30 * MINUTE, givenUpAfter: DAY },
  routine: { after: [5, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE), thenEvery: 4 * HOUR, givenUpAfter: 5 * DAY },
};

/** When to try again after an attempt at `now` failed for now; undefined: it is given up, and its sender told. Pure. */
export function nextAttempt(pressing: Pressing, { first, now }: { first: Date; now: Date }): Date | undefined {
  const { after, thenEvery, givenUpAfter } = RETRIES[pressing];
  const elapsed = now.getTime() - first.getTime();
  const next = after.find((at) => at > elapsed) ?? Math.max(elapsed + thenEvery, after.at(-1) ?? 0);
  return next > givenUpAfter ? undefined : new Date(first.getTime() + next);
}
