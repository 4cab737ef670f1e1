import { DateTime } from 'luxon';
import { type Agreement, term } from './agreement';

/** What its parties have stated of an agreement, as far as its next review depends on it: days. */
export interface OnRecord {
  /** Day of its signature, where its text bears none (RV-02). */
  dated?: string | undefined;
  reviewed?: string | undefined;
  /** Day on which a change in the law was found. */
  lawChanged?: string | undefined;
}

/** How an agreement stands to its next review. */
export const REVIEW_STATES = {
  scheduled: { says: 'its review is due on the day named' },
  overdue: { says: 'its review is overdue since the day named; sharing goes on' },
  'law-changed': { says: 'a change in the law was found: it is to be reviewed' },
  'not-dated': { says: 'its text bears no date, and nobody has entered the day of its signature: until then no review can be due' },
  'upon-event': { says: 'its text asks for a review once the law changes, and for none before' },
  'not-asked': { says: 'its text asks for no review' },
} as const;

export type ReviewState = keyof typeof REVIEW_STATES;

export interface ReviewStanding {
  state: ReviewState;
  /** `YYYY-MM-DD`. */
  dueOn?: string;
}

const later = (day: string, months: number): string => DateTime.fromISO(day, { zone: 'utc' }).plus({ months }).toISODate() as string;

/** How it stands with the next review, counted from the last, else from the day of its signature or publication (RV-01 to RV-04). Pure. */
export function reviewStanding(agreement: Agreement, { dated, reviewed, lawChanged }: OnRecord, at: Date): ReviewStanding {
  if (lawChanged !== undefined && (reviewed === undefined || reviewed < lawChanged)) return { state: 'law-changed', dueOn: lawChanged };
  const cycle = term(agreement, 'agreement.reviewCycle');
  const every = cycle?.everyMonths ?? cycle?.firstMonths;
  if (!every) return { state: cycle ? 'upon-event' : 'not-asked' };
  const began = dated ?? term(agreement, 'agreement.published');
  if (reviewed === undefined && began === undefined) return { state: 'not-dated' };
  const dueOn = reviewed === undefined ? later(began ?? '', cycle?.firstMonths ?? every) : later(reviewed, every);
  return { state: dueOn < at.toISOString().slice(0, 10) ? 'overdue' : 'scheduled', dueOn };
}

/** When a review is next due by the cycle alone, for what can wait for one: undefined where it is reviewed upon events, or says nothing. Pure. */
export function nextReview(agreement: Agreement, at: Date): Date | undefined {
  const { firstMonths, everyMonths } = term(agreement, 'agreement.reviewCycle') ?? {};
  const [first, every] = [firstMonths ?? everyMonths, everyMonths ?? firstMonths];
  if (!first || !every) return undefined;
  const from = DateTime.fromISO(agreement.from, { zone: 'utc' });
  let due = from.plus({ months: first });
  for (let n = 1; due.toMillis() <= at.getTime(); n++) due = from.plus({ months: first + n * every });
  return due.toJSDate();
}
