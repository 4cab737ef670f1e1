import { nextAttempt, RETRIES, type Pressing } from './retries';

const first = new Date('2026-11-02T09:00:00Z');

test.each(Object.keys(RETRIES) as Pressing[])('M11: what is %s and fails for now without end is tried ever less often, and given up once, in its time', (pressing) => {
  const at = [first];
  for (let next = nextAttempt(pressing, { first, now: first }); next; next = nextAttempt(pressing, { first, now: next })) at.push(next);
  const pauses = at.slice(1).map((next, i) => next.getTime() - (at[i] as Date).getTime());
  expect(pauses.every((pause) => pause >= 60_000)).toBe(true);
  expect(at.length).toBeGreaterThan(5);
  expect(at.length).toBeLessThan(60);
  const last = (at.at(-1) as Date).getTime() - first.getTime();
  expect(last).toBeLessThanOrEqual(RETRIES[pressing].givenUpAfter);
  expect(last).toBeGreaterThan(RETRIES[pressing].givenUpAfter - RETRIES[pressing].thenEvery - 1);
});

test('an attempt that came late does not make the next come at once', () => {
  const now = new Date(first.getTime() + 100 * 3_600_000);
  expect(nextAttempt('routine', { first, now })).toEqual(new Date(now.getTime() + RETRIES.routine.thenEvery));
  expect(nextAttempt('emergency', { first, now })).toBeUndefined();
});
