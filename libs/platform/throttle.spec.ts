import { openTestDatabase, type TestDatabase } from '../../test/world/database';
import { Throttle } from './throttle';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

/** The allowances are by the hour, so that the time which a test takes adds nothing to them. */
const HOUR_S = 3_600;
const throttle = async (name: string, allowance = { rate: 5 / HOUR_S, burst: 10 }): Promise<Throttle> => new Throttle(await db.as('gateway'), name, allowance);
const admitted = async (by: Throttle, caller: string, times: number): Promise<number> => (await Promise.all(Array.from({ length: times }, () => by.admits(caller)))).filter(Boolean).length;
/** Time passes for the buckets. */
const later = (seconds: number) => db.owner.query('update waybill.allowance set at = at - make_interval(secs => $1)', [seconds]);

test('a caller may ask as often as the burst, and no more', async () => {
  expect(await admitted(await throttle('burst'), 'a', 25)).toBe(10);
  expect(await admitted(await throttle('burst'), 'a', 25)).toBe(0);
});

test('one caller’s haste is not another’s', async () => {
  const by = await throttle('each');
  expect(await admitted(by, 'a', 100)).toBe(10);
  expect(await admitted(by, 'b', 3)).toBe(3);
});

test('what is turned away costs nothing: whoever keeps asking is slowed to the rate, not shut out', async () => {
  const by = await throttle('slowed');
  await admitted(by, 'a', 50);
  for (let hour = 0; hour < 4; hour++) {
    await later(HOUR_S);
    expect(await admitted(by, 'a', 40)).toBe(5);
  }
});

test('a pause fills the bucket to its burst and not beyond', async () => {
  const by = await throttle('pause');
  await admitted(by, 'a', 10);
  await later(10 * HOUR_S);
  expect(await admitted(by, 'a', 50)).toBe(10);
});

test('two processes count in one bucket', async () => {
  const [one, other] = [await throttle('shared'), await throttle('shared')];
  const granted = await Promise.all([admitted(one, 'a', 30), admitted(other, 'a', 30)]);
  expect(granted[0] + granted[1]).toBe(10);
});
