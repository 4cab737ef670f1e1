import { DateTime, type WeekdayNumbers } from 'luxon';
import { ENGLAND_AND_WALES } from './holidays';

/** How long something may take. Hours in law and in the most pressing targets run through the night; a service target counts time at work. */
export type Span = { hours: number } | { workingHours: number } | { workingDays: number };

/** When a desk is at work, in the time of its own place. */
export interface WorkingTime {
  /** IANA name of the time zone. */
  zone: string;
  /** 1 is Monday. */
  days: readonly WeekdayNumbers[];
  /** `09:00`, on the hour or within it. */
  from: string;
  to: string;
  /** `YYYY-MM-DD` of days on which nobody is at work. */
  holidays: readonly string[];
}

/** What most desks of councils, health and schools have. Where nothing else is said. */
export const OFFICE_HOURS: WorkingTime = { zone: 'Europe/London', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00', holidays: ENGLAND_AND_WALES };

/**
 * The instant that lies a span after another. A working day is as many working hours as a day has: what comes in on Friday at two is due on Monday at two,
 * and what comes in on Saturday when Monday ends. Pure.
 */
export function after(at: Date, span: Span, time: WorkingTime = OFFICE_HOURS): Date {
  if ('hours' in span) return new Date(at.getTime() + span.hours * 3_600_000);
  let left = ('workingDays' in span ? span.workingDays * hoursOfADay(time) : span.workingHours) * 3_600_000;
  for (let day = DateTime.fromJSDate(at, { zone: time.zone }).startOf('day'); ; day = day.plus({ days: 1 })) {
    if (!worksOn(day, time)) continue;
    const begins = Math.max(at.getTime(), on(day, time.from).toMillis());
    const ends = on(day, time.to).toMillis();
    // Nothing falls due at the instant at which a day of work begins: it fell due when the one before ended.
    if (begins + left <= ends) return new Date(begins + left);
    left -= Math.max(0, ends - begins);
  }
}

/** Whether somebody is at work. Pure. */
export function isWorking(at: Date, time: WorkingTime = OFFICE_HOURS): boolean {
  const day = DateTime.fromJSDate(at, { zone: time.zone });
  return worksOn(day, time) && day >= on(day, time.from) && day < on(day, time.to);
}

const worksOn = (day: DateTime, { days, holidays }: WorkingTime): boolean => days.includes(day.weekday as WeekdayNumbers) && !holidays.includes(day.toISODate() ?? '');

const clock = (time: string): { hour: number; minute: number } => {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return { hour, minute };
};
const on = (day: DateTime, time: string): DateTime => day.startOf('day').set(clock(time));

/** By the clock on the wall: no day of work holds the hour at which summer time comes or goes. */
const hoursOfADay = ({ from, to }: WorkingTime): number => {
  const [begins, ends] = [clock(from), clock(to)];
  return ends.hour - begins.hour + (ends.minute - begins.minute) / 60;
};
