import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Delivery } from '#mail/delivery';
import { Resolver } from '#mail/resolver';
import { Egress } from '#platform/egress';
import { ownNetwork } from '../world/daemon';
import { mailAuthority, mailCertificate } from '../world/mail-certificates';
import { FROM, Policies, policyText } from '../world/mail-domain';
import { ownPort } from '../world/ports';
import { Postfix } from '../world/postfix';
import { SignedDns } from '../world/signed-dns';
import { finger, keyRecord, letter, ours, type Sending } from './mail-programs';

/** Zones signed by ldns, served by NSD and validated by Unbound; two Postfix hosts, one of them an attacker's. What is not validated goes nowhere. */

const at = ownNetwork();
const [HOST, ATTACKER] = [at(10), at(66)];
const DOMAINS = ['signed', 'unsigned', 'forged-mx', 'forged-keys', 'ended', 'stripped', 'keyless', 'other-key', 'policied'].map((name) => `${name}.example`);
const authority = mailAuthority();
const host = mailCertificate(authority, { hosts: [...DOMAINS.map((domain) => `mx.${domain}`), 'mta-sts.policied.example'] });
// He has a certificate for his own host by the same authority, and keys in signed DNS.
const attacker = mailCertificate(authority, { hosts: ['mx.attacker.example'] });

/** Where a domain's mail goes, with the keys of its host. */
const records = (keys: string | undefined, mx = 'mx'): string[] => [`@ MX 10 ${mx}`, `mx A ${HOST}`, ...(keys ? [`_25._tcp.mx ${keys}`] : [])];
const KEYS = keyRecord(host.cert);
const toAttacker = (text: string): string => text.replace(/(\sMX\s+10\s+)mx\.\S+/, '$1mx.attacker.example.');
const POLICY_RECORD = '_mta-sts TXT "v=STSv1; id=1;"';

let dns: SignedDns;
let postfix: Postfix;
let web: Server;
beforeAll(async () => {
  dns = await SignedDns.start(at, [
    { origin: 'signed.example', records: records(KEYS) },
    { origin: 'unsigned.example', records: records(KEYS), signed: 'unsigned' },
    { origin: 'forged-mx.example', records: records(KEYS), forged: toAttacker },
    { origin: 'forged-keys.example', records: records(KEYS), forged: (text) => text.replace(/(\sTLSA\s+3 1 1 )[0-9a-fA-F]+/, `$1${keyRecord(attacker.cert).split(' ').at(-1)}`) },
    { origin: 'ended.example', records: records(KEYS), signed: 'ended' },
    { origin: 'stripped.example', records: records(KEYS), forged: (text) => text.split('\n').filter((line) => !/\s(RRSIG|NSEC|DNSKEY)\s/.test(line)).join('\n') },
    { origin: 'keyless.example', records: records(undefined) },
    { origin: 'other-key.example', records: records(keyRecord(attacker.cert)) },
    { origin: 'policied.example', records: [...records(undefined), POLICY_RECORD], signed: 'unsigned' },
  ], [`mx.attacker A ${ATTACKER}`, `_25._tcp.mx.attacker ${keyRecord(attacker.cert)}`, 'attacker MX 10 mx.attacker']);
  postfix = await Postfix.start([{ address: HOST, name: 'mx.example', tls: host }, { address: ATTACKER, name: 'mx.attacker.example', tls: attacker }], [...DOMAINS, 'attacker.example']);
  web = createServer(host, (_request, response) => response.writeHead(policy.status, { 'content-type': 'text/plain' }).end(policy.text)).listen(0, '127.0.0.1');
  await once(web, 'listening');
});
afterAll(async () => {
  web?.close();
  await Promise.all([dns?.stop(), postfix?.stop()]);
});

let policy: { status: number; text: string };
beforeEach(() => {
  policy = { status: 200, text: policyText({ mx: ['mx.policied.example'] }) };
});

const sending = (): Sending => ({ resolver: dns.resolver, authority: authority.cert });
const mark = (): string => randomBytes(6).toString('hex');
const deliver = (domain: string, { marked = mark(), recorded, ...other }: Partial<Sending> & { marked?: string; recorded?: readonly string[] } = {}): Promise<Delivery> =>
  ours({ ...sending(), ...other }).deliver({ from: FROM, to: `front-door@${domain}`, octets: letter(marked), ...(recorded ? { recorded } : {}) });
/** Whether posttls-finger, which falls back on nothing, would send there. */
const agrees = (domain: string): boolean => finger(dns.resolvConf, ['-l', 'dane-only', domain]).verified;

test('a domain whose zone is signed, and whose keys are those of its host, is sent to; posttls-finger verifies the same', async () => {
  const marked = mark();
  expect(await deliver('signed.example', { marked })).toMatchObject({ outcome: 'sent', evidence: { host: 'mx.signed.example', proofs: ['dane'], dane: 'matched' } });
  expect(await postfix.arrived(marked)).toContain('Subject: sealed');
  expect(agrees('signed.example')).toBe(true);
});

test.each([
  ['M5: somebody puts his host into the answer', 'forged-mx.example', 'temporary', 'dns-failed'],
  ['M7: somebody puts his key into the answer', 'forged-keys.example', 'temporary', 'dns-failed'],
  ['M7: the signatures have run out', 'ended.example', 'temporary', 'dns-failed'],
  ['M7: somebody takes the signatures out', 'stripped.example', 'temporary', 'dns-failed'],
  ['the zone is not signed: its keys prove nothing', 'unsigned.example', 'permanent', 'not-secure'],
  ['there are provably no keys', 'keyless.example', 'permanent', 'not-secure'],
  ['the keys are those of another host', 'other-key.example', 'temporary', 'dane-mismatch'],
] as const)('%s: nothing goes, and posttls-finger verifies nothing', async (_what, domain, outcome, fault) => {
  const [before, marked] = [postfix.log.length, mark()];
  expect(await deliver(domain, { marked })).toEqual({ outcome, fault });
  // What is not proved is not even rung; a host of another key is left before a word of the message.
  if (fault !== 'dane-mismatch') expect(postfix.log.slice(before)).not.toMatch(/: connect from/);
  expect(agrees(domain)).toBe(false);
  expect(postfix.mails.some((mail) => mail.includes(marked))).toBe(false);
});

test('M5: the attacker would have got it: to whoever does not validate, his host is the domain’s', async () => {
  expect(dns.unchecked('forged-mx.example', 'MX')).toContain('mx.attacker.example.');
  const marked = mark();
  expect(await deliver('attacker.example', { marked })).toMatchObject({ outcome: 'sent', evidence: { host: 'mx.attacker.example' } });
  expect(await postfix.arrived(marked)).toContain('mx.attacker.example');
});

test('M7: what does not validate is not made up for by what the co-ordinator recorded; what is merely unsigned is', async () => {
  const recorded = (domain: string) => ({ recorded: [`mx.${domain}`] });
  expect(await deliver('forged-keys.example', recorded('forged-keys.example'))).toEqual({ outcome: 'temporary', fault: 'dns-failed' });
  expect(await deliver('stripped.example', recorded('stripped.example'))).toEqual({ outcome: 'temporary', fault: 'dns-failed' });
  expect(await deliver('unsigned.example', recorded('unsigned.example'))).toMatchObject({ outcome: 'sent', evidence: { proofs: ['recorded'], dane: 'none' } });
});

test('M7: a resolver that validates nothing, or is not there, proves nothing', async () => {
  expect(await deliver('signed.example', { resolver: dns.unvalidating })).toEqual({ outcome: 'permanent', fault: 'not-secure' });
  expect(await deliver('signed.example', { resolver: new Resolver({ host: '127.0.0.1', port: await ownPort() }) })).toEqual({ outcome: 'temporary', fault: 'dns-failed' });
});

test('M6: a policy that was had holds, when DNS of an unsigned domain comes to lead to an attacker and says nothing of a policy, or the file is gone', async () => {
  const egress = new Egress({ permit: ['127.0.0.0/8'], authorities: authority.cert, ports: [(web.address() as AddressInfo).port], resolve: () => Promise.resolve(['127.0.0.1']) });
  const ask: Egress['ask'] = (url, what) => egress.ask(url.replace('mta-sts.policied.example/', `mta-sts.policied.example:${(web.address() as AddressInfo).port}/`), what);
  const policies = new Policies();
  const send = (marked: string, kept = policies) => deliver('policied.example', { policies: kept, ask, marked });
  expect(await send(mark())).toMatchObject({ outcome: 'sent', evidence: { proofs: ['mta-sts'], policyId: '1' } });
  policy = { status: 404, text: '' };
  expect(await send(mark())).toMatchObject({ outcome: 'sent', evidence: { proofs: ['mta-sts'] } });
  await dns.replace({ origin: 'policied.example', records: records(undefined, 'mx.attacker.example.'), signed: 'unsigned' }, async () => {
    const mx = await dns.resolver.ask('policied.example', 'MX');
    return mx.state === 'found' && mx.records[0]?.host === 'mx.attacker.example';
  });
  const marked = mark();
  expect(await send(marked)).toEqual({ outcome: 'temporary', fault: 'not-its-hosts' });
  // Who never had the policy has no proof either.
  expect(await send(marked, new Policies())).toEqual({ outcome: 'permanent', fault: 'not-secure' });
  expect(postfix.mails.some((mail) => mail.includes(marked))).toBe(false);
});
