import { LANES } from '#queue/lanes';
import { HOUR, MINUTE, SECOND } from '#platform/clock';
import type { SimulatedBroker } from './broker';
import { Refused, Violation } from './errors';
import { type Answer, AGREEMENT, type Gateway, type Manifest, type Post, submit } from './exchange';
import { served } from './invariants';
import { replay } from './outbox';
import { record } from './register';
import { type Step, Sqlstate, type Tx } from './store';
import { isRevoked, part, recall, state } from './transfers';
import type { Process, World } from './world';

// Whoever uses the system, and whoever runs it.

export interface House {
  world: World;
  gateways: readonly { process: Process; memory: () => Gateway }[];
  broker: SimulatedBroker | undefined;
  senders: readonly string[];
  recipients: readonly string[];
}

/** No answer came: the gateway died, the line broke, or patience did. What was asked for may have happened. */
class NoAnswer extends Error {}

/** Asks whichever gateway is up. */
function* ask<T>({ world, gateways }: House, name: string, work: (memory: Gateway) => Step<T>): Step<T> {
  const { process, memory } = world.chance.of(gateways);
  yield;
  if (!process.up) throw new NoAnswer();
  const answer: { value?: T; error?: unknown; done: boolean } = { done: false };
  const patience = world.now + MINUTE;
  const actor = world.spawn(name, process, (function* () {
    try {
      answer.value = yield* work(memory());
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Sqlstate)) throw error;
      answer.error = error;
    }
    answer.done = true;
  })());
  yield () => answer.done || actor.done || world.now > patience;
  if (!answer.done || (world.troubled && world.chance.once(12) && world.count('answers lost'))) throw new NoAnswer();
  if (answer.error) throw answer.error;
  return answer.value as T;
}

/** One sender: composes shares, posts each until it is answered, sometimes twice at once, and takes some back. */
export function* sender(house: House, agency: string, shares: number): Step {
  const { world } = house;
  const { chance } = world;
  let last: Manifest | undefined;
  for (let n = 0; n < shares; n++) {
    yield* world.sleep(chance.below(3) === 0 ? chance.below(HOUR) : chance.below(2 * SECOND));
    const manifest = compose(house, agency, `${agency}-share-${n}`, last);
    const key = chance.once(2) ? (last && chance.once(8) ? `key-${n - 1}` : `key-${n}`) : undefined;
    const posts = chance.once(3) && world.count('posted twice at once') ? 2 : 1;
    for (let i = 0; i < posts; i++) world.spawn(`${agency} posts ${manifest.id}`, undefined, poster(house, agency, { manifest, ...(key ? { key } : {}) }));
    last = manifest;
  }
}

function compose({ world, recipients }: House, agency: string, id: string, last: Manifest | undefined): Manifest {
  const { chance, rows } = world;
  // The same id for another share, or the same sealed part: mistakes that senders make.
  const reused = last && chance.once(12) && world.count('ids reused') ? last.id : id;
  const first = chance.below(recipients.length);
  const to = recipients.filter((_, i) => i === first || chance.once(3)).map((recipient) => {
    const keys = rows.certificate.find(undefined, (row) => row.agency === recipient);
    // As the sender last saw the directory: mostly a current key, sometimes one that is no more.
    const current = keys.filter((row) => row.revokedAt === undefined);
    return { agency: recipient, key: (current.length === 0 || chance.once(10) ? chance.of(keys) : chance.of(current)).fingerprint };
  });
  return { id: reused, digest: `${agency}-${world.nextSeq()}`, lane: chance.once(2) ? chance.of(LANES) : 'routine', to, poison: chance.once(40) && world.count('shares that no row takes') };
}

function* poster(house: House, agency: string, post: Post): Step {
  const { world } = house;
  const { manifest, key } = post;
  const name = `${agency} ${manifest.digest}`;
  for (let attempt = 1; attempt <= 40; attempt++) {
    const began = world.store.steps;
    // A copy that arrives damaged is refused, unless the share stands: then it is answered with its receipt.
    const damaged = world.troubled && attempt + world.chance.below(3) > 2 && world.chance.once(4) && world.count('uploads damaged');
    try {
      const answer: Answer = yield* ask(house, `takes ${manifest.id}`, (memory) => submit(world, memory, agency, { ...post, damaged }));
      if (answer.status === 202) {
        const accepted = world.accepted.get(name);
        if (!accepted) throw new Violation(`accepted means committed (${manifest.id})`);
        if (accepted.receipt !== answer.receipt) throw new Violation(`the same share again is answered with the same receipt (${manifest.id})`);
        if (attempt > 1) world.count('accepted at a repetition');
        if (world.chance.once(5)) world.spawn(`${agency} recalls ${manifest.id}`, undefined, recaller(house, agency, manifest));
        return;
      }
    } catch (error) {
      if (error instanceof Refused) {
        world.count(`refused ${error.code}`);
        // Of what had been accepted when it was posted, nobody is told that it was refused, unless its key says so.
        const accepted = world.accepted.get(name);
        if (accepted && accepted.step < began && !error.repeated) throw new Violation(`what has been accepted is not refused: ${error.code} (${manifest.id})`);
        const remembered = key === undefined ? undefined : world.rows.idempotency.get(undefined, `${agency} ${key}`);
        if (remembered?.digest === manifest.digest && remembered.status === 202) throw new Violation(`the same key is answered the same: ${error.code} (${manifest.id})`);
        return;
      }
      if (!(error instanceof NoAnswer || error instanceof Sqlstate)) throw error;
    }
    yield* world.sleep(world.chance.below(20) * SECOND);
  }
}

function* recaller(house: House, agency: string, manifest: Manifest): Step {
  const { world } = house;
  yield* world.sleep(world.chance.below(4) * world.chance.below(HOUR));
  yield* untilAnswered(house, `recalls ${manifest.id}`, () => recall(world, agency, manifest.id, `recall-${manifest.digest}`));
}

function* untilAnswered<T>(house: House, name: string, work: () => Step<T>): Step<T | undefined> {
  for (let attempt = 0; attempt < 12; attempt++) {
    try {
      return yield* ask(house, name, work);
    } catch (error) {
      if (error instanceof Refused) {
        house.world.count(`told ${error.code}`);
        return undefined;
      }
      if (!(error instanceof NoAnswer || error instanceof Sqlstate)) throw error;
    }
    yield* house.world.sleep(house.world.chance.below(5) * SECOND);
  }
  return undefined;
}

/** One recipient: looks into its mailbox, collects, acknowledges or returns; forgets some, does some things twice, and comes back for what it had. */
export function* recipient(house: House, agency: string): Step {
  const { world } = house;
  const { chance } = world;
  const seen: string[] = [];
  for (;;) {
    yield* world.sleep(chance.below(20) * MINUTE);
    for (const { id } of world.rows.transfer.find(undefined, (row) => row.recipient === agency && (row.state === 'available' || row.state === 'collected'))) {
      if (!seen.includes(id)) seen.push(id);
      if (!isForgotten(id)) world.spawn(`${agency} handles ${id}`, undefined, handle(house, agency, id));
    }
    if (seen.length > 0 && chance.once(3)) world.spawn(`${agency} comes back`, undefined, fetch(house, agency, chance.of(seen)));
  }
}

/** One transfer in six: nobody ever looks. */
const isForgotten = (id: string): boolean => Number(id.slice(id.indexOf('-') + 1)) % 6 === 0;

function* handle(house: House, agency: string, id: string): Step {
  const { world } = house;
  const { chance } = world;
  const state_ = (kind: 'acknowledged' | 'returned' | 'opened', digest = kind as string, reason?: string) => untilAnswered(house, `${kind} ${id}`, () => state(world, agency, id, kind, digest, reason));
  if (chance.once(8)) return void (yield* state_('returned', 'returned', chance.once(2) ? 'cannot-open' : 'not-for-us'));
  yield* fetch(house, agency, id);
  if (chance.once(2)) yield* fetch(house, agency, id);
  if (chance.once(4)) yield* state_('opened');
  if (chance.once(6)) return void (yield* state_('returned', 'returned', 'not-for-us'));
  if (chance.once(8)) return;
  if (chance.once(4)) world.spawn(`${agency} acknowledges ${id} at the same time`, undefined, state_('acknowledged', chance.once(2) ? 'acknowledged' : 'acknowledged otherwise'));
  yield* state_('acknowledged');
}

const fetch = (house: House, agency: string, id: string): Step<unknown> =>
  untilAnswered(house, `collects ${id}`, function* () {
    served(house.world, yield* part(house.world, agency, id));
  });

/** Keys are revoked and bound, parties withdraw and come back, also while shares are being decided. */
export function* registrar({ world, recipients, senders }: House): Step {
  const { chance, rows, store } = world;
  while (world.troubled) {
    yield* world.sleep(chance.below(4) * chance.below(30 * MINUTE));
    const agency = chance.of([...recipients, ...recipients, ...senders]);
    const kind = chance.below(5);
    try {
      yield* world.transaction(function* (tx) {
        yield;
        if (kind < 2) {
          const found = rows.certificate.find(tx, (row) => row.agency === agency && row.revokedAt === undefined)[0];
          if (!found) return;
          yield* store.update(tx, rows.certificate, ({ fingerprint, revokedAt }) => fingerprint === found.fingerprint && revokedAt === undefined, (row) => ({ ...row, revokedAt: world.clock() }));
          yield* changed(world, tx, agency);
          yield* record(world, tx, [{ controller: agency, kind: 'key-revoked', about: found.fingerprint }]);
          world.count('revocations');
        } else if (kind === 2) {
          if (rows.certificate.has(tx, (row) => row.agency === agency && !isRevoked(world, tx, row.fingerprint))) return;
          yield* store.insert(tx, rows.certificate, { fingerprint: world.id('certificate'), agency });
          yield* changed(world, tx, agency);
          yield* record(world, tx, [{ controller: agency, kind: 'key-bound', about: agency }]);
        } else {
          const active = kind === 4;
          yield* store.update(tx, rows.member, (row) => row.agency === agency && row.active !== active, (row) => ({ ...row, active }));
          yield* changed(world, tx, agency);
          yield* store.lockExclusive(tx, `agreement ${AGREEMENT}`);
          yield* store.update(tx, rows.agreement, () => true, (row) => ({ ...row, version: row.version + 1 }));
          yield* record(world, tx, [{ controller: agency, kind: 'party-changed', about: agency }]);
          world.count(active ? 'parties come back' : 'parties withdrawn');
        }
      });
    } catch (error) {
      if (!(error instanceof Sqlstate)) throw error;
    }
  }
}

/** What the triggers of the directory do. */
function* changed(world: World, tx: Tx, agency: string): Step {
  const { store, rows } = world;
  yield* store.lock(tx, rows.agency, ({ id }) => id === agency);
  yield* store.lockExclusive(tx, agency);
  yield* store.update(tx, rows.agency, ({ id }) => id === agency, (row) => ({ ...row, version: row.version + 1 }));
}

/** Empties queues, breaks and mends what a transfer stands on, and takes up again what was set aside. */
export function* operator({ world, broker }: House): Step {
  const { chance, rows } = world;
  for (;;) {
    yield* world.sleep(chance.below(3) * chance.below(10 * MINUTE) + (world.troubled ? 0 : HOUR));
    try {
      const kind = world.troubled ? chance.below(8) : 3;
      const queued = rows.transfer.find(undefined, ({ state: at }) => at === 'queued');
      if (kind === 0 && broker) broker.purge();
      if (kind === 0 && !broker) yield* world.transaction(function* (tx) {
        const purged = yield* world.store.lock(tx, rows.outbox, () => true);
        for (const { transfer } of purged) world.purged.add(transfer);
        world.count('rows purged', yield* world.store.remove(tx, rows.outbox, ({ id }) => purged.some((row) => row.id === id)));
        world.count('purges');
      });
      if (kind > 3 && queued.length > 0 && world.count('transfers poisoned')) world.poisoned.add(chance.of(queued).id);
      if (kind === 2) world.poisoned.clear();
      if (kind === 3) yield* replay(world, 'all');
    } catch (error) {
      if (!(error instanceof Sqlstate)) throw error;
    }
  }
}

