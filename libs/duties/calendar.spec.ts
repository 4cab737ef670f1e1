import * as fc from 'fast-check';
import { after, isWorking, OFFICE_HOURS, type Span, type WorkingTime } from './calendar';
import { ENGLAND_AND_WALES } from './holidays';

const london = (text: string): Date => new Date(text);

describe('a service target', () => {
  test.each<[string, string, Span, string]>([
    ['on a Wednesday morning is due the next at the same time', '2026-11-25T10:30:00Z', { workingDays: 1 }, '2026-11-26T10:30:00.000Z'],
    ['on a Friday afternoon is due on Monday afternoon', '2026-11-27T14:00:00Z', { workingDays: 1 }, '2026-11-30T14:00:00.000Z'],
    ['on a Saturday is due when Monday ends', '2026-11-28T03:00:00Z', { workingDays: 1 }, '2026-11-30T17:00:00.000Z'],
    ['in the evening is due when the next day ends', '2026-11-25T19:00:00Z', { workingDays: 1 }, '2026-11-26T17:00:00.000Z'],
    ['before the day begins is due when it ends', '2026-11-25T06:00:00Z', { workingDays: 1 }, '2026-11-25T17:00:00.000Z'],
    ['on Christmas Eve skips the holidays and the weekend', '2026-12-24T10:00:00Z', { workingDays: 1 }, '2026-12-29T10:00:00.000Z'],
    ['before Easter, for three days, counts no Friday and no Monday of it', '2026-04-02T12:00:00Z', { workingDays: 3 }, '2026-04-09T12:00:00.000Z'],
    ['over the end of summer time keeps the clock on the wall', '2026-10-23T14:00:00Z', { workingDays: 1 }, '2026-10-26T15:00:00.000Z'],
    ['over the start of summer time keeps the clock on the wall', '2026-03-27T14:00:00Z', { workingDays: 1 }, '2026-03-30T13:00:00.000Z'],
    ['of two hours late on a Friday ends on Monday morning', '2026-11-27T16:00:00Z', { workingHours: 2 }, '2026-11-30T10:00:00.000Z'],
  ])('that begins %s', (_name, at, span, due) => {
    expect(after(london(at), span).toISOString()).toBe(due);
  });

  test('of hours runs through the night, the weekend and the hour that comes twice', () => {
    expect(after(london('2026-11-27T23:00:00Z'), { hours: 4 }).toISOString()).toBe('2026-11-28T03:00:00.000Z');
    expect(after(london('2026-10-25T00:30:00Z'), { hours: 4 }).toISOString()).toBe('2026-10-25T04:30:00.000Z');
    expect(after(london('2026-12-24T12:00:00Z'), { hours: 72 }).toISOString()).toBe('2026-12-27T12:00:00.000Z');
  });

  test('of a desk that works at the weekend counts its own days', () => {
    const always: WorkingTime = { ...OFFICE_HOURS, days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '20:00', holidays: [] };
    expect(after(london('2026-11-28T19:00:00Z'), { workingHours: 2 }, always).toISOString()).toBe('2026-11-29T09:00:00.000Z');
  });
});

const instants = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-12-01'), noInvalidDate: true });

test('a target is never due while nobody is at work, and a longer one never before a shorter', () => {
  fc.assert(fc.property(instants, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 40 }), (at, hours, more) => {
    const due = after(at, { workingHours: hours });
    expect(isWorking(new Date(due.getTime() - 1))).toBe(true);
    expect(after(at, { workingHours: hours + more }).getTime()).toBeGreaterThanOrEqual(due.getTime());
  }));
});

test('working time adds up: two spans, one after the other, are one', () => {
  fc.assert(fc.property(instants, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), (at, first, second) => {
    expect(after(after(at, { workingHours: first }), { workingHours: second })).toEqual(after(at, { workingHours: first + second }));
  }));
});

test('the list of bank holidays reaches a year further than today', () => {
  expect(Number(ENGLAND_AND_WALES.at(-1)?.slice(0, 4))).toBeGreaterThan(new Date().getFullYear());
});
