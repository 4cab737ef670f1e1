/**
 * One word of the legal vocabulary. The law moves: a word has the days between which it could be relied on,
 * so that an old decision is read with the words of its day.
 */
export interface Entry {
  says: string;
  /** First day (`YYYY-MM-DD`) on which it holds; absent: before any agreement here. */
  from?: string;
  /** First day on which it no longer holds. */
  until?: string;
}

export type Table = Readonly<Record<string, Entry>>;

/** Looks a code up as a sender wrote it. `hasOwn`, because `constructor` is a well-formed code too. */
export function entryOf<T extends Table>(table: T, code: string | undefined): T[keyof T] | undefined {
  return code !== undefined && Object.hasOwn(table, code) ? table[code as keyof T] : undefined;
}

/** Whether `code` stands in the table and holds at the instant `at`. */
export function holds(table: Table, code: string | undefined, at: string): boolean {
  const entry = entryOf(table, code);
  return entry !== undefined && within(entry, at);
}

/** Whether the instant lies in the window: `from` inclusive, `until` exclusive. A day means its midnight, UTC. */
export function within(window: { from?: string; until?: string }, at: string): boolean {
  return (window.from === undefined || !before(at, window.from)) && (window.until === undefined || before(at, window.until));
}

/** A day is compared as it is written, which costs nothing; an instant is read, because its fractions may be written or not. */
const before = (at: string, limit: string): boolean => (limit.length === 10 ? at < limit : Date.parse(at) < Date.parse(limit));
