import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../apps/standalone/standalone';
import { openTestDatabase, type TestDatabase } from '../world/database';
import { eventually } from '../world/partnership';
import { readPool } from '../world/tls';

let db: TestDatabase;
let folder: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  db = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'waybill-processes-'));
  const built = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'deploy/tsconfig.build.json'], { stdio: 'pipe' });
  expect(built.stdout.toString()).toBe('');
}, 120_000);
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};

const start = (name: string, env: Record<string, string>): ChildProcess & { said: () => string } => {
  let said = '';
  const child = spawn(process.execPath, [`dist/apps/${name}/main.js`], { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
  running.push(child);
  return Object.assign(child, { said: () => said });
};

const ended = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve(child.exitCode)));

test.each(['gateway', 'courier', 'relay'])('the %s says all that is missing, once, and does not start', async (name) => {
  const child = start(name, {});
  expect(await ended(child)).toBe(78);
  expect(child.said()).toMatch(/WAYBILL_DATABASE_HOST is not set/);
});

test('gateway, courier and relay run as processes of their own, each told only what it needs, and stop when asked', async () => {
  const { server, authority } = readPool();
  const keys = { provenance: generateKeyPairSync('ed25519'), checkpoint: generateKeyPairSync('ed25519') };
  const pem = (key: { export(options: object): string | Buffer }, type: 'pkcs8' | 'spki') => key.export({ type, format: 'pem' }).toString();
  const port = await freePort();
  const database = { WAYBILL_DATABASE_HOST: db.address.host, WAYBILL_DATABASE_NAME: db.address.database };
  const agreements = { WAYBILL_AGREEMENTS: join(process.cwd(), 'deploy/agreements') };
  const checkpointKey = file('checkpoint.key', pem(keys.checkpoint.privateKey as never, 'pkcs8'));
  const children = [
    start('gateway', {
      ...database, ...agreements, WAYBILL_ORIGIN: `https://localhost:${port}`, WAYBILL_PORT: String(port),
      WAYBILL_TLS_KEY_FILE: file('tls.key', server.key), WAYBILL_TLS_CERTIFICATE_FILE: file('tls.pem', server.certificate),
      WAYBILL_PROVENANCE_KEY_FILE: file('provenance.key', pem(keys.provenance.privateKey as never, 'pkcs8')),
      WAYBILL_CHECKPOINT_PUBLIC_KEY_FILE: file('checkpoint.pub', pem(keys.checkpoint.publicKey as never, 'spki')), WAYBILL_SPOOL: folder,
    }),
    start('courier', database),
    start('relay', { ...database, WAYBILL_CHECKPOINT_KEY_FILE: checkpointKey }),
  ];
  const ready = await eventually(() => new Promise<number | undefined>((resolve) => {
    const sent = request({ host: 'localhost', port, path: '/health/ready', ca: authority.certificate }, (answer) => resolve(answer.resume().statusCode));
    sent.on('error', () => resolve(undefined));
    sent.end();
  }), 20_000);
  expect(ready).toBe(200);
  for (const child of children) expect(child.exitCode).toBeNull();
  for (const child of children) child.kill('SIGTERM');
  expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0]);
}, 60_000);
