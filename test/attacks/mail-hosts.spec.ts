import { createServer } from 'node:net';
import { POLICY_FRESH_MS } from '#mail/domain';
import { mailAuthority, mailCertificate } from '../world/mail-certificates';
import { daneEe, DOMAIN, HOST, MailDomain, policyText, TO } from '../world/mail-domain';

// Whoever answers for DNS, or takes a policy away, tries to have sealed mail go to a host of theirs, or to bring it down to what proves nothing.

const EVIL = 'mx.evil.example';
const STS = `_mta-sts.${DOMAIN}`;
const TLSA = `_25._tcp.${HOST}`;
const DAY = 24 * 3_600_000;

let domain: MailDomain;
beforeAll(async () => {
  domain = await MailDomain.start();
});
afterAll(() => domain.stop());
beforeEach(() => domain.reset());

/** DNS leads to a host of the attacker's, with a good certificate for its own name. */
const spoofed = (): void => {
  domain.host.reset({ tls: mailCertificate(domain.authority, { hosts: [EVIL] }) });
  domain.names.set(DOMAIN, 'MX', { data: [{ preference: 1, exchange: EVIL }] });
  domain.names.set(EVIL, 'A', { data: ['127.0.0.1'] });
};
/** No policy at all; MX and keys signed. */
const signed = (keys: readonly unknown[], certificate = domain.certificate): void => {
  domain.names.set(STS, 'TXT', { rcode: 'NXDOMAIN', secure: true });
  domain.names.set(DOMAIN, 'MX', { data: [{ preference: 10, exchange: HOST }], secure: true });
  domain.names.set(TLSA, 'TLSA', { data: keys, secure: true });
  domain.host.reset({ tls: certificate });
  // Not before the certificate that was just made.
  domain.now = new Date();
};
const nobodyRang = (): void => expect([domain.host.connections, domain.host.messages]).toEqual([0, []]);

test('M5: a host that the domain’s policy does not name is not even rung', async () => {
  spoofed();
  expect(await domain.deliver()).toEqual({ outcome: 'temporary', fault: 'not-its-hosts' });
  nobodyRang();
});

test('M5: nor one that a pattern does not cover: `*.` stands for one label', async () => {
  domain.policy.text = policyText({ mx: ['*.mail.merebrook.example', 'merebrook.example'] });
  expect(await domain.deliver()).toEqual({ outcome: 'temporary', fault: 'not-its-hosts' });
  nobodyRang();
});

test('M5: nor one that is not what the co-ordinator recorded, whatever the policy says', async () => {
  expect(await domain.deliver(TO, undefined, ['mx9.merebrook.example'])).toEqual({ outcome: 'temporary', fault: 'not-its-hosts' });
  nobodyRang();
});

test('M5: of two hosts the one that the policy knows gets it', async () => {
  domain.names.set(DOMAIN, 'MX', { data: [{ preference: 1, exchange: EVIL }, { preference: 20, exchange: HOST }] });
  expect(await domain.deliver()).toMatchObject({ outcome: 'sent', evidence: { host: HOST } });
});

test.each(['testing', 'none'])('M5: a policy whose mode is %s proves nothing, and without another proof nothing goes', async (mode) => {
  domain.policy.text = policyText({ mode });
  expect(await domain.deliver()).toEqual({ outcome: 'permanent', fault: 'not-secure' });
  nobodyRang();
  expect(await domain.deliver(TO, undefined, [HOST])).toMatchObject({ outcome: 'sent', evidence: { proofs: ['recorded'] } });
});

test.each([
  ['no host', { rcode: 'NXDOMAIN' }, 'permanent', 'no-mx'], ['the host that takes none', { data: [{ preference: 0, exchange: '.' }] }, 'permanent', 'takes-no-mail'], ['this machine', { data: [{ preference: 0, exchange: 'localhost' }] }, 'temporary', 'not-its-hosts'],
  ['an address', { data: [{ preference: 0, exchange: '127.0.0.1' }] }, 'temporary', 'not-its-hosts'], ['no answer that validates', { rcode: 'SERVFAIL' }, 'temporary', 'dns-failed'], ['a resolver that refuses', { rcode: 'REFUSED' }, 'temporary', 'dns-failed'],
] as const)('M5: where DNS says %s, nothing goes', async (_what, says, outcome, fault) => {
  domain.names.set(DOMAIN, 'MX', says);
  expect(await domain.deliver()).toEqual({ outcome, fault });
  nobodyRang();
});

describe('M6: a policy that was enforced goes on to be, when', () => {
  const vanish: [string, () => void][] = [
    ['its file is gone', () => (domain.policy = { status: 404, text: '' })],
    ['its file is somebody else’s page', () => (domain.policy = { status: 200, headers: { 'content-type': 'text/html' }, text: policyText({ mx: [EVIL] }) })],
    ['its file leads elsewhere', () => (domain.policy = { status: 301, headers: { location: 'https://mta-sts.evil.example/.well-known/mta-sts.txt' }, text: policyText({ mx: [EVIL] }) })],
    ['its file can be read in two ways', () => (domain.policy.text = `${policyText({ mx: [EVIL] })}mode: none\r\n`)],
    ['its server leads inside', () => (domain.policyAt = ['169.254.169.254'])],
    ['its record is gone', () => domain.names.set(STS, 'TXT', { rcode: 'NXDOMAIN' })],
    ['its record does not validate', () => domain.names.set(STS, 'TXT', { rcode: 'SERVFAIL' })],
    ['its record is there twice', () => domain.names.set(STS, 'TXT', { data: ['v=STSv1; id=1;', 'v=STSv1; id=2;'] })],
  ];
  test.each(vanish)('%s', async (_what, vanishes) => {
    expect(await domain.deliver()).toMatchObject({ outcome: 'sent' });
    spoofed();
    // Another id: it would be fetched anew.
    domain.names.set(STS, 'TXT', { data: ['v=STSv1; id=2;'] });
    vanishes();
    expect(await domain.deliver()).toEqual({ outcome: 'temporary', fault: 'not-its-hosts' });
    domain.now = new Date(domain.now.getTime() + 604_800_000 - 1);
    expect(await domain.deliver()).toEqual({ outcome: 'temporary', fault: 'not-its-hosts' });
    // Too old: nothing proves anything then, and nothing goes at all.
    domain.now = new Date(domain.now.getTime() + 2);
    expect((await domain.deliver())).toMatchObject({ fault: expect.stringMatching(/^(not-secure|policy-not-had)$/) });
    nobodyRang();
  });

  test('it is new every day, while the domain keeps it', async () => {
    for (const at of [0, POLICY_FRESH_MS - 1, POLICY_FRESH_MS, 8 * DAY]) {
      domain.now = new Date(Date.now() + at);
      expect(await domain.deliver()).toMatchObject({ outcome: 'sent' });
    }
    expect(domain.policyAsked).toBe(3);
  });

  test('a domain may take it back, by a policy of its own', async () => {
    expect(await domain.deliver()).toMatchObject({ outcome: 'sent' });
    domain.names.set(STS, 'TXT', { data: ['v=STSv1; id=2;'] });
    domain.policy.text = policyText({ mode: 'none', mx: [] });
    expect(await domain.deliver()).toEqual({ outcome: 'permanent', fault: 'not-secure' });
  });
});

test('M6: a policy that is announced and was never had keeps everything back', async () => {
  domain.policy = { status: 404, text: '' };
  expect(await domain.deliver()).toEqual({ outcome: 'temporary', fault: 'policy-not-had' });
  nobodyRang();
});

test('A7: a policy’s server that leads inside is not asked', async () => {
  domain.policyAt = ['127.0.0.1', '10.0.0.1'];
  expect(await domain.deliver()).toEqual({ outcome: 'temporary', fault: 'policy-not-had' });
  expect(domain.policyAsked).toBe(0);
});

test.each([['10.0.0.1'], ['127.0.0.1', '169.254.169.254'], ['0.0.0.0']])('A7: a mail host that leads to %s is not rung', async (...addresses) => {
  domain.names.set(HOST, 'A', { data: addresses });
  expect(await domain.deliver()).toEqual({ outcome: 'temporary', fault: 'inside' });
  nobodyRang();
});

test('A7: a mail host on our own machine is not rung, where nobody permitted that', async () => {
  let rung = 0;
  const inside = createServer(() => rung++).listen(0, '127.0.0.1');
  await new Promise((resolve) => inside.once('listening', resolve));
  // The policy is held from before: its own server is on this machine too.
  expect(await domain.deliver()).toMatchObject({ outcome: 'sent' });
  const mailer = domain.mailer({ reach: [], port: (inside.address() as { port: number }).port });
  expect(await mailer.deliver({ from: 'a@waybill.example', to: TO, octets: Buffer.from('x: y\r\n') })).toEqual({ outcome: 'temporary', fault: 'inside' });
  expect(rung).toBe(0);
  await new Promise((resolve) => inside.close(resolve));
});

describe('M7: keys in DNS', () => {
  const own = () => mailAuthority('self');

  test('signed, and the host’s own: enough, whoever signed its certificate', async () => {
    const certificate = own();
    signed([daneEe(certificate.cert)], certificate);
    expect(await domain.deliver()).toMatchObject({ outcome: 'sent', evidence: { proofs: ['dane'], dane: 'matched' } });
  });

  test('signed, and of the authority above the host: enough for its own name alone', async () => {
    const authority = mailAuthority('Private authority');
    const under = (hosts: readonly string[]) => {
      const { key, cert } = mailCertificate(authority, { hosts });
      return { key, cert: cert + authority.cert };
    };
    const keys = [{ ...daneEe(authority.cert), usage: 2 }];
    signed(keys, under([HOST]));
    expect(await domain.deliver()).toMatchObject({ outcome: 'sent', evidence: { proofs: ['dane'] } });
    signed(keys, under([EVIL]));
    expect(await domain.deliver()).toMatchObject({ fault: 'dane-mismatch' });
    // The authority's certificate stands beside one that it did not sign.
    const stranger = mailCertificate(mailAuthority('Private authority'), { hosts: [HOST] });
    signed(keys, { key: stranger.key, cert: stranger.cert + authority.cert });
    expect(await domain.deliver()).toMatchObject({ fault: 'dane-mismatch' });
    expect(domain.host.messages).toEqual([]);
  });

  test('of another host: nothing goes, though its certificate is good', async () => {
    signed([daneEe(own().cert)]);
    expect(await domain.deliver()).toEqual({ outcome: 'temporary', fault: 'dane-mismatch' });
    expect(domain.host.messages).toEqual([]);
  });

  test('of another host, beside a policy that holds: no proof makes up for another that fails', async () => {
    signed([daneEe(own().cert)]);
    domain.names.set(STS, 'TXT', { data: ['v=STSv1; id=1;'] });
    expect(await domain.deliver()).toEqual({ outcome: 'temporary', fault: 'dane-mismatch' });
    expect(domain.host.messages).toEqual([]);
  });

  test.each([['what does not validate', { rcode: 'SERVFAIL' }], ['a resolver that refuses', { rcode: 'REFUSED' }]] as const)('%s: everything waits, policy or not', async (_what, says) => {
    domain.names.set(TLSA, 'TLSA', says);
    expect(await domain.deliver()).toEqual({ outcome: 'temporary', fault: 'dns-failed' });
    nobodyRang();
  });

  test('no answer at all: everything waits', async () => {
    domain.names.set(TLSA, 'TLSA', { silent: true });
    expect(await domain.deliver()).toEqual({ outcome: 'temporary', fault: 'dns-failed' });
    nobodyRang();
  });

  test.each([['the keys are not signed', TLSA, 'TLSA'], ['the hosts are not signed', DOMAIN, 'MX']] as const)('%s: they prove nothing', async (_what, name, type) => {
    const certificate = own();
    signed([daneEe(certificate.cert)], certificate);
    domain.names.set(name, type, { data: type === 'MX' ? [{ preference: 10, exchange: HOST }] : [daneEe(certificate.cert)], secure: false });
    expect(await domain.deliver()).toEqual({ outcome: 'permanent', fault: 'not-secure' });
    nobodyRang();
  });

  test.each([
    ['lean on public authorities', { usage: 1 }], ['are of a kind that nobody knows', { matchingType: 9 }], ['are cut short', { certificate: Buffer.alloc(16) }], ['are of a part that nobody knows', { selector: 7 }],
  ])('that %s: they prove nothing', async (_what, bent) => {
    signed([{ ...daneEe(domain.certificate.cert), ...bent }]);
    expect(await domain.deliver()).toEqual({ outcome: 'permanent', fault: 'not-secure' });
    nobodyRang();
  });

  test('an answer that does not fit a datagram is had whole', async () => {
    const certificate = own();
    signed([daneEe(certificate.cert)], certificate);
    domain.names.set(TLSA, 'TLSA', { data: [daneEe(own().cert), daneEe(certificate.cert)], secure: true, short: true });
    expect(await domain.deliver()).toMatchObject({ outcome: 'sent', evidence: { dane: 'matched' } });
    expect(domain.names.asked.filter((asked) => asked.endsWith('TLSA'))).toHaveLength(2);
  });
});
