import { DateTime } from 'luxon';
import { OFFICE_HOURS, type WorkingTime } from '#duties/calendar';
import type { LegalSpan } from '#policy/rights';

/**
 * The instant at which the law's time is over: the end of its last day, in the time of the place. A month ends on the day of the same number, or on
 * the last of a month that has none; what would end when nobody is at work ends with the next working day, which the regulator allows of a month and of
 * days. Of working days the day of receipt is not counted. Pure.
 * @param receivedOn `YYYY-MM-DD`
 */
export function dueByLaw(receivedOn: string, span: LegalSpan, time: WorkingTime = OFFICE_HOURS): Date {
  const received = DateTime.fromISO(receivedOn, { zone: time.zone });
  const last = 'workingDays' in span ? counted(received, span.workingDays, time) : onOrAfter('months' in span ? received.plus({ months: span.months }) : received.plus({ days: span.days }), time);
  return last.plus({ days: 1 }).startOf('day').toJSDate();
}

const works = (day: DateTime, { days, holidays }: WorkingTime): boolean => (days as readonly number[]).includes(day.weekday) && !holidays.includes(day.toISODate() ?? '');

function onOrAfter(day: DateTime, time: WorkingTime): DateTime {
  let at = day;
  while (!works(at, time)) at = at.plus({ days: 1 });
  return at;
}

function counted(from: DateTime, workingDays: number, time: WorkingTime): DateTime {
  let at = from;
  for (let left = workingDays; left > 0; ) {
    at = at.plus({ days: 1 });
    if (works(at, time)) left--;
  }
  return at;
}
