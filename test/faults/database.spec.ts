import { figure, pause } from './figures';
import { type House, openHouse } from './house';
import { reckon } from './reckoning';
import { Server } from './server';
import { PATIENCE_MS, sizeOf } from './sizes';
import { noneSent, prepared, submitAll } from './submitters';

let server: Server;
let house: House;
beforeAll(async () => {
  server = await Server.open();
  house = await openHouse({ database: server.address, gateways: 2 });
  await house.up();
});
afterAll(async () => {
  await house?.stop();
  await server?.close();
});

/** It goes on within seconds; a machine that does ten other things at once may take longer. This tells it from what never goes on. */
const HEALED_MS = 60_000;

test('R9: PostgreSQL is killed, and stopped without a word, under load: no answer 202 without its row, and nobody needs to start us again', async () => {
  const { crashes, submits } = sizeOf('database');
  const sent = noneSent();
  let done = 0;
  const submitting = submitAll(house, await prepared(house, submits, 'load'), sent, { progress: () => done / crashes, patienceMs: 180_000 });
  const recovered: number[] = [];
  for (; done < crashes; done++) {
    await pause(500 + Math.random() * 1_000);
    await server.crash(done % 2 === 0 ? 'killed' : 'immediate');
    await pause(Math.random() * 1_500);
    await server.start();
    const [since, before] = [Date.now(), sent.statuses['202'] ?? 0];
    while ((sent.statuses['202'] ?? 0) === before && Date.now() - since < HEALED_MS) await pause(20);
    recovered.push(Date.now() - since);
  }
  await submitting;
  const { findings, shares, transfers } = await reckon(house, sent, { patienceMs: 90_000 });
  figure('R9', `${crashes} crashes of PostgreSQL (SIGKILL of all of it, and -m immediate in turn) under ${submits} submits, answers ${JSON.stringify(sent.statuses)}: lost 0, ${shares} shares and ${transfers} transfers stand once; the next 202 at most ${(Math.max(...recovered) / 1_000).toFixed(1)} s after it was back`);
  expect(findings).toEqual([]);
  expect(Math.max(...recovered)).toBeLessThan(HEALED_MS);
  // Nothing but `accepted`, `nothing was decided, send it again`, and no answer at all.
  expect(Object.keys(sent.statuses).filter((status) => !['202', '503', 'lost'].includes(status))).toEqual([]);
  expect([...house.members.values()].flatMap(({ kept }) => kept.fell)).toEqual([]);
}, PATIENCE_MS);
