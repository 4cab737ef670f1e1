import { DAY, HOUR, MINUTE, SECOND } from '#platform/clock';
import type { Chance } from './chance';
import { Tables } from './rows';
import { type Pause, type Step, Sqlstate, Store, type Tx } from './store';
import { watch } from './invariants';
import type { Mutant } from './mutants';

/** One thread of something that acts: a request at a gateway, a round of a relay, a person. */
export interface Actor {
  name: string;
  process: Process | undefined;
  going: Step<unknown>;
  pause: Pause;
  open: Tx | undefined;
  done: boolean;
}

/** What dies at once, with all that it has in memory. */
export interface Process {
  name: string;
  up: boolean;
  /** How far its clock is off, in milliseconds. */
  skew: number;
  start(process: Process): void;
  /** Told that it died: others notice that its connections are gone. */
  died?(): void;
}

/** What happened over a run, counted: a simulation in which nothing happens proves nothing. */
export type Tally = Record<string, number>;

export const T0 = Date.UTC(2026, 10, 22);

export interface WorldOptions {
  chance: Chance;
  /** A fault that was put in on purpose. */
  bug?: Mutant | undefined;
  told?: ((line: string) => void) | undefined;
  /** The conformance suite follows the real rows step by step and looks for nothing else. */
  watched?: boolean;
}

/** All state there is, the clock, and whoever decides what goes wrong. */
export class World {
  /** The database's clock. */
  now = T0;
  readonly rows = new Tables();
  readonly store: Store;
  readonly chance: Chance;
  readonly bug: Mutant | undefined;
  readonly tally: Tally = {};
  readonly processes: Process[] = [];
  actors: Actor[] = [];
  current: Actor | undefined;
  /** While it lasts, things go wrong. */
  troubled = false;
  /** Since when nothing has, in steps. */
  mendedAt = 0;
  /** Transfers that whoever moves them fails at, until they are mended. */
  readonly poisoned = new Set<string>();
  /** When each share was accepted, in steps, and what its sender was told: what the invariants remember. */
  readonly accepted = new Map<string, { step: number; receipt: string }>();
  /** Transfers whose messages an operator took away. */
  readonly purged = new Set<string>();
  /** When each key was revoked, in steps. */
  readonly revoked = new Map<string, number>();
  /** Sequences of the database: given out at once, seen when their transaction commits. */
  private seq = 0;
  private readonly told: ((line: string) => void) | undefined;

  constructor({ chance, bug, told, watched = true }: WorldOptions) {
    this.chance = chance;
    this.bug = bug;
    this.told = told;
    this.store = new Store(
      { timedOut: () => this.troubled && this.chance.once(400) && this.count('lock timeouts') },
      watched ? watch(this) : () => undefined,
    );
  }

  /** Always true, so that it may stand in a condition. */
  count(what: string, by = 1): true {
    this.tally[what] = (this.tally[what] ?? 0) + by;
    if (by > 0) this.say(() => `* ${what}`);
    return true;
  }

  say(line: () => string): void {
    if (this.told) this.told(`${String(this.store.steps).padStart(6)} ${stamp(this.now)} ${this.current ? `${this.current.process?.name ?? ''} ${this.current.name}: ` : ''}${line()}`);
  }

  nextSeq(): number {
    return (this.seq += 1);
  }

  id(kind: string): string {
    return `${kind}-${this.nextSeq()}`;
  }

  /** The clock of whoever acts. */
  clock(): number {
    return this.now + (this.current?.process?.skew ?? 0);
  }

  *transaction<T>(work: (tx: Tx) => Step<T>): Step<T> {
    yield;
    const tx = this.store.begin();
    const actor = this.current;
    if (actor) actor.open = tx;
    try {
      const result = yield* work(tx);
      yield;
      const fate = this.troubled ? this.chance.below(120) : 1;
      if (fate === 0 && this.count('commits lost')) throw new Sqlstate('08006');
      if (this.told) for (const { table, key, row, next, written } of tx.slots) if (written) this.say(() => `${table.name} ${key} ${changes(row, next)}`);
      this.store.commit(tx);
      // It stands, and whoever asked for it does not know.
      if (fate === 2 && this.count('commits unknown')) throw new Sqlstate('08006');
      if (actor) actor.open = undefined;
      yield;
      return result;
    } catch (error) {
      this.store.rollback(tx);
      if (actor) actor.open = undefined;
      throw error;
    }
  }

  spawn(name: string, process: Process | undefined, going: Step<unknown>): Actor {
    const actor: Actor = { name, process, going, pause: undefined, open: undefined, done: false };
    this.actors.push(actor);
    return actor;
  }

  *sleep(ms: number): Step {
    yield this.now + ms;
  }

  start(process: Process): void {
    process.up = true;
    process.start(process);
  }

  /** SIGKILL: its memory is gone, what it had open is rolled back. */
  kill(process: Process): void {
    if (!process.up) return;
    this.count('crashes');
    process.up = false;
    for (const actor of this.actors) {
      if (actor.process !== process) continue;
      actor.done = true;
      if (actor.open) this.store.rollback(actor.open);
    }
    this.actors = this.actors.filter((actor) => !actor.done);
    process.died?.();
    this.current = undefined;
    this.say(() => `${process.name} is killed`);
  }

  /** Lets one that can go on do so. False: nobody can, before time passes. */
  step(): boolean {
    const { actors } = this;
    const first = this.chance.below(actors.length);
    for (let i = 0; i < actors.length; i++) {
      const actor = actors[(first + i) % actors.length] as Actor;
      if (!isReady(actor, this.now)) continue;
      this.go(actor);
      return true;
    }
    return false;
  }

  /** The connection of whoever is in the middle of a transaction breaks, and nothing of it stands. */
  cutOff(actor: Actor): void {
    if (!actor.open || actor.open.ended) return;
    this.count('connections lost');
    this.store.rollback(actor.open);
    this.go(actor, new Sqlstate('08006'));
  }

  /** Time passes until somebody can go on, or for as long as chance says. */
  pass(): void {
    const due = Math.min(...this.actors.map(({ pause }) => (typeof pause === 'number' ? pause : Infinity)));
    // When nothing goes wrong any more, waiting is all there is left to do: soon in days.
    const patient = !this.troubled && this.store.steps > this.mendedAt + PATIENT_AFTER && !this.rows.transfer.has(undefined, ({ state }) => state === 'queued');
    const leap = patient ? 38 + this.chance.below(2) : this.chance.below(this.troubled ? 40 : 37);
    const ahead = leap < 30 ? 0 : (LEAPS[leap - 30] as number);
    if (ahead > 0) this.count('leaps of the clock');
    this.now = Math.max(this.now + ahead, due === Infinity ? this.now + SECOND : due);
  }

  private go(actor: Actor, thrown?: Error): void {
    this.store.steps++;
    this.current = actor;
    const { done, value } = thrown ? actor.going.throw(thrown) : actor.going.next();
    this.current = undefined;
    if (done) {
      actor.done = true;
      this.actors = this.actors.filter((each) => each !== actor);
    } else actor.pause = value as Pause;
  }
}

/** Steps after the last fault, from which on whoever has not done something by then will not: days pass, as soon as all is delivered. */
const PATIENT_AFTER = 600;
const LEAPS = [SECOND, SECOND, 10 * SECOND, 31 * SECOND, 2 * MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, DAY, 4 * DAY] as const;

function isReady({ pause }: Actor, now: number): boolean {
  if (pause === undefined) return true;
  return typeof pause === 'number' ? pause <= now : pause();
}

function changes(row: unknown, next: unknown): string {
  if (next === undefined) return 'goes';
  const [before, after] = [(row ?? {}) as Record<string, unknown>, next as Record<string, unknown>];
  const shown = (value: unknown): string => (Buffer.isBuffer(value) ? value.toString('hex', 0, 4) : JSON.stringify(value) ?? '-');
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]).map((name) => `${name}=${shown(after[name])}`).join(' ');
}

const stamp = (now: number): string => {
  const ms = now - T0;
  return `${Math.floor(ms / DAY)}d${new Date(ms).toISOString().slice(11, 23)}`;
};
