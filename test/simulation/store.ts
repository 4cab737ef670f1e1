// PostgreSQL as the real code relies on it: READ COMMITTED, rows locked by whoever writes them, one statement after another.

/**
 * What happens at one await of the real code. Between two of them the scheduler lets others act. Nothing: goes on at any time; a number:
 * not before that instant; a function: not before it is true.
 */
export type Pause = undefined | number | (() => boolean);
export type Step<T = void> = Generator<Pause, T, void>;

/** What the database answers instead of a result, by SQLSTATE. */
export class Sqlstate extends Error {
  constructor(readonly code: '23505' | '23514' | '40P01' | '55P03' | '08006' | 'P0001') {
    super(code);
  }
}

interface Slot<T> {
  table: Table<T>;
  key: string;
  /** As committed; undefined: there is none. */
  row: T | undefined;
  /** Who has locked or written it. */
  by: Tx | undefined;
  written: boolean;
  next: T | undefined;
  /** When its last lock was let go, or it was committed, in steps. */
  freed: number;
}

export type AnySlot = Slot<unknown>;

export class Tx {
  readonly slots: AnySlot[] = [];
  readonly shared = new Set<string>();
  readonly exclusive = new Set<string>();
  /** Whom it waits for. */
  waitsFor: readonly Tx[] = [];
  ended = false;

  /** @param began when its first statement was sent, in steps of the simulation */
  constructor(readonly store: Store, readonly began: number) {}
}

export class Table<T> {
  readonly slots = new Map<string, Slot<T>>();
  constructor(readonly name: string, readonly keyOf: (row: T) => string) {}

  /** As if it had always stood there. */
  put(row: T): void {
    const key = this.keyOf(row);
    this.slots.set(key, { table: this, key, row, by: undefined, written: false, next: undefined, freed: 0 });
  }

  get(tx: Tx | undefined, key: string): T | undefined {
    const slot = this.slots.get(key);
    return slot && seen(slot, tx);
  }

  /** One statement's look at all rows: as committed, and as the transaction itself has left them. */
  find(tx: Tx | undefined, where: (row: T) => boolean): T[] {
    const found: T[] = [];
    for (const slot of this.slots.values()) {
      const row = seen(slot, tx);
      if (row !== undefined && where(row)) found.push(row);
    }
    return found;
  }

  has(tx: Tx | undefined, where: (row: T) => boolean): boolean {
    for (const slot of this.slots.values()) {
      const row = seen(slot, tx);
      if (row !== undefined && where(row)) return true;
    }
    return false;
  }
}

const seen = <T>(slot: Slot<T>, tx: Tx | undefined): T | undefined => (slot.written && slot.by === tx ? slot.next : slot.row);

export interface Locking<T> {
  /** SKIP LOCKED: what somebody else has is passed over. */
  skip?: boolean;
  order?: (a: T, b: T) => number;
  limit?: number;
}

/** What whoever waits is told from outside. */
export interface Trouble {
  /** `lock_timeout` has passed for this transaction. */
  timedOut(tx: Tx): boolean;
}

export class Store {
  steps = 0;
  private readonly advisory = new Map<string, { shared: Set<Tx>; exclusive: Tx | undefined }>();

  constructor(private readonly trouble: Trouble, private readonly committed: (tx: Tx) => void) {}

  begin(): Tx {
    return new Tx(this, this.steps);
  }

  /** Locks the rows that `where` finds, as SELECT … FOR UPDATE and every UPDATE and DELETE do: found in one moment, locked in the next. */
  *lock<T>(tx: Tx, table: Table<T>, where: (row: T) => boolean, { skip = false, order, limit = Infinity }: Locking<T> = {}): Step<T[]> {
    const found: [Slot<T>, T][] = [];
    for (const slot of table.slots.values()) {
      const row = seen(slot, tx);
      if (row !== undefined && where(row)) found.push([slot, row]);
    }
    if (order) found.sort(([, a], [, b]) => order(a, b));
    yield;
    const locked: T[] = [];
    for (const [slot, row] of found) {
      if (locked.length >= limit) break;
      if (slot.by !== undefined && slot.by !== tx) {
        if (skip) continue;
        yield* this.acquire(tx, slot as AnySlot);
      }
      const now = seen(slot, tx);
      // Changed since it was found: PostgreSQL looks at the new version, and at that alone. Unchanged: what was found stands.
      if (now === undefined || (now !== row && !where(now))) continue;
      own(tx, slot as AnySlot);
      locked.push(now);
    }
    return locked;
  }

  *update<T>(tx: Tx, table: Table<T>, where: (row: T) => boolean, change: (row: T) => T, locking: Locking<T> = {}): Step<T[]> {
    const rows = yield* this.lock(tx, table, where, locking);
    return rows.map((row) => {
      const next = change(row);
      this.write(tx, table, table.keyOf(row), next);
      return next;
    });
  }

  *remove<T>(tx: Tx, table: Table<T>, where: (row: T) => boolean): Step<number> {
    const rows = yield* this.lock(tx, table, where);
    for (const row of rows) this.write(tx, table, table.keyOf(row), undefined);
    return rows.length;
  }

  /** Waits for whoever is writing the same key. @throws Sqlstate 23505 when it stands then */
  *insert<T>(tx: Tx, table: Table<T>, row: T, { orNothing = false } = {}): Step<boolean> {
    const key = table.keyOf(row);
    for (let held = table.slots.get(key); held?.by !== undefined && held.by !== tx; held = table.slots.get(key)) yield* this.wait(tx, [held.by]);
    if (table.get(tx, key) !== undefined) {
      if (orNothing) return false;
      throw new Sqlstate('23505');
    }
    this.write(tx, table, key, row);
    return true;
  }

  /** Advisory locks, in one order, until the end of the transaction. */
  *lockShared(tx: Tx, keys: readonly string[]): Step {
    for (const key of keys) {
      const held = this.about(key);
      while (held.exclusive && held.exclusive !== tx) yield* this.wait(tx, [held.exclusive]);
      held.shared.add(tx);
      tx.shared.add(key);
    }
  }

  *lockExclusive(tx: Tx, key: string): Step {
    const held = this.about(key);
    for (;;) {
      const others = [...held.shared, ...(held.exclusive ? [held.exclusive] : [])].filter((each) => each !== tx);
      if (others.length === 0) break;
      yield* this.wait(tx, others);
    }
    held.exclusive = tx;
    tx.exclusive.add(key);
  }

  commit(tx: Tx): void {
    if (tx.ended) throw new Error('a transaction ended twice');
    this.committed(tx);
    for (const slot of tx.slots) if (slot.written) slot.row = slot.next;
    this.end(tx);
  }

  rollback(tx: Tx): void {
    if (!tx.ended) this.end(tx);
  }

  private end(tx: Tx): void {
    tx.ended = true;
    for (const slot of tx.slots) {
      slot.by = undefined;
      slot.freed = this.steps;
      slot.written = false;
      slot.next = undefined;
      if (slot.row === undefined) slot.table.slots.delete(slot.key);
    }
    for (const key of tx.shared) this.about(key).shared.delete(tx);
    for (const key of tx.exclusive) this.about(key).exclusive = undefined;
  }

  private about(key: string): { shared: Set<Tx>; exclusive: Tx | undefined } {
    let held = this.advisory.get(key);
    if (!held) this.advisory.set(key, (held = { shared: new Set(), exclusive: undefined }));
    return held;
  }

  private write<T>(tx: Tx, table: Table<T>, key: string, next: T | undefined): void {
    let slot = table.slots.get(key);
    if (!slot) table.slots.set(key, (slot = { table, key, row: undefined, by: undefined, written: false, next: undefined, freed: 0 }));
    own(tx, slot as AnySlot);
    slot.written = true;
    slot.next = next;
  }

  private *acquire(tx: Tx, slot: AnySlot): Step {
    while (slot.by !== undefined && slot.by !== tx) yield* this.wait(tx, [slot.by]);
  }

  private *wait(tx: Tx, others: readonly Tx[]): Step {
    tx.waitsFor = others;
    if (others.some((other) => reaches(other, tx))) {
      tx.waitsFor = [];
      throw new Sqlstate('40P01');
    }
    yield () => others.some((other) => other.ended) || this.trouble.timedOut(tx);
    tx.waitsFor = [];
    if (!others.some((other) => other.ended)) throw new Sqlstate('55P03');
  }
}

function own(tx: Tx, slot: AnySlot): void {
  if (slot.by === tx) return;
  slot.by = tx;
  tx.slots.push(slot);
}

const reaches = (from: Tx, to: Tx): boolean => from === to || from.waitsFor.some((next) => reaches(next, to));
