/** Where the time comes from. Law counts elapsed UTC hours, so an instant is all that is ever kept. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that a test turns by hand. It goes on from where it was put. */
export class TestClock implements Clock {
  private ahead = 0;

  now(): Date {
    return new Date(Date.now() + this.ahead);
  }

  advance(milliseconds: number): void {
    this.ahead += milliseconds;
  }
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** `2026-01-31T09:30:00.000Z` */
export const instant = (at: Date): string => at.toISOString();
/** `2026-01-31`, of the UTC day. */
export const day = (at: Date): string => at.toISOString().slice(0, 10);
