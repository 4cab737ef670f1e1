import { COUNCIL, SCHOOL } from '../../apps/standalone/cast';
import { bind, type ContactKeys, newKeys } from '../../apps/standalone/partnership';
import { openWorld, type World } from '../../test/world/partnership';
import { DAY } from '#platform/clock';
import { makeStatement } from '#envelope/key-statement';
import { Refusal } from '#platform/refusal';
import { Directory } from './directory';

let world: World;
let directory: Directory;
beforeAll(async () => {
  world = await openWorld({ cast: [COUNCIL, SCHOOL] });
  directory = new Directory(world.system.database('gateway'));
});
afterAll(() => world.close());

const FRONT_DOOR = { agency: 'merebrook-council', contact: 'front-door' };
const soon = (days: number): Date => new Date(world.clock.now().getTime() + days * DAY);
const sealing = (keys: ContactKeys): string => keys.certificate.seal[0]?.keyId ?? '';
const standingOf = (keys: ContactKeys, at = world.clock.now()) =>
  world.system.database('gateway').transaction(async (tx) => (await directory.keys(tx, [sealing(keys)], at))(sealing(keys)));
const kinds = async (controller: string): Promise<string[]> => (await world.db.owner.query<{ kind: string }>('select kind from waybill.entry where controller = $1 order by id', [controller])).rows.map(({ kind }) => kind);
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'accepted', (error: unknown) => (error instanceof Refusal ? error.code : String(error)));

test('two certificates of one contact hold at once while their windows overlap, and each only in its own', async () => {
  const [old, next] = [world.partner(FRONT_DOOR.agency).keys('front-door'), await newKeys('Front door, renewed')];
  await bind(world.system.registrar, world.coordinator, { ...FRONT_DOOR, use: 'seal', certificate: next.certificate, from: soon(0), until: soon(800) });
  for (const keys of [old, next]) expect(await standingOf(keys)).toEqual({ recipient: 'merebrook-council/front-door', standing: 'current' });
  expect((await standingOf(old, soon(400)))?.standing).toBe('expired');
  expect((await standingOf(next, soon(400)))?.standing).toBe('current');
});

test('a binding of tomorrow is not one of today', async () => {
  const keys = await newKeys('Front door, next year');
  const statement = await makeStatement({ ...FRONT_DOOR, fingerprint: keys.certificate.fingerprint, use: 'seal', from: soon(1).toISOString(), until: soon(30).toISOString() }, world.coordinator.key);
  const early = { ...FRONT_DOOR, use: 'seal' as const, certificate: keys.certificate.octets, statement: statement.octets, statementSignature: statement.signature };
  expect(await codeOf(world.system.registrar.bindCertificate(early))).toBe('KEY_NOT_VERIFIED');
});

test.each<[string, Partial<{ agency: string; contact: string; use: 'seal' | 'sign' }>]>([
  ['another agency', { agency: 'st-brigid-primary', contact: 'safeguarding-lead' }],
  ['another contact', { contact: 'information-governance' }],
  ['another use', { use: 'sign' }],
])('the co-ordinator’s statement for one binding binds nothing to %s', async (_what, change) => {
  const keys = await newKeys('somebody');
  const statement = await makeStatement({ ...FRONT_DOOR, fingerprint: keys.certificate.fingerprint, use: 'seal', from: soon(0).toISOString(), until: soon(30).toISOString() }, world.coordinator.key);
  const wanted = { ...FRONT_DOOR, use: 'seal' as const, certificate: keys.certificate.octets, statement: statement.octets, statementSignature: statement.signature, ...change };
  expect(await codeOf(world.system.registrar.bindCertificate(wanted))).toBe('KEY_NOT_VERIFIED');
});

test('a statement by anybody but the pinned co-ordinator binds nothing', async () => {
  const [keys, impostor] = [await newKeys('somebody'), await newKeys('co-ordinator')];
  expect(await codeOf(bind(world.system.registrar, impostor, { ...FRONT_DOOR, use: 'seal', certificate: keys.certificate, from: soon(0), until: soon(30) }))).toBe('KEY_NOT_VERIFIED');
});

test('every binding and revocation is an entry in the register of the agency whose key it is', async () => {
  const keys = await newKeys('Front door, short');
  const before = (await kinds('merebrook-council')).length;
  await bind(world.system.registrar, world.coordinator, { ...FRONT_DOOR, use: 'seal', certificate: keys.certificate, from: soon(0), until: soon(30) });
  await world.system.registrar.revokeCertificate(keys.certificate.fingerprint, 'lost');
  expect((await kinds('merebrook-council')).slice(before)).toEqual(['key-bound', 'key-revoked']);
  expect((await standingOf(keys))?.standing).toBe('revoked');
});

test('each change of an agency makes it a newer version, on which an older decision does not stand', async () => {
  const version = async () => Number((await world.db.owner.query<{ version: string }>('select version from waybill.agency where id = $1', [FRONT_DOOR.agency])).rows[0]?.version);
  const before = await version();
  await world.system.registrar.addContact(FRONT_DOOR.agency, { contact: 'night-desk', kind: 'team', label: 'Night desk' });
  expect(await version()).toBe(before + 1);
});

test('a client certificate finds its agency by its public key, in its window, until it is revoked', async () => {
  const { spki } = world.partner('st-brigid-primary').own.client;
  expect(await directory.agencyOf(spki, world.clock.now())).toEqual({ agency: 'st-brigid-primary', controller: 'st-brigid-primary' });
  expect(await directory.agencyOf(spki, soon(400))).toBeUndefined();
  expect(await directory.agencyOf('0'.repeat(64), world.clock.now())).toBeUndefined();
  await world.system.registrar.revokeClient(spki, 'lost');
  expect(await directory.agencyOf(spki, world.clock.now())).toBeUndefined();
});
