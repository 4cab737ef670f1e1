import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enrol, newClient, newCoordinator, newPartner, type AgencyPlan, type ContactKeys, type Coordinator, type Partner } from '../../apps/standalone/partnership';
import { type Standalone, type StandaloneOptions, startStandalone } from '../../apps/standalone/standalone';
import { TestClock } from '#platform/clock';
import type { Agreement } from '#policy/agreement';
import { CAST } from '../../apps/standalone/cast';
import { StaffRegistrar } from '#directory/staff-registrar';
import { Register } from '#register/register';
import { type Person, staffFiles } from '../../apps/standalone/staff';
import { openTestDatabase, type TestDatabase } from './database';
import { TestPartner } from './partner';
import { ownPort } from './ports';
import { readPool } from './tls';

/** A whole partnership for one test file: a gateway over real TLS and a real database, and agencies with real keys. */
export interface World {
  db: TestDatabase;
  system: Standalone;
  clock: TestClock;
  coordinator: Coordinator;
  agreement: Agreement;
  partner(agency: string): TestPartner;
  /** Enrols one more agency, as every other was. */
  join(plan: AgencyPlan, keys?: ReadonlyMap<string, ContactKeys>): Promise<TestPartner>;
  /** Folder of the installation: keys, spool, logs. */
  folder: string;
  close(): Promise<void>;
}

export interface WorldPlan extends Pick<StandaloneOptions, 'broker' | 'without' | 'proxy' | 'figures' | 'perSecond' | 'egress' | 'partnerBroker' | 'mail'> {
  agreement?: string;
  cast?: readonly AgencyPlan[];
  /** Pages for staff, and who signs in to them. Absent: none. */
  console?: { people?: readonly Person[]; routed?: (method: string, path: string) => void; reader?: string };
}

export async function openWorld({ agreement: id = 'wirral', cast = CAST, console, ...running }: WorldPlan = {}): Promise<World> {
  const db = await openTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'waybill-world-'));
  const clock = new TestClock();
  const tls = readPool();
  const clients = [...tls.clients];
  const system = await startStandalone({ folder, database: db.address, agreements: join(process.cwd(), 'deploy/agreements'), port: await ownPort(), tls, clock, ...running, ...(console ? { console: { ...console, port: await ownPort(), identityPort: await ownPort() } } : {}) });
  const agreement = system.agreements.get(id);
  if (!agreement) throw new Error(`no agreement ${id}`);
  const coordinator = await newCoordinator();
  await system.registrar.pinCoordinator(coordinator.certificate.octets);
  const partners = new Map<string, TestPartner>();
  const join_ = async (plan: AgencyPlan, keys?: ReadonlyMap<string, ContactKeys>): Promise<TestPartner> => {
    const now = clock.now();
    const made = await newPartner(clients.shift() ?? (await newClient(system.keys.authority, plan, now)), plan);
    const partner: Partner = { ...made, keys: keys ?? made.keys };
    await enrol(system.registrar, coordinator, agreement, partner, now);
    const test = new TestPartner(partner, system, agreement, clock);
    partners.set(plan.agency, test);
    return test;
  };
  for (const plan of cast) await join_(plan);
  if (system.console) {
    const staff = new StaffRegistrar({ database: system.database('registrar'), register: new Register(), clock });
    for (const file of staffFiles(system.console.issuer, clock.now(), console?.people)) await staff.enter(file);
  }
  return {
    db, system, clock, coordinator, agreement, folder,
    partner: (agency) => {
      const found = partners.get(agency);
      if (!found) throw new Error(`no partner ${agency}`);
      return found;
    },
    join: join_,
    close: async () => {
      for (const partner of partners.values()) partner.disconnect();
      await system.stop();
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until `look` gives something, for things that the courier or the relay do a moment later. */
export async function eventually<T>(look: () => Promise<T | undefined | false>, patience = 60_000): Promise<T> {
  const until = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > until) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}
