import { createHash, X509Certificate } from 'node:crypto';
import { RETRIES } from '#mail/retries';
import { open } from '#envelope/sealing';
import { DAY, HOUR, MINUTE, SECOND } from '#platform/clock';
import { mailAuthority, mailCertificate } from '../world/mail-certificates';
import { DOMAIN, HOST, policyText } from '../world/mail-domain';
import { eventually } from '../world/partnership';
import { Openssl } from '../witness/openssl';
import { Programs } from '../witness/programs';
import { bindSmime } from '../world/smime';
import { MailScene, NOTE, read, SURGERY } from './by-mail';
import { CANARY, FRONT_DOOR } from './referral';

// A partner that runs no client gets its shares by mail, sealed, at a domain that proves which hosts are its own: a real courier, a mail host over
// real TLS, and gpg as its reader has it.

let scene: MailScene;
let programs: Programs;

beforeAll(async () => {
  scene = await MailScene.open();
  programs = new Programs();
  programs.gpg(['--import'], scene.surgery.keys('safeguarding').secret);
});
afterAll(async () => {
  programs.end();
  await scene.close();
});
beforeEach(() => scene.secure());

test('WIR CH-01: it arrives sealed at the domain’s own host, and outside stands nothing but codes; its reader opens it with gpg and finds all that a mailbox would give', async () => {
  const { id, transfer, receipt } = await scene.mails();
  expect(receipt.transfers[0]).toMatchObject({ route: 'mail', protection: 'openpgp', recipient: { agency: SURGERY.agency, contact: 'safeguarding' } });
  await scene.inState(id, 'sent');
  const [message, ...more] = scene.mail.host.messages;
  expect(more).toEqual([]);
  expect(scene.mail.host.clear).not.toContain('MAIL FROM');
  expect(scene.mail.host.commands.find((command) => command.startsWith('RCPT'))).toBe(`RCPT TO:<safeguarding@${DOMAIN}>`);
  expect(scene.mail.host.commands.find((command) => command.startsWith('MAIL FROM'))).toMatch(/^MAIL FROM:<b-[0-9a-f]{32}-[0-9a-f]{20}@waybill\.example>/);
  const outside = read(Buffer.from(message as string, 'latin1'));
  expect(outside.headers).toMatchObject({ From: 'no-reply@waybill.example', To: `safeguarding@${DOMAIN}`, Subject: `OFFICIAL-SENSITIVE ${scene.world.agreement.id} routine ${transfer}`, 'Message-ID': `<${transfer}@waybill.example>` });
  const manifest = (await scene.sql<{ manifest: Buffer }>('select manifest from waybill.share where id = $1', [id]))[0]?.manifest as Buffer;
  const { purpose, lawfulBasis } = JSON.parse(manifest.toString()) as Record<string, string>;
  for (const word of [purpose, lawfulBasis, 'health', 'needToKnow', CANARY]) expect(message).not.toContain(word);

  const inner = read(programs.gpg(['--decrypt'], outside.parts.get('encrypted.asc') as Buffer));
  expect([...inner.parts.keys()]).toEqual(['provenance.jwt', 'manifest.json', 'manifest.sig', 'lines.json', 'part-1.pgp']);
  expect(inner.headers['Subject']).toBe(outside.headers['Subject']);
  expect(inner.parts.get('manifest.json')?.equals(manifest)).toBe(true);
  const opened = await open({ octets: inner.parts.get('part-1.pgp') as Buffer, keys: [scene.surgery.keys('safeguarding').key], author: scene.school.keys().certificate, manifest: id, part: 'part-1', at: scene.world.clock.now() });
  expect(opened.ok && Buffer.from(opened.octets).toString()).toBe(NOTE);
});

test('WIR CH-01, M12: that a mail host took it is no acknowledgement; both registers hold how it was protected on its way', async () => {
  const { id, transfer } = await scene.mails();
  const told = await scene.inState(id, 'sent');
  expect(told.events.map(({ kind }) => kind)).toEqual(['accepted', 'sending', 'sent']);
  const certificate = createHash('sha256').update(new X509Certificate(scene.mail.certificate.cert).raw).digest('hex');
  for (const controller of [SURGERY.agency, scene.school.agency]) {
    const [entry, ...more] = await scene.entries(controller, { kind: 'share-pushed', share: id });
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ transfer, route: 'mail', attempt: 1, status: 'taken', tls: { version: 'tls-1.3', certificate, authentication: 'mta-sts', policy: '20261128T1', dane: 'none', requireTls: false } });
    expect(await scene.entries(controller, { kind: 'share-received', share: id })).toEqual([]);
    expect(await scene.entries(controller, { kind: 'share-acknowledged', share: id })).toEqual([]);
  }
  expect((await scene.entries(SURGERY.agency, { kind: 'share-announced', share: id }))[0]).toMatchObject({ route: 'mail', protection: 'openpgp' });
});

test('a contact that collects here gets it in its mailbox, though its domain is as secure: the stronger way is taken', async () => {
  const { share, receipt } = await scene.send({ parts: [{ category: 'health', text: NOTE, to: { 'brook-lane-surgery/duty-doctor': 'works-with-person' } }] });
  expect(receipt.transfers[0]).toMatchObject({ route: 'mailbox' });
  await scene.inState(share.id, 'available');
  expect(scene.mail.host.messages).toEqual([]);
});

test('M12: a host that refuses for good is not asked again, and the sender is told once, and asked to share it otherwise', async () => {
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, replies: { RCPT: '550 5.1.1 no such mailbox\r\n' } };
  const { id, transfer } = await scene.mails();
  const told = await scene.inState(id, 'undeliverable');
  expect(told).toMatchObject({ endReason: 'refused', recipient: { agency: SURGERY.agency, contact: 'safeguarding' } });
  expect(told.events.filter(({ kind }) => kind === 'undeliverable')).toHaveLength(1);
  expect(scene.mail.host.commands.filter((command) => command.startsWith('RCPT'))).toHaveLength(1);
  expect(scene.mail.host.messages).toEqual([]);
  for (const controller of [SURGERY.agency, scene.school.agency]) expect(await scene.entries(controller, { kind: 'share-undeliverable', share: id })).toEqual([expect.objectContaining({ transfer, reason: 'refused', attempts: 1 })]);
  expect((await scene.duties('share-otherwise')).filter((duty) => duty.transfer === transfer)).toEqual([{ owner: scene.school.agency, owner_role: 'owner', closed_because: null, transfer, domain: null }]);
});

test('M11: a host that puts it off is tried again as the table has it, longer and longer, until it is given up: the sender is told exactly once', async () => {
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, replies: { RCPT: '451 4.7.1 try again later\r\n' } };
  const { id } = await scene.mails('emergency');
  interface Row { attempt: number; first_at: Date; due_at: Date; ended: string | null }
  const settled = (attempt: number) => eventually(async () => (await scene.sql<Row>(
    'select m.attempt, m.first_at, m.due_at, m.ended from waybill.mailing m join waybill.transfer t on t.id = m.transfer where t.share = $1 and m.leased_until is null and m.attempt >= $2', [id, attempt]))[0]);
  const waited: number[] = [];
  let row = await settled(1);
  for (; row.ended === null; row = await settled(row.attempt + 1)) {
    waited.push(row.due_at.getTime() - row.first_at.getTime());
    scene.world.clock.advance(row.due_at.getTime() - scene.world.clock.now().getTime() + 1);
  }
  const { after, thenEvery, givenUpAfter } = RETRIES.emergency;
  expect(waited.slice(0, after.length)).toEqual(after);
  expect(waited.slice(after.length).every((each, i) => each >= (waited[after.length + i - 1] as number) + thenEvery && each <= givenUpAfter)).toBe(true);
  expect(givenUpAfter - (waited.at(-1) as number)).toBeLessThan(2 * thenEvery);
  const told = await scene.inState(id, 'undeliverable');
  expect(told.endReason).toBe('refused-for-now');
  expect(told.events.filter(({ kind }) => kind === 'undeliverable')).toHaveLength(1);
  expect(told.events.filter(({ kind }) => kind === 'deferred')).toHaveLength(waited.length);
  expect(scene.mail.host.messages).toEqual([]);
  expect(await scene.entries(scene.school.agency, { kind: 'share-undeliverable', share: id })).toEqual([expect.objectContaining({ attempts: waited.length + 1 })]);
});

test('WIR CH-01: a domain that no longer holds lapses: nothing more is decided to go there, the co-ordinator has a duty, once; mended, it is closed and goes on', async () => {
  const before = (await scene.duties('mend-domain')).length;
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, tls: mailCertificate(mailAuthority(), { hosts: [HOST] }) };
  expect(await scene.looked()).toMatchObject({ fault: 'no-tls', lapsed_at: expect.any(Date) });
  await scene.looked();
  expect((await scene.duties('mend-domain')).slice(before)).toEqual([{ owner: SURGERY.agency, owner_role: 'coordinator', closed_because: null, transfer: null, domain: DOMAIN }]);
  const answer = await scene.school.submit(await scene.compose(scene.plan()));
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.json)).toContain('TLS_BELOW_MINIMUM');
  await scene.secure();
  expect((await scene.duties('mend-domain')).at(-1)).toMatchObject({ closed_because: 'mended' });
  await scene.inState((await scene.mails()).id, 'sent');
});

test('what was accepted before its domain lapsed is held, never sent weaker; when the domain is mended it goes', async () => {
  const release = await scene.holdQueue();
  const { id, transfer } = await scene.mails();
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, stripped: true };
  expect(await scene.looked()).toMatchObject({ fault: 'no-starttls' });
  await release();
  const told = await scene.inState(id, 'held');
  expect(told.events.at(-1)).toMatchObject({ kind: 'held', detail: 'domain-lapsed' });
  expect([scene.mail.host.messages, scene.mail.host.clear.includes('MAIL FROM')]).toEqual([[], false]);
  expect(await scene.entries(SURGERY.agency, { kind: 'share-held', share: id })).toEqual([expect.objectContaining({ transfer, reason: 'domain-lapsed' })]);
  await scene.secure();
  await scene.inState(id, 'sent');
  expect(scene.mail.host.messages).toHaveLength(1);
});

test('M1, M6: STARTTLS taken out, and the policy taken away: what waits is deferred, and not an octet of it goes in clear', async () => {
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, stripped: true };
  scene.mail.names.set(`_mta-sts.${DOMAIN}`, 'TXT', { rcode: 'NXDOMAIN' });
  scene.mail.policy = { status: 404, text: '' };
  const { id } = await scene.mails();
  const deferred = await eventually(async () => (await scene.ofTransfer(id)).events.find(({ kind }) => kind === 'deferred'));
  expect(deferred.detail).toBe('no-starttls');
  expect(scene.mail.host.clear.replaceAll(/(EHLO courier\.waybill\.example|STARTTLS|QUIT)\r\n/g, '')).toBe('');
  scene.mail.host.reset({ tls: scene.mail.certificate });
  scene.world.clock.advance(RETRIES.routine.after[0] as number + SECOND);
  await scene.inState(id, 'sent');
});

test('a key that ran out or was revoked since holds it: nothing is pushed that is sealed to it, and the sender is asked to seal it again', async () => {
  const release = await scene.holdQueue();
  const { id, transfer } = await scene.mails();
  await scene.sql('update waybill.certificate set until_at = $2 where agency = $1 and contact = $3', [SURGERY.agency, scene.world.clock.now(), 'safeguarding']);
  await release();
  expect((await scene.inState(id, 'held')).events.at(-1)).toMatchObject({ detail: 'key-expired' });
  expect((await scene.duties('seal-again')).filter((duty) => duty.transfer === transfer)).toEqual([expect.objectContaining({ owner: scene.school.agency, closed_because: null })]);
  expect(scene.mail.host.messages).toEqual([]);
  await scene.sql('update waybill.certificate set until_at = $2 where agency = $1 and contact = $3', [SURGERY.agency, new Date(scene.world.clock.now().getTime() + 300 * DAY), 'safeguarding']);
});

test('a courier that dies in the middle of an attempt leaves it to the next: its lease runs out, and the copy bears the same Message-ID', async () => {
  const { id, transfer } = await scene.mails();
  await scene.inState(id, 'sent');
  // As it stands when a courier dies between the host's last answer and its own record of it.
  await scene.sql(`update waybill.transfer set state = 'sending' where id = $1`, [transfer]);
  await scene.sql(`update waybill.mailing set ended_at = null, ended = null, leased_until = $2 where transfer = $1`, [transfer, new Date(scene.world.clock.now().getTime() + MINUTE)]);
  scene.world.clock.advance(2 * MINUTE);
  await scene.inState(id, 'sent');
  const ids = scene.mail.host.messages.map((message) => read(Buffer.from(message, 'latin1')).headers['Message-ID']);
  expect(ids.filter((each) => each === `<${transfer}@waybill.example>`)).toHaveLength(2);
});

test('an emergency overtakes what waits for a domain that rests', async () => {
  scene.mail.host.behaviour = { ...scene.mail.host.behaviour, replies: { GREETING: '' } };
  const routine = await scene.mails();
  await eventually(async () => (await scene.ofTransfer(routine.id)).events.some(({ kind }) => kind === 'deferred'));
  scene.mail.host.reset({ tls: scene.mail.certificate });
  const emergency = await scene.mails('emergency');
  await scene.inState(emergency.id, 'sent');
  expect((await scene.ofTransfer(routine.id)).state).toBe('sending');
  scene.world.clock.advance(RETRIES.routine.after[0] as number + SECOND);
  await scene.inState(routine.id, 'sent');
});

test('how a domain was found is kept, dated, each time that it was looked at', async () => {
  scene.mail.names.set(`_dmarc.${DOMAIN}`, 'TXT', { data: ['v=DMARC1; p=reject; rua=mailto:x@y.example'] });
  scene.mail.names.set(`_smtp._tls.${DOMAIN}`, 'TXT', { data: ['v=TLSRPTv1; rua=mailto:x@y.example'] });
  scene.mail.policy = { status: 200, text: policyText({ mode: 'testing' }) };
  await scene.sql('delete from waybill.sts_policy');
  await scene.looked();
  const [last] = await scene.sql('select agency, domain, fault, tls, sts, policy, dane, dmarc, tls_rpt from waybill.mail_posture order by id desc limit 1');
  expect(last).toEqual({ agency: SURGERY.agency, domain: DOMAIN, fault: 'not-secure', tls: [], sts: 'testing', policy: '20261128T1', dane: false, dmarc: 'reject', tls_rpt: true });
  await scene.world.system.registrar.recordDomain(SURGERY.agency, { domain: DOMAIN, hosts: [HOST], government: false });
  await eventually(async () => (await scene.domain()).lapsed_at === null);
  await scene.inState((await scene.mails()).id, 'sent');
  await scene.world.system.registrar.recordDomain(SURGERY.agency, { domain: DOMAIN, hosts: [], government: false });
});

test('what could not be looked at for three days lapses: nothing says any more that it is secure', async () => {
  scene.mail.names.set(DOMAIN, 'MX', { rcode: 'SERVFAIL' });
  expect(await scene.looked()).toMatchObject({ lapsed_at: null });
  scene.world.clock.advance(3 * DAY + HOUR);
  await eventually(async () => (await scene.domain()).fault === 'dns-failed');
  const answer = await scene.school.submit(await scene.compose(scene.plan()));
  expect(JSON.stringify(answer.json)).toContain('TLS_BELOW_MINIMUM');
  await scene.secure();
});

test(`nobody else gets anything of it: ${FRONT_DOOR} is told nothing`, async () => {
  const { id } = await scene.mails();
  await scene.inState(id, 'sent');
  expect((await scene.council.get('/v1/mailbox')).json.items).toEqual([]);
});

test('WIR CH-01: a contact with an S/MIME certificate and no OpenPGP key gets the same in S/MIME: openssl opens the mail, and in it the part', async () => {
  const openssl = new Openssl();
  const reception = openssl.person('reception', 'P-256');
  await bindSmime(scene.world, 'brook-lane-surgery/reception', reception);
  const { share, receipt } = await scene.send({ parts: [{ category: 'health', text: NOTE, to: { 'brook-lane-surgery/reception': 'works-with-person' }, sealed: (octets: Buffer) => openssl.encrypted(octets, [reception]) }] });
  expect(receipt.transfers[0]).toMatchObject({ route: 'mail', protection: 'smime' });
  await scene.inState(share.id, 'sent');
  const [message] = scene.mail.host.messages as [string];
  expect(message).toContain('Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data; name="smime.p7m"\r\n');
  expect(message).not.toContain('BEGIN PGP');
  const inner = read(openssl.decrypted(Buffer.from((message.split('\r\n\r\n')[1] as string).replaceAll(/\s/g, ''), 'base64'), reception));
  expect([...inner.parts.keys()]).toEqual(['provenance.jwt', 'manifest.json', 'manifest.sig', 'lines.json', 'part-1.p7m']);
  expect(openssl.decrypted(inner.parts.get('part-1.p7m') as Buffer, reception).toString()).toBe(NOTE);
  openssl.end();
});

// The duty doctor collects here, at the same secure domain: the mailbox is the stronger way.
const asking = (urgency: 'routine' | 'emergency', way: Record<string, string>) => ({ parts: [{ category: 'health', text: NOTE, to: { 'brook-lane-surgery/duty-doctor': 'works-with-person' } }], manifest: { urgency, way } });

test.each<[string, 'routine' | 'emergency', Record<string, string>, string]>([
  ['where nothing presses', 'routine', { channel: 'mail-openpgp', reason: 'not-watched-now', approver: 'line-manager' }, 'STRONGER_CHANNEL_AVAILABLE'],
  ['in an emergency that no second person looked at', 'emergency', { channel: 'mail-openpgp', reason: 'not-watched-now' }, 'STRONGER_CHANNEL_AVAILABLE'],
  ['that this gateway does not carry', 'routine', { channel: 'tls-domain' }, 'NO_ADMITTED_CHANNEL'],
])('WIR CH-03, CH-12: another way than the strongest is refused %s, and the sender is told what to do', async (_what, urgency, way, code) => {
  const answer = await scene.school.submit(await scene.compose(asking(urgency, way)));
  expect([answer.status, answer.json.reasons.map((reason: { code: string }) => reason.code)]).toEqual([422, ['NOBODY_LEFT', code]]);
  expect(answer.json.reasons[1]).toMatchObject({ next: expect.any(String), recipient: 'brook-lane-surgery/duty-doctor' });
});

test('WIR CH-12: in an emergency the weaker way is taken with a reason and a second person: never clear, on record in both registers, and the single point of contact has to look at it', async () => {
  const { share, receipt } = await scene.send(asking('emergency', { channel: 'mail-openpgp', reason: 'not-watched-now', approver: 'line-manager' }));
  expect(receipt.transfers[0]).toMatchObject({ route: 'mail' });
  await scene.inState(share.id, 'sent');
  expect(scene.mail.host.messages.join('')).not.toContain(CANARY);
  const instead = { why: 'emergency', reason: 'not-watched-now', approver: 'line-manager' };
  expect((await scene.entries(scene.school.agency, { kind: 'share-sent', share: share.id }))[0]).toMatchObject({ recipients: [{ route: 'mail', instead }] });
  expect((await scene.entries(SURGERY.agency, { kind: 'share-announced', share: share.id }))[0]).toMatchObject({ route: 'mail', instead });
  expect((await scene.duties('report-weaker-way')).at(-1)).toMatchObject({ owner: scene.school.agency, owner_role: 'spoc', closed_because: null });
});

test('a mail that presses and that nobody acknowledges in time: its sender is shown the number to ring', async () => {
  const { id } = await scene.mails('emergency');
  await scene.inState(id, 'sent');
  expect((await scene.ofTransfer(id)).ring).toBeUndefined();
  scene.world.clock.advance(16 * MINUTE);
  const late = await eventually(async () => {
    const told = await scene.ofTransfer(id);
    return told.ring && told;
  });
  expect([late.state, late.ring]).toEqual(['sent', { telephone: '+441514960501', because: 'not-acknowledged-in-time' }]);
});

test('a domain that never was secure, and where nobody gets mail, is nobody’s duty', async () => {
  expect((await scene.sql(`select from waybill.mail_domain where domain = 'merebrook-council.example' and lapsed_at is not null`)).length).toBe(1);
  expect((await scene.duties('mend-domain')).filter((duty) => duty.domain === 'merebrook-council.example')).toEqual([]);
});
