import { dueByLaw } from './times';

// Ends are told as the last instant's neighbour: midnight in London, in UTC.

test.each([
  ['2026-03-03', '2026-04-07T23:00:00.000Z', 'the third of April is Good Friday, Monday a bank holiday: Tuesday, in summer time'],
  ['2026-01-31', '2026-03-02', 'February has no 31st: its last day is a Saturday, so Monday 2 March'],
  ['2026-09-28', '2026-10-28', 'across the end of summer time'],
])('what came in on %s is answered within a month: by the end of %s (%s)', (receivedOn, end) => {
  const expected = end.length === 10 ? new Date(Date.parse(`${end}T00:00:00Z`) + 86_400_000).toISOString() : end;
  expect(dueByLaw(receivedOn, { months: 1 }).toISOString()).toBe(expected);
});

test('a request of the public is answered within twenty working days after the day on which it came in, Christmas not counted', () => {
  // 14 December 2026 is a Monday; 25 and 28 December and 1 January are holidays.
  expect(dueByLaw('2026-12-14', { workingDays: 20 }).toISOString()).toBe('2027-01-15T00:00:00.000Z');
});

test('a complaint is acknowledged within thirty days', () => {
  expect(dueByLaw('2026-11-02', { days: 30 }).toISOString()).toBe('2026-12-03T00:00:00.000Z');
});

test('three months from the same day where it takes longer', () => {
  expect(dueByLaw('2026-11-30', { months: 3 }).toISOString()).toBe('2027-03-02T00:00:00.000Z');
});
