import fc from 'fast-check';
import type { Database } from '#platform/database';
import { signCheckpoint } from '#register/checkpoint';
import { readEntry, type SealedEntry } from '#register/entry';
import { verifyExport } from '#register/export-verification';
import { integrate } from '#register/integration';
import { openLog, Register } from '#register/register';
import { vkeyOf } from '#register/vkey';
import { openTestDatabase, type TestDatabase } from '../../world/database';
import { each, entryOf, LOG_KEY, textOf } from './book';

// Whatever was recorded, for whom, in whatever order, and however it came into place: every controller's export verifies, has all of its own, and nothing of anybody else's.

const register = new Register();
let db: TestDatabase;
let gateway: Database;
let relay: Database;
beforeAll(async () => {
  db = await openTestDatabase();
  [gateway, relay] = [await db.as('gateway'), await db.as('relay')];
});
afterAll(() => db.close());

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ records: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 12 }) }) },
  { weight: 3, arbitrary: fc.record({ integrates: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ givenUp: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }) }) },
);
const sign = (checkpoint: Parameters<typeof signCheckpoint>[0]): string => signCheckpoint(checkpoint, LOG_KEY);

let run = 0;
let made = 0;
test('RC-12: any history of four controllers: each export verifies against what was held, with all of its own entries and none of another’s', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
    run += 1;
    const controllers = ['north', 'south', 'east', 'west'].map((name) => `${name}-${run}`);
    await (await db.as('registrar')).transaction(async (tx) => {
      for (const controller of controllers) await openLog(tx, { controller, gateway: 'gateway.example' });
    });
    const recorded = new Map<string, string[]>(controllers.map((controller) => [controller, []]));
    const held = new Map<string, string>();
    const entriesFor = (of: readonly number[]): SealedEntry[] => of.map((which) => entryOf((made += 1), { controller: controllers[which] as string }));
    for (const each of steps) {
      if ('records' in each) {
        const entries = entriesFor(each.records);
        await gateway.transaction((tx) => register.store(tx, entries));
        for (const { controller, id } of entries) recorded.get(controller)?.push(id);
      } else if ('givenUp' in each) {
        await expect(gateway.transaction(async (tx) => {
          await register.store(tx, entriesFor(each.givenUp));
          throw new Error('given up');
        })).rejects.toThrow('given up');
      } else {
        const { checkpoints } = await relay.transaction((tx) => integrate(tx, { batch: each.integrates, sign, at: new Date() }));
        for (const { controller, note } of checkpoints) if (!held.has(controller)) held.set(controller, note);
      }
    }
    while ((await relay.transaction((tx) => integrate(tx, { batch: 50, sign, at: new Date() }))).entries > 0);
    for (const controller of controllers) {
      const vkey = vkeyOf(`gateway.example/register/${controller}`, LOG_KEY.publicKey);
      const text = await gateway.as({ agency: controller, controller }, (tx) => textOf(register.exportLog(tx, { controller, vkeys: [vkey] })));
      const report = await verifyExport(eachOf(text), { vkeys: vkey, ...(held.has(controller) && { heldCheckpoint: held.get(controller) }) });
      expect([controller, report.holds, report.findings]).toEqual([controller, true, []]);
      const shown = text.split('\n').flatMap((line) => (line.includes('"leaf"') ? [readEntry(Buffer.from((JSON.parse(line) as { octets: string }).octets, 'base64'))] : []));
      expect(shown.map((entry) => entry?.id).sort()).toEqual([...(recorded.get(controller) ?? [])].sort());
      expect(new Set(shown.map((entry) => entry?.controller))).toEqual(new Set(shown.length > 0 ? [controller] : []));
      const foreign = await gateway.as({ agency: controller, controller }, (tx) => textOf(register.exportLog(tx, { controller: controllers.find((other) => other !== controller) as string, vkeys: [vkey] })));
      expect(foreign).toBe('');
    }
  }), { numRuns: 40 });
});

const eachOf = (text: string): AsyncIterable<string> => each([text]);
