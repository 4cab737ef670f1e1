import type { Clock } from '#platform/clock';
import type { Agreement } from '#policy/agreement';

/** The clock, as something that Nest can hand out. */
export class ConsoleClock implements Clock {
  constructor(private readonly clock: Clock) {}
  now(): Date {
    return this.clock.now();
  }
}

/** Our origin as staff write it. */
export class ConsoleOrigin {
  constructor(readonly value: string) {}
}

/** The reader that this console hands items to, and which it is; nothing where items are opened by command. */
export class ConsoleReader {
  constructor(readonly value: { origin: string; digest: string } | undefined) {}
}

/** Agreements in force here, by id. */
export class ConsoleAgreements extends Map<string, Agreement> {}
