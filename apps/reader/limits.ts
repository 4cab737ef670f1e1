import { DAY, MINUTE, SECOND } from '#platform/clock';
import type { Limit } from '#protocol/limits';

/** Every limit of the reader in one place. `docs/limits.md` is written from it. */
export const READER_LIMITS = {
  undo: { value: 60 * SECOND, unit: 'milliseconds', because: 'after sending: time in which somebody notices what it has just done; it is taken back with one press and no reason. Nothing waits for it' },
  draftPause: { value: 2 * SECOND, unit: 'milliseconds', because: 'after the last letter, before what was written is sealed anew: nobody types twice what two seconds hold' },
  draftKept: { value: 7 * DAY, unit: 'milliseconds', because: 'a draft that nobody goes on with: a week’s leave; then it is removed when the reader is opened next' },
  drafts: { value: 20, unit: 'items', because: 'in one browser, the newest: a desk that leaves more unfinished has them elsewhere' },
  keepEvery: { value: MINUTE, unit: 'milliseconds', because: 'while somebody types, who is at the desk by that: the session is kept with one question a minute' },
  look: { value: SECOND, unit: 'milliseconds', because: 'pause between two looks at the time that is left of the session' },
  picked: { value: 20, unit: 'items', because: 'shares to pick from in the report of a data breach: as many as the console hands over' },
  file: { value: 64 * 1024 * 1024, unit: 'octets', because: 'a page holds a file several times over while it is sealed; what is larger is sent with the command' },
} as const satisfies Record<string, Limit>;
