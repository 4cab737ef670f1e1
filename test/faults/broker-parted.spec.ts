import { Wire } from '../queue/stage';
import { type Node, ownCluster } from '../world/broker';
import { openTestDatabase, type TestDatabase } from '../world/database';
import { figure, pause } from './figures';
import { type House, openHouse } from './house';
import { reckon } from './reckoning';
import { PATIENCE_MS, sizeOf } from './sizes';
import { noneSent, prepared, submitAll } from './submitters';

let db: TestDatabase;
let house: House;
let nodes: readonly Node[] = [];
beforeAll(async () => {
  db = await openTestDatabase();
  const cluster = await ownCluster();
  nodes = cluster;
  expect((JSON.parse(await cluster[0].control('cluster_status', '--formatter', 'json')) as { running_nodes: string[] }).running_nodes).toHaveLength(3);
  house = await openHouse({ database: db.address, wire: await Wire.open(cluster[0]) });
  await house.up();
});
afterAll(async () => {
  for (const node of nodes) node.thaw();
  await house?.stop();
  await db?.close();
});

/** Longer than a confirmation is waited for, and shorter than nodes that do not hear from one another take to part for good. */
const FROZEN_MS = 12_000;
/** What was confirmed before is marked by then, on a machine that does ten other things at once as well. */
const MARKED_MS = 5_000;
/** What arrives from then on went on without those that are frozen. */
const ARRIVED_MS = 2_000;

/** Who stops answering, in turn: the processes are connected to the first, where the queues were declared. */
const PARTED = [
  { says: 'two of three', frozen: [1, 2], confirms: false },
  { says: 'one of three', frozen: [2], confirms: true },
  { says: 'the one that we are connected to', frozen: [0], confirms: false },
] as const;

test('R6: nodes of a cluster stop answering while messages are published: a minority confirms nothing, a majority goes on, and nothing confirmed is lost', async () => {
  const { times, submits } = sizeOf('brokerParted');
  const sent = noneSent();
  let done = 0;
  const submitting = submitAll(house, await prepared(house, submits, 'load'), sent, { progress: () => done / times });
  const count = async (sql: string, at: Date): Promise<number> => (await house.owner.query<{ count: number }>(`select count(*)::int as count from waybill.${sql}`, [at])).rows[0]?.count ?? 0;
  const wentOn: number[] = [];
  let waited = 0;
  for (; done < times; done++) {
    const { says, frozen, confirms } = PARTED[done % PARTED.length] as (typeof PARTED)[number];
    await pause(1_500 + Math.random() * 1_000);
    for (const i of frozen) nodes[i]?.freeze();
    const before = sent.statuses['202'] ?? 0;
    const [from, onwards, until] = [new Date(Date.now() + MARKED_MS), new Date(Date.now() + ARRIVED_MS), Date.now() + FROZEN_MS];
    let marked = 0;
    while (Date.now() < until) {
      marked = Math.max(marked, await count('outbox where published_at > $1', from));
      waited = Math.max(waited, await count('outbox where published_at is null and due_at > $1', new Date(0)));
      await pause(200);
    }
    const arrived = await count('transfer where available_at > $1', onwards);
    for (const i of frozen) nodes[i]?.thaw();
    // Whoever sends notices nothing.
    expect([says, (sent.statuses['202'] ?? 0) > before]).toEqual([says, true]);
    if (confirms) wentOn.push(arrived);
    else expect([says, marked]).toEqual([says, 0]);
  }
  await submitting;
  const { findings, transfers } = await reckon(house, sent, { patienceMs: 120_000 });
  figure('R6', `three nodes, ${times} times for ${FROZEN_MS / 1_000} s ${PARTED.map(({ says }) => says).join(', ')} frozen in turn under ${submits} submits: every submit accepted, a minority confirmed 0 (up to ${waited} rows waited), with a majority ${wentOn.join(', ')} went on, ${transfers} transfers arrived once, 0 confirmed and lost`);
  expect(findings).toEqual([]);
  expect(waited).toBeGreaterThan(0);
  expect(wentOn.length).toBeGreaterThan(0);
  expect(Math.min(...wentOn)).toBeGreaterThan(0);
  expect(Object.keys(sent.statuses)).toEqual(['202']);
}, PATIENCE_MS);
