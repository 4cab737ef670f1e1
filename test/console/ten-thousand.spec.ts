import { Agent } from 'node:https';
import type { Staff } from '#directory/staff';
import { StaffRoll } from '#directory/staff';
import { type Filter, Inbox } from '#inbox/inbox';
import { REQUESTS } from '#inbox/requests';
import { TRANSFERS } from '#inbox/transfers';
import { MINUTE } from '#platform/clock';
import type { Tx } from '#platform/database';
import { CONSOLE_LIMITS } from '../../apps/console/limits';
import { FRONT_DOOR, REFERRAL, Scene, transferTo } from '../journeys/referral';
import { ask, type Signed, signedIn } from '../world/console';
import { fillInbox } from '../world/filled-inbox';
import { openWorld } from '../world/partnership';

// A list of ten thousand open items answers as one of half as many does: what it reads does not grow. How fast that is, `npm run bench:inbox` says.

const OPEN = 10_000;
const HALF = 5_000;
const AGENCY = 'merebrook-council';
let scene: Scene;
let worker: Signed;
let staff: Staff;
const read: Record<string, Record<string, number>> = {};
beforeAll(async () => {
  scene = new Scene(await openWorld({ console: {} }));
  const { share, receipt } = await scene.send(REFERRAL);
  await scene.arrived(scene.council, share.id);
  worker = await signedIn(scene.world, AGENCY, 'mc-014');
  staff = await database().as({ agency: AGENCY, controller: AGENCY }, (tx) => new StaffRoll().member(tx, 'mc-014', scene.world.clock.now())) as Staff;
  const fill = (items: number) => fillInbox((text, values) => scene.sql(text, values), { share: share.id, transfer: transferTo(receipt, FRONT_DOOR), recipient: AGENCY, staff: 'mc-015', items });
  await fill(HALF);
  await look(HALF);
  await fill(OPEN - HALF);
  await look(OPEN);
});
const agent = new Agent({ keepAlive: true });
afterAll(async () => {
  agent.destroy();
  await scene.world.close();
});
const database = () => scene.world.system.database('console');

const LOOKS: Record<string, { filter: Filter; deep?: true }> = {
  'the list': { filter: { owned: 'anybody' } },
  'a page far down': { filter: { owned: 'anybody' }, deep: true },
  'what nobody has': { filter: { owned: 'nobody' } },
  'what is urgent': { filter: { owned: 'anybody', lane: 'urgent' } },
  'what is asked': { filter: { owned: 'anybody', kind: 'request' } },
};

/** Rows that PostgreSQL went through for each look, as it counts them itself. */
async function look(items: number): Promise<void> {
  const inbox = new Inbox([TRANSFERS, REQUESTS]);
  // What the planner knows of the tables is the same both times.
  await scene.sql('vacuum analyze');
  for (const [name, { filter, deep }] of Object.entries(LOOKS)) {
    const after = deep && { lane: 'routine' as const, rank: 1 as const, dueAt: new Date(scene.world.clock.now().getTime() - MINUTE), id: '00000000-0000-4000-8000-000000000000' };
    const counted = await database().as(staff, async (tx) => {
      let rows = 0;
      const counting = { query: async (text: string, values: unknown[]) => {
        const [{ 'QUERY PLAN': [{ Plan: plan }] }] = await tx.query(`explain (analyze, format json) ${text}`, values) as [{ 'QUERY PLAN': [{ Plan: Plan }] }];
        rows += scanned(plan);
        return tx.query(text, values) as Promise<unknown>;
      } };
      const { items: found } = await inbox.page(counting as unknown as Tx, staff, filter, { ...(after ? { after } : {}), limit: CONSOLE_LIMITS.page.value });
      expect([name, found.length > 0]).toEqual([name, true]);
      return rows;
    });
    (read[name] ??= {})[items] = counted;
  }
}

interface Plan {
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

const scanned = (plan: Plan): number =>
  (plan['Relation Name'] ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'] : 0) + (plan.Plans ?? []).reduce((sum, each) => sum + scanned(each), 0);

test('of ten thousand open items no page reads more than of half as many', async () => {
  expect((await scene.sql(`select from waybill.transfer where recipient = $1 and state in ('available', 'collected')`, [AGENCY])).length).toBe(OPEN + 1);
  console.info('rows read:', read);
  expect(Object.entries(read).filter(([, { [HALF]: half = 0, [OPEN]: many = Infinity }]) => many > 1.3 * half)).toEqual([]);
});

test('page after page every item is seen once, in order', async () => {
  const seen: string[] = [];
  const lanes: number[] = [];
  for (let path: string | undefined = '/inbox'; path !== undefined; ) {
    const { body } = await ask(scene.world, 'GET', path, { as: worker, agent });
    const items = [...body.matchAll(/<li class="wb-item[^"]*" id="item-([0-9a-f-]+)">[^]*?govuk-tag--(\w+)/g)];
    expect(items.length).toBeLessThanOrEqual(CONSOLE_LIMITS.page.value);
    seen.push(...items.map(([, id = '']) => id));
    lanes.push(...items.map(([, , colour]) => ['purple', 'red', 'orange', 'grey'].indexOf(colour ?? '')));
    path = /<a class="govuk-link" href="([^"]+)" rel="next"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
  }
  expect([seen.length, new Set(seen).size]).toEqual([OPEN + 1, OPEN + 1]);
  expect(lanes).toEqual([...lanes].sort((a, b) => a - b));
});
