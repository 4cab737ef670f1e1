import { TRANSFER_STATES } from '#exchange/moves';
import { DAY, HOUR, MINUTE } from '#platform/clock';
import { LANE_STATUS, statusOf, TRANSFER_STATUS } from './statuses';
import { eventSays, span, timeLeft, when } from './words';

test.each([[0, '0 minutes'], [MINUTE, '1 minute'], [59 * MINUTE, '59 minutes'], [HOUR, '1 hour'], [26 * HOUR, '1 day'], [3 * DAY - 1, '2 days']])('%i ms are %s', (ms, says) => {
  expect(span(ms)).toBe(says);
});

test.each<[number, string, string]>([[-1, 'Late by 0 minutes', 'Late'], [4 * MINUTE, '4 minutes left', 'Due soon'], [14 * MINUTE, '14 minutes left', 'In time']])('with %i ms left of fifteen minutes: %s', (left, says, word) => {
  const now = new Date();
  const told = timeLeft(new Date(now.getTime() + left), now, 15 * MINUTE);
  expect([told.says, told.status.word]).toEqual([says, word]);
});

test('an instant is told as the clock on the wall has it, in summer too', () => {
  expect([when(new Date('2026-01-31T09:30:00Z')), when(new Date('2026-07-31T23:30:00Z'))]).toEqual(['31 January 2026 at 09:30', '1 August 2026 at 00:30']);
});

test('two lanes never look alike, and every state has a word', () => {
  expect(new Set(Object.values(LANE_STATUS).map(({ colour }) => colour)).size).toBe(Object.keys(LANE_STATUS).length);
  for (const state of TRANSFER_STATES) expect(statusOf(state)).toBe(TRANSFER_STATUS[state]);
  expect(statusOf('toString').word).toBe('toString');
});

test('what happened is said with who signed it, and what nobody has words for by its code', () => {
  expect(eventSays('acknowledged', 'merebrook-council')).toBe('Your organisation acknowledged it, signed by merebrook-council: the copy is now yours to answer for');
  expect(eventSays('brand-new', undefined)).toBe('brand-new');
});
