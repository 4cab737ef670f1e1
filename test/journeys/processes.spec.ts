import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { run } from '../../apps/cli/run';
import { openTestDatabase, type TestDatabase } from '../world/database';
import { eventually } from '../world/partnership';
import { ownPort } from '../world/ports';
import { readPool } from '../world/tls';

let db: TestDatabase;
let folder: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  db = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'waybill-processes-'));
  const built = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'deploy/tsconfig.build.json'], { stdio: 'pipe' });
  expect(built.stdout.toString()).toBe('');
});
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

const start = (name: string, env: Record<string, string>, stderr: 'pipe' | number = 'pipe'): ChildProcess & { said: () => string } => {
  let said = '';
  const child = spawn(process.execPath, [`dist/apps/${name}/main.js`], { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', stderr] });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece: Buffer) => (said += piece.toString()));
  return Object.assign(ending(child), { said: () => said });
};

/** Its exit code, once all that it said has come. */
const ended = (child: ChildProcess): Promise<number | null> => endings.get(child) ?? Promise.resolve(child.exitCode);
const endings = new Map<ChildProcess, Promise<number | null>>();
const ending = <C extends ChildProcess>(child: C): C => {
  running.push(child);
  endings.set(child, new Promise((resolve) => child.once('close', resolve)));
  return child;
};

/** What a process tells its operator. */
async function asked(port: number, path: string): Promise<{ status: number; text: string } | undefined> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
  return answer && { status: answer.status, text: await answer.text() };
}

const ready = (port: number) => eventually(async () => ((await asked(port, '/health/ready'))?.status === 200 ? true : undefined));

interface Prepared {
  port: number;
  files: Record<'gateway' | 'courier' | 'relay' | 'console', { settings: string; port: number }>;
}

/** Settings files as an operator writes them: each process is told only what it needs. */
async function prepare(): Promise<Prepared> {
  const { server } = readPool();
  const keys = { provenance: generateKeyPairSync('ed25519'), checkpoint: generateKeyPairSync('ed25519') };
  const pem = (key: { export(options: object): string | Buffer }, type: 'pkcs8' | 'spki') => key.export({ type, format: 'pem' }).toString();
  const [port, pages, ...ports] = await Promise.all([ownPort(), ownPort(), ownPort(), ownPort(), ownPort(), ownPort()]);
  const database = { WAYBILL_DATABASE_HOST: db.address.host, WAYBILL_DATABASE_NAME: db.address.database };
  const settings = {
    gateway: {
      ...database, WAYBILL_AGREEMENTS: join(process.cwd(), 'deploy/agreements'), WAYBILL_ORIGIN: `https://localhost:${port}`, WAYBILL_PORT: port,
      WAYBILL_TLS_KEY_FILE: file('tls.key', server.key), WAYBILL_TLS_CERTIFICATE_FILE: file('tls.pem', server.certificate),
      WAYBILL_PROVENANCE_KEY_FILE: file('provenance.key', pem(keys.provenance.privateKey as never, 'pkcs8')),
      WAYBILL_CHECKPOINT_PUBLIC_KEY_FILE: file('checkpoint.pub', pem(keys.checkpoint.publicKey as never, 'spki')), WAYBILL_SPOOL: folder,
    },
    courier: database,
    relay: { ...database, WAYBILL_AGREEMENTS: join(process.cwd(), 'deploy/agreements'), WAYBILL_CHECKPOINT_KEY_FILE: file('checkpoint.key', pem(keys.checkpoint.privateKey as never, 'pkcs8')) },
    // Of an identity provider that is away: who is signed in stays so, and the process is ready.
    console: {
      ...database, WAYBILL_AGREEMENTS: join(process.cwd(), 'deploy/agreements'), WAYBILL_CONSOLE_ORIGIN: `https://localhost:${pages}`, WAYBILL_PORT: pages, WAYBILL_TLS_KEY_FILE: file('console.key', server.key), WAYBILL_TLS_CERTIFICATE_FILE: file('console.pem', server.certificate),
      WAYBILL_OIDC_ISSUER: 'https://localhost:9', WAYBILL_OIDC_CLIENT_ID: 'waybill-console', WAYBILL_OIDC_CLIENT_SECRET_FILE: file('oidc', 'a secret of the identity provider'),
    },
  };
  const written = Object.entries(settings).map(([name, values], i) => {
    const lines = Object.entries({ ...values, WAYBILL_METRICS_PORT: ports[i] }).map(([setting, value]) => `${setting}=${value}`);
    return [name, { settings: file(`${name}.env`, `# of the ${name}\n${lines.join('\n')}\n`), port: ports[i] }];
  });
  return { port, files: Object.fromEntries(written) as Prepared['files'] };
}

test.each(['gateway', 'courier', 'relay', 'console'])('the %s says all that is missing, once, and does not start', async (name) => {
  const child = start(name, {});
  expect(await ended(child)).toBe(78);
  expect(child.said()).toMatch(/WAYBILL_DATABASE_HOST is not set/);
});

test('a settings file with a slip of the pen stops the start, with its line and the fix', async () => {
  const child = start('relay', { WAYBILL_CONFIG: file('slip.env', 'WAYBILL_DATABASE_HOST=/run/x\nWAYBILL_CHECKPOINT_KEYFILE=/hunter2\n') });
  expect(await ended(child)).toBe(78);
  expect(child.said()).toMatch(/slip\.env:2: WAYBILL_CHECKPOINT_KEYFILE is no setting\. The nearest is WAYBILL_CHECKPOINT_KEY_FILE[^]*WAYBILL_CHECKPOINT_KEY_FILE is not set/);
  expect(child.said()).not.toContain('hunter2');
});

test('a database that is away is no fault of the settings: the supervisor tries again', async () => {
  const { files } = await prepare();
  const child = start('courier', { WAYBILL_CONFIG: files.courier.settings, WAYBILL_DATABASE_HOST: folder });
  expect(await ended(child)).toBe(75);
});

test('gateway, courier, relay and console run as processes of their own, tell their operator how they are, and stop when asked', async () => {
  const { authority } = readPool();
  const { port, files } = await prepare();
  const children = Object.entries(files).map(([name, { settings }]) => start(name, { WAYBILL_CONFIG: settings }));
  for (const each of Object.values(files)) expect(await ready(each.port)).toBe(true);

  const partners = await new Promise<number | undefined>((resolve, reject) => request({ host: 'localhost', port, path: '/health/ready', ca: authority.certificate }, (answer) => resolve(answer.resume().statusCode)).on('error', reject).end());
  expect(partners).toBe(200);
  for (const [name, each] of Object.entries(files)) {
    expect(JSON.parse((await asked(each.port, '/health/ready'))?.text ?? '{}')).toEqual({ status: 'ready', conditions: { serving: true, database: true, migrations: true } });
    expect((await asked(each.port, '/health/live'))?.status).toBe(200);
    const said: string[] = [];
    const exit = await run(['health', name, '--config', each.settings], { out: (text) => void said.push(text), err: (text) => void said.push(text), outOctets: () => undefined, watched: false, cwd: folder, env: {}, now: () => new Date() });
    expect([exit, said.join('')]).toEqual([0, `The ${name} is ready.\n`]);
  }
  // What the relay measures is there once it has looked.
  await eventually(async () => (await asked(files.relay.port, '/metrics'))?.text.includes('waybill_outbox_waiting{lane="emergency"}'));
  const figures = Object.fromEntries(await Promise.all(Object.entries(files).map(async ([name, each]) => [name, (await asked(each.port, '/metrics'))?.text ?? ''])));
  expect(figures.gateway).toMatch(/waybill_requests_seconds_count\{route="\/health\/ready",status="2xx"\} 1/);
  expect(figures.gateway).toMatch(/waybill_refusals_total\{code="HIDDEN_RECIPIENT"\} 0/);
  expect(figures.relay).toMatch(/waybill_register_oldest_seconds 0/);
  expect(figures.relay).toMatch(/waybill_outbox_waiting\{lane="emergency"\} 0/);
  for (const each of Object.values(figures)) expect(each).toMatch(/^waybill_ready 1$[^]*waybill_pool_connections\{state="most"\} [1-9][^]*nodejs_eventloop_lag_seconds/m);
  // Nothing of this where partners come in.
  expect(await new Promise<number | undefined>((resolve, reject) => request({ host: 'localhost', port, path: '/metrics', ca: authority.certificate }, (answer) => resolve(answer.resume().statusCode)).on('error', reject).end())).toBe(404);

  for (const child of children) child.kill('SIGTERM');
  expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0, 0]);
  for (const child of children) expect(child.said()).toMatch(/process\.started[^]*process\.stopping[^]*process\.stopped/);
});

test('a process that was told to stop says that it is not ready, does what it has in hand, and a second signal ends it at once', async () => {
  const { authority } = readPool();
  const { port, files } = await prepare();
  const gateway = start('gateway', { WAYBILL_CONFIG: files.gateway.settings });
  await ready(files.gateway.port);
  // Somebody who is in the middle of a request is waited for.
  const held = connect({ host: 'localhost', port, ca: authority.certificate }, () => held.write('POST /v1/share-plans HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n'));
  held.on('error', () => undefined);
  await new Promise((resolve) => held.once('data', resolve));
  held.write('{');
  gateway.kill('SIGTERM');
  expect(await eventually(async () => ((await asked(files.gateway.port, '/health/ready'))?.text.includes('"serving":false') ? true : undefined), 3_000)).toBe(true);
  expect(gateway.exitCode).toBeNull();
  gateway.kill('SIGTERM');
  expect(await ended(gateway)).toBe(70);
  held.destroy();
});

test('R12: a disk that is full for the log stops nobody: the service goes on, and counts what it could not say', async () => {
  const { files } = await prepare();
  const full = openSync('/dev/full', 'w');
  const relay = start('relay', { WAYBILL_CONFIG: files.relay.settings }, full);
  expect(await ready(files.relay.port)).toBe(true);
  const lost = await eventually(async () => Number(/^waybill_log_lines_lost_total (\d+)$/m.exec((await asked(files.relay.port, '/metrics'))?.text ?? '')?.[1]) || undefined);
  expect(lost).toBeGreaterThanOrEqual(1);
  relay.kill('SIGTERM');
  expect(await ended(relay)).toBe(0);
  closeSync(full);
});

test('A8: a fault that nobody foresaw ends a process with its name in the log, and not a word of its message or stack', () => {
  const script = `
    const { runProcess, PROCESS_METRICS } = require('./dist/libs/platform/process.js');
    const { operatorSettings } = require('./dist/libs/platform/operator-listener.js');
    runProcess({ name: 'relay', settings: operatorSettings('0'), metrics: PROCESS_METRICS, known: new Set() }, () => {
      setTimeout(() => process.argv[1] === 'rejects' ? Promise.reject(new TypeError('hunter2')) : (() => { throw new TypeError('hunter2'); })(), 50);
      return { stop: () => Promise.resolve() };
    });`;
  for (const how of ['rejects', 'throws']) {
    const { status, stderr, stdout } = spawnSync(process.execPath, ['-e', script, how], { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } });
    expect(status).toBe(70);
    expect(`${stderr}${stdout}`).toMatch(/"error":"TypeError","msg":"process\.failed"/);
    expect(`${stderr}${stdout}`).not.toMatch(/hunter2|at setTimeout|node:internal/);
  }
});

test('R12: a log collector that hangs stops nobody either, and does not keep a process from ending', async () => {
  const port = await ownPort();
  const script = `
    const { runProcess, PROCESS_METRICS } = require('./dist/libs/platform/process.js');
    const { operatorSettings } = require('./dist/libs/platform/operator-listener.js');
    runProcess({ name: 'relay', settings: operatorSettings('${port}'), metrics: PROCESS_METRICS, known: new Set() }, ({ log }) => {
      setInterval(() => { for (let i = 0; i < 5_000; i++) log.write('info', 'process.started', { count: i }); }, 20);
      return { stop: () => Promise.resolve() };
    });`;
  // Nobody reads the other end of its pipe.
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env['PATH'] } });
  ending(child);
  const lost = await eventually(async () => Number(/^waybill_log_lines_lost_total (\d+)$/m.exec((await asked(port, '/metrics'))?.text ?? '')?.[1]) || undefined);
  expect(lost).toBeGreaterThan(0);
  child.kill('SIGTERM');
  expect(await ended(child)).toBe(0);
});
