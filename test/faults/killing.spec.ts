import { sharedNode } from '../world/broker';
import { openTestDatabase, type TestDatabase } from '../world/database';
import { Wire } from '../queue/stage';
import { figure, randomOf } from './figures';
import { type House, openHouse } from './house';
import { reckon } from './reckoning';
import { PATIENCE_MS, sizeOf } from './sizes';
import { storm } from './storm';
import { noneSent, prepared, submitAll } from './submitters';

let db: TestDatabase;
let house: House;
/** Transfers that the courier was handed, as it asked the database for them: each hand-over of each. */
const handed: string[] = [];

beforeAll(async () => {
  db = await openTestDatabase();
  const wire = await Wire.open(await sharedNode());
  house = await openHouse({
    database: db.address, wire, gateways: 2,
    saw: { courier: (sql, [asked] = []) => void (/from waybill\.transfer where id = any\(\$1\) and state = 'queued'/.test(sql) && asked && handed.push(...(String(asked).match(/[0-9a-f-]{36}/g) ?? []))) },
  });
  await house.up();
});
afterAll(async () => {
  await house?.stop();
  await db?.close();
});

const SHARES_OF_KILLS = { 'gateway-1': 0.28, 'gateway-2': 0.22, relay: 0.26, courier: 0.24 } as const;

test('R1 R2 R3: gateway, relay and courier are killed at every step while shares are sent: nothing is lost, nothing is there twice', async () => {
  const size = sizeOf('killing');
  const seed = Number(process.env['WAYBILL_FAULTS_SEED'] ?? Date.now() % 1_000_000);
  const random = randomOf(seed);
  const sent = noneSent();

  // In the calm before, every process shows what it does, and nothing is handed over twice.
  await submitAll(house, await prepared(house, 30, 'calm'), sent);
  const calm = await reckon(house, sent);
  expect(calm.findings).toEqual([]);
  expect(handed.length).toBe(calm.transfers);

  const shares = await prepared(house, size.submits, 'storm');
  const total = Object.values(SHARES_OF_KILLS).map((share) => Math.round(share * size.kills)).reduce((sum, each) => sum + each, 0);
  let kills = 0;
  const began = Date.now();
  const submitting = submitAll(house, shares, sent, { progress: () => kills / total, patienceMs: 600_000 });
  const storms = await Promise.all(Object.entries(SHARES_OF_KILLS).map(async ([name, share]) =>
    [name, await storm(house.member(name), { kills: Math.round(share * size.kills), random: randomOf(Math.floor(random() * 2 ** 32)) }, () => void kills++)] as const));
  await submitting;
  await house.up();
  const seconds = Math.round((Date.now() - began) / 1_000);

  const reckoned = await reckon(house, sent, { patienceMs: 120_000 });
  const again = handed.length - reckoned.transfers;
  figure('R1 R2 R3', `${kills} kills in ${seconds} s (${storms.map(([name, each]) => `${name} ${each.kills}: ${each.statements} of ${each.points} points about its statements, ${each.at.size - each.statements} at records to broker or partner, ${each.anyTime} at any moment`).join('; ')}), ${sent.receipts.size} submits, ` +
    `answers ${JSON.stringify(sent.statuses)}: lost ${sent.receipts.size - reckoned.shares + 0}, extra rows ${reckoned.findings.length}, ${again} of ${handed.length} hand-overs were repetitions and moved nothing, ${reckoned.entries} entries verified; seed ${seed}`);
  expect(reckoned.findings).toEqual([]);
  expect(sent.receipts.size).toBe(size.submits + 30);
  expect(kills).toBe(total);
  // A process that ends by itself was not killed by us.
  expect(Object.fromEntries([...house.members].map(([name, { kept }]) => [name, kept.fell]))).toEqual(Object.fromEntries([...house.members.keys()].map((name) => [name, []])));
}, PATIENCE_MS);
