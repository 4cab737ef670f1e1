import { closeSync, openSync, readSync } from 'node:fs';
import { Agent } from 'node:https';
import type { Prepared } from '../bench/shares';
import { Wire } from '../queue/stage';
import { type Node, ownNode } from '../world/broker';
import { openTestDatabase, type TestDatabase } from '../world/database';
import { figure, pause } from './figures';
import { type House, openHouse } from './house';
import { reckon } from './reckoning';
import { PATIENCE_MS, sizeOf } from './sizes';
import { noneSent, post, type Posted, prepared, type Sent } from './submitters';

const { seconds, limit } = sizeOf('brokerGone');
/** Transfers of one share. */
const EACH = 2;
/** A second's worth of submits, between two counts. */
const COUNTED_LATE = 150;

let db: TestDatabase;
let house: House;
let node: Node;
let agent: Agent;
beforeAll(async () => {
  db = await openTestDatabase();
  node = await ownNode();
  house = await openHouse({ database: db.address, wire: await Wire.open(node), env: { 'gateway-1': { WAYBILL_OUTBOX_LIMIT: String(limit) } } });
  agent = new Agent({ keepAlive: true, maxSockets: 4, ...house.tls });
  await house.up();
});
afterAll(async () => {
  agent?.destroy();
  await house?.stop();
  await db?.close();
});

async function sendOne({ file: path, boundary, shares }: Prepared, n: number, sent: Sent): Promise<Posted> {
  const share = shares[n] as (typeof shares)[number];
  const file = openSync(path, 'r');
  const body = Buffer.allocUnsafe(share.length);
  readSync(file, body, 0, share.length, share.at);
  closeSync(file);
  const answer = await post(agent, house.ports[0] as number, boundary, body);
  if (answer.status === 202) sent.receipts.set(share.id, [...(sent.receipts.get(share.id) ?? []), answer.text]);
  return answer;
}

test('R7: a broker that is gone for long: shares are accepted up to a limit, then answered 503 with Retry-After; an emergency still is; then all goes out, the pressing first', async () => {
  const sent = noneSent();
  await node.kill();
  const most = limit / EACH + COUNTED_LATE + 50;
  const [routine, emergencies] = [await prepared(house, most, 'routine'), await prepared(house, 10, 'emergency', { urgency: 'emergency' })];
  const until = Date.now() + seconds * 1_000;
  let accepted = 0;
  let full: Posted | undefined;
  for (let n = 0; n < most && !full; n++) {
    const answer = await sendOne(routine, n, sent);
    if (answer.status === 202) accepted++;
    else full = answer;
  }
  // All of them, and not one fewer than the limit allows.
  expect([full?.status, full?.headers['retry-after'], JSON.parse(full?.text ?? '{}').code]).toEqual([503, '30', 'UNDECIDED']);
  expect(accepted * EACH).toBeGreaterThanOrEqual(limit);
  expect(accepted * EACH).toBeLessThan(limit + COUNTED_LATE * EACH);
  // What was accepted once is answered as it was, however full it is; an emergency is taken.
  expect((await sendOne(routine, 0, sent)).status).toBe(202);
  for (let n = 0; n < 10; n++) expect((await sendOne(emergencies, n, sent)).status).toBe(202);
  while (Date.now() < until) await pause(100);
  expect((await sendOne(routine, most - 1, sent)).status).toBe(503);

  await node.start();
  const back = Date.now();
  const { findings } = await reckon(house, sent, { patienceMs: 120_000 });
  const drained = Date.now() - back;
  expect(findings).toEqual([]);
  const { rows } = await house.owner.query<{ lane: string; inOrder: boolean; last: number }>(
    `select t.lane, bool_and(e.place = e.due) as "inOrder", max(e.overall)::int as last from (
       select e.transfer, row_number() over (partition by t.lane order by e.seq) as place, row_number() over (partition by t.lane order by a.seq) as due, row_number() over (order by e.seq) as overall
       from waybill.event e join waybill.event a on a.transfer = e.transfer and a.kind = 'accepted' join waybill.transfer t on t.id = e.transfer where e.kind = 'available') e
     join waybill.transfer t on t.id = e.transfer group by t.lane order by t.lane`);
  const emergency = rows.find(({ lane }) => lane === 'emergency');
  expect(rows.map(({ inOrder }) => inOrder)).toEqual([true, true]);
  // A batch that was in hand at the end may come out first, and no more than that.
  expect(emergency?.last).toBeLessThanOrEqual(10 * EACH + 64);
  // There is room again.
  for (const patience = Date.now() + 60_000; ; await pause(200)) {
    if ((await sendOne(routine, most - 1, sent)).status === 202) break;
    if (Date.now() > patience) throw new Error('there is room, and nothing is accepted');
  }
  figure('R7', `broker gone for ${seconds} s and ${accepted} shares accepted, every one up to the limit of ${limit} messages (${accepted * EACH} waited), then 503 with Retry-After; 10 of 10 emergencies taken beyond it; all out ${(drained / 1_000).toFixed(1)} s after it was back, each lane in its order, the last emergency in place ${emergency?.last} of ${accepted * EACH + 20}`);
  expect((await reckon(house, sent)).findings).toEqual([]);
}, PATIENCE_MS);
