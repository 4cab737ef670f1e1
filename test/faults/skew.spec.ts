import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { Agent } from 'node:https';
import { MINUTE } from '#platform/clock';
import { openTestDatabase, type TestDatabase } from '../world/database';
import { figure } from './figures';
import { type House, openHouse } from './house';
import { reckon } from './reckoning';
import { PATIENCE_MS } from './sizes';
import { noneSent, post, prepared, submitAll } from './submitters';

/** The clock on the wall alone; what measures how long something takes is left as it is, as it is on a machine whose clock is wrong. */
const skewed = (by: string): Record<string, string> => ({ LD_PRELOAD: execFileSync('faketime', ['-f', '+0', 'sh', '-c', 'echo "$LD_PRELOAD"'], { encoding: 'utf8' }).trim(), FAKETIME: by, FAKETIME_DONT_FAKE_MONOTONIC: '1', NODE_COMPILE_CACHE: '' });

let db: TestDatabase;
let house: House;
beforeAll(async () => {
  db = await openTestDatabase();
  house = await openHouse({ database: db.address, gateways: 2, env: { 'gateway-1': skewed('+10m'), 'gateway-2': skewed('-10m'), courier: skewed('+10m'), relay: skewed('-10m') } });
  // Its window began before this test did, or a gateway whose clock is slow would not know it yet.
  for (const table of ['client_certificate', 'agency']) await house.owner.query(`update waybill.${table} set from_at = from_at - interval '1 hour'`);
  await house.up();
});
afterAll(async () => {
  await house?.stop();
  await db?.close();
});

// Leap seconds and summer time have no rows of their own: every instant is UTC, and nothing is ever said in local time.
test('R19: every process has another time, ten minutes fast or slow: a share from what seems the future is refused with our time, and of the others none is lost and none stands twice', async () => {
  const sent = noneSent();
  const began = Date.now();
  const shares = await prepared(house, 60, 'load');
  await submitAll({ ports: [house.ports[0] as number], tls: house.tls }, shares, sent);

  const agent = new Agent({ ...house.tls });
  const file = openSync((await prepared(house, 1, 'early')).file, 'r');
  const body = Buffer.alloc(64 * 1024);
  const length = readSync(file, body);
  closeSync(file);
  const refused = await post(agent, house.ports[1] as number, shares.boundary, body.subarray(0, length));
  agent.destroy();
  const problem = JSON.parse(refused.text) as { code: string; serverTime: string };
  // 422, not 401: who asks is known, and what is wrong is the manifest.
  expect([refused.status, problem.code]).toEqual([422, 'CREATED_AHEAD']);
  expect(Math.abs(Date.parse(problem.serverTime) - (Date.now() - 10 * MINUTE))).toBeLessThan(MINUTE);

  const { findings, shares: stand } = await reckon(house, sent);
  // The one that was refused is on record in its sender's register, as every refusal is.
  expect(findings).toEqual([expect.stringMatching(/^a refusal on record: /)]);
  // Ten minutes from when it began, whatever it all took; by a courier whose clock is right it would be what it took.
  const { rows } = await house.owner.query<{ last: Date }>('select max(t.available_at) as last from waybill.transfer t');
  expect((rows[0]?.last.getTime() ?? 0) - began).toBeGreaterThan(8 * MINUTE);
  figure('R19', `gateways 10 min fast and slow, courier fast, relay slow: ${stand} shares stand once and arrived once; a manifest 600 s ahead of a gateway is refused CREATED_AHEAD (422) with the time of that gateway`);
}, PATIENCE_MS);
