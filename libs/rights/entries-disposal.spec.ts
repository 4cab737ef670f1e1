import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMBEDDED_OWNER } from '#platform/embedded-postgres';
import { migrate } from '#platform/migrate';
import { signCheckpoint } from '#register/checkpoint';
import { readEntry } from '#register/entry';
import { verifyInclusionFile } from '#register/evidence';
import { verifyExport } from '#register/export-verification';
import { integrate } from '#register/integration';
import { type NewEntry, openLog, Register } from '#register/register';
import { vkeyOf } from '#register/vkey';
import { originOf } from '#register/checkpoint';
import { uuid7 } from '#platform/ids';
import { LOG_KEY } from '../../test/attacks/register/book';
import { openTestDatabase, type TestDatabase } from '../../test/world/database';
import { EntriesDisposal, type MonthTold } from './entries-disposal';

// Register entries at the end of their time, in a real database: three roles, none of which can do another's part.

const [COUNCIL, POLICE] = ['wirral-council', 'merseyside-police'] as const;
const KEPT = { disclosure: 180, party: 180, movement: 72, housekeeping: 72 };
const NOW = new Date('2026-11-30T09:00:00.000Z');
const SHARE = uuid7(Date.parse('2019-03-05T09:00:00.000Z'));
const TRANSFER = uuid7(Date.parse('2019-03-05T09:00:00.001Z'));
const register = new Register();
const vkeyFor = (controller: string): string => vkeyOf(originOf('gateway.example', controller), LOG_KEY.publicKey);

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'disposal-'));
  db = await openTestDatabase();
  await db.owner.query(`select waybill.prepare_partitions('2019-03-01', 2)`);
  await (await db.as('registrar')).transaction(async (tx) => { for (const controller of [COUNCIL, POLICE]) await openLog(tx, { controller, gateway: 'gateway.example' }); });
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

const moved = (controller: string, at: string, share = SHARE, transfer = TRANSFER): NewEntry => ({ kind: 'share-collected', controller, at: new Date(at), fields: { share, transfer, by: POLICE } });
const recorded = async (entries: NewEntry[]) => (await db.as('gateway')).transaction((tx) => register.record(tx, entries));
const integrated = async () => (await db.as('relay')).transaction((tx) => integrate(tx, { batch: 50_000, sign: (checkpoint) => signCheckpoint(checkpoint, LOG_KEY), at: NOW }));
const run = async (now = NOW): Promise<MonthTold[]> => new EntriesDisposal({ database: await db.as('disposal'), register, clock: { now: () => now } }, KEPT).run();
const removed = () => migrate({ ...db.address, user: EMBEDDED_OWNER });
const ofMonth = (told: MonthTold[], of: string, month: string) => told.find((each) => each.class === of && each.month === month);
const inRegister = async <T>(controller: string, work: (tx: Parameters<Register['exportLog']>[0]) => Promise<T>): Promise<T> => (await db.as('gateway')).as({ agency: controller, controller }, work);
const exported = (controller: string): Promise<string> => inRegister(controller, async (tx) => {
  let text = '';
  for await (const line of register.exportLog(tx, { controller, vkeys: [vkeyFor(controller)] })) text += line;
  return text;
});
const sql = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => (await db.owner.query<T>(text, values)).rows;
const sizeOfEntries = async (): Promise<number> => Number((await sql<{ size: string }>(`select sum(pg_total_relation_size(relid)) as size from pg_partition_tree('waybill.entry')`))[0]?.size);

// RT-01, RT-14: no longer than needed.
test('a month goes once it is past its time: on record in each register first, then by the owner; before that nobody takes a row', async () => {
  // More than one entry can name, of two controllers; of the next month one.
  await recorded(Array.from({ length: 4_000 }, (_, i) => moved(i % 4 === 0 ? POLICE : COUNCIL, `2019-03-${String(1 + (i % 28)).padStart(2, '0')}T10:00:00.000Z`)));
  const [young] = await recorded([moved(COUNCIL, '2019-04-02T10:00:00.000Z')]);
  // Not in its log yet: its leaf would be lost.
  expect(ofMonth(await run(), 'movement', '2019-03')).toEqual({ class: 'movement', month: '2019-03', months: 72, state: 'needed', neededFor: { 'not-in-its-log': 4_000 } });
  await integrated();

  // Six years to the day are not over for April when they are for March.
  const inApril = new Date('2025-04-15T09:00:00.000Z');
  expect((await run(inApril)).filter(({ class: of }) => of === 'movement')).toEqual([expect.objectContaining({ month: '2019-03', state: 'recorded', entries: 4_000 })]);
  await removed();
  expect(await sql(`select from waybill.entry_movement_2019_03 limit 1`)).toHaveLength(1);
  await integrated();
  expect(ofMonth(await run(inApril), 'movement', '2019-03')).toMatchObject({ state: 'ready' });

  const [{ file = '' } = {}] = await sql<{ file: string }>(`select current_setting('data_directory') || '/' || pg_relation_filepath('waybill.entry_movement_2019_03') as file`);
  const [before, database] = [await sizeOfEntries(), Number((await sql<{ size: string }>('select pg_database_size(current_database()) as size'))[0]?.size)];
  expect(statSync(file).size).toBeGreaterThan(1_000_000);
  await removed();
  const gone = ofMonth(await run(inApril), 'movement', '2019-03');
  expect(gone).toMatchObject({ state: 'gone', entries: 4_000, octetsFreed: expect.any(Number) });
  // The disk has it back: as PostgreSQL counts it, and as the file system does.
  expect(before - await sizeOfEntries()).toBe(gone?.octetsFreed);
  expect(database - Number((await sql<{ size: string }>('select pg_database_size(current_database()) as size'))[0]?.size)).toBeGreaterThan(1_000_000);
  await db.owner.query('checkpoint');
  expect(() => statSync(file)).toThrow(/ENOENT/);
  // Nobody else's month went along.
  expect(await sql('select from waybill.entry where id = $1', [young?.id])).toHaveLength(1);
});

test('what was disposed of can be proven as before: export and proofs hold, the leaves stand, and a stranger’s verifier says so', async () => {
  for (const controller of [COUNCIL, POLICE]) {
    const text = await exported(controller);
    expect(await verifyExport([text] as unknown as AsyncIterable<string>, { vkeys: vkeyFor(controller) })).toMatchObject({ holds: true, findings: [] });
    writeFileSync(join(folder, 'export.ndjson'), text);
    expect(spawnSync('python3', ['-I', 'deploy/verifier/waybill-verify.py', 'export', join(folder, 'export.ndjson'), '--vkey', vkeyFor(controller)], { encoding: 'utf8' })).toMatchObject({ status: 0 });
    const without = text.split('\n').filter((line) => line.includes('"octets":null'));
    expect(without).toHaveLength(controller === POLICE ? 1_000 : 3_000);
    // One that is gone, and is explained by nothing: that is found.
    const said = text.split('\n').filter((line) => line.includes('"octets":"')).flatMap((line) => readEntry(Buffer.from((JSON.parse(line) as { octets: string }).octets, 'base64')) ?? []).filter(({ kind }) => kind === 'entries-disposed');
    expect(said.flatMap((entry) => entry['leaves'] as string[]).sort()).toEqual(without.map((line) => (JSON.parse(line) as { leaf: string }).leaf).sort());
    expect(said.every((entry) => entry['class'] === 'movement' && entry['month'] === '2019-03' && entry['months'] === 72 && entry['method'] === 'partition-removed')).toBe(true);
    const [{ entry = '', leaf = '' } = {}] = await sql<{ entry: string; leaf: string }>(`select entry, encode(hash, 'hex') as leaf from waybill.leaf where controller = $1 and index = 3`, [controller]);
    const proof = await inRegister(controller, (tx) => register.proofOf(tx, { controller, entry }));
    expect(proof).not.toHaveProperty('octets');
    expect(proof).toMatchObject({ index: 3, leaf });
    expect(verifyInclusionFile(proof, vkeyFor(controller)).ok).toBe(true);
  }
});

test('an export costs the same of each entry, kept or gone, and holds a page of it at a time', async () => {
  const asked = async (controller: string) => inRegister(controller, async (tx) => {
    const answers: number[] = [];
    // What this connection has read of the tree. Counts are put away between transactions, not within one.
    const nodesRead = async (): Promise<number> => Number(((await tx.query(`select idx_tup_fetch::text as read from pg_stat_xact_user_tables where relname = 'node'`)) as { read: string }[])[0]?.read);
    const before = await nodesRead();
    const counted = new Proxy(tx, { get: (of, name) => (name !== 'query' ? Reflect.get(of, name) as unknown : async (...args: Parameters<typeof tx.query>) => {
      const rows: unknown[] = await of.query(...args);
      answers.push(rows.length);
      return rows;
    }) });
    let lines = 0;
    for await (const _line of register.exportLog(counted, { controller, vkeys: [] })) lines += 1;
    return { statements: answers.length, most: Math.max(...answers), lines, read: (await nodesRead()) - before };
  });
  const [small, large] = [await asked(POLICE), await asked(COUNCIL)];
  // Three times the entries: not more than three times the statements, each with a page at most (of nodes as many more as the tree is high).
  expect([large.lines, small.lines].map((lines) => lines > 1_900)).toEqual([true, true]);
  expect(Math.max(small.most, large.most)).toBeLessThanOrEqual(1_000 + 52);
  expect(large.statements / small.statements).toBeLessThanOrEqual(3);
  expect(large.statements).toBeLessThanOrEqual(5 * 4 + 3);
  // Each node once, whatever stands beside it.
  expect([large.read > 2_900, large.read < 3_300]).toEqual([true, true]);
});

// RT-15: what may be evidence is not destroyed.
test('nothing of a month goes while something in it is held or under way, and it says what; the rest of the months do', async () => {
  const transfer = (id: string, share: string, ended: boolean) => sql(
    `insert into waybill.transfer (id, sender, share, recipient, contact, sender_controller, recipient_controller, lane, precedence, state, provenance, consignment_digest, size, payload_until, accepted_at, ended_at)
     values ($1, 'a', $2, 'b', 'c', 'a', 'b', 'routine', 4, $3, '', repeat('0', 64), 1, now(), now(), $4)`, [id, share, ended ? 'acknowledged' : 'available', ended ? NOW : null]);
  await db.owner.query('set session_replication_role = replica');
  await transfer(TRANSFER, SHARE, false);
  const [held, kept] = [uuid7(Date.parse('2019-04-06T09:00:00.000Z')), uuid7(Date.parse('2019-04-06T09:00:00.001Z'))];
  await transfer(kept, held, true);
  await db.owner.query(
    `insert into waybill.retention (agency, transfer, share, controller, sender, sender_controller, agreement, what, review_months, review_on, held_at) values ('b', $1, $2, 'b', 'a', 'a', 'wirral', 'case-data', 12, '2026-01-01', now())`, [kept, held]);
  await db.owner.query('set session_replication_role = origin');
  await recorded([moved(COUNCIL, '2019-04-07T10:00:00.000Z', held, kept)]);
  await integrated();

  expect(ofMonth(await run(), 'movement', '2019-04')).toMatchObject({ state: 'needed', neededFor: { transfer: 1, hold: 1 } });
  expect(ofMonth(await run(), 'housekeeping', '2019-04')).toMatchObject({ entries: 0 });
  await db.owner.query('update waybill.transfer set ended_at = now() where id = $1', [TRANSFER]);
  expect(ofMonth(await run(), 'movement', '2019-04')).toMatchObject({ state: 'needed', neededFor: { hold: 1 } });
  await db.owner.query('update waybill.retention set held_at = null where transfer = $1', [kept]);
  expect(ofMonth(await run(), 'movement', '2019-04')).toMatchObject({ state: 'recorded', entries: 2 });
  await integrated();
  await run();
  await removed();
  expect(ofMonth(await run(), 'movement', '2019-04')).toMatchObject({ state: 'gone' });
});

// RT-02: each controller's own rule.
test('a controller’s own rule counts for its entries, and a month goes with the last that lets it go', async () => {
  await db.owner.query(`select waybill.prepare_partitions('2019-05-01', 1)`);
  await recorded([COUNCIL, POLICE].map((controller) => moved(controller, '2019-05-02T10:00:00.000Z')));
  await integrated();
  await db.owner.query(`insert into waybill.register_rule values ($1, 'movement', 120, now()), ($2, 'movement', 24, now())`, [COUNCIL, POLICE]);
  expect(ofMonth(await run(), 'movement', '2019-05')).toBeUndefined();
  await db.owner.query(`update waybill.register_rule set months = 48 where controller = $1`, [COUNCIL]);
  expect(ofMonth(await run(new Date('2023-06-01T00:00:00.000Z')), 'movement', '2019-05')).toMatchObject({ months: 48, state: 'recorded', entries: 2 });
  // One that came in between is named nowhere: the month stays.
  await recorded([moved(COUNCIL, '2019-05-03T10:00:00.000Z')]);
  await integrated();
  await run();
  await removed();
  expect(ofMonth(await run(), 'movement', '2019-05')).toMatchObject({ state: 'recorded' });
  expect(await sql('select from waybill.entry_movement_2019_05')).toHaveLength(3);
});

test('a person is found by an index no longer than by an entry; where entries remain, so does the index', async () => {
  await db.owner.query(`select waybill.prepare_partitions('2019-06-01', 1)`);
  const left = uuid7(Date.parse('2019-06-05T09:00:00.000Z'));
  await recorded([moved(POLICE, '2019-06-05T10:00:00.000Z', left, uuid7(Date.parse('2019-06-05T09:00:00.001Z'))), moved(POLICE, '2026-11-02T10:00:00.000Z', SHARE)]);
  await db.owner.query(`insert into waybill.subject_index values ($1, sha256('one'), $2, now()), ($1, sha256('other'), $3, now())`, [POLICE, left, SHARE]);
  for (let each = 0; each < 2; each += 1) {
    await integrated();
    await run();
  }
  await removed();
  await run();
  expect(await sql('select about from waybill.subject_index where controller = $1', [POLICE])).toEqual([{ about: SHARE }]);
});

test('whoever records it can remove no entry, and whoever removes it reads none: not one, and not what is not on record', async () => {
  const disposal = await db.as('disposal');
  for (const attempt of ['delete from waybill.entry', 'truncate waybill.entry', `update waybill.entry set kind = 'x'`, 'drop table waybill.entry_party_2026_11', 'select waybill.drop_disposed()', 'delete from waybill.leaf', 'update waybill.register_disposal set dropped_at = now()', 'delete from waybill.register_disposal']) {
    await expect(disposal.transaction((tx) => tx.query(attempt))).rejects.toThrow(/permission denied|must be owner/);
  }
  // It writes of disposals, and of nothing else that a register says.
  await expect(disposal.transaction((tx) => register.record(tx, [moved(COUNCIL, '2026-11-03T10:00:00.000Z')]))).rejects.toThrow(/row-level security/);
  const months = (await sql(`select from pg_class where relname like 'entry_movement_20__\\___'`)).length;
  await removed();
  expect((await sql(`select from pg_class where relname like 'entry_movement_20__\\___'`)).length).toBe(months);
});
