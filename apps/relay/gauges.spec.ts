import { randomUUID } from 'node:crypto';
import { SECOND, TestClock } from '#platform/clock';
import { openLog } from '#platform/log';
import { Metrics } from '#platform/metrics';
import { openTestDatabase, type TestDatabase } from '../../test/world/database';
import { Gauges } from './gauges';
import { RELAY_METRICS } from './metrics';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

async function looking() {
  const lines: { msg: string; level: string; count?: number; ms?: number }[] = [];
  const clock = new TestClock();
  const metrics = new Metrics(RELAY_METRICS);
  const gauges = new Gauges({ database: await db.as('relay'), clock, metrics, log: openLog('relay', { write: (line) => void lines.push(JSON.parse(line)) }) });
  return { gauges, clock, lines, text: () => metrics.text() };
}

const figure = (text: string, name: string): number => Number(new RegExp(`^${name.replaceAll(/[{}"]/g, '\\$&')} (.+)$`, 'm').exec(text)?.[1]);

test('the relay tells how much waits in which lane, for how long, and what was set aside', async () => {
  const put = (lane: string, age: number, parked: string | null) =>
    db.owner.query(`insert into waybill.outbox (id, kind, transfer, lane, precedence, due_at, parked_reason) values ($1, 'transfer.due', $2, $3, 1, clock_timestamp() - make_interval(secs => $4), $5)`, [randomUUID(), randomUUID(), lane, age, parked]);
  await put('emergency', 4_000, null);
  await put('emergency', 5, null);
  await put('routine', 900, 'delivery-limit');
  const { gauges, text } = await looking();
  await gauges.measure();
  const told = await text();
  expect(figure(told, 'waybill_outbox_waiting{lane="emergency"}')).toBe(2);
  expect(Math.round(figure(told, 'waybill_outbox_oldest_seconds{lane="emergency"}') / 1_000)).toBe(4);
  expect(figure(told, 'waybill_outbox_waiting{lane="routine"}')).toBe(0);
  expect(figure(told, 'waybill_outbox_parked{lane="routine"}')).toBe(1);
  expect(figure(told, 'waybill_outbox_oldest_seconds{lane="routine"}')).toBe(0);
  await db.owner.query('delete from waybill.outbox');
  await gauges.measure();
  expect(figure(await text(), 'waybill_outbox_waiting{lane="emergency"}')).toBe(0);
});

test('a register entry that waits longer than a minute is said at error, once a minute, until it no longer does', async () => {
  await db.owner.query(`insert into waybill.log (controller, origin) values ('merebrook-council', 'localhost/register/merebrook-council')`);
  await db.owner.query(`insert into waybill.pending_leaf (entry, controller, leaf) values ($1, 'merebrook-council', $2)`, [randomUUID(), Buffer.alloc(32)]);
  const { gauges, clock, lines, text } = await looking();
  await gauges.measure();
  expect(lines).toEqual([]);
  clock.advance(61 * SECOND);
  await gauges.measure();
  await gauges.measure();
  expect(lines).toEqual([expect.objectContaining({ level: 'error', msg: 'register.behind', count: 1, ms: expect.any(Number) })]);
  expect(figure(await text(), 'waybill_register_oldest_seconds')).toBeGreaterThan(60);
  clock.advance(61 * SECOND);
  await gauges.measure();
  expect(lines).toHaveLength(2);
  await db.owner.query('delete from waybill.pending_leaf');
  clock.advance(61 * SECOND);
  await gauges.measure();
  expect(lines).toHaveLength(2);
  expect(figure(await text(), 'waybill_register_oldest_seconds')).toBe(0);
});

test('entries of a controller whose log nobody opened are said, without its name', async () => {
  await db.owner.query(`insert into waybill.pending_leaf (entry, controller, leaf) values ($1, 'nobody-opened-this', $2)`, [randomUUID(), Buffer.alloc(32)]);
  const { gauges, lines, text } = await looking();
  await gauges.measure();
  expect(lines.map(({ msg }) => msg)).toEqual(['register.unopened']);
  expect(figure(await text(), 'waybill_register_unopened')).toBe(1);
  expect(JSON.stringify(lines) + (await text())).not.toContain('nobody-opened-this');
});
