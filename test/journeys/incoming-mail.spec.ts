import { chmodSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { bounceAddress } from '#exchange/bounces';
import { run } from '../../apps/cli/run';
import { DOMAIN, HOST } from '../world/mail-domain';
import { atDesk, operatorsEnv } from '../world/desk';
import { eventually } from '../world/partnership';
import { Programs } from '../witness/programs';
import { MailScene, read, SENDER, SURGERY } from './by-mail';

// What comes back by mail: a partner's mail system says what became of a message, and whoever reads it acknowledges it, signed. The relay of the house hands
// it to `waybill mail take`.

let scene: MailScene;
let programs: Programs;
let key: string;

beforeAll(async () => {
  scene = await MailScene.open();
  programs = new Programs();
  programs.gpg(['--import'], scene.surgery.keys('safeguarding').secret);
  key = programs.file('07'.repeat(32));
  chmodSync(key, 0o600);
});
afterAll(async () => {
  programs.end();
  await scene.close();
});
beforeEach(() => scene.secure());

async function sent(): Promise<{ id: string; transfer: string }> {
  const share = await scene.mails();
  await scene.inState(share.id, 'sent');
  return share;
}

/** As Postfix hands a message over: the envelope's recipient as an argument, the message on stdin. */
async function take(recipient: string, message: string | Buffer, env: Record<string, string> = {}): Promise<{ exit: number; out: string }> {
  let out = '';
  const { host, database } = scene.world.db.address;
  const exit = await run(['mail', 'take', '--recipient', recipient], {
    out: (text) => void (out += text), err: (text) => void (out += text), outOctets: () => undefined, input: () => Promise.resolve(Buffer.from(message)), watched: false, cwd: process.cwd(), now: () => scene.world.clock.now(),
    env: { WAYBILL_DATABASE_HOST: host, WAYBILL_DATABASE_NAME: database, WAYBILL_MAIL_FROM: 'no-reply@waybill.example', WAYBILL_MAIL_KEY_FILE: key, WAYBILL_AGREEMENTS: `${process.cwd()}/deploy/agreements`, ...env },
  });
  return { exit, out };
}

/** RFC 3464, as Postfix writes it. */
const report = ({ action = 'failed', status = '5.1.1', type = 'report; report-type=delivery-status', more = '' }: { action?: string; status?: string; type?: string; more?: string } = {}): string =>
  ['From: <MAILER-DAEMON@mx1.merebrook.example>', 'To: <b@waybill.example>', 'Subject: Undelivered Mail Returned to Sender', 'MIME-Version: 1.0', `Content-Type: multipart/${type};`, '\tboundary="b1"', '', '--b1', 'Content-Type: text/plain', '', 'I am sorry to have to inform you', '',
    '--b1', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx1.merebrook.example', 'X-Postfix-Queue-ID: 4F1', '', `Final-Recipient: rfc822; safeguarding@${DOMAIN}`, `Action: ${action}`, `Status: ${status}`, 'Diagnostic-Code: smtp; 550', ' no such user', more, '',
    '--b1', 'Content-Type: text/rfc822-headers', '', 'Subject: OFFICIAL-SENSITIVE', '', '--b1--', ''].join('\r\n');

const words = (out: string): string => out.split(':')[0] ?? '';

test('M12: a mail system that took it says later that it could not deliver it: the transfer ends, and its sender is told, once', async () => {
  const { id, transfer } = await sent();
  expect(await take(bounceAddress(SENDER, transfer), report())).toEqual({ exit: 0, out: expect.stringMatching(/^undeliverable: /) });
  expect(words((await take(bounceAddress(SENDER, transfer), report())).out)).toBe('nothing');
  const told = await scene.inState(id, 'undeliverable');
  expect(told.endReason).toBe('mail-came-back');
  expect(told.events.filter(({ kind }) => kind !== 'payload-removed').slice(-2)).toEqual([expect.objectContaining({ kind: 'mail-came-back', detail: '5.1.1' }), expect.objectContaining({ kind: 'undeliverable' })]);
  expect(await scene.entries(scene.school.agency, { kind: 'share-undeliverable', share: id })).toEqual([expect.objectContaining({ transfer, reason: 'mail-came-back' })]);
  expect((await scene.duties('share-otherwise')).filter((duty) => duty.transfer === transfer)).toHaveLength(1);
});

test.each([
  ['that it is late', { action: 'delayed', status: '4.4.7' }, 'mail-delayed'],
  ['that it was delivered, which acknowledges nothing', { action: 'delivered', status: '2.0.0' }, 'mail-delivered'],
  ['that it failed for now', { action: 'failed', status: '4.4.7' }, 'mail-failed'],
])('what a mail system says %s stands in the timeline and moves nothing', async (_what, fate, kind) => {
  const { id, transfer } = await sent();
  expect(words((await take(bounceAddress(SENDER, transfer), report(fate))).out)).toBe('noted');
  const told = await scene.ofTransfer(id);
  expect([told.state, told.events.at(-1)]).toEqual(['sent', expect.objectContaining({ kind, detail: fate.status })]);
  expect(await scene.entries(scene.school.agency, { kind: 'share-acknowledged', share: id })).toEqual([]);
});

test('M13: a forged report moves nothing: whoever was not sent the mail cannot make its address, and what it says of itself counts for nothing', async () => {
  const [one, other] = [await sent(), await sent()];
  const address = bounceAddress(SENDER, one.transfer);
  const forged = [
    bounceAddress({ ...SENDER, bounceKey: Buffer.alloc(32, 8) }, one.transfer),
    address.replace(/-[0-9a-f]{20}@/, `-${'0'.repeat(20)}@`),
    address.replace(one.transfer.replaceAll('-', ''), other.transfer.replaceAll('-', '')),
    address.replace('@waybill.example', '@elsewhere.example'),
    `b-@waybill.example`, 'b-1@waybill.example',
  ];
  for (const recipient of forged) expect([recipient, words((await take(recipient, report())).out)]).toEqual([recipient, 'forged']);
  // To the right address, and still no report of a failure: an answer of somebody who is away, a text that quotes one, one that says two things.
  const quoted = report().replace('multipart/report; report-type=delivery-status;', 'multipart/mixed;');
  for (const message of [quoted, report({ type: 'report; report-type=disposition-notification' }), report({ more: `\r\nFinal-Recipient: rfc822; x@y.example\r\nAction: delivered\r\nStatus: 2.0.0` }), 'Subject: I am on leave\r\n\r\nuntil Monday\r\n', '', report({ action: 'exploded' })]) {
    expect(words((await take(address, message)).out)).toBe('nothing');
  }
  expect((await Promise.all([one, other].map(({ id }) => scene.ofTransfer(id)))).map(({ state }) => state)).toEqual(['sent', 'sent']);
});

test('only what was mailed comes back: a report about what lies in a mailbox moves nothing', async () => {
  const { share, receipt } = await scene.send();
  const { transfer } = receipt.transfers[0] as { transfer: string };
  await scene.inState(share.id, 'available');
  expect(words((await take(bounceAddress(SENDER, transfer), report())).out)).toBe('nothing');
  expect((await scene.ofTransfer(share.id)).state).toBe('available');
});

/** A statement as docs/protocol.md has it written with gpg, and the mail that a reader answers with. */
function answer(statement: object, signWith: readonly string[], { name = 'statement.json' } = {}): string {
  const octets = Buffer.from(JSON.stringify(statement));
  const signature = programs.gpg([...signWith, '--detach-sign', '--armor'], octets);
  const file = (fileName: string, type: string, content: Buffer) => ['--b2', `Content-Type: ${type}; name="${fileName}"`, 'Content-Transfer-Encoding: base64', `Content-Disposition: attachment; filename="${fileName}"`, '', ...(content.toString('base64').match(/.{1,76}/g) ?? []), ''];
  return ['From: <safeguarding@merebrook.example>', 'To: <no-reply@waybill.example>', 'Subject: Re: OFFICIAL-SENSITIVE', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="b2"', '', '--b2', 'Content-Type: text/plain', '', 'Thank you.', '',
    ...file(name, 'application/json', octets), ...file(`${name}.asc`, 'application/pgp-signature', signature), '--b2--', ''].join('\r\n');
}
const stating = async (share: string, transfer: string, more: object = {}) => ({
  format: 'waybill-statement/1', kind: 'acknowledged', share, transfer, by: { agency: SURGERY.agency, contact: 'safeguarding' }, at: scene.world.clock.now().toISOString(),
  manifestDigest: (await scene.sql<{ manifest_digest: string }>('select manifest_digest from waybill.share where id = $1', [share]))[0]?.manifest_digest, ...more,
});
const own = () => ['--local-user', scene.surgery.keys('safeguarding').certificate.fingerprint];

test('RC-03: a reader that runs no client acknowledges with gpg and an answer by mail: the transfer is complete, in both registers', async () => {
  const { id, transfer } = await sent();
  const message = answer(await stating(id, transfer), own());
  expect(await take('no-reply@waybill.example', message)).toEqual({ exit: 0, out: expect.stringMatching(/^stated: /) });
  expect(words((await take('no-reply@waybill.example', message)).out)).toBe('stated');
  await scene.inState(id, 'acknowledged');
  expect(await scene.entries(SURGERY.agency, { kind: 'share-received', share: id })).toEqual([expect.objectContaining({ transfer, from: scene.school.agency })]);
  expect(await scene.entries(scene.school.agency, { kind: 'share-acknowledged', share: id })).toHaveLength(1);
  // What ended needs no octet kept.
  await eventually(async () => (await scene.sql('select from waybill.wrapped_key where transfer = $1', [transfer])).length === 0);
});

test('it says that it opened it, and gives it back, likewise', async () => {
  const [opened, returned] = [await sent(), await sent()];
  expect(words((await take('no-reply@waybill.example', answer(await stating(opened.id, opened.transfer, { kind: 'opened', parts: [{ name: 'part-1', author: 'bound' }] }), own(), { name: 'statement-1.json' }))).out)).toBe('stated');
  expect(await scene.entries(SURGERY.agency, { kind: 'share-opened', share: opened.id })).toHaveLength(1);
  expect(words((await take('no-reply@waybill.example', answer(await stating(returned.id, returned.transfer, { kind: 'returned', reason: 'not-for-us' }), own()))).out)).toBe('stated');
  expect((await scene.inState(returned.id, 'returned')).endReason).toBe('not-for-us');
});

test('M13: a statement counts by its signature alone: a stranger’s, another agency’s, another transfer’s or a changed one moves nothing, and is never sent back', async () => {
  const { id, transfer } = await sent();
  const stranger = programs.gpgKey('stranger');
  const school = programs.gpg(['--import'], scene.school.keys().secret) && scene.school.keys().certificate.fingerprint;
  const good = await stating(id, transfer);
  const messages = [
    answer(good, ['--local-user', stranger]),
    answer(good, ['--local-user', school]),
    answer({ ...good, manifestDigest: '0'.repeat(64) }, own()),
    answer({ ...good, kind: 'recalled', reason: 'sent-in-error' }, own()),
    answer(good, own()).replace('"b2"', '"b2"').replace(Buffer.from(JSON.stringify(good)).toString('base64').slice(0, 60), Buffer.from(JSON.stringify({ ...good, kind: 'returned' })).toString('base64').slice(0, 60)),
    answer(good, own()).replaceAll('statement.json.asc', 'another.json.asc'),
    answer({ nothing: true }, own()),
  ];
  for (const message of messages) {
    const { exit, out } = await take('no-reply@waybill.example', message);
    expect([exit, words(out)]).toEqual([0, expect.stringMatching(/^(refused|nothing)$/)]);
    expect(out).not.toContain(SURGERY.agency);
  }
  expect((await scene.ofTransfer(id)).state).toBe('sent');
});

test('what cannot be recorded now, or not with these settings, the relay keeps and brings again', async () => {
  const { transfer } = await sent();
  expect(await take(bounceAddress(SENDER, transfer), report(), { WAYBILL_DATABASE_NAME: 'nowhere' })).toEqual({ exit: 75, out: expect.stringMatching(/^not now/) });
  expect(await take(bounceAddress(SENDER, transfer), report(), { WAYBILL_MAIL_KEY_FILE: '/nowhere' })).toEqual({ exit: 75, out: expect.stringContaining('WAYBILL_MAIL_KEY_FILE') });
  expect(await take(bounceAddress(SENDER, transfer), report(), { WAYBILL_AGREEMENTS: '/nowhere' })).toEqual({ exit: 75, out: expect.stringContaining('WAYBILL_AGREEMENTS') });
  expect(await take(bounceAddress(SENDER, transfer), report(), { WAYBILL_MAIL_FROM: 'nobody' })).toEqual({ exit: 75, out: expect.stringContaining('WAYBILL_MAIL_FROM') });
});

test('a host that offers to report is asked for bad news alone, and not for the message back', async () => {
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, extensions: ['SIZE 0', 'DSN'] };
  await sent();
  expect(scene.mail.host.commands.find((line) => line.startsWith('MAIL'))).toMatch(/ RET=HDRS$/);
  expect(scene.mail.host.commands.find((line) => line.startsWith('RCPT'))).toBe(`RCPT TO:<safeguarding@${DOMAIN}> NOTIFY=FAILURE,DELAY`);
  expect(read(Buffer.from(scene.mail.host.messages[0] as string, 'latin1')).headers['To']).toBe(`safeguarding@${DOMAIN}`);
});

test('WIR CH-01: the co-ordinator records which hosts are a domain’s, and sees of each domain how it was found, those first that are not secure', async () => {
  const desk = (...args: string[]) => atDesk(args, { cwd: programs.folder, env: operatorsEnv(scene.world), now: () => scene.world.clock.now() });
  const recorded = await desk('domain', 'record', SURGERY.agency, DOMAIN.toUpperCase(), '--host', HOST.toUpperCase());
  expect([recorded.exit, recorded.out]).toEqual([0, expect.stringContaining(`${DOMAIN} is recorded`)]);
  const { json } = await desk('domain', 'list', '--agency', SURGERY.agency, '--json');
  expect(json.domains).toEqual([expect.objectContaining({ agency: SURGERY.agency, domain: DOMAIN, hosts: [HOST], secure: true, tls: '1.3' })]);
  expect((await desk('directory', 'show', SURGERY.agency)).out).toContain(`mail ${DOMAIN}  secure, TLS 1.3`);
  // What was recorded has it looked at: that look is over before its DNS says something else.
  await scene.looked();
  scene.mail.names.set(DOMAIN, 'MX', { data: [] });
  await scene.looked();
  const { out } = await desk('domain', 'list');
  expect(out.split('\n')[0]).toMatch(/NOT SECURE since .*: the domain names no host that takes mail; recorded mx1\.merebrook\.example$|NOT SECURE/);
  expect(out).toContain(`${SURGERY.agency}  ${DOMAIN}  NOT SECURE since ${scene.world.clock.now().toISOString().slice(0, 10)}: the domain names no host that takes mail`);
  expect((await desk('domain', 'record', SURGERY.agency, 'käse.example')).exit).toBe(2);
  expect((await desk('domain', 'record', SURGERY.agency, DOMAIN, '--host', 'not a host')).exit).toBe(2);
  expect((await desk('domain', 'record', 'nobody', DOMAIN)).exit).toBe(2);
  expect((await scene.entries(SURGERY.agency, { kind: 'party-changed' })).some(({ change }) => change === 'mail-domain-recorded')).toBe(true);
});

/** RFC 8460, 5.3, as a mail provider sends it. */
const onTls = (domain: string, { type = 'report; report-type="tlsrpt"', failed = 1 }: { type?: string; failed?: number } = {}): string => {
  const now = scene.world.clock.now().toISOString();
  const json = { 'organization-name': 'Somebody Ltd', 'date-range': { 'start-datetime': now, 'end-datetime': now }, 'contact-info': 'x@somebody.example', 'report-id': `${domain} ${failed}`, policies: [{ policy: { 'policy-type': 'sts', 'policy-domain': domain }, summary: { 'total-successful-session-count': 9, 'total-failure-session-count': failed }, 'failure-details': [{ 'result-type': 'certificate-expired', 'failed-session-count': failed }] }] };
  return ['From: <noreply@somebody.example>', 'To: <no-reply@waybill.example>', 'Subject: Report Domain: x', 'MIME-Version: 1.0', `Content-Type: multipart/${type}; boundary="b1"`, '', '--b1', 'Content-Type: text/plain', '', 'A report', '', '--b1', 'Content-Type: application/tlsrpt+gzip; name="r.json.gz"', 'Content-Transfer-Encoding: base64', '', gzipSync(JSON.stringify(json)).toString('base64'), '--b1--', ''].join('\r\n');
};

test('a report on TLS about our own domain, or one of the directory’s, is kept for the operator, and has a domain of the directory looked at', async () => {
  const looks = async () => (await scene.sql<{ n: number }>('select count(*)::int as n from waybill.mail_posture'))[0]?.n as number;
  const before = await looks();
  expect(words((await take('no-reply@waybill.example', onTls('waybill.example'))).out)).toBe('heard');
  expect(words((await take('no-reply@waybill.example', onTls('waybill.example'))).out)).toBe('nothing');
  expect(words((await take('no-reply@waybill.example', onTls(DOMAIN))).out)).toBe('heard');
  await eventually(async () => (await looks()) > before);
  expect(await scene.domain()).toMatchObject({ lapsed_at: null });
  const said = await atDesk(['domain', 'reports'], { cwd: programs.folder, env: operatorsEnv(scene.world), now: () => scene.world.clock.now() });
  expect(said).toMatchObject({ exit: 1, out: expect.stringMatching(/^red {4}merebrook\.example: MTA-STS: 1 times .*\n.*\nred {4}waybill\.example: /) });
  expect(said.out).not.toMatch(/somebody/i);
});

test.each([['about somebody else’s domain', () => onTls('elsewhere.example')], ['that is no such report', () => onTls('waybill.example', { type: 'mixed', failed: 2 })], ['that counts wrongly', () => onTls('waybill.example', { failed: -1 })]])('a report on TLS %s is passed over', async (_what, message) => {
  expect(words((await take('no-reply@waybill.example', message())).out)).toBe('nothing');
});
