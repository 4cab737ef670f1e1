import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, createReadStream, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { Witness } from '#client/witness';
import { Database } from '#platform/database';
import { EMBEDDED_OWNER, startPostgres, type EmbeddedPostgres } from '#platform/embedded-postgres';
import { migrate } from '#platform/migrate';
import { signCheckpoint } from '#register/checkpoint';
import { integrate } from '#register/integration';
import { openLog, Register } from '#register/register';
import { CONTROLLER, entryOf, LOG_KEY, ORIGIN, VKEY } from '../attacks/register/book';
import { atDesk } from '../world/desk';

// R23, A16: a base backup that PostgreSQL itself describes, sealed to a key that is not on the machine, restored on another, and held to what a witness kept.

let folder: string;
let server: EmbeddedPostgres;
let restored: EmbeddedPostgres | undefined;
let witness: Witness;
let backedUpAt: { size: number; root: string };
const register = new Register();
const notes: string[] = [];

const owner = async <T>(of: EmbeddedPostgres, work: (client: Client) => Promise<T>, database = 'waybill'): Promise<T> => {
  const client = new Client({ host: of.host, port: of.port, user: EMBEDDED_OWNER, database });
  await client.connect();
  return work(client).finally(() => client.end());
};
const opened = async <T>(role: 'gateway' | 'registrar' | 'relay', work: (database: Database) => Promise<T>): Promise<T> => {
  const database = await Database.open(role, { host: server.host, port: server.port, database: 'waybill' });
  return work(database).finally(() => database.close());
};
/** So many more entries, in their place and signed. */
async function recorded(from: number, to: number): Promise<string> {
  await opened('gateway', (database) => database.transaction((tx) => register.store(tx, Array.from({ length: to - from }, (_, i) => entryOf(from + i)))));
  const { checkpoints } = await opened('relay', (database) => database.transaction((tx) => integrate(tx, { batch: 1_000, sign: (checkpoint) => signCheckpoint(checkpoint, LOG_KEY), at: new Date() })));
  return checkpoints[0]?.note ?? '';
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'restore-'));
  chmodSync(folder, 0o755);
  server = await startPostgres(join(folder, 'server'), { durable: true });
  await owner(server, (client) => client.query('create database waybill'), 'postgres');
  await migrate({ host: server.host, port: server.port, user: EMBEDDED_OWNER, database: 'waybill' });
  await opened('registrar', (database) => database.transaction((tx) => openLog(tx, { controller: CONTROLLER, gateway: 'gateway.example' })));
  writeFileSync(join(folder, 'checkpoint.pub'), LOG_KEY.publicKey.export({ type: 'spki', format: 'pem' }));
  witness = Witness.make(join(folder, 'witness'), 'witness.example');
  notes.push(await recorded(0, 40));
  await witness.take(notes[0] as string, () => Promise.resolve({ proof: [] }), { vkeys: [VKEY], at: new Date() });
});
afterAll(async () => {
  await restored?.stop();
  await server.stop().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

const gpg = (...args: string[]) => execFileSync('gpg', ['--homedir', join(folder, 'gnupg'), '--batch', '--quiet', '--trust-model', 'always', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
const compare = (of: EmbeddedPostgres, ...held: string[]) => atDesk(['backup', 'compare', '--held', ...held, '--checkpoint-key', join(folder, 'checkpoint.pub'), '--json'], {
  cwd: folder, env: { WAYBILL_DATABASE_HOST: of.host, WAYBILL_DATABASE_PORT: String(of.port), WAYBILL_DATABASE_NAME: 'waybill' }, now: () => new Date(),
});

test('R23: a backup is made while entries are recorded, and sealed so that nothing in it can be read (A16)', async () => {
  mkdirSync(join(folder, 'gnupg'), { mode: 0o700 });
  gpg('--passphrase', '', '--quick-gen-key', 'backup@host.example', 'rsa3072', 'encrypt', '30d');
  await owner(server, async (client) => {
    await client.query(`select pg_backup_start('drill', true)`);
    execFileSync('sh', ['-c', `tar -C '${server.data}' --exclude=postmaster.pid -cf '${folder}/base.tar' . 2>/dev/null || test -s '${folder}/base.tar'`]);
    await recorded(40, 50);
    const { rows: [stopped] } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    writeFileSync(join(folder, 'backup_label'), stopped?.labelfile ?? '');
  });
  execFileSync('tar', ['-C', folder, '-rf', join(folder, 'base.tar'), 'backup_label']);
  execFileSync('tar', ['-C', server.data, '-cf', join(folder, 'wal.tar'), 'pg_wal']);
  for (const piece of ['base.tar', 'wal.tar']) gpg('--recipient', 'backup@host.example', '--output', join(folder, `${piece}.gpg`), '--encrypt', join(folder, piece));
  const sought = [CONTROLLER, 'share-collected', 'gateway.example'].map((text) => Buffer.from(text));
  expect(readFileSync(join(folder, 'base.tar')).includes(sought[0] as Buffer)).toBe(true);
  for (const piece of ['base.tar.gpg', 'wal.tar.gpg']) {
    let rest = Buffer.alloc(0);
    for await (const chunk of createReadStream(join(folder, piece)) as AsyncIterable<Buffer>) {
      const octets = Buffer.concat([rest, chunk]);
      for (const canary of sought) expect(octets.includes(canary)).toBe(false);
      rest = octets.subarray(-64);
    }
  }
  for (const piece of ['base.tar', 'wal.tar']) rmSync(join(folder, piece));
  const held = await compare(server, join(folder, 'witness'));
  expect([held.exit, held.json.logs]).toEqual([0, [expect.objectContaining({ controller: CONTROLLER, origin: ORIGIN, size: 50, gap: 0, held: { size: 40 }, verdict: 'holds' })]]);
  backedUpAt = held.json.logs[0] as typeof backedUpAt;
});

test('A16: the key of backups is changed without opening one: the new key opens them, the old one no more, and the contents are the octets that they were', async () => {
  const next = join(folder, 'gnupg-next');
  mkdirSync(next, { mode: 0o700 });
  const atNext = (...args: string[]) => execFileSync('gpg', ['--homedir', next, '--batch', '--quiet', '--trust-model', 'always', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  atNext('--passphrase', '', '--quick-gen-key', 'next@host.example', 'rsa3072', 'encrypt', '30d');
  writeFileSync(join(folder, 'next.asc'), atNext('--armor', '--export', 'next@host.example'));
  writeFileSync(join(folder, 'old.asc'), gpg('--armor', '--export-secret-keys', 'backup@host.example'), { mode: 0o600 });
  const fingerprint = atNext('--with-colons', '--list-keys').toString().split('\n').find((line) => line.startsWith('fpr:'))?.split(':')[9] ?? '';
  const pieces = ['base.tar.gpg', 'wal.tar.gpg'];
  const rewrap = (files: readonly string[], typed = fingerprint, key = 'old.asc', into = 'rewrapped') => atDesk(['backup', 'rewrap', ...files, '--key', key, '--to', 'next.asc', '--fingerprint', typed, '--into', into, '--json'], { cwd: folder, now: () => new Date() });

  writeFileSync(join(folder, 'stranger.asc'), atNext('--armor', '--export-secret-keys', 'next@host.example'), { mode: 0o600 });
  writeFileSync(join(folder, 'plain.tar'), 'not sealed');
  gpg('--passphrase', 'six words', '--pinentry-mode', 'loopback', '--output', join(folder, 'password.gpg'), '--recipient', 'backup@host.example', '--encrypt', '--symmetric', join(folder, 'plain.tar'));
  for (const [files, typed, key] of [[pieces, fingerprint, 'stranger.asc'], [['plain.tar'], fingerprint, 'old.asc'], [['password.gpg'], fingerprint, 'old.asc'], [['nothing-there.gpg'], fingerprint, 'old.asc']] as const) {
    expect(await rewrap(files, typed, key, 'refused')).toMatchObject({ exit: 2 });
  }
  expect((await rewrap(pieces, fingerprint.replace(/./g, '0'), 'old.asc', 'refused')).exit).not.toBe(0);

  expect(await rewrap(pieces)).toMatchObject({ exit: 0, err: '', json: { written: pieces.map((piece) => join(folder, 'rewrapped', piece)), fingerprint } });
  for (const piece of pieces) {
    const made = join(folder, 'rewrapped', piece);
    expect(() => gpg('--decrypt', made)).toThrow();
    const opened = (by: typeof gpg, file: string, out: string) => createHash('sha256').update(readFileSync((by('--output', out, '--decrypt', file), out))).digest('hex');
    expect(opened(atNext, made, join(folder, 'new.out'))).toBe(opened(gpg, join(folder, piece), join(folder, 'old.out')));
    for (const out of ['new.out', 'old.out']) rmSync(join(folder, out));
    // What is restored from is what the new key opens.
    rmSync(join(folder, piece));
    renameSync(made, join(folder, piece));
  }
  rmSync(join(folder, 'gnupg'), { recursive: true });
  renameSync(next, join(folder, 'gnupg'));
});

test('R23: after the loss of the machine it is restored; the root is the same, nothing is missing, and the time that took is told', async () => {
  await server.stop();
  const began = Date.now();
  const place = join(folder, 'restored');
  mkdirSync(join(place, 'data'), { recursive: true, mode: 0o700 });
  for (const piece of ['base.tar', 'wal.tar']) {
    gpg('--output', join(folder, piece), '--decrypt', join(folder, `${piece}.gpg`));
    execFileSync('tar', ['-C', join(place, 'data'), '-xf', join(folder, piece)]);
  }
  rmSync(join(place, 'data', 'postmaster.pid'), { force: true });
  owned(place);
  restored = await startPostgres(place, { durable: true });
  const held = await compare(restored, join(folder, 'witness'));
  const took = Date.now() - began;
  expect([held.exit, held.json.logs]).toEqual([0, [expect.objectContaining({ size: backedUpAt.size, root: backedUpAt.root, gap: 0, verdict: 'holds' })]]);
  console.log(`R23: restored and compared in ${took} ms; root ${backedUpAt.root}`);
  expect(existsSync(join(place, 'data', 'PG_VERSION'))).toBe(true);
});

test('R23: what was recorded after the backup is reported as a gap, by the checkpoint that somebody holds; a fork and a damaged log are told from it', async () => {
  const of = restored as EmbeddedPostgres;
  // As if ten more had been recorded and signed on the machine that was lost.
  const hashes = Array.from({ length: 60 }, (_, i) => entryOf(i).leaf);
  const { rootOf } = await import('#register/merkle');
  const later = join(folder, 'later.note');
  writeFileSync(later, signCheckpoint({ origin: ORIGIN, size: 60, root: rootOf(hashes) }, LOG_KEY));
  const shorter = await compare(of, later, join(folder, 'witness'));
  expect([shorter.exit, shorter.json.logs[0]]).toEqual([3, expect.objectContaining({ verdict: 'shorter', gap: 10, size: 50 })]);
  const fork = join(folder, 'fork.note');
  writeFileSync(fork, signCheckpoint({ origin: ORIGIN, size: 40, root: rootOf([...hashes.slice(0, 39), entryOf(99).leaf]) }, LOG_KEY));
  expect((await compare(of, fork)).json.logs[0]).toMatchObject({ verdict: 'forked' });
  const nobody = join(folder, 'nobody.note');
  writeFileSync(nobody, 'no checkpoint');
  expect((await compare(of, nobody)).json.logs[0]).toMatchObject({ verdict: 'nothing-held' });
  await owner(of, async (client) => {
    await client.query('set session_replication_role = replica');
    await client.query('delete from waybill.leaf where index = 20');
  });
  expect(await compare(of, join(folder, 'nobody.note'))).toMatchObject({ exit: 3, json: { logs: [expect.objectContaining({ verdict: 'damaged', size: 20 })] } });
});

/** PostgreSQL runs as whoever the first one ran as. */
function owned(place: string): void {
  const { status } = spawnSync('sh', ['-c', `chown -R --reference='${server.data}' '${place}' && chmod 0700 '${place}/data'`]);
  expect(status).toBe(0);
  cpSync(join(folder, 'checkpoint.pub'), join(folder, 'checkpoint.pub.kept'));
}
