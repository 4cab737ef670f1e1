import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signCheckpoint } from '#register/checkpoint';
import { verifyExport } from '#register/export-verification';
import type { FindingCode } from '#register/findings';
import { integrate } from '#register/integration';
import { openLog, Register } from '#register/register';
import type { Tx } from '#platform/database';
import { openTestDatabase, type TestDatabase } from '../../world/database';
import { CONTROLLER, each, entryOf, FORGER, LOG_KEY, textOf, VKEY } from './book';

// A13: whoever has every right on the database, and no key, changes one row of each kind. The triggers that refuse it are switched off first.

const register = new Register();
const SIZE = 20;
let db: TestDatabase;
let folder: string;
let held: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'superuser-'));
  db = await openTestDatabase();
  await (await db.as('registrar')).transaction((tx) => openLog(tx, { controller: CONTROLLER, gateway: 'gateway.example' }));
  await (await db.as('gateway')).transaction((tx) => register.store(tx, Array.from({ length: SIZE }, (_, i) => entryOf(i))));
  for (const batch of [4, 7, 9]) {
    const { checkpoints } = await (await db.as('relay')).transaction((tx) => integrate(tx, { batch, sign: (checkpoint) => signCheckpoint(checkpoint, LOG_KEY), at: new Date() }));
    held = checkpoints[0]!.note;
  }
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

/** The register as it is exported after `statements`; they are undone when it was read. */
async function exportedAfter(...statements: string[]): Promise<string> {
  await db.owner.query('begin');
  try {
    await db.owner.query('set local session_replication_role = replica'); // no trigger fires
    for (const statement of statements) await db.owner.query(statement);
    const tx = { query: async (statement: string, parameters: unknown[]) => (await db.owner.query(statement, parameters)).rows as unknown } as Tx;
    return await textOf(register.exportLog(tx, { controller: CONTROLLER, vkeys: [VKEY] }));
  } finally {
    await db.owner.query('rollback');
  }
}

/** The Python verifier, with a checkpoint that the controller's DPO kept. */
function verified(text: string): Promise<{ code: number; first?: { code: FindingCode; from: number; to: number } }> {
  writeFileSync(join(folder, 'export'), text);
  writeFileSync(join(folder, 'held'), held);
  const args = ['-I', 'deploy/verifier/waybill-verify.py', 'export', join(folder, 'export'), '--vkey', VKEY, '--held', join(folder, 'held'), '--json'];
  return new Promise((resolve) => execFile('python3', args, (error, stdout) => resolve({ code: error ? Number(error.code) : 0, ...(JSON.parse(stdout) as object) })));
}

test('a process can\'t change or take away a row of its register', async () => {
  for (const role of ['gateway', 'courier', 'relay', 'registrar', 'disposal', 'operator', 'console'] as const) {
    const database = await db.as(role);
    for (const statement of ['update waybill.entry set kind = kind', 'delete from waybill.leaf', 'update waybill.node set hash = hash', 'delete from waybill.checkpoint', 'truncate waybill.entry']) {
      await expect(database.transaction((tx) => tx.query(statement))).rejects.toThrow(/permission denied|insert-only/);
    }
  }
  for (const table of ['entry', 'leaf', 'node', 'checkpoint']) {
    await expect(db.owner.query(`delete from waybill.${table}`)).rejects.toThrow('insert-only');
    await expect(db.owner.query(`truncate waybill.${table}`)).rejects.toThrow('insert-only');
  }
  expect(await verified(await exportedAfter())).toMatchObject({ code: 0 });
});

const ENTRY_7 = `(select entry from waybill.leaf where index = 7)`;
const FORGED = signCheckpoint({ origin: `gateway.example/register/${CONTROLLER}`, size: 11, root: Buffer.alloc(32) }, FORGER);

test.each<[string, FindingCode, [number, number], string[]]>([
  ['alters an entry', 'OCTETS_ALTERED', [7, 7], [`update waybill.entry set octets = convert_to(replace(convert_from(octets, 'UTF8'), 'merseyside', 'lancashire'), 'UTF8') where id = ${ENTRY_7}`]],
  ['deletes an entry', 'OCTETS_MISSING', [7, 7], [`delete from waybill.entry where id = ${ENTRY_7}`]],
  ['alters a leaf hash', 'LEAF_ALTERED', [7, 7], [`update waybill.leaf set hash = sha256('x') where index = 7`]],
  ['alters an entry and its leaf hash', 'ALTERED', [6, 7], [
    `update waybill.entry set octets = convert_to(replace(convert_from(octets, 'UTF8'), 'merseyside', 'lancashire'), 'UTF8') where id = ${ENTRY_7}`,
    `update waybill.leaf l set hash = sha256('\\x00'::bytea || e.octets) from waybill.entry e where e.id = l.entry and l.index = 7`,
  ]],
  ['deletes a leaf', 'ENTRY_MISSING', [7, 7], ['delete from waybill.leaf where index = 7']],
  ['deletes a leaf and moves the others up', 'ALTERED', [6, 7], [
    'delete from waybill.leaf where index = 7', 'update waybill.leaf set index = index + 999 where index > 7', 'update waybill.leaf set index = index - 1000 where index > 1000']],
  ['swaps two leaves', 'ALTERED', [2, 3], ['update waybill.leaf set index = -1 where index = 3', 'update waybill.leaf set index = 3 where index = 14', 'update waybill.leaf set index = 14 where index = -1']],
  ['points a leaf at another entry', 'OCTETS_ALTERED', [7, 7], ['alter table waybill.leaf drop constraint leaf_entry_key', `update waybill.leaf set entry = (select entry from waybill.leaf where index = 8) where index = 7`]],
  ['alters a node', 'NODE_ALTERED', [4, 7], [`update waybill.node set hash = sha256('x') where level = 2 and index = 1`]],
  ['cuts the log off', 'TRUNCATED', [11, 19], ['delete from waybill.leaf where index >= 11', 'delete from waybill.node where (index + 1) << level > 11', 'delete from waybill.checkpoint where size > 11', 'update waybill.log set size = 11']],
  ['forges a checkpoint', 'SIGNATURE_WRONG', [10, 10], [`update waybill.checkpoint set note = '${FORGED}' where size = 11`]],
  ['takes the last checkpoint away', 'NOT_COVERED', [11, 19], ['delete from waybill.checkpoint where size = 20']],
  ['moves an entry to another controller', 'OCTETS_MISSING', [7, 7], [`update waybill.entry set controller = 'sefton-council' where id = ${ENTRY_7}`]],
])('A13: a superuser who %s is found out: %s', async (_, code, [from, to], statements) => {
  const text = await exportedAfter(...statements);
  expect(await verified(text)).toMatchObject({ code: 1, first: { code, from, to } });
  expect((await verifyExport(each([text]), { vkeys: VKEY, heldCheckpoint: held })).first).toMatchObject({ code, from, to });
});

test('deleted nodes are noticed, and cost no entry its standing', async () => {
  const text = await exportedAfter('delete from waybill.node where level = 1');
  expect(await verified(text)).toMatchObject({ code: 0, warnings: expect.arrayContaining([expect.objectContaining({ code: 'NODES_MISSING' })]) as unknown });
});
