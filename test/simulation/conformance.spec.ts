import { DAY, HOUR, MINUTE, SECOND } from '#platform/clock';
import { openTestDatabase, type TestDatabase } from '../world/database';
import { Chance } from './chance';
import { EVERY_LANE, newShareId, type Offered, RECIPIENTS, Twin } from './twin';

// What the simulation proves, it proves of a model. Here the same commands, in random order, are given to the model and to the real code
// over the real PostgreSQL, and after each both must say the same of every row: so that the model cannot drift from what runs.

const SEQUENCES = 120;
const COMMANDS = 14;

/** Never just as long as a lease, a retry or a step of a duty: the real clock goes on by itself a little. */
const WHILES = [41 * SECOND, 41 * SECOND, 13 * MINUTE + 7 * SECOND, 5 * HOUR + 11 * MINUTE, 3 * DAY + 7 * HOUR, 13 * DAY + 5 * HOUR] as const;

let db: TestDatabase;
let twin: Twin;
const sent: Record<string, number> = {};
beforeAll(async () => {
  db = await openTestDatabase();
  twin = await Twin.open(db);
});
afterAll(async () => {
  await twin.close();
  await db.close();
});

type Command = (chance: Chance) => Promise<[unknown, unknown]>;

const nothing: [unknown, unknown] = [0, 0];
const message = (chance: Chance) => chance.of(twin.messages());
const withMessage = (work: (chance: Chance) => Promise<[unknown, unknown]>): Command => async (chance) => (twin.messages().length > 0 ? work(chance) : nothing);

const COMMANDS_BY_NAME: Record<string, Command> = {
  commit: (chance) => {
    const offered: Offered[] = Array.from({ length: 1 + chance.below(3) }, () => ({
      id: twin.shares.length > 0 && chance.once(6) ? chance.of(twin.shares) : newShareId(), lane: chance.of(EVERY_LANE), to: RECIPIENTS.filter((_, i) => i === 0 || chance.once(2)), ...(chance.once(3) ? { key: newShareId() } : {}), stale: chance.once(8),
    }));
    if (chance.once(4)) offered.push(offered[0] as Offered);
    return twin.commit(offered);
  },
  lend: (chance) => twin.lend(chance.once(2) ? EVERY_LANE : ['breach', 'emergency']),
  deliver: withMessage((chance) => twin.deliver(twin.messages().filter(() => chance.once(2)), true)),
  damaged: withMessage((chance) => twin.deliver([message(chance)], false)),
  again: withMessage((chance) => twin.settle(message(chance), { again: chance.of([60_000, 15 * MINUTE]) })),
  park: withMessage((chance) => twin.settle(message(chance), { park: 'delivery-limit' })),
  publish: (chance) => twin.publish(1 + chance.below(4)),
  unroutable: withMessage((chance) => twin.unroutable(message(chance))),
  missing: (chance) => twin.missing(chance.of(EVERY_LANE), chance.below(3)),
  drop: withMessage((chance) => twin.drop(message(chance))),
  replay: (chance) => twin.replay(chance.once(2) ? 'all' : { lane: chance.of(EVERY_LANE) }),
  collect: async (chance) => (twin.transfers.length > 0 ? twin.collect(chance.of(twin.transfers), chance.of(RECIPIENTS)) : nothing),
  revoke: (chance) => twin.revoke(chance.of(RECIPIENTS), !chance.once(3)),
  remind: () => twin.upkeepDoes('remind'),
  holdRevoked: () => twin.upkeepDoes('holdRevoked'),
  expire: () => twin.upkeepDoes('expire'),
  removePayloads: () => twin.upkeepDoes('removePayloads'),
  rebuild: () => twin.upkeepDoes('rebuild'),
  integrate: (chance) => twin.integrate(chance.of([5, 2_000])),
  wait: (chance) => twin.advance(chance.of(WHILES)),
};
const NAMES = Object.keys(COMMANDS_BY_NAME);

test(`${SEQUENCES} random sequences of commands leave the model and the real rows saying the same`, async () => {
  for (let seed = 1; seed <= SEQUENCES; seed++) {
    const chance = new Chance(seed);
    const story: string[] = [];
    const same = async (name: string, [expected, found]: [unknown, unknown]): Promise<void> => {
      story.push(name);
      sent[name] = (sent[name] ?? 0) + 1;
      const [model, rows] = await twin.compared();
      expect({ seed, story, answer: found, rows }).toEqual({ seed, story, answer: expected, rows: model });
    };
    twin.transfers = [];
    twin.shares = [];
    for (const agency of RECIPIENTS) await twin.revoke(agency, false);
    await same('commit', await (COMMANDS_BY_NAME['commit'] as Command)(chance));
    for (let i = 0; i < COMMANDS; i++) {
      const name = chance.once(4) ? chance.of(['commit', 'deliver', 'lend', 'collect']) : chance.of(NAMES);
      await same(name, await (COMMANDS_BY_NAME[name] as Command)(chance));
    }
    // The next begins with nothing of this one left to do.
    await twin.advance(29 * DAY);
    for (const name of ['expire', 'remind', 'removePayloads', 'integrate']) await same(name, await (COMMANDS_BY_NAME[name] as Command)(chance));
  }
  for (const name of NAMES) expect([name, (sent[name] ?? 0) > 0]).toEqual([name, true]);
});
