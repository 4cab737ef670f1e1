import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { issue, makeAuthority } from '#envelope/authority';
import { Database } from '#platform/database';
import { type EmbeddedPostgres, startPostgres } from '#platform/embedded-postgres';

// PostgreSQL as deploy/compose has it: reached over the network, with TLS, and a password for each role. An address of our own on the
// loopback stands for another machine: it is none of those that the processes take for this one.

const NOBODY = 65534;
let folder: string;
let server: EmbeddedPostgres;
let ca: string;
let host: string;
const password = (name: string): string => readFileSync(join(folder, 'roles', name), 'utf8').trim();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-tls-'));
  host = `127.${100 + (process.pid % 100)}.${randomBytes(1)[0]}.7`;
  const validity = { from: new Date(), until: new Date(Date.now() + 3_600_000) };
  const authority = await makeAuthority('Waybill test authority', validity);
  const { key, certificate } = await issue(authority, 'database', { ...validity, hosts: [host] });
  ca = join(folder, 'ca.pem');
  writeFileSync(ca, authority.certificate);
  const files = {
    'server.key': key, 'server.pem': certificate,
    // The launcher looks over its socket whether the server is up; the rest is compose's own file.
    'pg_hba.conf': `local all waybill_owner trust\n${readFileSync('deploy/compose/pg_hba.conf', 'utf8').replace(/^local.*$/m, '')}`,
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    if (process.getuid?.() === 0) chownSync(join(folder, name), NOBODY, NOBODY);
  }
  mkdirSync(join(folder, 'roles'), { mode: 0o700 });
  for (const name of ['waybill_owner', 'waybill_gateway', 'waybill_courier', 'waybill_relay']) writeFileSync(join(folder, 'roles', name), `${randomBytes(24).toString('base64')}\n`, { mode: 0o400 });
  server = await startPostgres(folder, { durable: false, settings: { listen_addresses: host, ssl: 'on', ssl_cert_file: join(folder, 'server.pem'), ssl_key_file: join(folder, 'server.key'), hba_file: join(folder, 'pg_hba.conf') } });
  const owner = new Client({ host: server.host, port: server.port, user: server.owner, database: 'postgres' });
  await owner.connect();
  await owner.query(`alter role waybill_owner password '${password('waybill_owner')}'`);
  await owner.query('create database waybill');
  await owner.end();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const migrating = () => {
  const settings = join(folder, 'migrate.env');
  const lines = { WAYBILL_DATABASE_HOST: host, WAYBILL_DATABASE_OWNER: 'waybill_owner', WAYBILL_DATABASE_PASSWORD_FILE: join(folder, 'roles', 'waybill_owner'), WAYBILL_DATABASE_CA_FILE: ca, WAYBILL_ROLE_PASSWORDS: join(folder, 'roles') };
  writeFileSync(settings, Object.entries(lines).map(([name, value]) => `${name}=${value}\n`).join(''));
  return spawnSync(process.execPath, ['dist/deploy/scripts/migrate.js'], { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', WAYBILL_CONFIG: settings } });
};
const open = (name: string, tls = true) => Database.open('relay', { host, port: 5432, database: 'waybill', password: name, ...(tls ? { tls: { ca: readFileSync(ca, 'utf8') } } : {}) });

test('the job that migrates sets each role’s password, again and again, and shows none', async () => {
  for (const said of [/Ran 0001_roles\.sql.*\nSet the passwords of waybill_courier, waybill_gateway, waybill_relay\./, /Nothing to do\.\nSet the passwords/]) {
    const { status, stdout, stderr } = migrating();
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(said);
    for (const name of ['waybill_owner', 'waybill_relay']) expect(stdout).not.toContain(password(name));
  }
  expect(readFileSync(join(folder, 'postgres.log'), 'utf8')).not.toContain(password('waybill_relay'));
});

test('a process gets in as its own role with its own password, over TLS 1.3', async () => {
  const relay = await open(password('waybill_relay'));
  expect(await relay.source.query(`select current_user::text as role, s.ssl, s.version from pg_stat_ssl s where pid = pg_backend_pid()`)).toEqual([{ role: 'waybill_relay', ssl: true, version: 'TLSv1.3' }]);
  await relay.close();
});

test('with another role’s password it does not get in', async () => {
  await expect(open(password('waybill_gateway'))).rejects.toThrow(/password authentication failed/);
});

test('CH-08: in clear nobody gets in, whether we would ask or somebody else', async () => {
  await expect(open(password('waybill_relay'), false)).rejects.toThrow(/without TLS/);
  const client = new Client({ host, port: 5432, database: 'waybill', user: 'waybill_relay', password: password('waybill_relay') });
  await expect(client.connect()).rejects.toThrow(/pg_hba\.conf rejects connection.*no encryption/);
});

test('a server that another authority vouches for is not believed', async () => {
  const validity = { from: new Date(), until: new Date(Date.now() + 3_600_000) };
  const other = await makeAuthority('Waybill test authority', validity);
  await expect(Database.open('relay', { host, port: 5432, database: 'waybill', password: 'x', tls: { ca: other.certificate } })).rejects.toThrow(/certificate|signature/);
});
