import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { Directory } from '#directory/directory';
import { Registrar } from '#directory/registrar';
import { DIRECTORY_ROWS } from '#directory/rows';
import { EXCHANGE_ROWS } from '#exchange/rows';
import { readAgreements } from '#partnership/agreements';
import { systemClock } from '#platform/clock';
import { Database } from '#platform/database';
import { EMBEDDED_OWNER } from '#platform/embedded-postgres';
import type { Agreement } from '#policy/agreement';
import type { BrokerAddress } from '#queue/settings';
import { Register } from '#register/register';
import { CAST } from '../../apps/standalone/cast';
import { type Coordinator, enrol, newCoordinator, newPartner, type Partner } from '../../apps/standalone/partnership';
import { ownPort } from '../world/ports';
import { readPool } from '../world/tls';
import { Kept } from './keeper';
import { PostgresTap } from './postgres-tap';
import { RecordTap } from './record-tap';
import { Striker, type Watch } from './watch';

export const SENDER = 'st-brigid-primary';

export interface HousePlan {
  /** Where PostgreSQL listens, and which database of it is ours. */
  database: { host: string; database: string };
  /** RabbitMQ carries the queue. Absent: PostgreSQL does. */
  wire?: { address(user: 'waybill-courier' | 'waybill-relay'): BrokerAddress };
  gateways?: number;
  /** Settings of single processes beside those that they need. */
  env?: Partial<Record<string, Record<string, string>>>;
  saw?: Partial<Record<string, Watch['saw']>>;
}

/** One process of the house, with whoever may strike it. */
export interface Member {
  kept: Kept;
  striker: Striker;
  /** Where it is told of its health; ends with the process. */
  operatorPort: number;
}

/** Gateways, courier and relay as processes of their own, each behind taps and under a keeper, with agencies enrolled. */
export interface House {
  /** As partners write it: the same for all gateways. */
  origin: string;
  /** Ports of the gateways, past their taps. */
  ports: readonly number[];
  members: ReadonlyMap<string, Member>;
  member(name: string): Member;
  agreement: Agreement;
  coordinator: Coordinator;
  registrar: Registrar;
  partner(agency: string): Partner;
  tls: { cert: string; key: string; ca: string };
  /** Past row-level security; connects anew when the server was away. */
  owner: Pool;
  checkpointKey: KeyObject;
  database: HousePlan['database'];
  folder: string;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export async function openHouse({ database, wire, gateways = 1, env = {}, saw = {} }: HousePlan): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'wf-'));
  const { authority, server, clients } = readPool();
  const address = { host: database.host, port: 5432, database: database.database };
  const owner = new Pool({ ...address, user: EMBEDDED_OWNER, max: 2 });
  owner.on('error', () => undefined);
  const agreements = readAgreements('deploy/agreements');
  const agreement = agreements.get('wirral') as Agreement;
  const own = await Promise.all(Array.from({ length: gateways }, () => ownPort()));
  const origin = `https://localhost:${own[0]}`;
  const keys = { provenance: generateKeyPairSync('ed25519'), checkpoint: generateKeyPairSync('ed25519') };
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const members = new Map<string, Member>();
  const taps: { close(): Promise<void> }[] = [];
  const ports: number[] = [];

  async function add(name: string, program: string, given: Record<string, string>, port?: number): Promise<void> {
    const cuts: (() => void)[] = [];
    const kept: Kept = new Kept({
      name, program, log: join(folder, 'processes.log'),
      env: { WAYBILL_DATABASE_HOST: join(folder, name), WAYBILL_DATABASE_NAME: database.database, ...given, ...env[name] },
    }, () => cuts.forEach((cut) => cut()));
    const striker = new Striker(() => kept.kill(), saw[name]);
    const tap = new PostgresTap(join(folder, name), database.host, striker);
    const records: RecordTap[] = [];
    if (port) {
      const front = await RecordTap.to(port, { name: 'partner', watch: striker });
      ports.push(front.port);
      records.push(front);
    }
    const { WAYBILL_BROKER_URL: url } = given;
    if (url) {
      const { port: broker } = new URL(url);
      const behind = await RecordTap.to(Number(broker), { name: 'broker', watch: striker });
      kept.plan.env['WAYBILL_BROKER_URL'] = url.replace(`:${broker}/`, `:${behind.port}/`);
      records.push(behind);
    }
    cuts.push(() => tap.cut(), ...records.map((each) => () => each.cut()));
    taps.push(tap, ...records);
    members.set(name, { kept, striker, operatorPort: Number(given['WAYBILL_METRICS_PORT']) });
  }
  const broker = (user: 'courier' | 'relay'): Record<string, string> => {
    const { url, tls } = wire?.address(`waybill-${user}`) ?? {};
    return url && tls ? { WAYBILL_BROKER_URL: url, WAYBILL_BROKER_CA_FILE: file('broker-ca.pem', tls.ca), WAYBILL_BROKER_CERTIFICATE_FILE: file(`broker-${user}.pem`, tls.certificate), WAYBILL_BROKER_KEY_FILE: file(`broker-${user}.key`, tls.key) } : {};
  };
  const operator = async (): Promise<Record<string, string>> => ({ WAYBILL_METRICS_PORT: String(await ownPort()) });
  for (const [i, port] of own.entries()) {
    const spool = join(folder, `spool-${i + 1}`);
    mkdirSync(spool, { mode: 0o700 });
    await add(`gateway-${i + 1}`, 'gateway', {
      ...(await operator()), WAYBILL_AGREEMENTS: join(process.cwd(), 'deploy/agreements'), WAYBILL_ORIGIN: origin, WAYBILL_PORT: String(port), WAYBILL_SPOOL: spool,
      WAYBILL_SHARES_PER_SECOND: '100000', WAYBILL_REQUESTS_PER_SECOND: '100000',
      WAYBILL_TLS_KEY_FILE: file('tls.key', server.key), WAYBILL_TLS_CERTIFICATE_FILE: file('tls.pem', server.certificate),
      WAYBILL_PROVENANCE_KEY_FILE: file('provenance.key', pem(keys.provenance.privateKey)), WAYBILL_CHECKPOINT_PUBLIC_KEY_FILE: file('checkpoint.pub', pem(keys.checkpoint.publicKey)),
    }, port);
  }
  await add('courier', 'courier', { ...(await operator()), ...broker('courier') });
  await add('relay', 'relay', { ...(await operator()), ...broker('relay'), WAYBILL_AGREEMENTS: join(process.cwd(), 'deploy/agreements'), WAYBILL_CHECKPOINT_KEY_FILE: file('checkpoint.key', pem(keys.checkpoint.privateKey)) });

  const registry = await Database.open('registrar', address, [...DIRECTORY_ROWS, ...EXCHANGE_ROWS]);
  const registrar = new Registrar({ database: registry, directory: new Directory(registry), register: new Register(), clock: systemClock, gateway: origin });
  const coordinator = await newCoordinator();
  await registrar.pinCoordinator(coordinator.certificate.octets);
  const partners = new Map<string, Partner>();
  for (const [i, plan] of CAST.entries()) {
    const partner = await newPartner(clients[i] as (typeof clients)[number], plan);
    await enrol(registrar, coordinator, agreement, partner, new Date());
    partners.set(plan.agency, partner);
  }
  const client = (partners.get(SENDER) as Partner).client;
  for (const { kept } of members.values()) kept.start();
  return {
    origin, ports, members, agreement, coordinator, registrar, owner, folder, database, checkpointKey: keys.checkpoint.publicKey,
    member: (name) => members.get(name) as Member,
    partner: (agency) => partners.get(agency) as Partner,
    tls: { cert: client.certificate, key: client.key, ca: authority.certificate },
    up: async () => void (await Promise.all([...members.values()].map(({ kept }) => kept.up()))),
    stop: async () => {
      for (const { striker } of members.values()) striker.disarm();
      await Promise.all([...members.values()].map(({ kept }) => kept.stop()));
      await Promise.all(taps.map((tap) => tap.close()));
      await registry.close().catch(() => undefined);
      await owner.end().catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const pem = (key: KeyObject): string => key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString();
