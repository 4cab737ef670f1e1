import { postureOf } from '#mail/probing';
import { diagnosis, examine } from '../../apps/cli/doctor/check';
import { DOMAIN_CHECKS } from '../../apps/cli/domain/checks';
import { run } from '../../apps/cli/run';
import { mailAuthority, mailCertificate } from '../world/mail-certificates';
import { daneEe, DOMAIN, HOST, MailDomain, policyText } from '../world/mail-domain';

interface Line {
  about: string;
  colour: string;
  says: string;
  fix?: string;
}

let domain: MailDomain;
beforeAll(async () => {
  domain = await MailDomain.start();
});
afterAll(() => domain.stop());
beforeEach(() => {
  domain.reset();
  domain.names.set(`_dmarc.${DOMAIN}`, 'TXT', { data: ['v=DMARC1; p=reject; rua=mailto:d@merebrook.example'] });
  domain.names.set(`_smtp._tls.${DOMAIN}`, 'TXT', { data: ['v=TLSRPTv1; rua=mailto:t@merebrook.example'] });
});

async function checked(recorded?: readonly string[]) {
  const { ending, data, text } = diagnosis(await examine(DOMAIN_CHECKS, await postureOf(DOMAIN, { ...domain.options(), ...(recorded ? { recorded } : {}) })));
  const { lines } = data as { lines: Line[] };
  // A message goes where, and only where, the check would have it go; and the check itself sends none.
  expect(domain.host.messages).toEqual([]);
  domain.policies.held.clear();
  expect((await domain.deliver(undefined, undefined, recorded)).outcome === 'sent').toBe(ending === 'done');
  return { ending, text, said: Object.fromEntries(lines.map(({ about, colour, says }) => [about, `${colour}: ${says}`])), lines };
}

test('CH-02: a domain that is well kept is green in all but what it does not have, and each line that is not says what mends it', async () => {
  domain.host.reset({ tls: { ...domain.certificate, minVersion: 'TLSv1.2' } });
  const { ending, said, lines } = await checked();
  expect(ending).toBe('done');
  expect(said).toEqual({
    hosts: `green: mail goes to ${HOST} (mta-sts)`, TLS: `green: ${HOST} takes TLS 1.2, 1.3`, 'MTA-STS': 'green: mode enforce, id 20261128T1, for 604800 s', DANE: 'amber: MX records are not signed', DMARC: 'green: p=reject', 'TLS-RPT': 'green: others tell it when TLS fails',
  });
  for (const { colour, fix } of lines) expect(fix !== undefined).toBe(colour !== 'green');
});

test('CH-02: signed keys alone are enough', async () => {
  const certificate = mailAuthority('self');
  domain.host.reset({ tls: certificate });
  domain.names.set(`_mta-sts.${DOMAIN}`, 'TXT', { rcode: 'NXDOMAIN' });
  domain.names.set(DOMAIN, 'MX', { data: [{ preference: 10, exchange: HOST }], secure: true });
  domain.names.set(`_25._tcp.${HOST}`, 'TLSA', { data: [daneEe(certificate.cert)], secure: true });
  const { ending, said } = await checked();
  expect(ending).toBe('done');
  expect(said).toMatchObject({ hosts: `green: mail goes to ${HOST} (dane)`, DANE: 'green: keys of every host stand in signed DNS', 'MTA-STS': 'amber: there is none' });
});

test('old versions of TLS that it takes beside the good ones are told', async () => {
  domain.host.reset({ tls: { ...domain.certificate, minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } });
  expect((await checked()).said['TLS']).toBe(`amber: ${HOST} takes TLS 1.0, 1.1, 1.2, 1.3: 1.0 and 1.1 are broken`);
});

test.each<[string, () => void, string, RegExp]>([
  ['TLS 1.1 is its best', () => domain.host.reset({ tls: { ...domain.certificate, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } }), 'TLS', /^red: .* takes TLS 1\.0, 1\.1; TLS 1\.2/],
  ['it offers no TLS', () => domain.host.reset({ tls: domain.certificate, stripped: true }), 'TLS', /^red: .* takes no TLS; .*does not offer/],
  ['its certificate is for another name', () => domain.host.reset({ tls: mailCertificate(domain.authority, { hosts: ['mx2.merebrook.example'] }) }), 'TLS', /^red: .* takes TLS .*certificate does not hold/],
  ['its keys are of another', () => {
    domain.names.set(DOMAIN, 'MX', { data: [{ preference: 10, exchange: HOST }], secure: true });
    domain.names.set(`_25._tcp.${HOST}`, 'TLSA', { data: [daneEe(mailAuthority().cert)], secure: true });
  }, 'TLS', /^red: .*none of those of which the keys/],
  ['its policy is being tried out', () => (domain.policy.text = policyText({ mode: 'testing' })), 'hosts', /^red: nothing proves/],
  ['it has nothing', () => domain.names.set(`_mta-sts.${DOMAIN}`, 'TXT', { rcode: 'NXDOMAIN' }), 'hosts', /^red: nothing proves/],
  ['its policy cannot be had', () => (domain.policy = { status: 404, text: '' }), 'hosts', /^red: .*could not be fetched/],
  ['its zone does not validate', () => domain.names.set(DOMAIN, 'MX', { rcode: 'SERVFAIL' }), 'hosts', /^red: DNS gave no answer/],
  ['its host leads inside', () => domain.names.set(HOST, 'A', { data: ['10.0.0.1'] }), 'TLS', /^red: .*not of the public Internet/],
])('CH-02: where %s it is no secure domain', async (_what, bend, about, says) => {
  bend();
  const { ending, said, lines } = await checked();
  expect(ending).toBe('refused');
  expect(said[about]).toMatch(says);
  expect(lines.find((line) => line.about === about)?.fix).toMatch(/\.$/);
});

test('hosts on record make up for a policy that is not there', async () => {
  domain.names.set(`_mta-sts.${DOMAIN}`, 'TXT', { rcode: 'NXDOMAIN' });
  expect((await checked(['*.merebrook.example'])).said['hosts']).toBe(`green: mail goes to ${HOST} (recorded)`);
});

test.each([['v=DMARC1; p=none', /^amber: p=none/], ['v=DMARC1; sp=reject', /^amber: there is none/], ['v=spf1 -all', /^amber: there is none/], ['v=DMARC1;p=quarantine', /^green: p=quarantine/]])('DMARC as %s is told', async (text, says) => {
  domain.names.set(`_dmarc.${DOMAIN}`, 'TXT', { data: [text] });
  expect((await checked()).said['DMARC']).toMatch(says);
});

test('the command says so in its exit code, for people and for programs', async () => {
  const said = { out: '', err: '' };
  const io = { out: (text: string) => void (said.out += text), err: (text: string) => void (said.err += text), outOctets: () => undefined, watched: false, cwd: process.cwd(), env: {}, now: () => new Date() };
  // Nothing answers for DNS there: TEST-NET-1 is nobody's, and this machine's port 53 may be somebody's.
  expect(await run(['domain', 'check', DOMAIN, '--resolver', '127.255.255.254', '--name', 'mail.waybill.example', '--json'], io)).toBe(1);
  expect(JSON.parse(said.out)).toMatchObject({ exit: 1, red: 1, lines: expect.arrayContaining([expect.objectContaining({ about: 'hosts', colour: 'red', fix: expect.stringContaining('resolver') })]) });
  said.out = '';
  expect(await run(['domain', 'check', DOMAIN, '--resolver', '127.255.255.254', '--name', 'mail.waybill.example'], io)).toBe(1);
  expect(said.out).toMatch(/^red {4}hosts: DNS gave no answer/m);
  expect(said.out).toMatch(/1 red, \d amber\.$/m);
});
