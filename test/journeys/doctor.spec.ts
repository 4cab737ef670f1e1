import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey, publicKeySet } from '#envelope/signing-keys';
import { DAY, SECOND } from '#platform/clock';
import { originOf, hostOf } from '#register/checkpoint';
import { vkeyOf } from '#register/vkey';
import { examine } from '../../apps/cli/doctor/check';
import { HOME_CHECKS } from '../../apps/cli/doctor/home-checks';
import { gatherHome, type HomeFacts } from '../../apps/cli/doctor/home-facts';
import { writeHome } from '../../apps/standalone/home';
import { bind, newCoordinator, newKeys } from '../../apps/standalone/partnership';
import { atDesk, operatorsEnv } from '../world/desk';
import { outsideCertificate } from '../world/outside';
import { openWorld, type World } from '../world/partnership';
import { ownPort } from '../world/ports';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld({ without: ['relay'] });
  folder = mkdtempSync(join(tmpdir(), 'waybill-doctor-'));
  const { agreement, coordinator, system } = world;
  await writeHome(join(folder, 'good'), world.partner('st-brigid-primary').own, { origin: system.origin, agreement, keys: system.keys, coordinator });
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Line {
  about: string;
  colour: string;
  says: string;
  fix?: string;
}

// What is told in seconds holds the time that the asking took, which on a slow machine is more than one.

describe('at a partner', () => {
  let home: string;
  let later: number;
  beforeEach(() => {
    later = 0;
    home = mkdtempSync(join(folder, 'home-'));
    cpSync(join(folder, 'good'), home, { recursive: true });
  });

  const now = () => new Date(world.clock.now().getTime() + later);
  const doctor = () => atDesk(['doctor', '--home', home, '--json'], { cwd: folder, now });
  const change = (file: string, values: object): void => writeFileSync(join(home, file), JSON.stringify({ ...JSON.parse(readFileSync(join(home, file), 'utf8')), ...values }));
  const keyOf = async () => (await publicKeySet([{ publicKey: (await generateSigningKey()).publicKey, from: new Date(0) }])).keys;

  test('all is well where all is well, and it says so with exit code 0', async () => {
    const { exit, json } = await doctor();
    expect((json.lines as Line[]).filter(({ colour }) => colour !== 'green')).toEqual([]);
    expect(exit).toBe(0);
  });

  test.each<[string, () => Promise<unknown> | unknown, string, RegExp, RegExp]>([
    ['a folder that others can read', () => chmodSync(home, 0o755), 'home', /can be read by others/, /^chmod 700 /],
    ['a secret key that others can read', () => chmodSync(join(home, 'client.key'), 0o640), 'secrets', /client\.key can be read by others/, /^chmod 600 .*enrol rotate/],
    ['a gateway without an address', () => change('waybill.json', { gateway: 'https://gateway.invalid' }), 'DNS', /gateway\.invalid has no address/, /Correct `gateway`/],
    ['a gateway that is gone', async () => change('waybill.json', { gateway: `https://localhost:${await ownPort()}` }), 'TLS', /does not answer \(ECONNREFUSED\)/, /let this machine reach it/],
    ['a gateway of another authority', () => writeFileSync(join(home, 'ca.pem'), outsideCertificate('authority').certificate), 'TLS', /not to be trusted: [A-Z_]+/, /ring the operator, by a number that you know/],
    ['a gateway under another name', () => change('waybill.json', { gateway: world.system.origin.replace('localhost', 'localhost.localdomain') }), 'TLS|DNS', /not to be trusted: ERR_TLS_CERT_ALTNAME_INVALID|has no address/, /./],
    ['a clock that is ten minutes ahead', () => (later = 600 * SECOND), 'clock', /6\d\d s ahead of/, /NTP/],
    ['a clock that is ten minutes behind', () => (later = -600 * SECOND), 'clock', /(5[5-9]\d|60\d) s behind/, /NTP/],
    ['a gateway’s certificate that ended', () => (later = 100 * DAY), 'TLS', /the gateway’s certificate ended on/, /Tell the operator/],
    ['a client certificate that ended', () => (later = 100 * DAY), 'client certificate', /your client certificate ended on/, /enrol rotate --client/],
    ['a binding that ended', () => (later = 366 * DAY), 'client certificate', /binding of this certificate ended/, /enrol rotate --client/],
    ['keys that ended', () => (later = 366 * DAY), 'OpenPGP and S/MIME keys', /to sign ended on/, /enrol rotate --contact safeguarding-lead/],
    ['a client key of another certificate', () => writeFileSync(join(home, 'client.key'), outsideCertificate('x').key), 'client certificate', /does not belong to your client certificate/, /clientCertificate and clientKey/],
    ['a client certificate that nobody bound', () => { const other = outsideCertificate('x'); writeFileSync(join(home, 'client.key'), other.key); writeFileSync(join(home, 'client.pem'), other.certificate); }, 'client certificate', /does not know you \(CERTIFICATE_UNKNOWN\)/, /enrol rotate --client/],
    ['another agency’s home', () => change('waybill.json', { agency: 'merebrook-council' }), 'client certificate', /knows this certificate as st-brigid-primary/, /Correct `agency`/],
    ['pins that are none', () => change('pins.json', { format: 'waybill-pins/9' }), 'pins', /holds no pins \(PINS_INVALID\)/, /from your enrolment again/],
    ['pins of another gateway', () => change('pins.json', { gateway: 'https://elsewhere.example' }), 'pins', /your pins are for https:\/\/elsewhere\.example/, /pins of this gateway/],
    ['a gateway with another key', async () => change('pins.json', { gatewayKeys: await keyOf() }), 'pins', /publishes a key that you have not pinned/, /enrol pin --gateway-key/],
    ['a register with another key', async () => change('pins.json', { logKeys: [vkeyOf(originOf(hostOf(world.system.origin), 'st-brigid-primary'), (await generateSigningKey()).publicKey)] }), 'pins', /register is signed with a key that you have not pinned/, /enrol pin --gateway-key/],
    ['another co-ordinator than was pinned', async () => { const { certificate } = await newCoordinator(); change('pins.json', { coordinators: [{ fingerprint: certificate.fingerprint, certificate: Buffer.from(certificate.octets).toString('base64') }] }); }, 'OpenPGP and S/MIME keys', /no statement of your co-ordinator that holds \(STATEMENT_NOT_SIGNED\)/, /Ring the co-ordinator/],
    ['a signing key that is in no directory', async () => { writeFileSync(join(home, 'new.key.pgp'), (await newKeys('new')).secret, { mode: 0o600 }); change('waybill.json', { signingKey: 'new.key.pgp' }); }, 'OpenPGP and S/MIME keys', /new\.key\.pgp signs, and is in no directory/, /approved and bound/],
    ['a secret key that is not one', () => writeFileSync(join(home, 'safeguarding-lead.key.pgp'), 'x'), 'OpenPGP and S/MIME keys', /is not a secret key/, /backup/],
    ['shares sealed to a key that is not here', async () => {
      const own = await newKeys('elsewhere');
      const at = world.clock.now();
      await bind(world.system.registrar, world.coordinator, { agency: 'st-brigid-primary', contact: 'safeguarding-lead', use: 'seal', certificate: own.certificate, from: at, until: new Date(at.getTime() + 60 * DAY) });
    }, 'OpenPGP and S/MIME keys', /sealed to a key that does not lie here/, /openingKeys/],
    ['a key that was revoked', () => world.system.registrar.revokeCertificate(world.partner('st-brigid-primary').keys().certificate.fingerprint, 'lost'), 'OpenPGP and S/MIME keys', /to sign was revoked on/, /enrol rotate --contact safeguarding-lead/],
    ['a client certificate that was revoked', () => world.system.registrar.revokeClient(world.partner('st-brigid-primary').own.client.spki, 'lost'), 'client certificate', /does not know you \(CERTIFICATE_UNKNOWN\)/, /enrol rotate --client/],
  ])('%s is a red line with its fix', async (_what, fault, about, says, fix) => {
    await fault();
    const { exit, json } = await doctor();
    const lines = (json.lines as Line[]).filter(({ colour }) => colour === 'red');
    expect(lines.some((line) => new RegExp(`^(${about})$`).test(line.about) && says.test(line.says) && fix.test(line.fix ?? '')) || lines).toBe(true);
    expect(exit).toBe(1);
  });

  test.each<[string, (facts: HomeFacts) => Partial<HomeFacts>, string, RegExp]>([
    ['an old Node', () => ({ node: '22.1.0' }), 'red', /Node 22\.1\.0 is older/],
    ['a gateway of another version', ({ gateway }) => ({ gateway: gateway.ok ? { ok: true, value: { ...gateway.value, version: '0.2.0' } } : gateway }), 'amber', /the gateway 0\.2\.0/],
    ['a gateway that reads none of our formats', ({ gateway }) => ({ gateway: gateway.ok ? { ok: true, value: { ...gateway.value, formats: ['waybill-manifest/2'] } } : gateway }), 'red', /no format in common/],
    ['a gateway that calls itself otherwise', ({ gateway }) => ({ gateway: gateway.ok ? { ok: true, value: { ...gateway.value, gateway: 'https://other.example' } } : gateway }), 'red', /calls itself https:\/\/other\.example/],
  ])('%s is told', async (_what, bend, colour, says) => {
    const facts = await gatherHome({ now } as never, home);
    const lines = await examine(HOME_CHECKS, { ...facts, ...bend(facts) });
    expect(lines.some((line) => line.colour === colour && says.test(line.says))).toBe(true);
  });

  test('a clock that is a minute and a half off is amber', async () => {
    later = 90 * SECOND;
    expect(((await doctor()).json.lines as Line[]).find(({ about }) => about === 'clock')).toMatchObject({ colour: 'amber' });
  });
});

describe('at an installation', () => {
  let later = 0;
  beforeEach(() => (later = 0));
  const sql = (text: string, ...values: unknown[]) => world.db.owner.query(text, values);
  const doctor = (env: Record<string, string> = {}) => atDesk(['doctor', '--installation', '--json'], { cwd: folder, env: { ...operatorsEnv(world), ...env }, now: () => new Date(Date.now() + later) });
  const level = async () => (await sql(`select obj_description('waybill'::regnamespace, 'pg_namespace') as level`)).rows[0].level as string;

  test('without a fault there is no red line', async () => {
    await sql(`update waybill.pending_leaf set recorded_at = clock_timestamp()`);
    const { exit, json } = await doctor();
    expect((json.lines as Line[]).filter(({ colour }) => colour === 'red')).toEqual([]);
    expect(exit).toBe(0);
    expect((json.lines as Line[]).filter(({ about }) => about === 'database')).toHaveLength(9);
  });

  test.each<[string, () => Promise<unknown> | unknown, string, RegExp, RegExp, Record<string, string>?]>([
    ['a database that is not there', () => undefined, 'database', /waybill_gateway is not let in \(3D000\)/, /WAYBILL_DATABASE_NAME/, { WAYBILL_DATABASE_NAME: 'nowhere' }],
    ['a server that is not there', () => undefined, 'database', /waybill_relay is not let in \(ENOENT\)/, /Start PostgreSQL/, { WAYBILL_DATABASE_HOST: '/nowhere' }],
    ['a clock that is ten minutes off', () => (later = 600 * SECOND), 'clock', /(59\d|60\d) s ahead of the database/, /NTP/],
    ['a register that runs out of partitions', () => (later = 26 * 31 * DAY), 'partitions', /partitions for -?\d+ months/, /npm run migrate/],
    ['an entry that waits for its place', () => sql(`update waybill.pending_leaf set recorded_at = clock_timestamp() - interval '90 seconds'`), 'register', /the oldest for (9|1\d)\d s/, /See that the relay runs/],
    ['a controller without a register', async () => {
      await sql(`insert into waybill.controller_name (id, name) values ('lonely', 'Lonely')`);
      await sql(`insert into waybill.agency (id, name, controller, types, country, from_at) values ('lonely', 'Lonely', 'lonely', '{school}', 'GB', now())`);
    }, 'register', /no register is open for lonely/, /waybill directory enter/],
    ['a message that is parked', () => sql(`insert into waybill.outbox (id, kind, transfer, lane, precedence, parked_reason, parked_at) values (gen_random_uuid(), 'transfer.due', gen_random_uuid(), 'routine', 3, 'fault', now())`), 'queue', /1 messages are parked as fault/, /waybill queue/],
    ['another profile than the parties joined under', () => sql(`insert into waybill.agreement_version (agreement, version, digest) values ('wirral', $1, repeat('0', 64))`, world.agreement.version), 'agreements', /is not the one under which parties joined/, /Put back the profile/],
    ['a co-ordinator whose time is over', () => sql('update waybill.coordinator_key set until_at = now()'), 'co-ordinator', /no co-ordinator is pinned/, /directory pin/],
    ['a database of an older release', async () => sql(`comment on schema waybill is '0001_roles.sql'`), 'migrations', /migrated to 0001_roles\.sql, this release needs /, /npm run migrate/],
  ])('%s is a red line with its fix', async (_what, fault, about, says, fix, ...env) => {
    const before = await level();
    await fault();
    const { exit, json } = await doctor(env[0]);
    await sql(`comment on schema waybill is '${before}'`);
    const lines = (json.lines as Line[]).filter(({ colour }) => colour === 'red');
    expect(lines.some((line) => line.about === about && says.test(line.says) && fix.test(line.fix ?? '')) || lines).toBe(true);
    expect(exit).toBe(1);
  });

  test('a partner whose key ends soon is amber, by name', async () => {
    await sql(`update waybill.client_certificate set until_at = clock_timestamp() + interval '5 days' where agency = 'merebrook-council'`);
    expect(((await doctor()).json.lines as Line[]).filter(({ about }) => about === 'partners')).toContainEqual(expect.objectContaining({ colour: 'amber', says: expect.stringMatching(/^merebrook-council: client certificate ends on/), fix: expect.stringContaining('waybill enrol rotate') }));
  });

  test('what is not set is told at once, with the fix', async () => {
    expect(await atDesk(['doctor', '--installation'], { cwd: folder, now: () => new Date() })).toMatchObject({ exit: 2, err: expect.stringContaining('WAYBILL_DATABASE_HOST') });
  });
});
