import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Directory } from '#directory/directory';
import { Registrar } from '#directory/registrar';
import { DIRECTORY_ROWS } from '#directory/rows';
import { issue, type Issued, makeAuthority } from '#envelope/authority';
import { EXCHANGE_ROWS } from '#exchange/rows';
import { readAgreements } from '#partnership/agreements';
import { systemClock } from '#platform/clock';
import { Database } from '#platform/database';
import type { EmbeddedPostgres } from '#platform/embedded-postgres';
import { migrate } from '#platform/migrate';
import type { Agreement } from '#policy/agreement';
import { Register } from '#register/register';
import { CAST } from '../../apps/standalone/cast';
import { enrol, newCoordinator, newPartner, type Partner } from '../../apps/standalone/partnership';
import { ownPort } from '../world/ports';
import type { LoadPlan } from './load';
import { shippedOptions } from './usage';
import type { Wire } from './wire';

/** Who sends, and whose mailbox is looked into. */
export const SENDER = 'st-brigid-primary';
export const RECIPIENT = 'merebrook-council';
const CALLERS = [SENDER, RECIPIENT] as const;

/** Gateway, courier and relay as processes of their own, with agencies enrolled. */
export interface Installation {
  port: number;
  origin: string;
  agreement: Agreement;
  /** With what a caller connects. */
  tls(agency: (typeof CALLERS)[number]): LoadPlan['tls'];
  server: { cert: string; key: string };
  partner(agency: string): Partner;
  checkpointKey: { privateKey: KeyObject; publicKey: KeyObject };
  owner: Client;
  /** Starts the three processes, and says which they are. */
  start(): Promise<Record<'gateway' | 'courier' | 'relay', ChildProcess>>;
  /** Stops them as an operator does. */
  stop(): Promise<void>;
}

const YEAR_MS = 365 * 24 * 3_600_000;
/** Nobody is held back: what is measured is how fast it goes. */
const UNBOUNDED = '1000000';

/** `flags`: for Node, in each of the three processes. */
export async function install(postgres: EmbeddedPostgres, folder: string, wire?: Wire, flags: readonly string[] = []): Promise<Installation> {
  mkdirSync(join(folder, 'spool'), { recursive: true, mode: 0o700 });
  const owner = await newDatabase(postgres);
  const validity = { from: new Date(), until: new Date(Date.now() + YEAR_MS) };
  const authority = await makeAuthority('Waybill bench authority', validity);
  const server = await issue(authority, 'Waybill bench gateway', { ...validity, hosts: ['localhost', '127.0.0.1'] });
  const clients = new Map(await Promise.all(CALLERS.map(async (agency) => [agency as string, await issue(authority, agency, validity)] as const)));
  // Below the ports that the system gives away by itself: between two starts, nobody takes it.
  const port = await ownPort();
  const origin = `https://localhost:${port}`;
  const agreement = readAgreements('deploy/agreements').get('wirral') as Agreement;
  const partners = await enrolled(postgres, { origin, agreement, clients });
  const [provenance, checkpointKey] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];

  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const database = { WAYBILL_DATABASE_HOST: postgres.host, WAYBILL_DATABASE_PORT: String(postgres.port), WAYBILL_DATABASE_NAME: DATABASE };
  const brokerSettings = (role: 'courier' | 'relay'): Record<string, string> => {
    if (!wire) return {};
    const { url, tls } = wire.address(`waybill-${role}`);
    return {
      WAYBILL_BROKER_URL: url, WAYBILL_BROKER_CA_FILE: file('broker-ca.pem', tls?.ca ?? ''),
      WAYBILL_BROKER_CERTIFICATE_FILE: file(`broker-${role}.pem`, tls?.certificate ?? ''), WAYBILL_BROKER_KEY_FILE: file(`broker-${role}.key`, tls?.key ?? ''),
    };
  };
  let running: ChildProcess[] = [];
  const start = async (name: string, env: Record<string, string>): Promise<ChildProcess> => {
    const profiled = process.env['WAYBILL_BENCH_PROFILE'] === name ? ['--cpu-prof', `--cpu-prof-dir=${join(folder, 'profile')}`] : [];
    const child = spawn(process.execPath, [...flags, ...profiled, `dist/apps/${name}/main.js`], {
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', NODE_OPTIONS: shippedOptions(), ...database, WAYBILL_METRICS_PORT: String(await ownPort()), ...env },
      stdio: ['ignore', 'ignore', openSync(join(folder, `${name}.log`), 'a')],
    });
    running.push(child);
    return child;
  };
  return {
    port, origin, agreement, checkpointKey, owner,
    server: { cert: server.certificate, key: server.key },
    tls: (agency) => ({ cert: clients.get(agency)?.certificate ?? '', key: clients.get(agency)?.key ?? '', ca: authority.certificate }),
    partner: (agency) => partners.get(agency) as Partner,
    start: async () => ({
      gateway: await start('gateway', {
        WAYBILL_AGREEMENTS: join(process.cwd(), 'deploy/agreements'), WAYBILL_ORIGIN: origin, WAYBILL_PORT: String(port), WAYBILL_SPOOL: join(folder, 'spool'),
        WAYBILL_SHARES_PER_SECOND: UNBOUNDED, WAYBILL_REQUESTS_PER_SECOND: UNBOUNDED,
        WAYBILL_TLS_KEY_FILE: file('tls.key', server.key), WAYBILL_TLS_CERTIFICATE_FILE: file('tls.pem', server.certificate),
        WAYBILL_PROVENANCE_KEY_FILE: file('provenance.key', pem(provenance.privateKey)), WAYBILL_CHECKPOINT_PUBLIC_KEY_FILE: file('checkpoint.pub', pem(checkpointKey.publicKey)),
      }),
      courier: await start('courier', brokerSettings('courier')),
      relay: await start('relay', { ...brokerSettings('relay'), WAYBILL_AGREEMENTS: join(process.cwd(), 'deploy/agreements'), WAYBILL_CHECKPOINT_KEY_FILE: file('checkpoint.key', pem(checkpointKey.privateKey)) }),
    }),
    stop: async () => {
      const ended = running.map((child) => new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve(undefined))));
      for (const child of running) child.kill('SIGTERM');
      await Promise.all(ended);
      running = [];
    },
  };
}

const DATABASE = 'waybill';

async function newDatabase({ host, port, owner: user }: EmbeddedPostgres): Promise<Client> {
  const admin = new Client({ host, port, user, database: 'postgres' });
  await admin.connect();
  await admin.query(`create database ${DATABASE}`);
  await admin.end();
  await migrate({ host, port, user, database: DATABASE });
  const owner = new Client({ host, port, user, database: DATABASE });
  // The server is stopped at the end, with whoever is still connected.
  owner.on('error', () => undefined);
  await owner.connect();
  return owner;
}

const pem = (key: KeyObject): string => key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString();

async function enrolled({ host, port }: EmbeddedPostgres, { origin, agreement, clients }: { origin: string; agreement: Agreement; clients: ReadonlyMap<string, Issued> }): Promise<Map<string, Partner>> {
  const database = await Database.open('registrar', { host, port, database: DATABASE }, [...DIRECTORY_ROWS, ...EXCHANGE_ROWS]);
  const registrar = new Registrar({ database, directory: new Directory(database), register: new Register(), clock: systemClock, gateway: origin });
  const coordinator = await newCoordinator();
  await registrar.pinCoordinator(coordinator.certificate.octets);
  const partners = new Map<string, Partner>();
  for (const [i, plan] of CAST.entries()) {
    // Who does not call needs no certificate, but a place in the directory for one.
    const client = clients.get(plan.agency) ?? { key: '', certificate: '', spki: String(i).repeat(64) };
    const partner = await newPartner(client, plan);
    await enrol(registrar, coordinator, agreement, partner, new Date());
    partners.set(plan.agency, partner);
  }
  await database.close();
  return partners;
}
