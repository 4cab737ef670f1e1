import { mkdirSync } from 'node:fs';
import { Agent } from 'node:https';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { addressed } from '#protocol/line';
import type { Receipt } from '#protocol/answers';
import { ask, type Signed, signedIn } from '../world/console';
import { fillInbox, type Sql } from '../world/filled-inbox';
import setUp from '../world/global-setup';
import tearDown from '../world/global-teardown';
import { openWorld, type World } from '../world/partnership';
import { percentile } from './usage';

// `npm run bench:inbox`: the front door's list over HTTPS, with ten items, with ten thousand open, and with ten thousand open of a million stored.
// It may not grow: what is printed beside the milliseconds is the ratio to ten items, measured in the same run. CI does not run it.

const STORED = Number(process.env['WAYBILL_BENCH_ITEMS'] ?? 1_000_000);
const OPEN = 10_000;
const LOOKS = 100;
const [AGENCY, WORKER, COLLEAGUE] = ['merebrook-council', 'mc-014', 'mc-015'];
const FRONT_DOOR = `${AGENCY}/front-door`;
const PATHS = ['/inbox', '/inbox/list', '/inbox?owner=nobody', '/inbox?owner=mine', '/inbox?lane=urgent', '/inbox?kind=request', `/inbox?after=${Buffer.from(`routine_1_${new Date(Date.now() - 3_600_000).toISOString()}_00000000-0000-4000-8000-000000000000`).toString('base64url')}`];

async function main(): Promise<void> {
  mkdirSync(join('.waybill', 'test'), { recursive: true });
  await setUp();
  let world: World | undefined;
  try {
    world = await openWorld({ console: {} });
    const sql: Sql = async <T extends object>(text: string, values: unknown[] = []) => ((world as World).db.owner.query<T>(text, values)).then(({ rows }) => rows);
    const sent = await aShare(world);
    const fill = async (items: number, done = 0): Promise<void> => {
      await fillInbox(sql, { ...sent, recipient: AGENCY, staff: COLLEAGUE, items, done });
      await sql('vacuum analyze');
    };
    const worker = await signedIn(world, AGENCY, WORKER);
    await fill(10);
    const few = await looks(world, worker);
    await fill(OPEN - 10);
    const open = await looks(world, worker);
    await fill(STORED - OPEN, STORED - OPEN);
    const stored = await looks(world, worker);
    const shown = (path: string, found: typeof few): string => `${found.get(path)?.p50.toFixed(0)} / ${found.get(path)?.p95.toFixed(0)}  × ${((found.get(path)?.p50 ?? NaN) / (few.get(path)?.p50 ?? NaN)).toFixed(1)}`;
    const named = (count: number): string => count.toLocaleString('en-GB');
    console.table(Object.fromEntries(PATHS.map((path) => [path.replace(/after=.*/, 'after=…'), { 'ten open': shown(path, few), [`${named(OPEN)} open`]: shown(path, open), [`${named(OPEN)} open of ${named(STORED)}`]: shown(path, stored) }])));
    console.log(`p50 / p95 in ms over ${LOOKS} looks, and the ratio of the p50 to that with ten; ${cpus().length} × ${cpus()[0]?.model ?? ''}; ${new Date().toISOString().slice(0, 10)}`);
  } finally {
    await world?.close();
    await tearDown();
  }
}

/** One share that really came: what the copies are made of. */
async function aShare(world: World): Promise<{ share: string; transfer: string }> {
  const school = world.partner('st-brigid-primary');
  const share = await school.compose({ parts: [{ category: 'names', text: 'a name', to: { [FRONT_DOOR]: 'assesses-referral' } }, { category: 'contacts-with-service', text: 'a contact', to: { [FRONT_DOOR]: 'assesses-referral' } }] }, () => world.partner(AGENCY).keys('front-door').certificate);
  const answer = await school.submit(share);
  const transfer = answer.status === 202 && (answer.json as Receipt).transfers.find(({ recipient }) => addressed(recipient) === FRONT_DOOR)?.transfer;
  if (!transfer) throw new Error(`refused: ${answer.body.toString()}`);
  for (let i = 0; i < 600; i += 1) {
    if (((await world.partner(AGENCY).get('/v1/mailbox')).json.items as unknown[]).length > 0) return { share: share.id, transfer };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it did not arrive within a minute');
}

async function looks(world: World, worker: Signed): Promise<Map<string, { p50: number; p95: number }>> {
  const agent = new Agent({ keepAlive: true });
  const found = new Map<string, { p50: number; p95: number }>();
  for (const path of PATHS) {
    const took: number[] = [];
    for (let look = 0; look < LOOKS * 1.1; look += 1) {
      const began = performance.now();
      const { status } = await ask(world, 'GET', path, { as: worker, agent });
      if (status !== 200) throw new Error(`${path}: ${status}`);
      // The first tenth is to warm up.
      if (look >= LOOKS / 10) took.push(performance.now() - began);
    }
    found.set(path, { p50: percentile(took, 0.5), p95: percentile(took, 0.95) });
  }
  agent.destroy();
  return found;
}

void main();
