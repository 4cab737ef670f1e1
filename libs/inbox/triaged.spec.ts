import { readFound, targetOf } from './triaged';

// 25 and 28 December 2026 are bank holidays; the clocks go forward on 28 March 2027.

test.each<[string, string, 'red' | 'amber' | 'green', object, string]>([
  ['red runs through the night', '2026-11-27T22:30:00Z', 'red', {}, '2026-11-28T02:30:00.000Z'],
  ['red runs through a weekend and a bank holiday', '2026-12-25T23:00:00Z', 'red', {}, '2026-12-26T03:00:00.000Z'],
  ['red is four hours where the clocks go forward', '2027-03-28T00:00:00Z', 'red', {}, '2027-03-28T04:00:00.000Z'],
  ['amber is a working day', '2026-11-25T14:00:00Z', 'amber', {}, '2026-11-26T14:00:00.000Z'],
  ['amber of a Friday afternoon is due on Monday', '2026-11-27T14:00:00Z', 'amber', {}, '2026-11-30T14:00:00.000Z'],
  ['amber of Christmas Eve waits for the bank holidays', '2026-12-24T14:00:00Z', 'amber', {}, '2026-12-29T14:00:00.000Z'],
  ['green is three working days', '2026-11-25T09:00:00Z', 'green', {}, '2026-11-27T17:00:00.000Z'],
  ['a desk has its own targets', '2026-11-25T10:00:00Z', 'amber', { targets: { amber: { workingHours: 2 } } }, '2026-11-25T12:00:00.000Z'],
  ['and its own time at work', '2026-11-28T10:00:00Z', 'amber', { atWork: { days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '20:00' } }, '2026-11-29T10:00:00.000Z'],
])('%s', (_, arrived, level, desk, due) => {
  expect(targetOf(new Date(arrived), level, desk).toISOString()).toBe(due);
});

test.each([[{ signals: 'a-ghost' }], [{ signals: ['missing', 'missing'] }], [{ level: 'purple' }], [{ reason: 'because' }], [{ signals: ['toString'] }]])('a form that says %p is none', (form) => {
  expect(() => readFound(form)).toThrow(expect.objectContaining({ code: 'FORM_INVALID' }));
});
