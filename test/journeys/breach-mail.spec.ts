import { MINUTE } from '#platform/clock';
import type { BreachTold } from '#protocol/breach-answers';
import { breachCase, entriesOfCase, reportBreach, stated } from '../world/breaches';
import { DOMAIN } from '../world/mail-domain';
import { eventually } from '../world/partnership';
import { Programs } from '../witness/programs';
import { MailScene, read, SURGERY } from './by-mail';
import { CANARY } from './referral';

// Whoever collects nothing here is told of a breach by mail: sealed, ids and codes, and no broker in between; each contact in turn.

let scene: MailScene;
let programs: Programs;
let share: string;
beforeAll(async () => {
  scene = await MailScene.open();
  programs = new Programs();
  programs.gpg(['--import'], scene.surgery.keys('safeguarding').secret);
  share = (await scene.mails()).id;
  await scene.inState(share, 'sent');
});
afterAll(async () => {
  programs.end();
  await scene.close();
});
beforeEach(() => scene.secure());

const council = () => scene.world.partner('merebrook-council');
const report = (more: Record<string, unknown> = {}): Promise<BreachTold> => reportBreach(scene.world, scene.school, { shares: [share], recipients: [SURGERY.agency], ...more });
const mailsOf = async (breach: string) => (await breachCase(scene.school, breach)).notices.filter(({ agency }) => agency === SURGERY.agency).flatMap(({ mails = [] }) => mails);
const arrived = (breach: string): string[] => scene.mail.host.messages.filter((message) => message.includes(breach));

test('a contact that collects nothing is told of it by mail, sealed: which case, what it asks, whom to ring; nothing of what happened, and nothing outside but codes', async () => {
  const { breach } = await report({ harm: 'yes' });
  const [mail] = await eventually(async () => { const found = await mailsOf(breach); return found.length > 0 && found.every(({ state }) => state === 'sent') && found; });
  expect(mail).toMatchObject({ contact: 'safeguarding', state: 'sent', at: expect.stringMatching(/Z$/) });
  const messages = arrived(breach).map((message) => read(Buffer.from(message, 'latin1')));
  expect(messages.map(({ headers }) => headers['Subject'])).toEqual(messages.map(() => expect.stringMatching(new RegExp(`^OFFICIAL-SENSITIVE ${scene.world.agreement.id} (breach|emergency) ${breach}$`))));
  expect(messages.map(({ headers }) => headers['To'])).toEqual(messages.map(() => `safeguarding@${DOMAIN}`));
  const inner = programs.gpg(['--decrypt'], messages[0]?.parts.get('encrypted.asc') as Buffer).toString();
  const [, body = ''] = inner.split('\r\n\r\n');
  const words = Buffer.from(body, 'base64').toString();
  expect(words).toContain(`Data breach ${breach}, under the agreement ${scene.world.agreement.id}.`);
  expect(words).toContain('ring 999');
  expect(words).not.toContain(CANARY);
  expect(words).not.toContain('wrongly');
  expect(await entriesOfCase(scene.world, SURGERY.agency, breach)).toContainEqual(expect.objectContaining({ kind: 'breach-mailed', contact: 'safeguarding', tls: expect.objectContaining({ version: 'tls-1.3', authentication: 'mta-sts' }) }));
  // That a host took it is no reading: who reads it says so, and nobody is mailed again.
  expect((await breachCase(scene.school, breach)).notices.find(({ agency }) => agency === SURGERY.agency)?.readAt).toBeUndefined();
  await stated(scene.world, scene.surgery, breach, 'read');
  expect((await breachCase(scene.school, breach)).notices.find(({ agency }) => agency === SURGERY.agency)?.readAt).toMatch(/Z$/);
});

test('nobody reads it for half an hour: whoever has the duty then is mailed, once', async () => {
  const { breach } = await report();
  await eventually(async () => (await mailsOf(breach)).some(({ state }) => state === 'sent'));
  const before = arrived(breach).length;
  scene.world.clock.advance(31 * MINUTE);
  await eventually(async () => arrived(breach).length > before);
  expect((await mailsOf(breach)).filter(({ state }) => state === 'sent')).toHaveLength(2);
  expect(new Set(arrived(breach).map((message) => read(Buffer.from(message, 'latin1')).headers['Message-ID'])).size).toBe(arrived(breach).length);
});

test('a host that does not take it now is tried again as the lane has it, and the case shows why it waits; what was read meanwhile goes to nobody', async () => {
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, replies: { 'TLS RCPT': '451 4.7.1 later\r\n' } };
  const { breach } = await report();
  await eventually(async () => (await mailsOf(breach)).some(({ state, because }) => state === 'waits' && because !== undefined));
  expect(arrived(breach)).toEqual([]);
  await stated(scene.world, scene.surgery, breach, 'read');
  await scene.secure();
  scene.world.clock.advance(2 * MINUTE);
  await eventually(async () => (await mailsOf(breach)).every(({ state }) => state === 'overtaken'));
  expect(arrived(breach)).toEqual([]);
});

test('a domain that has lapsed gets nothing in clear; once it is mended the notice goes; what a host refuses for good is shown as that, and no contact of another agency sees any of it', async () => {
  await scene.sql('update waybill.mail_domain set lapsed_at = now() where domain = $1', [DOMAIN]);
  const { breach } = await report();
  await eventually(async () => (await mailsOf(breach)).some(({ because }) => because === 'domain-lapsed'));
  expect(arrived(breach)).toEqual([]);
  await scene.sql('update waybill.mail_domain set lapsed_at = null where domain = $1', [DOMAIN]);
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, replies: { 'TLS RCPT': '550 5.1.1 unknown\r\n' } };
  scene.world.clock.advance(2 * MINUTE);
  await eventually(async () => (await mailsOf(breach)).some(({ state, because }) => state === 'undeliverable' && because !== undefined));
  expect((await council().get(`/v1/breaches/${breach}`)).status).toBe(404);
});
