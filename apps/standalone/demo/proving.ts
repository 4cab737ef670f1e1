import { execFile } from 'node:child_process';
import { createReadStream, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Client as Sql } from 'pg';
import type { Database, Tx } from '#platform/database';
import { verifyExport } from '#register/export-verification';
import { Register } from '#register/register';
import { PLANTED, show, soon, type Stage } from './stage';

const run = promisify(execFile);

/** (e) Search everything that was written for the child's name: rows, the queue, logs, and the database's own files. */
export async function searching({ sandbox, say }: Stage): Promise<void> {
  const { tables, hits } = await sandbox.asOwner(searchRows);
  const files = [...(await filesUnder(sandbox.postgres.data)), sandbox.system.logFile, ...(await filesUnder(join(sandbox.system.logFile, '..', 'spool')))];
  let inFiles = 0;
  for (const file of files) inFiles += await searchFile(file);
  say(`  Searched ${tables} tables (the queue is one of them), row by row, and ${files.length} files: the database's own, its write-ahead log, our logs, the spool.`);
  say(`  Found "${PLANTED}": ${hits + inFiles} times.`);
  show(tables > 20 && files.length > 100, 'the search really looked');
  show(hits + inFiles === 0, 'the name stands nowhere in clear');
}

async function searchRows(client: Sql): Promise<{ tables: number; hits: number }> {
  const { rows } = await client.query<{ name: string }>(`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'waybill'`);
  let hits = 0;
  for (const { name } of rows) {
    // As text and as the hexadecimal in which octets are shown.
    const found = await client.query<{ n: string }>(`select count(*) as n from ${name} r where position(lower($1) in lower(r::text)) > 0 or position($2 in r::text) > 0`, [PLANTED, Buffer.from(PLANTED).toString('hex')]);
    hits += Number(found.rows[0]?.n);
  }
  return { tables: rows.length, hits };
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function searchFile(file: string): Promise<number> {
  const needle = Buffer.from(PLANTED);
  let tail = Buffer.alloc(0);
  let hits = 0;
  for await (const piece of createReadStream(file)) {
    const window = Buffer.concat([tail, piece as Buffer]);
    for (let at = window.indexOf(needle); at >= 0; at = window.indexOf(needle, at + 1)) hits++;
    tail = window.subarray(Math.max(0, window.length - needle.length + 1));
  }
  return hits;
}

/** (f) Both registers, by a verifier that shares no code with the rest; and one row that somebody altered, located. */
export async function proving(stage: Stage, folder: string): Promise<{ absent?: string }> {
  const { sandbox, school, council, say } = stage;
  const absent = await verifierAbsent();
  for (const client of [school, council]) {
    const controller = sandbox.partnership.partners.get(client.agency)?.plan.controller.id ?? client.agency;
    await soon(async () => (await waiting(sandbox.system.database('relay'))) === 0 || undefined, 'the integration of every entry');
    const file = join(folder, `${controller}.ndjson`);
    writeFileSync(file, await client.connection.octets({ path: '/v1/register/export' }, 256 * 1024 * 1024));
    const verdict = await verify(file, client.pins.logKeys, absent === undefined);
    show(verdict.holds, `the register of ${controller} verifies`);
    say(`  Register of ${controller}: ${verdict.says}`);
  }
  const file = join(folder, 'altered.ndjson');
  const altered = await alter(stage, file);
  const verdict = await verify(file, school.pins.logKeys, absent === undefined);
  show(!verdict.holds && verdict.first === altered, 'the altered row is located');
  say(`  A database superuser alters the entry at place ${altered} of the school's register, past every guard; the verifier says:`);
  say(`    ${verdict.says}`);
  return absent === undefined ? {} : { absent };
}

const VERIFIER = join('deploy', 'verifier', 'waybill-verify.py');

async function verifierAbsent(): Promise<string | undefined> {
  for (const [tool, args] of [['python3', ['--version']], ['openssl', ['version']]] as const) {
    const works = await run(tool, args).then(() => true, () => false);
    if (!works) return tool;
  }
  return undefined;
}

interface Verdict {
  holds: boolean;
  /** Place of the first bad entry. */
  first?: number;
  says: string;
}

async function verify(file: string, vkeys: readonly string[], standAlone: boolean): Promise<Verdict> {
  if (!standAlone) {
    const verdict = await verifyExport(createReadStream(file), { vkeys });
    return { holds: verdict.holds, ...(verdict.first ? { first: verdict.first.from } : {}), says: `the SDK's own verifier: ${verdict.holds ? 'holds' : 'does not hold'}` };
  }
  const args = [VERIFIER, 'export', file, ...vkeys.flatMap((vkey) => ['--vkey', vkey])];
  const { code, out } = await answer([...args, '--json']);
  const read = JSON.parse(out) as { verdict: string; says: string; first?: { from: number } };
  return { holds: code === 0 && read.verdict === 'holds', ...(read.first ? { first: read.first.from } : {}), says: read.says };
}

/** 0 and 1 are verdicts; anything else is a tool that could not do its work. */
async function answer(args: string[]): Promise<{ code: number; out: string }> {
  const result = await run('python3', args, { maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({ code: error.code ?? 2, out: error.stdout ?? '' }),
  );
  show(result.code === 0 || result.code === 1, `the stand-alone verifier ran (exit code ${result.code})`);
  return result;
}

const waiting = async (database: Database): Promise<number> => {
  const [row]: { n: string }[] = await database.source.query('select count(*) as n from waybill.pending_leaf');
  return Number(row?.n);
};

/** Alters one entry as only a superuser can, exports what a reader would then be given, and takes it back. */
async function alter({ sandbox, school }: Stage, file: string): Promise<number> {
  const controller = sandbox.partnership.partners.get(school.agency)?.plan.controller.id ?? school.agency;
  return sandbox.asOwner(async (client) => {
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    const { rows } = await client.query<{ entry: string; index: string }>(`select entry, index from waybill.leaf where controller = $1 order by index offset 3 limit 1`, [controller]);
    const row = rows[0];
    if (!row) throw new Error('the register is empty');
    await client.query('update waybill.entry set octets = set_byte(octets, 40, 255 - get_byte(octets, 40)) where id = $1', [row.entry]);
    const lines: string[] = [];
    for await (const line of new Register().exportLog(asTx(client), { controller, vkeys: [...school.pins.logKeys] })) lines.push(line);
    await client.query('rollback');
    writeFileSync(file, lines.join(''));
    return Number(row.index);
  });
}

/** The register's readers ask for `query` alone; here it is the superuser's. */
const asTx = (client: Sql): Tx => ({ query: async (sql: string, parameters?: unknown[]) => (await client.query(sql, parameters)).rows as unknown }) as unknown as Tx;
