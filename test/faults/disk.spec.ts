import { Agent } from 'node:https';
import { ask } from '../world/partner';
import { figure, pause } from './figures';
import { type House, openHouse } from './house';
import { reckon } from './reckoning';
import { PATIENCE_MS, sizeOf } from './sizes';
import { SmallDisk } from './small-disk';
import { noneSent, prepared, submitAll } from './submitters';

let disk: SmallDisk;
let house: House;
beforeAll(async () => {
  disk = await SmallDisk.open(sizeOf('disk').submits);
  house = await openHouse({ database: disk.address });
  await house.up();
});
afterAll(async () => {
  await house?.stop();
  await disk?.close();
});

test('R10: the disk of the database is full: writing is answered 503, reading goes on, no row is half there, and it goes on by itself when there is room', async () => {
  const { fillings, submits } = sizeOf('disk');
  const sent = noneSent();
  let done = 0;
  const submitting = submitAll(house, await prepared(house, submits, 'load'), sent, { progress: () => done / fillings, patienceMs: 180_000, clients: 4 });
  const agent = new Agent({ keepAlive: true, ...house.tls });
  const healed: number[] = [];
  let reads = 0;
  for (; done < fillings; done++) {
    const stood = sent.statuses['202'] ?? 0;
    for (const until = Date.now() + 60_000; (sent.statuses['202'] ?? 0) < stood + 10 && Date.now() < until; ) await pause(50);
    await disk.fill();
    const [before, refused] = [{ ...sent.statuses }, () => (sent.statuses['503'] ?? 0) - (before['503'] ?? 0)];
    for (const until = Date.now() + 60_000; refused() < 20 && Date.now() < until; await pause(100)) {
      // Whoever reads is served: nothing of a full disk stands in the way.
      const answer = await ask(agent, house.ports[0] as number, 'GET', '/v1/directory');
      const mine = await ask(agent, house.ports[0] as number, 'GET', '/v1/mailbox');
      expect([answer.status === 404 ? 200 : answer.status, mine.status]).toEqual([200, 200]);
      reads++;
    }
    expect(refused()).toBeGreaterThanOrEqual(20);
    const { rows } = await house.owner.query<{ shares: number }>('select count(*)::int as shares from waybill.share');
    expect(rows[0]?.shares).toBeGreaterThan(0);
    await disk.free();
    const [since, accepted] = [Date.now(), sent.statuses['202'] ?? 0];
    while ((sent.statuses['202'] ?? 0) === accepted && Date.now() - since < 60_000) await pause(20);
    healed.push(Date.now() - since);
  }
  await submitting;
  agent.destroy();
  const { findings, shares } = await reckon(house, sent, { patienceMs: 90_000 });
  figure('R10', `data disk full ${fillings} times under ${submits} submits, answers ${JSON.stringify(sent.statuses)}; ${reads} reads meanwhile were served; ${shares} shares stand once, 0 rows in part; the next 202 ${(Math.max(...healed) / 1_000).toFixed(1)} s after there was room`);
  expect(findings).toEqual([]);
  expect(Object.keys(sent.statuses).filter((status) => !['202', '503'].includes(status))).toEqual([]);
}, PATIENCE_MS);
