import { isEnd } from '#exchange/moves';
import { DAY, MINUTE } from '#platform/clock';
import { BROKER_DELIVERY_LIMIT } from '#queue/topology';
import { SimulatedBroker } from './broker';
import { Chance } from './chance';
import { startCourier } from './courier';
import { Violation } from './errors';
import { AGREEMENT, COMMITS_AT_ONCE, commits, Gateway } from './exchange';
import { atRest } from './invariants';
import type { Mutant } from './mutants';
import { type House, operator, recipient, registrar, sender } from './people';
import { startRelay } from './relay';
import type { Step } from './store';
import { type Process, T0, type Tally, World } from './world';

export interface Run {
  seed: number;
  steps: number;
  tally: Tally;
  /** The sentence that did not hold. */
  broken?: string;
}

export interface RunOptions {
  bug?: Mutant | undefined;
  told?: (line: string) => void;
  /** Steps during which things go wrong: fewer, where a failing run is made short. */
  troubled?: number;
}

/** Steps in which things go wrong, and most steps that it takes to come to rest after them. */
export const TROUBLED = 1_500;
const TO_REST = 25_000;

/** One seed, from the first post until all is at rest. The same seed does the same, step by step. */
export async function simulate(seed: number, { bug, told, troubled = TROUBLED }: RunOptions = {}): Promise<Run> {
  const chance = new Chance(seed);
  const world = new World({ chance, bug, told });
  const house = furnish(world);
  const tally = world.tally;
  try {
    world.troubled = troubled > 0;
    while (world.store.steps < troubled) {
      if (chance.once(25)) disturb(house);
      if (!world.step()) world.pass();
    }
    mend(house);
    const end = world.store.steps + TO_REST;
    while (!isAtRest(world)) {
      if (world.store.steps > end) throw new Violation(`when faults stop, everything ends: ${standing(world)}`);
      if (!world.step()) world.pass();
    }
    await atRest(world);
    return { seed, steps: world.store.steps, tally };
  } catch (error) {
    if (error instanceof Violation) return { seed, steps: world.store.steps, tally, broken: error.message };
    throw new Error(`seed ${seed}, step ${world.store.steps}: ${error instanceof Error ? error.stack : String(error)}`, { cause: error });
  }
}

function furnish(world: World): House {
  const { chance, rows } = world;
  const broker = chance.once(2) && world.count('over a broker') ? new SimulatedBroker(world, chance.once(3) ? 2 : BROKER_DELIVERY_LIMIT) : undefined;
  if (!broker) world.count('over PostgreSQL');
  const senders = ['school', 'hospital'];
  const recipients = ['council', 'charity'];
  rows.agreement.put({ id: AGREEMENT, version: 1 });
  for (const id of [...senders, ...recipients]) {
    rows.agency.put({ id, version: 1 });
    rows.member.put({ agency: id, active: true });
    rows.log.put({ controller: id, size: 0 });
    for (const n of [1, 2]) rows.certificate.put({ fingerprint: `${id}-${n}`, agency: id });
  }
  const skew = (): number => (chance.once(2) ? 0 : chance.below(4 * MINUTE) - 2 * MINUTE);
  const process = (name: string, start: Process['start']): Process => {
    const made: Process = { name, up: false, skew: skew(), start };
    world.processes.push(made);
    return made;
  };
  const gateways = ['gateway 1', 'gateway 2'].map((name) => {
    let memory = new Gateway();
    return {
      process: process(name, (own) => {
        memory = new Gateway();
        for (let i = 0; i < COMMITS_AT_ONCE; i++) world.spawn(`commits ${i}`, own, commits(world, memory));
      }),
      memory: () => memory,
    };
  });
  for (const name of ['courier 1', 'courier 2']) process(name, (own) => void (own.died = startCourier(world, own, broker).died));
  for (const name of ['relay 1', 'relay 2']) process(name, (own) => startRelay(world, own, broker));
  for (const each of world.processes) world.start(each);
  const house: House = { world, gateways, broker, senders, recipients };
  for (const agency of senders) world.spawn(agency, undefined, sender(house, agency, 1 + chance.below(4)));
  for (const agency of recipients) world.spawn(agency, undefined, recipient(house, agency));
  world.spawn('registrar', undefined, registrar(house));
  world.spawn('operator', undefined, operator(house));
  if (broker) world.spawn('broker', undefined, lending(world, broker));
  return house;
}

/** Messages go out one by one, and while things go wrong slowly: that they lie on a queue for a while is what purges and losses need. */
function* lending(world: World, broker: SimulatedBroker): Step {
  for (;;) {
    yield () => broker.canLend();
    broker.lend();
    if (world.troubled && world.chance.once(3)) yield* world.sleep(world.chance.below(5_000));
  }
}

/** Something goes wrong, or time does not pass as it should. */
function disturb({ world, broker }: House): void {
  const { chance, processes } = world;
  const kind = chance.below(8);
  const one = chance.of(processes);
  if (kind < 2) {
    if (one.up) world.kill(one);
    else world.start(one);
  } else if (kind === 2) {
    for (const each of processes) if (!each.up) world.start(each);
  } else if (kind === 3) {
    const open = world.actors.filter((actor) => actor.open && !actor.open.ended);
    if (open.length > 0) world.cutOff(chance.of(open));
  } else if (kind === 4) {
    // In the middle of whatever is going on.
    world.now += chance.of([1_000, 6_000, 31_000, 31_000, 20 * MINUTE]);
    world.count('leaps of the clock');
  } else if (kind === 5) {
    one.skew = chance.below(4 * MINUTE) - 2 * MINUTE;
  } else broker?.trouble();
}

function mend({ world, broker }: House): void {
  world.troubled = false;
  world.mendedAt = world.store.steps;
  world.poisoned.clear();
  if (broker) broker.up = true;
  for (const each of world.processes) if (!each.up) world.start(each);
}

/** All has ended, and nobody is still at anything but waiting. */
function isAtRest(world: World): boolean {
  const { rows, store } = world;
  if (store.steps % 64 !== 0) return false;
  return !rows.transfer.has(undefined, ({ state, removedAt }) => !isEnd(state) || removedAt === undefined) && rows.pending.slots.size === 0 && rows.outbox.slots.size === 0
    && !world.actors.some(({ process, name, pause }) => (process ? name.startsWith('takes') : / (posts|recalls) /.test(name)) || (pause !== undefined && typeof pause !== 'number' && name.startsWith('collects')))
    && world.actors.every(({ open }) => open === undefined) && !rows.duty.has(undefined, ({ nextAt }) => nextAt !== undefined && nextAt < world.now - 60_000);
}

const standing = (world: World): string => {
  const open = world.rows.transfer.find(undefined, ({ state, removedAt }) => !isEnd(state) || removedAt === undefined).map(({ id, state }) => `${id} ${state}`);
  return `${open.join(', ') || 'all transfers ended'}; ${world.rows.outbox.slots.size} messages, ${world.rows.pending.slots.size} pending leaves after ${((world.now - T0) / DAY).toFixed(1)} days`;
};
