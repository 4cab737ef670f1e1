import { isWorking } from '#duties/calendar';
import { planned } from '#duties/duties';
import { HOUR } from '#platform/clock';
import { breachRules, contactOrder } from '#policy/breach-relay';
import { profile, profiles } from '../../test/world/profiles';
import { clockOf, regulatorDueAt } from './clocks';

const rules = breachRules(profile('llr').agreement);

test.each<[string, string, string]>([
  ['summer time ends in between: an hour earlier by the clock on the wall', '2026-10-24T17:00:00.000Z', '2026-10-27T17:00:00.000Z'],
  ['summer time begins in between', '2026-03-27T22:30:00.000Z', '2026-03-30T22:30:00.000Z'],
  ['over Christmas, with two bank holidays and a weekend', '2026-12-24T16:59:00.000Z', '2026-12-27T16:59:00.000Z'],
  ['over the end of a year, on a leap day', '2028-02-27T23:59:59.000Z', '2028-03-01T23:59:59.000Z'],
])('72 elapsed hours: %s', (_what, aware, due) => {
  expect(regulatorDueAt(new Date(aware), rules).toISOString()).toBe(due);
});

test('Saturday 24 October 2026, six in the evening in London, is due on Tuesday at five', () => {
  const due = regulatorDueAt(new Date('2026-10-24T18:00:00+01:00'), rules);
  expect(new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', weekday: 'long', hour: '2-digit', minute: '2-digit' }).format(due)).toBe('Tuesday 17:00');
});

test('no agreement has a controller more than 72 hours, and each is reminded at 24, 48, 60 and 70, when they are over, and the day after', () => {
  const at = new Date('2026-12-24T16:59:00Z');
  for (const { agreement } of profiles()) {
    const own = breachRules(agreement);
    for (const parts of [['owner', 'notifier'], ['owner']] as const) {
      const { steps, due } = planned(clockOf('01890a5d-ac96-774b-bcce-b302099a8057', 'x', parts, at, own));
      expect([due / HOUR, steps.map((ms) => ms / HOUR)]).toEqual([72, [24, 48, 60, 70, 72, 96]]);
    }
  }
});

test('on Christmas Eve at night whoever is on call is told first; on a working day whoever the agreement names', () => {
  expect(contactOrder(rules, { working: isWorking(new Date('2026-12-25T10:00:00Z')) })[0]).toBe('emergency-duty');
  expect(contactOrder(rules, { working: isWorking(new Date('2026-12-23T10:00:00Z')) })[0]).toBe('breach-post');
});
