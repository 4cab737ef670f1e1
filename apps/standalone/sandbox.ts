import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, day, systemClock } from '#platform/clock';
import { EMBEDDED_OWNER, type EmbeddedPostgres, startPostgres } from '#platform/embedded-postgres';
import { migrate } from '#platform/migrate';
import { type Agreement, entryNamed } from '#policy/agreement';
import { Client } from 'pg';
import { CAST, CO_ORDINATING } from './cast';
import { hasHome, readHome, readKeys, writeHome, writeKeys } from './home';
import { enrol, newClient, newCoordinator, newPartner, type Partnership, type Partner } from './partnership';
import { StaffRegistrar } from '#directory/staff-registrar';
import { Register } from '#register/register';
import { staffFiles } from './staff';
import { freePort, type Standalone, startStandalone } from './standalone';

export interface Sandbox {
  system: Standalone;
  postgres: EmbeddedPostgres;
  partnership: Partnership;
  agreement: Agreement;
  /** Folder of an agency's premises: `waybill --home`. */
  home(agency: string): string;
  /** Straight SQL as the owner: for showing what an operator could do and see. */
  asOwner<T>(work: (client: Client) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

export interface SandboxOptions {
  folder: string;
  /** Folder of agreement profiles. */
  agreements: string;
  /** Tried first; another is taken when it is not free. Kept for the next start. */
  port: number;
  clock?: Clock;
  progress(says: string): void;
}

const DATABASE = 'waybill';
/** What a start makes under its folder. */
const MADE = ['postgres', 'system', 'partners', 'co-ordinator', 'port', 'console-port', 'identity-port'];

/**
 * Starts a partnership of made-up agencies, with everything in one process on the embedded default. What is there from an earlier
 * start is taken up, not made again.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { folder, progress } = options;
  // A start that was cut short leaves half a partnership: it is made-up, and quicker made again than mended.
  const finished = join(folder, 'complete');
  if (existsSync(folder) && !existsSync(finished)) for (const each of MADE) rmSync(join(folder, each), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  progress('Starting PostgreSQL (embedded, on a socket of its own) …');
  const postgres = await startPostgres(join(folder, 'postgres'), { durable: true });
  try {
    const owner = { host: postgres.host, port: postgres.port, user: EMBEDDED_OWNER };
    await createDatabase(owner);
    await migrate({ ...owner, database: DATABASE });
    const port = await settledPort(folder, 'port', options.port);
    // The issuer stands in the directory beside each member of staff: its port stays as the gateway's does.
    const console = { port: await settledPort(folder, 'console-port', options.port && options.port + 2), identityPort: await settledPort(folder, 'identity-port', options.port && options.port + 3) };
    progress('Starting gateway, courier, relay and console …');
    const system = await startStandalone({ folder: join(folder, 'system'), database: { host: postgres.host, port: postgres.port, database: DATABASE }, agreements: options.agreements, port, console, ...(options.clock ? { clock: options.clock } : {}) });
    const agreement = [...system.agreements.values()].find(fitsCast);
    if (!agreement) throw new Error(`No agreement under ${options.agreements} has a place for every agency of the sandbox.`);
    const partnership = await settle(options, system, agreement);
    writeFileSync(finished, '');
    return {
      system, postgres, partnership, agreement,
      home: (agency) => join(folder, 'partners', agency),
      asOwner: async (work) => {
        const client = new Client({ ...owner, database: DATABASE });
        await client.connect();
        return work(client).finally(() => client.end());
      },
      stop: async () => {
        await system.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** Whether the agreement's party list has an entry for each made-up agency. */
const fitsCast = (agreement: Agreement): boolean => CAST.every((plan) => entryNamed(agreement, plan.entry) !== undefined);

async function createDatabase(owner: { host: string; port: number; user: string }): Promise<void> {
  const client = new Client({ ...owner, database: 'postgres' });
  await client.connect();
  const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
  if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  await client.end();
}

/** The origin stands in logs and manifests: what was chosen at the first start stays. */
async function settledPort(folder: string, name: string, wanted: number): Promise<number> {
  const file = join(folder, name);
  if (existsSync(file)) return Number(readFileSync(file, 'utf8'));
  const port = await freePort(wanted);
  writeFileSync(file, String(port));
  return port;
}

async function settle({ folder, clock = systemClock, progress }: SandboxOptions, system: Standalone, agreement: Agreement): Promise<Partnership> {
  const offline = join(folder, 'co-ordinator');
  const isNew = !existsSync(join(offline, 'co-ordinator.cert.pgp'));
  if (isNew) writeKeys(offline, 'co-ordinator', await newCoordinator());
  const coordinator = await readKeys(offline, 'co-ordinator');
  await system.registrar.pinCoordinator(coordinator.certificate.octets);
  const partners = new Map<string, Partner>();
  const fresh = CAST.filter((plan) => !hasHome(join(folder, 'partners', plan.agency)));
  if (fresh.length > 0) progress(`Making keys and certificates for ${fresh.length} made-up agencies, each certified by the co-ordinator's key …`);
  // RSA keys take their time: all at once, on every core.
  const clients = await Promise.all(fresh.map((plan) => newClient(system.keys.authority, plan, clock.now())));
  for (const plan of CAST) {
    const home = join(folder, 'partners', plan.agency);
    const client = clients[fresh.indexOf(plan)];
    if (!client) {
      partners.set(plan.agency, await readHome(home, plan));
      continue;
    }
    const partner = await newPartner(client, plan);
    await enrol(system.registrar, coordinator, agreement, partner, clock.now());
    await writeHome(home, partner, { origin: system.origin, agreement, keys: system.keys, coordinator });
    partners.set(plan.agency, partner);
  }
  const { agency, contact } = CO_ORDINATING;
  const { length: entered } = await system.database('registrar').source.query('select from waybill.contact where agency = $1 and id = $2', [agency, contact.contact]) as unknown[];
  if (entered === 0) await system.registrar.addContact(agency, { ...contact, email: `${contact.contact}@${agency}.example`, verifiedOn: day(clock.now()) });
  const [known]: { n: number }[] = await system.database('registrar').source.query('select count(*)::int as n from waybill.staff');
  if (system.console && known?.n === 0) {
    const staff = new StaffRegistrar({ database: system.database('registrar'), register: new Register(), clock });
    for (const file of staffFiles(system.console.issuer, clock.now())) await staff.enter(file);
  }
  return { coordinator, partners };
}
