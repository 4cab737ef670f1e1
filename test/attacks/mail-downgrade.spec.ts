import { execFileSync } from 'node:child_process';
import { mailAuthority, mailCertificate } from '../world/mail-certificates';
import { DOMAIN, HOST, LETTER, MailDomain } from '../world/mail-domain';

// Somebody stands between us and a mail host, or is the host. No octet of a message may leave in clear, or under TLS that does not hold.

let domain: MailDomain;
beforeAll(async () => {
  domain = await MailDomain.start();
});
afterAll(() => domain.stop());
beforeEach(() => domain.reset());

/** The host saw our name and the wish for TLS, and nothing else. */
const nothingLeft = (): void => {
  expect(domain.host.messages).toEqual([]);
  // QUIT may be left over from the conversation of the test before.
  expect(domain.host.commands.filter((line) => line !== 'QUIT')).toEqual([]);
  expect(domain.host.clear.replaceAll(/^(EHLO courier\.waybill\.example|STARTTLS|QUIT)\r\n/gm, '')).toBe('');
};

test('a domain whose host proves itself gets the message, and we know how it went', async () => {
  const sent = await domain.deliver();
  expect(sent).toEqual({
    outcome: 'sent',
    evidence: { version: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/), certificate: expect.stringMatching(/^[0-9a-f]{64}$/), host: HOST, proofs: ['mta-sts'], dane: 'none', policyId: '20261128T1', requireTls: false },
  });
  expect(domain.host.messages).toEqual([LETTER.toString()]);
  expect(domain.host.clear).toBe('EHLO courier.waybill.example\r\nSTARTTLS\r\n');
});

test('M1: STARTTLS is taken out: not an octet of the message goes', async () => {
  domain.host.reset({ tls: domain.certificate, stripped: true });
  expect(await domain.deliver()).toMatchObject({ outcome: 'temporary', fault: 'no-starttls' });
  expect(domain.host.connections).toBe(1);
  nothingLeft();
});

test.each(['454 TLS not available\r\n', '502 what?\r\n', '220-go\r\n250 mixed\r\n', '250 ok\r\n', ''])('M1: STARTTLS is answered %j: not an octet of the message goes', async (reply) => {
  domain.host.reset({ tls: domain.certificate, replies: { STARTTLS: reply } });
  expect(await domain.deliver()).toMatchObject({ outcome: 'temporary' });
  nothingLeft();
});

test.each([
  ['TLS 1.0', { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' }],
  ['TLS 1.1', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' }],
  ['no forward secrecy', { maxVersion: 'TLSv1.2', ciphers: 'AES256-GCM-SHA384:AES128-GCM-SHA256' }],
  ['a finite-field group', { maxVersion: 'TLSv1.2', ciphers: 'DHE-RSA-AES256-GCM-SHA384', dhparam: 'auto' }],
  ['no authenticated encryption', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA' }],
] as const)('M2: a host that speaks %s and nothing better gets nothing', async (_what, weak) => {
  domain.host.reset({ tls: { ...domain.certificate, ...weak } });
  expect(await domain.deliver()).toMatchObject({ outcome: 'temporary', fault: 'no-tls' });
  expect(domain.host.clear).toContain('STARTTLS\r\n');
  nothingLeft();
});

test('M2: TLS 1.2 with forward secrecy is enough', async () => {
  domain.host.reset({ tls: { ...domain.certificate, maxVersion: 'TLSv1.2' } });
  expect(await domain.deliver()).toMatchObject({ outcome: 'sent', evidence: { version: 'TLSv1.2', cipher: expect.stringMatching(/^ECDHE-/) } });
});

test.each([
  ['for another name', () => mailCertificate(domain.authority, { hosts: ['mx2.merebrook.example'] })],
  ['for the domain and not its host', () => mailCertificate(domain.authority, { hosts: [DOMAIN] })],
  ['whose subject alone says the name', () => mailCertificate(domain.authority, { hosts: [], subject: HOST })],
  ['for a wildcard two labels up', () => mailCertificate(domain.authority, { hosts: ['*.example'] })],
  ['that has ended', () => mailCertificate(domain.authority, { hosts: [HOST], days: -1 })],
  ['signed by itself', () => mailAuthority(HOST)],
  ['by an authority that nobody knows', () => mailCertificate(mailAuthority(), { hosts: [HOST] })],
])('M3: a certificate %s is refused', async (_what, made) => {
  domain.host.reset({ tls: made() });
  expect(await domain.deliver()).toMatchObject({ outcome: 'temporary', fault: 'no-tls' });
  nothingLeft();
});

test.each(['250 ok\r\n', '250-host.example\r\n250 SIZE 1\r\n', '2', '\r\n', '220 again\r\n', `${'250-x\r\n'.repeat(50)}250 x\r\n`])('M4: %j stands in clear behind the 220: the conversation ends, and TLS is not begun', async (injected) => {
  domain.host.reset({ tls: domain.certificate, injected });
  expect(await domain.deliver()).toMatchObject({ outcome: 'temporary', fault: 'not-smtp' });
  nothingLeft();
});

test('M4: an extension that was offered in clear alone is not used', async () => {
  domain.host.reset({ tls: domain.certificate, extensions: [], replies: { EHLO: '250-host.example\r\n250-STARTTLS\r\n250-SIZE 1\r\n250 REQUIRETLS\r\n' } });
  expect(await domain.deliver()).toMatchObject({ outcome: 'sent', evidence: { requireTls: false } });
  expect(domain.host.commands).toContain('MAIL FROM:<gateway@waybill.example>');
});

test('a host that offers it is asked to pass the message on under the same rules', async () => {
  domain.host.reset({ tls: domain.certificate, extensions: ['SIZE 100000', 'REQUIRETLS'] });
  expect(await domain.deliver()).toMatchObject({ outcome: 'sent', evidence: { requireTls: true } });
  expect(domain.host.commands).toContain(`MAIL FROM:<gateway@waybill.example> SIZE=${LETTER.length} REQUIRETLS`);
});

test('a witness: the cipher suites that are asked for are all ones that OpenSSL calls ephemeral and authenticated', async () => {
  const { CIPHERS } = await import('#mail/smtp/connection');
  const listed = execFileSync('openssl', ['ciphers', '-v', CIPHERS.split(':').filter((name) => !name.startsWith('TLS_')).join(':')]).toString().trim().split('\n').filter((line) => !line.startsWith('TLS_'));
  expect(listed.length).toBe(6);
  for (const line of listed) expect(line).toMatch(/Kx=ECDH .*Mac=AEAD/);
});
