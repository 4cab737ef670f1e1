import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from '#envelope/sealing';
import { sha256 } from '#protocol/digest';
import { writeHome } from '../../apps/standalone/home';
import { atDesk, type Said } from '../world/desk';
import { Example } from '../world/example';
import { CIRCULATOR, daysFrom, HOST, ISSUER, POLICE, recordedOf, SCHOOL, TO_CIRCULATOR } from '../world/notifications';
import { openStore, type Store } from '../world/store';
import { eventually } from '../world/partnership';

// The life of a notification from five desks, with the host authority's store a real WebDAV server. What there is to read never leaves in clear.

const CANARY = 'Ottoline Marchbanks of the night shift';

let example: Example;
let store: Store;
let folder: string;
beforeAll(async () => {
  [example, store] = [await Example.open('nwadcs'), await openStore()];
  folder = mkdtempSync(join(tmpdir(), 'waybill-notification-'));
  const { agreement, coordinator, system } = example.world;
  for (const agency of [ISSUER, CIRCULATOR, HOST, SCHOOL, POLICE]) await writeHome(join(folder, agency), example.world.partner(agency).own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  writeFileSync(join(folder, 'notice.txt'), CANARY);
  writeFileSync(join(folder, 'store.txt'), store.credentials, { mode: 0o600 });
  writeFileSync(join(folder, 'ca.pem'), store.authority);
});
afterAll(async () => {
  await Promise.all([example?.close(), store?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const waybill = (agency: string, ...args: string[]): Promise<Said> => atDesk(['notification', ...args], { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, agency) }, now: () => example.world.clock.now() });
const drafted = (purpose: string): Promise<Said> => {
  writeFileSync(join(folder, 'notice.yaml'), `format: waybill-notification/1
agreement: { id: ${example.world.agreement.id}, version: ${example.world.agreement.version} }
role: lead-officer
provider: { register: ofsted-social-care, number: SC123456, kind: childrens-social-care }
purpose: ${purpose}
necessity: risk-across-areas
proportionate: true
notFor: [performance-management, contractual-dispute, undue-influence]
officer: { contact: placements, role: lead-officer, on: ${daysFrom(example.world.clock.now(), 0)} }
impact: { novel: true, assessment: DPIA-17 }
provided: { told: true }
reviewOn: ${daysFrom(example.world.clock.now(), 60)}
`);
  return waybill(ISSUER, 'draft', 'notice.yaml', '--json');
};
const deposited = (id: string, ...args: string[]): Promise<Said> =>
  waybill(CIRCULATOR, 'deposit', id, '--role', 'coordinator', '--file', 'notice.txt', '--store', store.url, '--folder', 'SC-123456', '--to', `${HOST}/provider-store`, '--credentials', 'store.txt', '--ca', 'ca.pem', ...args);

let notification: string;

test('NWADCS IN-03, IN-06: refused for what is prohibited, drafted for a risk, submitted with its text, circulated to the list', async () => {
  expect(await drafted('contractual-dispute')).toMatchObject({ exit: 1, out: expect.stringContaining('PROHIBITED_PURPOSE') });
  const made = await drafted('manage-risk');
  expect([made.exit, made.err]).toEqual([0, '']);
  notification = (made.json as { notification: string }).notification;
  const { share } = await example.send({ ...TO_CIRCULATOR, '/manifest/threads': { notification } });
  expect(await waybill(ISSUER, 'state', 'submitted', notification, '--role', 'lead-officer', '--share', share.id)).toMatchObject({ exit: 0, out: expect.stringContaining('submitted  from fell-side-council') });
  const onward = await example.send({ '/manifest/threads': { notification } });
  expect(await waybill(CIRCULATOR, 'state', 'circulated', notification, '--role', 'coordinator', '--share', onward.share.id)).toMatchObject({ exit: 0, out: expect.stringContaining('moss-lane-primary: not read yet') });
  expect(await waybill(SCHOOL, 'state', 'read', notification, '--role', 'designated-safeguarding-lead', '--information-only')).toMatchObject({ exit: 0 });
  expect(await waybill(SCHOOL, 'list')).toMatchObject({ exit: 0, out: expect.not.stringContaining('SC123456') });
  expect(await waybill(SCHOOL, 'placement', 'ofsted-social-care', 'SC123456')).toMatchObject({ exit: 0, out: expect.stringMatching(/Not a bar to placement[^]*circulated/) });
  expect(await waybill(CIRCULATOR, 'show', notification)).toMatchObject({ exit: 0, out: expect.stringMatching(/drafted by fell-side-council[^]*submitted by fell-side-council[^]*circulated by nwadcs/) });
  expect(await waybill(POLICE, 'show', notification)).toMatchObject({ exit: 1, err: expect.stringContaining('NOT_FOUND') });
});

test('NWADCS CH-14, IN-15: a copy is sealed to the host authority, laid into its store, read back and confirmed; the host opens it, and nobody reads it there', async () => {
  const done = await deposited(notification, '--json');
  expect([done.exit, done.err]).toEqual([0, '']);
  const { deposit } = done.json as { deposit: { folder: string; digest: string } };
  const [[name, octets] = ['', Buffer.of()]] = [...store.lies('SC-123456')];
  expect([name.startsWith(notification), sha256(octets), deposit.folder]).toEqual([true, deposit.digest, 'SC-123456']);
  expect(octets.includes(Buffer.from(CANARY))).toBe(false);
  const read = await open({ octets: new Uint8Array(octets), keys: [example.world.partner(HOST).keys('provider-store').key], manifest: notification, part: 'deposit', at: new Date() });
  expect(read.ok && Buffer.from(read.octets).toString()).toBe(CANARY);
  expect(await recordedOf(example, HOST, notification)).toContainEqual(expect.objectContaining({ stated: 'deposited', digest: deposit.digest, folder: 'SC-123456' }));
});

test.each<[string, string[], string]>([
  ['a store that asks for another password', ['--credentials', 'other.txt'], 'HTTP_401'],
  ['a store of whose certificate nobody vouches', ['--ca', 'notice.txt'], 'STORE_REFUSED'],
  ['a store without TLS', ['--store', 'http://localhost/providers/'], 'ADDRESS'],
  ['a folder in which nobody may write', ['--store', 'ELSEWHERE'], 'HTTP_405'],
])('%s takes nothing, and nothing is confirmed', async (_what, args, because) => {
  writeFileSync(join(folder, 'other.txt'), 'nwadcs:guessed', { mode: 0o600 });
  const before = await recordedOf(example, HOST, notification);
  const said = await deposited(notification, ...args.map((each) => (each === 'ELSEWHERE' ? store.url.replace('/providers/', '/elsewhere/') : each)));
  expect([said.exit === 0, said.err]).toEqual([false, expect.stringContaining(because)]);
  expect(await recordedOf(example, HOST, notification)).toEqual(before);
});

test('NWADCS IN-11, IN-13: followed up, and rescinded: every recipient is told, and nowhere is it shown as open', async () => {
  expect(await waybill(CIRCULATOR, 'state', 'followed-up', notification, '--role', 'coordinator', '--reason', 'being-ended', '--review-on', daysFrom(example.world.clock.now(), 90))).toMatchObject({ exit: 0 });
  expect(await waybill(ISSUER, 'state', 'rescinded', notification, '--role', 'lead-officer', '--reason', 'not-founded')).toMatchObject({ exit: 0, out: expect.stringContaining('over since') });
  await eventually(async () => (await recordedOf(example, SCHOOL, notification, 'notification-ended')).length === 1);
  expect(await waybill(SCHOOL, 'list')).toMatchObject({ exit: 0, out: expect.stringMatching(/rescinded {2}from fell-side-council.*over since/) });
  expect(await waybill(HOST, 'state', 'retained', notification, '--role', 'data-protection-officer', '--schedule', 'CS-14', '--months', '75')).toMatchObject({ exit: 0, out: expect.stringContaining('retained') });
});

test('what is none is said before anything is sent', async () => {
  expect(await waybill(ISSUER, 'state', 'deposited', notification, '--role', 'lead-officer')).toMatchObject({ exit: 2, err: expect.stringContaining('submitted') });
  writeFileSync(join(folder, 'wrong.yaml'), 'format: waybill-notification/1\nprovider: { name: Larch House }\n');
  expect(await waybill(ISSUER, 'draft', 'wrong.yaml')).toMatchObject({ exit: 2, err: expect.stringContaining('provider') });
});
