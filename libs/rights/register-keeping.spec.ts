import { readAgreements } from '#partnership/agreements';
import { isPast, registerMonths } from './register-keeping';

const agreements = readAgreements('deploy/agreements');
const of = (...ids: string[]) => ids.flatMap((id) => agreements.get(id) ?? []);

test('what was shared stands in the register for longer than any agreement has the information kept; how it travelled for as long as an action may be brought', () => {
  expect(registerMonths(of('wirral'))).toEqual({ disclosure: 72, party: 72, movement: 72, housekeeping: 72 });
  expect(registerMonths(of('wirral', 'worcestershire'))).toEqual({ disclosure: 180, party: 180, movement: 72, housekeeping: 72 });
});

test.each([
  ['2020-01', 72, '2026-01-31T23:59:59.999Z', false],
  ['2020-01', 72, '2026-02-01T00:00:00.000Z', true],
  ['2019-12', 1, '2020-01-31T23:59:59.999Z', false],
  ['2019-12', 1, '2020-02-01T00:00:00.000Z', true],
])('%s is past after %d months at %s: %s', (month, months, at, past) => {
  expect(isPast(month, months, new Date(at))).toBe(past);
});
