import { LANES } from '#queue/lanes';
import { SECOND } from '#platform/clock';
import type { SimulatedBroker } from './broker';
import { settle } from './courier';
import { missing, publishable, published } from './outbox';
import { integrate } from './register';
import { type Step, Sqlstate } from './store';
import { UPKEEP } from './transfers';
import type { Process, World } from './world';

// apps/relay: its rounds, and publisher.ts with what becomes of dead letters.

const LOST_AFTER_MS = 30_000;

export function startRelay(world: World, process: Process, broker: SimulatedBroker | undefined): void {
  const rounds: readonly [name: string, every: number, run: () => Step<number>][] = [
    ['integrate', 250, () => world.transaction((tx) => integrate(world, tx))],
    ['remove-payloads', 500, () => UPKEEP.removePayloads(world)],
    ['remind', SECOND, () => UPKEEP.remind(world)],
    ['hold-revoked', SECOND, () => UPKEEP.holdRevoked(world)],
    ['expire', 5 * SECOND, () => UPKEEP.expire(world)],
    ['rebuild', 10 * SECOND, () => UPKEEP.rebuild(world)],
  ];
  for (const [name, every, run] of rounds) world.spawn(name, process, round(world, every, run));
  if (!broker) return;
  world.spawn('publish', process, round(world, SECOND, () => publishDue(world, broker)));
  world.spawn('reconcile', process, round(world, 10 * SECOND, () => reconcile(world, broker)));
  world.spawn('dead letters', process, round(world, SECOND, () => bury(world, broker)));
}

function* round(world: World, every: number, run: () => Step<number>): Step {
  for (;;) {
    let done = 0;
    try {
      done = yield* run();
    } catch (error) {
      if (!(error instanceof Sqlstate)) throw error;
    }
    if (done === 0) yield* world.sleep(every);
  }
}

function* publishDue(world: World, broker: SimulatedBroker): Step<number> {
  if (!broker.up) return 0;
  return yield* world.transaction(function* (tx) {
    const rows = yield* publishable(world, tx);
    if (rows.length === 0) return 0;
    yield;
    const fit = rows.filter(({ transfer }) => world.rows.transfer.get(tx, transfer));
    const taken: string[] = [];
    for (const { id, transfer, lane, attempt } of fit) {
      yield;
      if (!broker.up) continue;
      const fate = world.troubled ? world.chance.below(60) : 1;
      // Not taken; or taken, and nobody is told.
      if (fate === 0 && world.count('not confirmed')) {
        if (world.bug === 'unconfirmed-counted') taken.push(id);
        continue;
      }
      broker.publish({ id, transfer, lane, attempt: attempt + 1, intact: !(world.troubled && world.chance.once(200) && world.count('envelopes damaged')) });
      if (fate !== 2 || !world.count('taken and not confirmed')) taken.push(id);
    }
    yield* published(world, tx, taken);
    return taken.length;
  });
}

function* reconcile(world: World, broker: SimulatedBroker): Step<number> {
  if (!broker.up || world.bug === 'never-reconciled' || world.bug === 'unconfirmed-counted') return 0;
  for (const lane of LANES) {
    const ready = broker.ready(lane);
    yield;
    const found = yield* missing(world, lane, ready, LOST_AFTER_MS);
    world.count('found missing', found);
  }
  return 0;
}

function* bury(world: World, broker: SimulatedBroker): Step<number> {
  const [first] = broker.dead;
  if (!first || !broker.up) return 0;
  yield* settle(world, first.message, { park: first.reason });
  const at = broker.dead.indexOf(first);
  if (at >= 0) broker.dead.splice(at, 1);
  return 1;
}
