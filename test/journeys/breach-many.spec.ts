import type { BreachTold } from '#protocol/breach-answers';
import { MINUTE } from '#platform/clock';
import { dutiesOfCase, sendReport } from '../world/breaches';
import { openWorld, type World } from '../world/partnership';

// A thousand breaches at once, each of another controller.

const MANY = 1_000;
const AT_ONCE = 25;

let world: World;
beforeAll(async () => {
  world = await openWorld({ perSecond: { shares: 50, others: 10_000 } });
  // Parties that nobody seals anything to: who is told of a breach needs no key for that.
  await world.db.owner.query(`insert into waybill.controller_name (id, name) select 'school-' || n, 'School ' || n from generate_series(1, $1::int) n`, [MANY]);
  await world.db.owner.query(`insert into waybill.agency (id, name, controller, types, country, from_at) select 'school-' || n, 'School ' || n, 'school-' || n, '{school}', 'GB', now() from generate_series(1, $1::int) n`, [MANY]);
  await world.db.owner.query(`insert into waybill.membership (agency, agreement, entry, status, from_day) select 'school-' || n, 'wirral', 'schools-and-colleges', 'active', '2020-09-01' from generate_series(1, $1::int) n`, [MANY]);
  await world.db.owner.query(`insert into waybill.contact (agency, id, kind, label, posts, telephone, from_day) select 'school-' || n, 'head', 'person', 'Head', '{spoc}', '+441632960' || lpad((n % 1000)::text, 3, '0'), '2020-09-01' from generate_series(1, $1::int) n`, [MANY]);
});
afterAll(() => world.close());

test('every first notice is out within a minute of its report, in the lane before all others, whatever else waits', async () => {
  const council = world.partner('merebrook-council');
  const began = Date.now();
  const told: BreachTold[] = [];
  let next = 1;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next <= MANY) {
      const answer = await sendReport(world, council, { owners: [`school-${next++}`] });
      if (answer.status !== 201) throw new Error(answer.body.toString());
      told.push(answer.json as BreachTold);
    }
  }));
  const waits = told.map((breach) => Date.parse(breach.notices[0]?.toldAt ?? '') - Date.parse(breach.openedAt));
  expect([told.length, new Set(told.map(({ notices }) => notices[0]?.agency)).size]).toEqual([MANY, MANY]);
  // Told in the transaction in which it was reported: nothing is between the two.
  expect(Math.max(...waits)).toBe(0);
  const last = Date.now() - began;
  expect(last).toBeLessThan(10 * MINUTE);
  const { rows: [open] } = await world.db.owner.query<{ notices: number; lanes: string[] }>(`select count(*)::int as notices, array_agg(distinct lane) as lanes from waybill.duty where kind = 'read-notice' and closed_at is null`);
  expect(open).toEqual({ notices: MANY, lanes: ['breach'] });
  expect(await dutiesOfCase(world, told[0]?.breach ?? '', 'read-notice')).toHaveLength(1);
});
