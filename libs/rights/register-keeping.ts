import { type Agreement } from '#policy/agreement';
import { rulesOf } from '#policy/retention';
import type { DisposalClass } from '#register/entry-kinds';

/** What is ever disposed of: that something was disposed of is kept. */
export type PassingClass = Exclude<DisposalClass, 'disposal'>;
export type RegisterMonths = Readonly<Record<PassingClass, number>>;

/** Six years: the longest time in which an action may be brought upon what an entry shows (Limitation Act 1980, sections 2, 5 and 9). */
const LIMITATION_MONTHS = 72;

/**
 * For how many months after the one in which it was recorded an entry is kept, where its controller states nothing else (RT-01, RT-14). What was shared, and
 * the keys that prove who said so, outlast the longest period for which one of the agreements has the information itself kept (RT-06). Pure.
 */
export function registerMonths(agreements: Iterable<Agreement>): RegisterMonths {
  const information = Math.max(LIMITATION_MONTHS, ...[...agreements].flatMap((agreement) => rulesOf(agreement).map(({ months = 0 }) => months)));
  return { disclosure: information, party: information, movement: LIMITATION_MONTHS, housekeeping: LIMITATION_MONTHS };
}

/** Whether the whole of a month (`YYYY-MM`) was recorded so long ago. Pure. */
export function isPast(month: string, months: number, at: Date): boolean {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return at.getTime() >= Date.UTC(year, number + months, 1);
}
