import { pause, shuffled } from './figures';
import type { Member } from './house';
import type { Point, Side } from './watch';

export interface StormPlan {
  /** How often each process is killed. */
  kills: number;
  random: () => number;
  /** The longest pause in milliseconds in which it does its work undisturbed; the shortest is half of it, so that what fell due while it was away is done before the next kill. */
  rest?: number;
  /** Only at these steps. Absent: at all. */
  at?: RegExp;
}

/** What a storm came to, for one process. */
export interface Stormed {
  kills: number;
  /** Points at which it was killed: a step and a side of it. */
  at: Set<string>;
  /** Of these, such as are of the database, and how many there are of them: every statement that it was seen to make, on both sides. */
  statements: number;
  points: number;
  /** Killed at any moment. */
  anyTime: number;
}

/** A step that has not come by within this is left for another kill. */
const PATIENCE_MS = 4_000;
/** Longer than any start and a dozen steps that do not come by, on a machine that does three other things: whoever was not killed within it stalls, and the test says where. */
const STALL_MS = 600_000;
/** Every so many kills, one at any moment: between two steps lies nothing but time. */
const ANY_TIME = 6;

/** What changes a row, or ends a transaction: a crash there could leave something halfway. */
const MOVES = /^(insert|update|delete|commit|with)/i;

/**
 * Kills one process again and again, each time at another of the steps that it has been seen to do: first at those that change something,
 * on both sides of each, then at all others; in between at any moment. What it has not been seen to do before is learned on the way.
 */
export async function storm({ kept, striker }: Member, { kills, random, rest = 0, at: only = /./ }: StormPlan, onKill: () => void): Promise<Stormed> {
  const done: Stormed = { kills: 0, at: new Set(), statements: 0, points: 0, anyTime: 0 };
  const tried = new Set<string>();
  const missed: string[] = [];
  let last = Date.now();
  while (done.kills < kills) {
    if (Date.now() - last > STALL_MS) throw new Error(`${kept.plan.name} was not killed for ${STALL_MS / 1_000} s, after ${done.kills} of ${kills} kills; it was waited for at ${missed.slice(-20).join(' | ')}`);
    if (rest > 0) {
      await kept.up();
      await pause((0.5 + random() / 2) * rest);
    }
    const [point] = pointsOf([...striker.steps.keys()].filter((step) => only.test(step)), tried, random);
    if (!point || done.kills % ANY_TIME === ANY_TIME - 1) {
      await kept.up();
      await pause(random() * 400);
      kept.kill();
      done.anyTime++;
    } else {
      // Armed before it is up: the steps of a start are steps too.
      const struck = striker.arm(point);
      const at = await Promise.race([struck, kept.up().then(() => pause(PATIENCE_MS))]);
      tried.add(nameOf(point));
      if (at === undefined) {
        striker.disarm();
        missed.push(nameOf(point).replace(/\s+/g, ' ').slice(0, 120));
        continue;
      }
      done.at.add(nameOf(point));
    }
    done.kills++;
    last = Date.now();
    onKill();
  }
  await kept.up();
  done.points = [...striker.steps.keys()].filter((step) => !step.startsWith('record')).length * SIDES.length;
  done.statements = [...done.at].filter((point) => !/^\w+ record/.test(point)).length;
  return done;
}

const SIDES: readonly Side[] = ['after', 'before'];
const nameOf = ({ step, side, nth }: Point): string => `${side} ${step ?? nth}${step?.startsWith('record') ? ` ${nth}` : ''}`;

/** The points at which it has not been killed yet, those that move something first. Once each was struck, all again. */
function pointsOf(steps: readonly string[], struck: ReadonlySet<string>, random: () => number): Point[] {
  const all = steps.flatMap((step) => SIDES.map((side): Point => ({ step, side, nth: step.startsWith('record') ? 1 + Math.floor(random() * 12) : 1 })));
  const left = all.filter((point) => !struck.has(nameOf(point)));
  const some = shuffled(left.length > 0 ? left : all, random);
  return [...some.filter(({ step = '' }) => MOVES.test(step)), ...some.filter(({ step = '' }) => !MOVES.test(step))];
}
