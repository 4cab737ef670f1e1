import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHome } from '../../apps/standalone/home';
import { mailing, recordMailed } from '../../apps/cli/mailing';
import { openHome } from '../../apps/cli/home';
import type { Io } from '../../apps/cli/io';
import { atDesk } from '../world/desk';
import { DOMAIN, HOST } from '../world/mail-domain';
import { mailAuthority, mailCertificate } from '../world/mail-certificates';
import { DECIDED, DECLARED } from '../world/share-file';
import { MailScene, read, SURGERY } from './by-mail';
import { CANARY } from './referral';

// A recipient without a key, at a domain that holds TLS: the sender mails from its own premises, the gateway decides and records, and sees no word of it.

let scene: MailScene;
let folder: string;
const said = { err: '' };

beforeAll(async () => {
  scene = await MailScene.open();
  folder = mkdtempSync(join(tmpdir(), 'waybill-mailed-'));
  const { agreement, coordinator, system } = scene.world;
  await writeHome(join(folder, 'home'), scene.school.own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  writeFileSync(join(folder, 'Wilhelmina Quillfeather.txt'), `${CANARY} came without a coat`);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await scene.close();
});
beforeEach(async () => {
  await scene.secure();
  said.err = '';
  // The courier has found the sender's own domain to be secure as well.
  await scene.sql(`update waybill.mail_domain set tls = '1.3', found_at = $1, lapsed_at = null, check_at = 'infinity' where agency = $2`, [scene.world.clock.now(), scene.school.agency]);
});

const io = (): Io => ({ out: () => undefined, err: (text) => void (said.err += text), outOctets: () => undefined, watched: false, cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, 'home') }, now: () => scene.world.clock.now() });
const share = (change: (text: string) => string = (text) => text): string => {
  writeFileSync(join(folder, 'share.yaml'), change(`${DECLARED}
subject: { reference: WQ-2041, band: under-16, names: [${CANARY}] }
${DECIDED}parts:
  - { category: health, kind: fact, file: ${CANARY}.txt }
recipients:
  - to: ${SURGERY.agency}/reception
    parts: { part-1: works-with-person }
`));
  return 'share.yaml';
};
async function mails(file: string, options: { dryRun?: boolean; relay?: string } = {}) {
  const home = await openHome(io(), undefined);
  try {
    return await mailing(io(), home, file, { resolver: '127.0.0.1', ...options }, scene.mail.mailer());
  } finally {
    home.partner.connection.close();
  }
}

test('WIR CH-01: between two secure domains, to one without a key: mailed from here, on record in both registers with how it was protected, and no word of it at the gateway', async () => {
  expect(await mails(share(), { dryRun: true })).toMatchObject({ ending: 'done', data: { to: `reception@${DOMAIN}` } });
  expect(scene.mail.host.messages).toEqual([]);
  const { ending, data } = await mails(share());
  expect(ending).toBe('done');
  const { reference, disclosure } = data as { reference: string; disclosure: string };
  const [message, ...more] = scene.mail.host.messages;
  expect(more).toEqual([]);
  const { headers, parts } = read(Buffer.from(message as string, 'latin1'));
  expect(headers).toMatchObject({ From: 'safeguarding-lead@st-brigid-primary.example', To: `reception@${DOMAIN}`, Subject: `OFFICIAL-SENSITIVE wirral urgent ${reference}` });
  expect([...parts]).toEqual([['part-1.txt', Buffer.from(`${CANARY} came without a coat`)]]);
  expect(scene.mail.host.clear).not.toContain('MAIL FROM');
  const tls = { version: 'tls-1.3', authentication: 'mta-sts', policy: '20261128T1', certificate: expect.stringMatching(/^[0-9a-f]{64}$/) };
  expect(await scene.entries(scene.school.agency, { kind: 'disclosed', share: disclosure })).toEqual([expect.objectContaining({ compliant: true, route: expect.objectContaining({ by: 'tls-domain', tls: expect.objectContaining(tls) }) })]);
  expect(await scene.entries(SURGERY.agency, { kind: 'disclosure-announced', share: disclosure })).toEqual([expect.objectContaining({ from: scene.school.agency, categories: ['health'] })]);
  const tables = await scene.sql<{ octets: Buffer }>('select octets from waybill.disclosure');
  expect(Buffer.concat(tables.map(({ octets }) => octets)).toString()).not.toContain('Quillfeather');
  expect(readdirSync(join(folder, 'home', 'mailed'))).toEqual([]);
});

test.each<[string, () => Promise<unknown>, (text: string) => string, string]>([
  ['where the recipient has a key', () => Promise.resolve(), (text) => text.replace('/reception', '/safeguarding'), 'STRONGER_CHANNEL_AVAILABLE'],
  ['where the sender’s own domain is not secure', () => scene.sql(`update waybill.mail_domain set lapsed_at = now() where agency = $1`, [scene.school.agency]), (text) => text, 'TLS_BELOW_MINIMUM'],
  ['where the recipient’s domain has lapsed', async () => {
    scene.mail.host.behaviour = { ...scene.mail.host.behaviour, stripped: true };
    await scene.looked();
  }, (text) => text, 'TLS_BELOW_MINIMUM'],
])('WIR CH-02, CH-03: nothing is mailed %s', async (_where, first, change, code) => {
  await first();
  const { ending, data } = await mails(share(change));
  expect([ending, (data as { reasons: { code: string }[] }).reasons.map((reason) => reason.code)]).toEqual(['refused', expect.arrayContaining([code])]);
  expect(scene.mail.host.messages).toEqual([]);
});

test('M3: the host is looked at again when it is mailed, whatever was found before: nothing goes to one that shows another certificate, and nothing is recorded', async () => {
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, tls: mailCertificate(mailAuthority(), { hosts: [HOST] }) };
  const before = await scene.entries(scene.school.agency, { kind: 'disclosed' });
  expect(await mails(share())).toMatchObject({ ending: 'waits', data: { fault: 'no-tls' }, text: expect.stringContaining('NOT mailed') });
  expect([scene.mail.host.messages, await scene.entries(scene.school.agency, { kind: 'disclosed' })]).toEqual([[], before]);
});

test('through the agency’s own relay it goes the same, and the record says that the relay answers for the rest', async () => {
  const { data } = await mails(share(), { relay: HOST });
  expect(scene.mail.host.messages).toHaveLength(1);
  expect((await scene.entries(scene.school.agency, { kind: 'disclosed', share: (data as { disclosure: string }).disclosure }))[0]).toMatchObject({ route: { tls: { authentication: 'relay' } } });
});

test('what was mailed and could not be recorded is kept until it is', async () => {
  const restore = await scene.trouble('before insert on waybill.disclosure for each row', `raise exception 'not now'`);
  await expect(mails(share())).rejects.toBeDefined();
  expect(scene.mail.host.messages).toHaveLength(1);
  const reference = /waybill mail record ([0-9a-f-]{36})/.exec(said.err)?.[1] as string;
  expect(existsSync(join(folder, 'home', 'mailed', `${reference}.json`))).toBe(true);
  await restore();
  const home = await openHome(io(), undefined);
  const { ending, data } = await recordMailed(io(), home, reference);
  expect(ending).toBe('done');
  expect(await scene.entries(scene.school.agency, { kind: 'disclosed', share: (data as { disclosure: string }).disclosure })).toHaveLength(1);
  await expect(recordMailed(io(), home, reference)).rejects.toThrow('nothing that was mailed');
  home.partner.connection.close();
  expect(scene.mail.host.messages).toHaveLength(1);
});

test('what is wrong is told before anything is asked', async () => {
  const desk = (...args: string[]) => atDesk(['mail', 'send', ...args], { cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, 'home') }, now: () => scene.world.clock.now() });
  for (const args of [[share(), '--resolver', 'localhost'], [share(), '--relay', 'not a host'], [share(), '--name', 'x'], ['nowhere.yaml']]) expect((await desk(...args)).exit).toBe(2);
  const two = share((text) => `${text}  - to: merebrook-council/front-door\n    parts: { part-1: assesses-referral }\n`);
  expect(await desk(two, '--name', 'mail.school.example')).toMatchObject({ exit: 2, err: expect.stringContaining('one recipient') });
});
