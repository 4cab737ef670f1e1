import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { Database } from '#platform/database';
import { EMBEDDED_OWNER, startPostgres } from '#platform/embedded-postgres';
import { uuid7 } from '#platform/ids';
import { migrate } from '#platform/migrate';
import { random } from '#platform/random';
import { originOf, signCheckpoint } from '#register/checkpoint';
import { makeEntry, SALT_OCTETS } from '#register/entry';
import { verifyInclusionFile } from '#register/evidence';
import { integrate } from '#register/integration';
import { openLog, Register } from '#register/register';
import { vkeyOf } from '#register/vkey';
import { preload } from './preload';

// `npm run bench:register`: one register of ten thousand entries beside one of ten million. Nothing may grow more than logarithmically; what an export costs of
// an entry is flat, and its memory bounded. Takes a quarter of an hour and ten gigabytes: CI does not run it.

const FOLDER = join(process.cwd(), '.waybill', 'bench-register');
const GATEWAY = 'gateway.example';
const LOGS = { small: Number(process.env['WAYBILL_BENCH_SMALL'] ?? 10_000), large: Number(process.env['WAYBILL_BENCH_ENTRIES'] ?? 10_000_000) };
const [APPENDED, LOOKED] = [2_000, 300];

async function main(): Promise<void> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true, mode: 0o755 });
  const server = await startPostgres(join(FOLDER, 'postgres'), { durable: true });
  const owner = new Client({ host: server.host, port: server.port, user: EMBEDDED_OWNER, database: 'postgres' });
  const checkpointKey = generateKeyPairSync('ed25519');
  const opened: Database[] = [];
  const as = async (role: 'gateway' | 'relay' | 'registrar'): Promise<Database> => {
    const database = await Database.open(role, { host: server.host, port: server.port, database: 'postgres' });
    opened.push(database);
    return database;
  };
  try {
    await migrate({ host: server.host, port: server.port, user: EMBEDDED_OWNER, database: 'postgres' });
    await owner.connect();
    const [registrar, gateway, relay] = [await as('registrar'), await as('gateway'), await as('relay')];
    const rows: Record<string, Record<string, string>> = {};
    for (const [controller, each] of Object.entries(LOGS)) {
      await registrar.transaction((tx) => openLog(tx, { controller, gateway: GATEWAY }));
      await preload({ owner, folder: FOLDER, controllers: [controller], each, checkpointKey });
      rows[`${each.toLocaleString('en-GB')} entries`] = await measured({ controller, gateway, relay, owner, checkpointKey });
    }
    console.table(rows);
    console.log(`${cpus().length} × ${cpus()[0]?.model ?? ''}; ${new Date().toISOString().slice(0, 10)}`);
  } finally {
    for (const database of opened) await database.close();
    await owner.end();
    await server.stop();
    rmSync(FOLDER, { recursive: true, force: true });
  }
}

interface Rig {
  controller: string;
  gateway: Database;
  relay: Database;
  owner: Client;
  checkpointKey: ReturnType<typeof generateKeyPairSync>;
}

async function measured({ controller, gateway, relay, owner, checkpointKey }: Rig): Promise<Record<string, string>> {
  const register = new Register();
  const asker = { agency: controller, controller };
  const vkey = vkeyOf(originOf(GATEWAY, controller), checkpointKey.publicKey);
  const at = new Date();
  const entries = Array.from({ length: APPENDED }, () => makeEntry('party-changed', { id: uuid7(at.getTime()), controller, at, salt: random(SALT_OCTETS) }, { agency: controller, change: 'contact-added' }));
  await gateway.transaction((tx) => register.store(tx, entries));
  const append = await timed(1, async () => {
    while ((await relay.transaction((tx) => integrate(tx, { batch: 500, sign: (checkpoint) => signCheckpoint(checkpoint, checkpointKey), at: new Date() }))).entries > 0);
  });
  const { rows } = await owner.query<{ id: string; about: string }>(`select e.id, e.about from waybill.leaf l join waybill.entry e on e.id = l.entry where l.controller = $1 and l.index % 97 = 0 and e.about is not null order by l.index desc limit ${LOOKED}`, [controller]);
  const sample = (i: number) => rows[i % rows.length] as (typeof rows)[number];
  const proof = await timed(LOOKED, async (i) => {
    const file = await gateway.as(asker, (tx) => register.proofOf(tx, { controller, entry: sample(i).id }));
    if (!verifyInclusionFile(file, vkey).ok) throw new Error('a proof that does not hold');
  });
  const search = await timed(LOOKED, async (i) => {
    const found = await gateway.as(asker, (tx) => register.integratedAbout(tx, { controller, abouts: [sample(i).about], limit: 100 }));
    if (found.length === 0) throw new Error('nothing found');
  });
  let [lines, most] = [0, 0];
  const exported = await timed(1, () => gateway.as(asker, async (tx) => {
    for await (const _line of register.exportLog(tx, { controller, vkeys: [vkey] })) {
      lines += 1;
      if (lines % 50_000 === 0) most = Math.max(most, process.memoryUsage().rss);
    }
  }));
  const size = Number((await owner.query<{ size: string }>('select size from waybill.log where controller = $1', [controller])).rows[0]?.size);
  return {
    'append, µs an entry': ((append * 1_000) / APPENDED).toFixed(0), 'proof, ms': proof.toFixed(2), 'search by share, ms': search.toFixed(2),
    'export, µs an entry': ((exported * 1_000) / size).toFixed(1), 'memory while exporting, MB': (Math.max(most, process.memoryUsage().rss) / 2 ** 20).toFixed(0),
  };
}

/** Milliseconds of one, on average; the first is to warm up where there are many. */
async function timed(times: number, work: (i: number) => Promise<unknown>): Promise<number> {
  if (times > 1) await work(0);
  const began = performance.now();
  for (let i = 0; i < times; i += 1) await work(i);
  return (performance.now() - began) / times;
}

void main();
