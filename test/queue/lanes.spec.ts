import { writeSync } from 'node:fs';
import { eventually } from '../world/partnership';
import { Stage, TRANSPORTS } from './stage';

/** What waits before the first emergency comes. */
const ROUTINE = 10_000;
/** So many that the slowest hundredth is more than one of them. */
const EMERGENCIES = 200;
/** What the service promises for the slowest hundredth. */
const WITHIN_MS = 10_000;

test.each(TRANSPORTS)(`over %s an emergency waits at most ${WITHIN_MS / 1_000} s (p99) behind ${ROUTINE.toLocaleString('en-GB')} routine transfers`, async (transport) => {
  const stage = await Stage.open(transport);
  try {
    const { transfer } = await stage.sent();
    const routine = await stage.copies(transfer, ROUTINE, 'routine');
    // Over a broker they stand on its queue; the emergency has to be published as well before it can overtake.
    await stage.published();
    const started = Date.now();
    await stage.courier();
    const emergencies: string[] = [];
    while (emergencies.length < EMERGENCIES) {
      emergencies.push(...(await stage.copies(transfer, 1, 'emergency')));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await stage.arrived(emergencies);
    // While they came there was always somebody to wait behind.
    const [{ behind }] = (await stage.scene.sql<{ behind: number }>(
      `select count(*)::int as behind from waybill.transfer where id = any($1) and (state = 'queued' or available_at > (select min(available_at) from waybill.transfer where id = any($2)))`, [routine, emergencies])) as [{ behind: number }];
    expect(behind).toBeGreaterThan(ROUTINE / 10);
    await eventually(async () => (await stage.scene.sql(`select from waybill.transfer where state = 'queued' limit 1`)).length === 0);
    const [{ ended }] = (await stage.scene.sql<{ ended: Date }>('select max(available_at) as ended from waybill.transfer where id = any($1)', [routine])) as [{ ended: Date }];
    const waits = (await stage.scene.sql<{ ms: number }>('select extract(epoch from available_at - accepted_at)::float * 1000 as ms from waybill.transfer where id = any($1) order by 1', [emergencies])).map(({ ms }) => ms);
    const at = (share: number): number => waits[Math.ceil(share * waits.length) - 1] as number;
    const seconds = (ended.getTime() - started) / 1_000;
    writeSync(2, `${transport}: emergency p50 ${at(0.5).toFixed(0)} ms, p99 ${at(0.99).toFixed(0)} ms, most ${at(1).toFixed(0)} ms behind ${ROUTINE} routine transfers (${Math.round(ROUTINE / seconds)} a second)\n`);
    expect(at(0.99)).toBeLessThanOrEqual(WITHIN_MS);
    expect(await stage.scene.sql('select from waybill.outbox')).toEqual([]);
  } finally {
    await stage.close();
  }
});
