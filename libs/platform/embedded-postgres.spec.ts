import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { startPostgres } from './embedded-postgres';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(process.cwd(), '.waybill', 'pg-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ask = async (host: string): Promise<string> => {
  const client = new Client({ host, port: 5432, user: 'waybill_owner', database: 'postgres' });
  await client.connect();
  const { rows } = await client.query<{ setting: string }>(`select current_setting('listen_addresses') as setting`);
  await client.end();
  return rows[0]?.setting ?? 'none';
};

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const gone = async (pid: number): Promise<void> => {
  for (const until = Date.now() + 60_000; alive(pid) && Date.now() < until; ) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(alive(pid)).toBe(false);
};

test('it listens on a socket in a folder that nobody else may enter, and on no port; and is gone when it is stopped', async () => {
  const server = await startPostgres(folder, { durable: false });
  expect(await ask(server.host)).toBe('');
  expect(statSync(server.host).mode & 0o777).toBe(0o700);
  const pid = Number(readFileSync(join(server.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  await server.stop();
  expect(alive(pid)).toBe(false);
  expect(existsSync(server.host)).toBe(false);
});

test('a folder that a live process holds is not given to another', async () => {
  const server = await startPostgres(folder, { durable: false });
  const script = `require('./dist/libs/platform/embedded-postgres.js').startPostgres(${JSON.stringify(folder)}, { durable: false }).then(() => process.exit(0), (error) => { console.error(error.message); process.exit(3); })`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (piece: Buffer) => (said += piece.toString()));
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(3);
  expect(said).toMatch(/in use by process [0-9]+/);
  await server.stop();
});

test('when whoever started it is killed, it stops by itself, and the next start finds everything there', async () => {
  const script = `require('./dist/libs/platform/embedded-postgres.js').startPostgres(${JSON.stringify(folder)}, { durable: true }).then(() => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', `${script}; setInterval(() => {}, 1000)`], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const pid = Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  child.kill('SIGKILL');
  await gone(pid);
  const server = await startPostgres(folder, { durable: true });
  expect(await ask(server.host)).toBe('');
  await server.stop();
});
