import { generateKeyPairSync } from 'node:crypto';
import type { Tx } from '#platform/database';
import { openTestDatabase, type TestDatabase } from '../../test/world/database';
import { originOf, signCheckpoint, verifyCheckpoint } from './checkpoint';
import { readEntry } from './entry';
import { verifyInclusionFile } from './evidence';
import { verifyExport } from './export-verification';
import { backlog, integrate } from './integration';
import { verifyConsistency } from './proofs';
import { type NewEntry, openLog, Register } from './register';
import { vkeyOf } from './vkey';

const keys = generateKeyPairSync('ed25519');
const register = new Register();
const at = new Date('2026-03-02T09:15:00.250Z');
const UUID = '01890a5d-ac96-774b-bcce-b302099a8057';
const vkeyFor = (controller: string): string => vkeyOf(originOf('gateway.example', controller), keys.publicKey);
const sign = (checkpoint: Parameters<typeof signCheckpoint>[0]): string => signCheckpoint(checkpoint, keys);
const entriesFor = (controller: string, count: number): NewEntry[] =>
  Array.from({ length: count }, () => ({ kind: 'share-collected', controller, at, fields: { share: UUID, transfer: UUID, by: 'merseyside-police' } }));

let db: TestDatabase;
/** Each test has three registers of its own. */
let round = 0;
let [wirral, sefton, police] = ['', '', ''];
beforeAll(async () => { db = await openTestDatabase(); });
afterAll(() => db.close());
beforeEach(async () => {
  round += 1;
  [wirral, sefton, police] = [`wirral-${round}`, `sefton-${round}`, `police-${round}`];
  await (await db.as('registrar')).transaction(async (tx) => {
    for (const controller of [wirral, sefton, police]) await openLog(tx, { controller, gateway: 'gateway.example' });
  });
});
afterEach(async () => { await integrated(); });

const recorded = async (entries: NewEntry[]) => (await db.as('gateway')).transaction((tx) => register.record(tx, entries));
const integrated = async (batch = 1_000) => (await db.as('relay')).transaction((tx) => integrate(tx, { batch, sign, at }));
const reading = async <T>(controller: string, work: (tx: Tx) => Promise<T>): Promise<T> => (await db.as('gateway')).as({ agency: controller, controller }, work);
const exported = async (controller: string) => reading(controller, (tx) => verifyExport(register.exportLog(tx, { controller, vkeys: [] }), { vkeys: vkeyFor(controller) }));

test('what is recorded for several controllers in one commit stands in each one\'s log, and verifies', async () => {
  await recorded([...entriesFor(wirral, 3), ...entriesFor(police, 2)]);
  const { entries, checkpoints, oldest } = await integrated();
  expect(entries).toBe(5);
  expect(checkpoints.map(({ controller, size }) => `${controller} ${size}`).toSorted()).toEqual([`${police} 2`, `${wirral} 3`]);
  expect(oldest!.getTime()).toBeGreaterThan(Date.now() - 60_000);
  for (const { controller, note } of checkpoints) expect(verifyCheckpoint(note, vkeyFor(controller)).ok).toBe(true);
  expect(await exported(wirral)).toMatchObject({ holds: true, size: 3, checkpoints: 1 });
  expect(await exported(sefton)).toMatchObject({ holds: true, size: 0 });
  expect(await integrated()).toEqual({ entries: 0, checkpoints: [] });
});

test('on record or it did not happen: a transaction that fails leaves neither entry nor leaf', async () => {
  const gateway = await db.as('gateway');
  await expect(gateway.transaction(async (tx) => {
    await register.record(tx, entriesFor(wirral, 2));
    throw new Error('after all');
  })).rejects.toThrow('after all');
  expect((await db.owner.query('select (select count(*) from waybill.entry where controller = $1)::int + (select count(*) from waybill.pending_leaf where controller = $1)::int as rows', [wirral])).rows).toEqual([{ rows: 0 }]);
});

test('a log grown in batches of any size is the log grown at once; every entry can be proven and every checkpoint follows', async () => {
  await recorded(entriesFor(wirral, 37));
  for (const batch of [1, 2, 5, 9, 20]) await integrated(batch);
  const report = await exported(wirral);
  expect(report).toMatchObject({ holds: true, size: 37, checkpoints: 5, warnings: [] });

  await reading(wirral, async (tx) => {
    for (const entry of await register.entries(tx, { controller: wirral, limit: 50 })) {
      const file = await register.proofOf(tx, { controller: wirral, entry: entry.id });
      expect(file?.index).toBe(entry.index);
      expect(verifyInclusionFile(file, vkeyFor(wirral))).toMatchObject({ ok: true, octets: entry.octets });
    }
    const sizes = [1, 3, 8, 17, 37];
    for (const from of sizes) {
      for (const to of sizes.filter((size) => size >= from)) {
        const file = (await register.consistency(tx, { controller: wirral, from, to }))!;
        const [old, later] = [file.from, file.to].map((note) => verifyCheckpoint(note, vkeyFor(wirral)));
        if (!old?.ok || !later?.ok) throw new Error('unsigned');
        expect(verifyConsistency({ from, to, oldRoot: old.checkpoint.root, newRoot: later.checkpoint.root, proof: file.proof.map((hash) => Buffer.from(hash, 'hex')) })).toBe(true);
      }
    }
  });
});

test('entries are read in order, page by page, integrated or not', async () => {
  const made = await recorded(entriesFor(wirral, 5));
  await integrated(3);
  await reading(wirral, async (tx) => {
    const first = await register.entries(tx, { controller: wirral, limit: 2 });
    const rest = await register.entries(tx, { controller: wirral, after: first.at(-1)!.id, limit: 10 });
    expect([...first, ...rest].map(({ id }) => id)).toEqual(made.map(({ id }) => id));
    expect([...first, ...rest].map(({ index }) => index)).toEqual([0, 1, 2, undefined, undefined]);
    expect(readEntry(first[0]!.octets)).toMatchObject({ kind: 'share-collected', controller: wirral, at: at.toISOString() });
    expect(await register.proofOf(tx, { controller: wirral, entry: made[4]!.id })).toBeUndefined();
    expect(await register.proofOf(tx, { controller: wirral, entry: UUID })).toBeUndefined();
    expect(await register.latestCheckpoint(tx, { controller: wirral })).toMatchObject({ size: 3, at });
  });
});

test('RC-12: a controller sees its own register and nobody else\'s, whatever it asks for', async () => {
  const [made] = await recorded(entriesFor(wirral, 1));
  await integrated();
  const asked = async (tx: Tx) => [
    await register.entries(tx, { controller: wirral, limit: 9 }), await register.latestCheckpoint(tx, { controller: wirral }),
    await register.proofOf(tx, { controller: wirral, entry: made!.id }), await register.consistency(tx, { controller: wirral, from: 1, to: 1 }), await register.exportLog(tx, { controller: wirral, vkeys: [] }).next(),
  ];
  const nothing = [[], undefined, undefined, undefined, { done: true, value: undefined }];
  expect(await reading(sefton, asked)).toEqual(nothing);
  expect(await (await db.as('gateway')).transaction(asked)).toEqual(nothing);
  expect(await reading(wirral, asked)).not.toContainEqual(undefined);
});

test('two relays at once integrate every entry once: one log is one relay\'s until it commits', async () => {
  const relay = await db.as('relay');
  for (let i = 0; i < 6; i += 1) await recorded([wirral, sefton, police].flatMap((controller) => entriesFor(controller, 7)));
  const rounds = Array.from({ length: 24 }, (_, i) => relay.transaction((tx) => integrate(tx, { batch: 5 + i, sign, at })));
  const done = (await Promise.all(rounds)).reduce((sum, { entries }) => sum + entries, 0);
  const rest = (await integrated()).entries;
  expect(done + rest).toBe(126);
  for (const controller of [wirral, sefton, police]) expect(await exported(controller)).toMatchObject({ holds: true, size: 42 });
});

test('an entry whose transaction commits late is not passed over, though its number is lower', async () => {
  const gateway = await db.as('gateway');
  let commit = (): void => undefined;
  const started = Promise.withResolvers<void>();
  const late = gateway.transaction(async (tx) => {
    await register.record(tx, entriesFor(wirral, 1));
    started.resolve();
    await new Promise<void>((resolve) => { commit = resolve; });
  });
  await started.promise;
  await recorded(entriesFor(wirral, 2));
  expect((await integrated()).entries).toBe(2);
  commit();
  await late;
  expect((await integrated()).entries).toBe(1);
  expect(await exported(wirral)).toMatchObject({ holds: true, size: 3 });
});

test('a batch that fails half-way leaves everything as it was', async () => {
  await recorded(entriesFor(wirral, 3));
  const relay = await db.as('relay');
  await expect(relay.transaction((tx) => integrate(tx, { batch: 9, at, sign: () => { throw new Error('no key'); } }))).rejects.toThrow('no key');
  expect(await relay.transaction(backlog)).toMatchObject({ waiting: 3, unopened: [] });
  expect((await integrated()).entries).toBe(3);
});

test('entries of a controller whose log is not open wait, and the backlog names it', async () => {
  await recorded([...entriesFor('nobody-yet', 2), ...entriesFor(wirral, 1)]);
  expect((await integrated()).entries).toBe(1);
  expect(await (await db.as('relay')).transaction(backlog)).toMatchObject({ waiting: 2, unopened: ['nobody-yet'], since: expect.any(Date) as Date });
  await (await db.as('registrar')).transaction((tx) => openLog(tx, { controller: 'nobody-yet', gateway: 'gateway.example' }));
  expect((await integrated()).entries).toBe(2);
});

test('a busy controller does not keep the others waiting', async () => {
  await recorded(entriesFor(wirral, 50));
  await recorded(entriesFor(police, 1));
  const { checkpoints } = await integrated(10);
  expect(checkpoints.map(({ controller, size }) => `${controller} ${size}`)).toEqual([`${wirral} 5`, `${police} 1`]);
});
