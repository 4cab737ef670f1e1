import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { REPORT_AGAIN_MS } from '#directory/tls-reports';
import type { TlsSession } from '#mail/tls/sessions';
import { DAY, HOUR } from '#platform/clock';
import { atDesk, operatorsEnv } from '../world/desk';
import { mailAuthority, mailCertificate } from '../world/mail-certificates';
import { daneEe, DOMAIN, FROM, HOST, LETTER, policyText, TO } from '../world/mail-domain';
import { eventually } from '../world/partnership';
import { MailScene, read } from './by-mail';

// RFC 8460: a domain that wants to know is told how TLS with it went, day by day; and what others say of it is read, believed of nobody, and looked into.

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
let scene: MailScene;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wb-'));
  scene = await MailScene.open({}, { selector: 'tlsrpt1', key: privateKey });
});
afterAll(async () => {
  await scene.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await scene.secure();
  // A day of mail lies within one day of UTC, however late it begins.
  const left = DAY - (scene.world.clock.now().getTime() % DAY);
  if (left < HOUR) scene.world.clock.advance(left);
  // What another test left waiting is tried in none but its own.
  await nothingWaits();
  await scene.sql('delete from waybill.tls_count');
  await scene.sql('delete from waybill.tls_report');
  await scene.sql('delete from waybill.tls_heard');
});

const asks = (rua: string): void => scene.mail.names.set(`_smtp._tls.${DOMAIN}`, 'TXT', { data: [`v=TLSRPTv1; rua=${rua}`] });
const HTTPS = `https://mta-sts.${DOMAIN}/reports`;
const ended = () => eventually(async () => (await scene.sql<{ ended: string | null; attempt: number }>('select ended, attempt from waybill.tls_report'))[0]?.ended);

/** A day of mail: one that goes, one that meets a certificate that ran out. What is counted of it. */
async function day(): Promise<void> {
  await scene.inState((await scene.mails()).id, 'sent');
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, tls: mailCertificate(scene.mail.authority, { hosts: [HOST], days: -1 }) };
  const { id } = await scene.mails();
  await eventually(async () => (await scene.ofTransfer(id)).events.some(({ kind }) => kind === 'deferred'));
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, tls: scene.mail.certificate };
  await eventually(async () => (await scene.sql<{ n: number }>('select sum(sessions)::int as n from waybill.tls_count'))[0]?.n === 2);
}
/** Mail that waits would be tried again the next day, and counted there. */
const nothingWaits = () => scene.sql(`update waybill.mailing set ended_at = now(), ended = 'overtaken' where ended_at is null`);
/** It is over, and what was still to go is not tried again. */
async function over(): Promise<void> {
  await nothingWaits();
  scene.world.clock.advance(DAY + HOUR);
}

test.each<[string, () => void, string[]]>([
  ['all is well', () => undefined, ['sts held']],
  ['it takes no mail, over good TLS', () => (scene.mail.host.behaviour = { ...scene.mail.host.behaviour, replies: { RCPT: '550 5.1.1 no\r\n' } }), ['sts held']],
  ['STARTTLS is taken out', () => scene.mail.host.reset({ tls: scene.mail.certificate, stripped: true }), ['sts starttls-not-supported']],
  ['the certificate is for another name', () => scene.mail.host.reset({ tls: mailCertificate(scene.mail.authority, { hosts: ['mx2.merebrook.example'] }) }), ['sts certificate-host-mismatch']],
  ['the certificate ran out', () => scene.mail.host.reset({ tls: mailCertificate(scene.mail.authority, { hosts: [HOST], days: -1 }) }), ['sts certificate-expired']],
  ['nobody vouches for the certificate', () => scene.mail.host.reset({ tls: mailCertificate(mailAuthority(), { hosts: [HOST] }) }), ['sts certificate-not-trusted']],
  ['TLS 1.1 is its best', () => scene.mail.host.reset({ tls: { ...scene.mail.certificate, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } }), ['sts validation-failure']],
  ['MX names a host that the policy does not know', () => scene.mail.names.set(DOMAIN, 'MX', { data: [{ preference: 10, exchange: 'mx.elsewhere.example' }] }), ['sts validation-failure']],
  ['the policy is not there', () => (scene.mail.policy = { status: 404, text: '' }), ['sts sts-policy-fetch-error']],
  ['the policy cannot be read', () => (scene.mail.policy = { status: 200, text: `${policyText()}mode: none\r\n` }), ['sts sts-policy-invalid']],
  ['keys in DNS do not validate', () => scene.mail.names.set(`_25._tcp.${HOST}`, 'TLSA', { rcode: 'SERVFAIL' }), ['tlsa dnssec-invalid']],
  ['keys in DNS are of another', () => {
    scene.mail.names.set(DOMAIN, 'MX', { data: [{ preference: 10, exchange: HOST }], secure: true });
    scene.mail.names.set(`_25._tcp.${HOST}`, 'TLSA', { data: [daneEe(mailAuthority().cert)], secure: true });
  }, ['tlsa tlsa-invalid']],
  ['the policy is only tried out', () => (scene.mail.policy = { status: 200, text: policyText({ mode: 'testing' }) }), ['sts validation-failure']],
  ['nothing listens there', () => scene.mail.names.set(HOST, 'A', { rcode: 'NXDOMAIN' }), []],
])('where %s, a try at TLS counts as what RFC 8460 calls it', async (_what, bend, expected) => {
  bend();
  const found: TlsSession[] = [];
  await scene.mail.mailer().deliver({ from: FROM, to: TO, octets: LETTER, counts: (sessions) => found.push(...sessions) });
  expect(found.map(({ policy, result = 'held' }) => `${policy} ${result}`)).toEqual(expected);
});

test('a domain that names a place over HTTPS is told of the day there, once it is over: counts, policies and hosts, and nobody’s name', async () => {
  asks(HTTPS);
  const about = new Date(scene.world.clock.now()).toISOString().slice(0, 10);
  await day();
  expect(scene.mail.posted).toEqual([]);
  await over();
  expect(await ended()).toBe('told');
  const [posted, ...more] = scene.mail.posted;
  expect([posted?.type, more]).toEqual(['application/tlsrpt+gzip', []]);
  const text = gunzipSync(posted?.octets as Buffer).toString();
  expect(JSON.parse(text)).toEqual({
    'organization-name': 'waybill.example', 'date-range': { 'start-datetime': `${about}T00:00:00Z`, 'end-datetime': `${about}T23:59:59Z` }, 'contact-info': 'no-reply@waybill.example', 'report-id': `${about}.${DOMAIN}@waybill.example`,
    policies: [{
      policy: { 'policy-type': 'sts', 'policy-string': ['version: STSv1', 'mode: enforce', `mx: ${HOST}`, 'max_age: 604800'], 'policy-domain': DOMAIN, 'mx-host': [HOST] },
      summary: { 'total-successful-session-count': 1, 'total-failure-session-count': 1 }, 'failure-details': [{ 'result-type': 'certificate-expired', 'receiving-mx-hostname': HOST, 'failed-session-count': 1 }],
    }],
  });
  expect(text.replaceAll('no-reply@waybill.example', '').match(/[^"]*@[^"]*/g)).toEqual([`${about}.${DOMAIN}@waybill.example`]);
});

test('or by mail, as RFC 8460, 5.3, has it, signed so that a program of somebody else’s finds it good; and to a host that proves itself', async () => {
  asks(`mailto:tls@${DOMAIN}`);
  await day();
  const before = scene.mail.host.messages.length;
  await over();
  expect(await ended()).toBe('told');
  const message = scene.mail.host.messages.slice(before).find((each) => each.includes('tlsrpt')) as string;
  const { headers, parts } = read(Buffer.from(message, 'latin1'));
  expect(headers).toMatchObject({ From: 'no-reply@waybill.example', To: `tls@${DOMAIN}`, 'TLS-Report-Domain': DOMAIN, 'TLS-Report-Submitter': 'waybill.example', Subject: expect.stringMatching(/^Report Domain: merebrook\.example Submitter: waybill\.example Report-ID: </) });
  expect(headers['Content-Type']).toMatch(/^multipart\/report; report-type="tlsrpt"/);
  const [name] = [...parts.keys()].filter((each) => each !== '');
  expect(name).toMatch(/^waybill\.example!merebrook\.example!\d+!\d+\.json\.gz$/);
  expect(JSON.parse(gunzipSync(parts.get(name as string) as Buffer).toString())).toMatchObject({ policies: [{ summary: { 'total-failure-session-count': 1 } }] });
  expect(scene.mail.host.clear).not.toContain('MAIL FROM');
  const verify = (octets: string): string => execFileSync('/usr/bin/python3', ['-c', 'import sys, dkim; print(dkim.verify(sys.stdin.buffer.read(), tlsrpt=True, dnsfunc=lambda name, timeout=5: sys.argv[1].encode() if name == b"tlsrpt1._domainkey.waybill.example." else None))', `v=DKIM1; k=rsa; s=tlsrpt; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`], { input: Buffer.from(octets, 'latin1') }).toString().trim();
  expect([verify(message), verify(message.replace('Report Domain', 'Report domain')), verify(message.replace('An aggregate', 'No aggregate'))]).toEqual(['True', 'False', 'False']);
  // What is told of TLS is no mail that TLS is counted of.
  expect(await scene.sql('select domain from waybill.tls_count where day > (select min(day) from waybill.tls_report)')).toEqual([]);
});

test.each([['names no place', undefined], ['names one that is not to be reached', 'http://merebrook.example/']])('a domain that %s is told nothing', async (_what, rua) => {
  if (rua !== undefined) asks(rua);
  await scene.inState((await scene.mails()).id, 'sent');
  await eventually(async () => (await scene.sql('select from waybill.tls_count')).length === 1);
  await over();
  expect(await ended()).toBe('not-asked-for');
  expect(scene.mail.posted).toEqual([]);
});

test('a place that takes nothing is tried again, longer and longer, for a day, and then given up', async () => {
  asks(HTTPS);
  await scene.inState((await scene.mails()).id, 'sent');
  await eventually(async () => (await scene.sql('select from waybill.tls_count')).length === 1);
  scene.mail.postedStatus = 503;
  await over();
  for (const [i, wait] of REPORT_AGAIN_MS.entries()) {
    await eventually(async () => scene.mail.posted.length === i + 1 && (await scene.sql('select from waybill.tls_report where attempt = $1 and leased_until is null', [i + 1])).length === 1);
    scene.world.clock.advance(wait);
  }
  expect(await ended()).toBe('given-up');
  expect(scene.mail.posted).toHaveLength(REPORT_AGAIN_MS.length + 1);
});

const report = (domain: string, { failed = 3, id = 'r-1' }: { failed?: number; id?: string } = {}): Buffer => Buffer.from(JSON.stringify({
  'organization-name': 'Somebody Ltd', 'date-range': { 'start-datetime': scene.world.clock.now().toISOString().replace(/\.\d+/, ''), 'end-datetime': scene.world.clock.now().toISOString() }, 'contact-info': 'x@somebody.example', 'report-id': id,
  policies: [{ policy: { 'policy-type': 'sts', 'policy-domain': domain }, summary: { 'total-successful-session-count': 5, 'total-failure-session-count': failed }, ...(failed > 0 ? { 'failure-details': [{ 'result-type': 'certificate-expired', 'failed-session-count': failed }] } : {}) }],
}));
const desk = (...args: string[]) => atDesk(['domain', 'reports', ...args], { cwd: folder, env: operatorsEnv(scene.world), now: () => scene.world.clock.now() });
const lines = async (...args: string[]) => ((await desk(...args, '--json')).json as { lines: { about: string; colour: string; says: string; fix?: string }[] }).lines;

test('a report in a file is told by kind of failure, with what mends it; one that cannot be read is refused with what is wrong with it', async () => {
  writeFileSync(join(folder, 'bad.json'), report('waybill.example'));
  writeFileSync(join(folder, 'good.json'), report('waybill.example', { failed: 0, id: 'r-2' }));
  writeFileSync(join(folder, 'none.json'), '{"policies":[]}');
  expect(await desk('bad.json')).toMatchObject({ exit: 1, out: expect.stringMatching(/^red {4}waybill\.example: MTA-STS: 3 times the certificate had run out \(certificate-expired\)\n {7}Renew the certificate/) });
  expect(await desk('good.json')).toMatchObject({ exit: 0, out: expect.stringMatching(/TLS held 5 times/) });
  expect(await desk('none.json')).toMatchObject({ exit: 2, err: expect.stringMatching(/none\.json: it is no report on TLS .*\(at date-range\)[\s\S]*Next: /) });
  // The same report named twice is one.
  expect(await lines('bad.json', 'bad.json')).toEqual([expect.objectContaining({ says: expect.stringMatching(/: 3 times/) })]);
});

test('a report that was kept has the courier look at the domain, and what that finds counts: a report alone lapses nothing and opens no duty', async () => {
  const duties = (await scene.duties('mend-domain')).length;
  const looks = async () => (await scene.sql<{ n: number }>('select count(*)::int as n from waybill.mail_posture'))[0]?.n as number;
  const before = await looks();
  writeFileSync(join(folder, 'theirs.json'), report(DOMAIN));
  expect((await desk('theirs.json', '--keep')).exit).toBe(1);
  await eventually(async () => (await looks()) > before);
  expect([await scene.domain(), (await scene.duties('mend-domain')).length]).toEqual([expect.objectContaining({ lapsed_at: null }), duties]);
  // The same once more counts once.
  await desk('theirs.json', '--keep');
  expect(await lines()).toEqual([expect.objectContaining({ about: DOMAIN, colour: 'red', says: expect.stringMatching(/^MTA-STS: 3 times/) })]);
  // And where it is so, the co-ordinator has the duty that a look opens.
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, stripped: true };
  writeFileSync(join(folder, 'more.json'), report(DOMAIN, { id: 'r-9' }));
  await desk('more.json', '--keep');
  await eventually(async () => (await scene.duties('mend-domain')).length > duties);
});

test('of no domain that mail comes to, nothing is kept of what a mail says', async () => {
  expect((await lines())).toEqual([]);
  expect((await desk()).out).toMatch(/Nobody has reported/);
});
