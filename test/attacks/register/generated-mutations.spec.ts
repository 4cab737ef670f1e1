import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tx } from '#platform/database';
import { signCheckpoint } from '#register/checkpoint';
import { verifyExport } from '#register/export-verification';
import { integrate } from '#register/integration';
import { leafHash } from '#register/merkle';
import { openLog, Register } from '#register/register';
import { openTestDatabase, type TestDatabase } from '../../world/database';
import { bookOf, CONTROLLER, each, entryOf, exportOf, LOG_KEY, noteOf, textOf, VKEY } from './book';

// A13, A14: each kind of thing that somebody with every right on the database can do to a register, at each entry of it. Given one checkpoint that was kept
// outside, the stand-alone verifier finds every one out, offline, and names a place that holds the entry.

const SIZE = 16;
const SIGNED_AT = [5, 11, SIZE];
const OPERATIONS: Record<string, { at: readonly number[]; sql(k: number): string[] }> = {
  'an entry edited': { at: all(), sql: (k) => [`update waybill.entry set octets = ${EDITED} where id = ${entry(k)}`] },
  'an entry edited with its leaf hash': { at: all(), sql: (k) => [`update waybill.entry set octets = ${EDITED} where id = ${entry(k)}`, rehashed(k)] },
  'an entry back-dated with its leaf hash': { at: all(), sql: (k) => [`update waybill.entry set octets = convert_to(replace(convert_from(octets, 'UTF8'), '"at":"2026-03-02', '"at":"2026-02-27'), 'UTF8') where id = ${entry(k)}`, rehashed(k)] },
  'an entry deleted': { at: all(), sql: (k) => [`delete from waybill.entry where id = ${entry(k)}`] },
  'a leaf deleted': { at: all(), sql: (k) => [`delete from waybill.leaf where index = ${k}`] },
  'an entry and its leaf deleted, the rest moved up': { at: all(), sql: (k) => [`delete from waybill.entry where id = ${entry(k)}`, `delete from waybill.leaf where index = ${k}`, `update waybill.leaf set index = index + 999 where index > ${k}`, `update waybill.leaf set index = index - 1000 where index > 1000`] },
  'a leaf hash edited': { at: all(), sql: (k) => [`update waybill.leaf set hash = sha256('x') where index = ${k}`] },
  'neighbours exchanged': { at: all().slice(1), sql: (k) => [`update waybill.leaf set index = -1 where index = ${k}`, `update waybill.leaf set index = ${k} where index = ${k - 1}`, `update waybill.leaf set index = ${k - 1} where index = -1`] },
  'the log cut off, with its checkpoints': { at: all(), sql: (k) => [`delete from waybill.leaf where index >= ${k}`, `delete from waybill.node where (index + 1) << level > ${k}`, `delete from waybill.checkpoint where size > ${k}`, `update waybill.log set size = ${k}`] },
  'checkpoints taken away from there on': { at: [5, 11], sql: (k) => [`delete from waybill.checkpoint where size > ${k}`] },
  'an entry put in': { at: all(), sql: (k) => [`update waybill.leaf set index = index + 1000 where index >= ${k}`, `insert into waybill.leaf (controller, index, entry, hash) values ('${CONTROLLER}', ${k}, gen_random_uuid(), sha256('y'))`, 'update waybill.leaf set index = index - 999 where index >= 1000', `update waybill.log set size = ${SIZE + 1}`] },
};

function all(): number[] {
  return Array.from({ length: SIZE }, (_, k) => k);
}
const entry = (k: number): string => `(select entry from waybill.leaf where index = ${k})`;
const EDITED = `convert_to(replace(convert_from(octets, 'UTF8'), 'merseyside', 'lancashire'), 'UTF8')`;
const rehashed = (k: number): string => `update waybill.leaf l set hash = sha256('\\x00'::bytea || e.octets) from waybill.entry e where e.id = l.entry and l.index = ${k}`;

const register = new Register();
const entries = Array.from({ length: SIZE }, (_, i) => entryOf(i));
const held = noteOf(entries.map(({ leaf }) => leaf), SIZE);
let db: TestDatabase;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mutations-'));
  writeFileSync(join(folder, 'held'), held);
  db = await openTestDatabase();
  await (await db.as('registrar')).transaction((tx) => openLog(tx, { controller: CONTROLLER, gateway: 'gateway.example' }));
  await (await db.as('gateway')).transaction((tx) => register.store(tx, entries));
  for (const [i, size] of SIGNED_AT.entries()) {
    await (await db.as('relay')).transaction((tx) => integrate(tx, { batch: size - (SIGNED_AT[i - 1] ?? 0), sign: (checkpoint) => signCheckpoint(checkpoint, LOG_KEY), at: new Date() }));
  }
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

async function exportedAfter(statements: readonly string[]): Promise<string> {
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

interface Told {
  code: number;
  first?: { from: number; to: number };
  findings?: { from: number; to: number }[];
}

let tried = 0;
function verified(text: string): Promise<Told> {
  const file = join(folder, `export-${(tried += 1)}`);
  writeFileSync(file, text);
  const args = ['-I', 'deploy/verifier/waybill-verify.py', 'export', file, '--vkey', VKEY, '--held', join(folder, 'held'), '--json'];
  return new Promise((resolve) => execFile('python3', args, (error, stdout) => resolve({ code: error ? Number(error.code) : 0, ...(JSON.parse(stdout) as object) })));
}

const names = ({ findings = [] }: Told, k: number): boolean => findings.some(({ from, to }) => from <= k && k <= to);

test('a register that nobody has touched holds, and nothing of it came after what is held outside', async () => {
  const text = await exportedAfter([]);
  expect(await verified(text)).toMatchObject({ code: 0, window: [SIZE, SIZE] });
  expect(await verifyExport(each([text]), { vkeys: VKEY, heldCheckpoint: held })).toMatchObject({ holds: true, window: { from: SIZE, to: SIZE } });
});

test.each(Object.entries(OPERATIONS))('A13: %s, at each entry: all are found out and located', async (_name, { at, sql }) => {
  const texts: [number, string][] = [];
  for (const k of at) texts.push([k, await exportedAfter(sql(k))]);
  for (let from = 0; from < texts.length; from += 4) {
    await Promise.all(texts.slice(from, from + 4).map(async ([k, text]) => {
      const told = await verified(text);
      expect([k, told.code, names(told, k) || names(told, k - 1)]).toEqual([k, 1, true]);
      expect((await verifyExport(each([text]), { vkeys: VKEY, heldCheckpoint: held })).holds).toBe(false);
    }));
  }
});

test('A14: a log that the gateway itself forks at any entry, and signs, is found out by the checkpoint held outside; after it, it is not, and the report says from where', async () => {
  for (let k = 0; k < SIZE; k += 1) {
    const forked = entries.map((each, i) => (i === k ? entryOf(500 + i) : each));
    const text = await textOf(exportOf(await bookOf(forked, SIGNED_AT)));
    expect([k, (await verified(text)).code]).toEqual([k, 1]);
    expect((await verifyExport(each([text]), { vkeys: VKEY, heldCheckpoint: held })).first).toMatchObject({ code: 'FORKED' });
  }
  // What came after it was kept: the window, which nothing outside covers yet.
  const grown = [...entries, entryOf(600), entryOf(601)];
  const after = await textOf(exportOf(await bookOf(grown, [...SIGNED_AT, SIZE + 2])));
  expect(await verified(after)).toMatchObject({ code: 0, window: [SIZE, SIZE + 2] });
  expect(leafHash(grown[SIZE]?.octets ?? Buffer.alloc(0))).toEqual(grown[SIZE]?.leaf);
});
