import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { AgencyPlan } from '../../apps/standalone/partnership';
import { atDesk, operatorsEnv, type Said } from './desk';
import { openWorld, type World, type WorldPlan } from './partnership';

const YEAR_MS = 365 * 24 * 3_600_000;

/** An empty partnership in which everybody joins by the command, as in life: partner, co-ordinator and operator each at a desk. */
export class Joining {
  readonly folder = mkdtempSync(join(tmpdir(), 'waybill-joining-'));
  /** As it was read out. */
  coordinator = '';
  /** When somebody looked into what the papers say: the same in all of them, midnight or not. */
  private readonly today = new Date().toISOString().slice(0, 10);

  private constructor(readonly world: World) {}

  static async open(plan: WorldPlan = {}): Promise<Joining> {
    const joining = new Joining(await openWorld({ ...plan, cast: [] }));
    writeFileSync(join(joining.folder, 'ca.pem'), joining.world.system.keys.authority.certificate);
    joining.coordinator = (await joining.waybill('co-ordinator', 'keys', '--keys', 'co-ordinator', '--json')).json.fingerprint;
    expect(await joining.waybill('authority', 'init', '--out', 'authority', '--name', 'Merebrook partnership', '--until', joining.day(10), '--co-ordinator', 'co-ordinator/co-ordinator.cert.pgp', '--fingerprint', joining.coordinator)).toMatchObject({ exit: 0 });
    expect(await joining.waybill('directory', 'pin', 'co-ordinator/co-ordinator.cert.pgp', '--fingerprint', joining.coordinator)).toMatchObject({ exit: 0 });
    return joining;
  }

  waybill(...args: string[]): Promise<Said> {
    return atDesk(args, { cwd: this.folder, env: operatorsEnv(this.world), now: () => this.world.clock.now() });
  }

  /** A command in an agency's home. */
  async at(agency: string, ...args: string[]): Promise<Said> {
    return atDesk(args, { cwd: this.folder, env: { WAYBILL_HOME_DIR: join(this.folder, agency) }, now: () => this.world.clock.now() });
  }

  day(years: number): string {
    return new Date(this.world.clock.now().getTime() + years * YEAR_MS).toISOString().slice(0, 10);
  }

  file(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  write(name: string, text: string | Uint8Array): string {
    writeFileSync(join(this.folder, name), text);
    return name;
  }

  party(plan: AgencyPlan): string {
    return this.write(`${plan.agency}.yaml`, stringify({
      format: 'waybill-party/1', agency: plan.agency, name: plan.name, controller: plan.controller, types: [plan.type], country: 'GB', mailDomains: [`${plan.agency}.example`],
      contacts: plan.contacts.map(({ keys: _, ...contact }) => ({ ...contact, email: `${contact.contact}@${plan.agency}.example`, verifiedOn: this.today })),
      memberships: [{ agreement: this.world.agreement.id, entry: plan.entry, privacyAssessedOn: this.today, controlsConfirmed: true }],
    }));
  }

  begin(plan: AgencyPlan, ...more: string[]): Promise<Said> {
    return this.at(plan.agency, 'enrol', 'begin', '--agency', plan.agency, '--gateway', this.world.system.origin, ...plan.contacts.filter(({ keys }) => keys).flatMap(({ contact }) => ['--contact', contact]), ...more, '--json');
  }

  approve(agency: string, fingerprint: string, out = `${agency}-approval.json`): Promise<Said> {
    rmSync(join(this.folder, out), { force: true });
    return this.waybill('co-ordinator', 'approve', `${agency}/enrolment.json`, '--keys', 'co-ordinator', '--fingerprint', fingerprint, '--until', this.day(1), '--out', out);
  }

  issue(agency: string, approval = `${agency}-approval.json`, out = `${agency}-client.pem`): Promise<Said> {
    rmSync(join(this.folder, out), { force: true });
    return this.waybill('authority', 'issue', approval, '--authority', 'authority', '--out', out);
  }

  bind(agency: string, { approval = `${agency}-approval.json`, certificate = `${agency}-client.pem` } = {}): Promise<Said> {
    return this.waybill('directory', 'bind', approval, '--certificate', certificate);
  }

  async finish(agency: string, keys?: readonly string[]): Promise<Said> {
    const confirmed = keys ?? (await this.gatewayKeys(agency));
    return this.at(agency, 'enrol', 'finish', '--certificate', `${agency}-client.pem`, '--ca', 'ca.pem', '--approval', `${agency}-approval.json`, '--co-ordinator', this.coordinator, '--role', 'designated-safeguarding-lead',
      '--agreement', `${this.world.agreement.id}@${this.world.agreement.version}`, ...confirmed.flatMap((key) => ['--gateway-key', key]));
  }

  /** As the operator would read them out: from what the first attempt lists. */
  async gatewayKeys(agency: string): Promise<string[]> {
    const tried = await this.finish(agency, []);
    expect(tried.exit).toBe(2);
    return [...tried.err.matchAll(/with ([A-Za-z0-9_-]{43})/g)].map(([, kid]) => kid ?? '');
  }

  /** All of it, from begin to a green doctor. */
  async join(plan: AgencyPlan, ...more: string[]): Promise<Said> {
    const { fingerprint } = (await this.begin(plan, ...more)).json;
    expect(await this.approve(plan.agency, fingerprint)).toMatchObject({ exit: 0, err: '' });
    expect(await this.issue(plan.agency)).toMatchObject({ exit: 0, err: '' });
    const party = this.party(plan);
    expect(await this.waybill('directory', 'enter', party)).toMatchObject({ exit: 0, err: '' });
    expect(await this.bind(plan.agency)).toMatchObject({ exit: 0, err: '' });
    expect(await this.waybill('directory', 'activate', party)).toMatchObject({ exit: 0, err: '' });
    return this.finish(plan.agency);
  }

  async close(): Promise<void> {
    await this.world.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
