import { makeContainer } from '#envelope/container';
import { newPassphrase } from '#envelope/passphrase';
import { ContainerMail } from '#mail/container-mail';
import type { Mail } from '#mail/delivery';
import { type Outside } from '#mail/message';
import { WeakHop } from '#mail/weak-hop';
import { selfSigned } from '../world/mail-certificates';
import { daneEe, DOMAIN, FROM, HOST, LETTER, MailDomain, TO } from '../world/mail-domain';
import { read } from '../journeys/by-mail';

// The one way without TLS (CH-04). Nothing may come to it but containers, and nobody may bring to it a domain that asks for more.

const STS = `_mta-sts.${DOMAIN}`;
const TLSA = `_25._tcp.${HOST}`;
const TRANSFER = '0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a11';
const address = (text: string) => ({ local: text.split('@')[0] as string, domain: text.split('@')[1] as string });
const OUTSIDE: Outside = { from: address(FROM), to: address(TO), transfer: TRANSFER, agreement: 'wor', urgency: 'routine', classification: 'OFFICIAL-SENSITIVE', at: new Date('2026-03-02T09:30:00Z'), gateway: 'waybill.example' };

let domain: MailDomain;
let container: Buffer;
let mail: ContainerMail;
beforeAll(async () => {
  domain = await MailDomain.start();
  container = Buffer.from(await makeContainer({ files: [{ octets: Buffer.from('a word'), kind: 'txt' }], passphrase: newPassphrase() }));
  mail = ContainerMail.of(OUTSIDE, [{ part: 'part-1', octets: container }]);
});
afterAll(() => domain.stop());
/** A domain that publishes nothing and holds no TLS. */
beforeEach(() => {
  domain.reset();
  domain.names.set(STS, 'TXT', { rcode: 'NXDOMAIN' });
  domain.host.reset({ tls: domain.certificate, stripped: true });
});

const deliver = (given: ContainerMail = mail, recorded?: readonly string[]) => new WeakHop(domain.options()).deliver(given, { from: FROM, ...(recorded ? { recorded } : {}) });
const nobodyRang = (): void => expect([domain.host.connections, domain.host.messages]).toEqual([0, []]);

test('CH-04: where a domain holds no TLS a container goes in clear, and that is told; the recipient’s program finds the container and words that say nothing of it', async () => {
  expect(await deliver()).toEqual({ outcome: 'sent', evidence: { host: HOST } });
  expect(domain.host.messagesInClear).toEqual([ContainerMail.octetsOf(mail).toString()]);
  const { headers, parts } = read(ContainerMail.octetsOf(mail));
  expect(headers).toMatchObject({ From: FROM, To: TO, Subject: `OFFICIAL-SENSITIVE wor routine ${TRANSFER}`, 'Message-ID': `<${TRANSFER}@waybill.example>` });
  expect([...parts.keys()]).toEqual(['', 'part-1.zip']);
  expect(parts.get('part-1.zip')?.equals(container)).toBe(true);
});

test('CH-04: but for address, day, codes and reference two such mails differ in their containers alone', async () => {
  const other = Buffer.from(await makeContainer({ files: [{ octets: Buffer.from('another word'), kind: 'txt' }], passphrase: newPassphrase() }));
  const changed = { ...OUTSIDE, to: address('x@y.example'), transfer: '0198f7d1-5c2e-7a40-9d3b-2f6f5d1c0a12', at: new Date('2026-03-03T09:30:00Z') };
  const around = (octets: Buffer) => octets.toString().split('\r\n').filter((line) => !/^(To|Date|Subject|Message-ID): /.test(line)).join('\n').replace(/(base64\n\n)[A-Za-z0-9+/=\n]+/, '$1');
  expect(around(ContainerMail.octetsOf(ContainerMail.of(changed, [{ part: 'part-1', octets: other }])))).toBe(around(ContainerMail.octetsOf(mail)));
});

test.each<[string, () => Uint8Array]>([
  ['words', () => Buffer.from('The child is at 14 Elm Road')],
  ['nothing', () => Buffer.alloc(0)],
  ['what is sealed with OpenPGP', () => Buffer.from('-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n')],
  ['a container with an octet behind it', () => Buffer.concat([container, Buffer.from('x')])],
  ['a container whose file is said to be in clear', () => Buffer.from(container.map((octet, at) => (at === 6 ? octet & ~1 : octet)))],
])('%s is made no mail of, whoever asks for it', (_what, octets) => {
  expect(() => ContainerMail.of(OUTSIDE, [{ part: 'part-1', octets: octets() }])).toThrow(TypeError);
  expect(() => ContainerMail.of(OUTSIDE, [{ part: 'part-1', octets: container }, { part: 'part-2', octets: octets() }])).toThrow(TypeError);
});

test.each(['part-1.zip', 'part-100', 'names-of-child', ''])('a container called %j is made no mail of: its name stands in clear', (part) => {
  expect(() => ContainerMail.of(OUTSIDE, [{ part, octets: container }])).toThrow(TypeError);
});

test('a mail of anything else does not compile, and goes nowhere when it is called what it is not', async () => {
  const letter: Mail = { from: FROM, to: TO, octets: LETTER };
  // @ts-expect-error a mail of anything is none of containers
  await expect(deliver(letter)).rejects.toThrow(TypeError);
  const posing = Object.assign(Object.create(ContainerMail.prototype) as ContainerMail, { to: address(TO), octets: LETTER });
  await expect(deliver(posing)).rejects.toThrow(TypeError);
  await expect(deliver(new Proxy(mail, {}))).rejects.toThrow(TypeError);
  nobodyRang();
});

test('what its octets are cannot be changed once they were looked at', () => {
  const before = ContainerMail.octetsOf(mail);
  ContainerMail.octetsOf(mail).fill(0x41);
  expect(ContainerMail.octetsOf(mail).equals(before)).toBe(true);
});

test('and over a hop that must hold TLS it is no more let through without than anything else', async () => {
  expect(await domain.deliver(TO, ContainerMail.octetsOf(mail), [HOST])).toEqual({ outcome: 'temporary', fault: 'no-starttls' });
  expect(domain.host.messages).toEqual([]);
});

describe('where TLS is offered it is begun, whatever it proves', () => {
  test.each([
    ['with a certificate by nobody', () => selfSigned('another.example'), 'TLSv1.3'],
    ['of an old version', () => ({ ...domain.certificate, minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const), 'TLSv1'],
  ])('%s', async (_what, tls, version) => {
    domain.host.reset({ tls: tls() });
    expect(await deliver()).toEqual({ outcome: 'sent', evidence: { host: HOST, tls: { version, cipher: expect.any(String), certificate: expect.stringMatching(/^[0-9a-f]{64}$/) } } });
    expect([domain.host.messages.length, domain.host.messagesInClear]).toEqual([1, []]);
    expect(domain.host.clear).not.toContain('MAIL FROM');
  });

  test.each<[string, object]>([
    ['and then not had', { replies: { STARTTLS: '454 4.7.0 not now\r\n' } }],
    ['and then comes to nothing', { tls: { ciphers: 'NULL-SHA256', maxVersion: 'TLSv1.2' } }],
  ])('%s: it goes in clear, and that is told', async (_what, behaviour) => {
    domain.host.reset({ tls: domain.certificate, ...behaviour });
    expect(await deliver()).toEqual({ outcome: 'sent', evidence: { host: HOST } });
    expect([domain.host.messagesInClear.length, domain.host.connections]).toEqual([1, 2]);
  });

  test('M4: what stands in clear behind the 220 ends the conversation here, too', async () => {
    domain.host.reset({ tls: domain.certificate, injected: '250 ok\r\n' });
    expect(await deliver()).toMatchObject({ outcome: 'temporary', fault: 'not-smtp' });
    expect(domain.host.messages).toEqual([]);
  });
});

describe('M6: a domain that asks for TLS itself gets nothing without, whatever an agreement would let', () => {
  test('by a policy that is enforced, held from before though it was taken away since', async () => {
    domain.reset();
    await domain.deliver();
    domain.names.set(STS, 'TXT', { rcode: 'NXDOMAIN' });
    domain.host.reset({ tls: domain.certificate, stripped: true });
    expect(await deliver()).toEqual({ outcome: 'temporary', fault: 'promises-tls' });
    nobodyRang();
  });

  test('by one that it announces and that cannot be had', async () => {
    domain.reset();
    domain.policy = { status: 404, text: '' };
    expect(await deliver()).toEqual({ outcome: 'temporary', fault: 'policy-not-had' });
    nobodyRang();
  });

  test.each([['by keys in signed DNS', undefined], ['by keys that nobody can use', 99]])('%s', async (_what, matchingType) => {
    domain.names.set(DOMAIN, 'MX', { data: [{ preference: 10, exchange: HOST }], secure: true });
    domain.names.set(TLSA, 'TLSA', { data: [{ ...daneEe(domain.certificate.cert), ...(matchingType ? { matchingType } : {}) }], secure: true });
    expect(await deliver()).toEqual({ outcome: 'temporary', fault: 'promises-tls' });
    nobodyRang();
  });

  test('M7: or where the question for its keys is made to fail', async () => {
    domain.names.set(TLSA, 'TLSA', { rcode: 'SERVFAIL' });
    expect(await deliver()).toEqual({ outcome: 'temporary', fault: 'dns-failed' });
    nobodyRang();
  });
});

test.each<[string, string, () => void, readonly string[] | undefined]>([
  ['not-its-hosts', 'a host that the co-ordinator’s record does not know', () => undefined, ['mx2.merebrook.example']],
  ['dns-failed', 'an answer of DNS that does not validate', () => domain.names.set(DOMAIN, 'MX', { rcode: 'SERVFAIL' }), undefined],
  ['no-mx', 'a domain that names no host', () => domain.names.set(DOMAIN, 'MX', { rcode: 'NXDOMAIN' }), undefined],
  ['takes-no-mail', 'a domain that takes no mail', () => domain.names.set(DOMAIN, 'MX', { data: [{ preference: 0, exchange: '.' }] }), undefined],
  ['inside', 'A7: a host inside our own network', () => domain.names.set(HOST, 'A', { data: ['10.0.0.1'] }), undefined],
])('%s: %s is not rung', async (fault, _what, change, recorded) => {
  change();
  expect(await deliver(mail, recorded)).toMatchObject({ fault });
  nobodyRang();
});

test('a host that refuses for good is not asked again, and its word is told by its code', async () => {
  domain.host.reset({ tls: domain.certificate, stripped: true, replies: { 'RCPT': '550 5.1.1 no such mailbox\r\n' } });
  expect(await deliver()).toEqual({ outcome: 'permanent', fault: 'refused', reply: { code: 550, enhanced: '5.1.1' } });
});
