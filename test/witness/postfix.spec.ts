import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { Delivery } from '#mail/delivery';
import { postureOf } from '#mail/probing';
import { ownNetwork } from '../world/daemon';
import { type HostKey, mailAuthority, mailCertificate, selfSigned } from '../world/mail-certificates';
import { FROM } from '../world/mail-domain';
import { eventually } from '../world/partnership';
import { Postfix, type PostfixHost } from '../world/postfix';
import { SignedDns } from '../world/signed-dns';
import { asSent, authorityRecord, finger, keyRecord, letter, optionsOf, ours, swaks } from './mail-programs';

/** A partner's real Postfix, with good and bad TLS; posttls-finger and swaks ring the same hosts, and come to the same. */

const at = ownNetwork();
const authority = mailAuthority();
const other = mailAuthority('Another authority');
const chained = ({ key, cert }: HostKey): HostKey => ({ key, cert: `${cert}${authority.cert}` });
const by = (domain: string, options: Partial<Parameters<typeof mailCertificate>[1]> = {}, signer = authority): HostKey => mailCertificate(signer, { hosts: [`mx.${domain}`], ...options });

interface Domain {
  tls: HostKey;
  settings?: PostfixHost['settings'];
  /** What stands in DNS for its keys. */
  keys?: string;
}

const OLD = { smtpd_tls_protocols: '>=TLSv1, <=TLSv1', smtpd_tls_ciphers: 'low', tls_low_cipherlist: 'ALL:@SECLEVEL=0' };
const selfMade = selfSigned('mx.keys-self-signed.example');
const ended = by('keys-ended.example', { days: -1 });
const DOMAINS: Readonly<Record<string, Domain>> = {
  'good.example': { tls: by('good.example') },
  'other-name.example': { tls: by('other-name.example', { hosts: ['mx.elsewhere.example'] }) },
  'name-in-subject.example': { tls: by('name-in-subject.example', { hosts: ['mx.elsewhere.example'], subject: 'mx.name-in-subject.example' }) },
  'ended.example': { tls: by('ended.example', { days: -1 }) },
  'self-signed.example': { tls: selfSigned('mx.self-signed.example') },
  'other-authority.example': { tls: by('other-authority.example', {}, other) },
  'old-tls.example': { tls: by('old-tls.example'), settings: OLD },
  'weak-cipher.example': { tls: by('weak-cipher.example'), settings: { smtpd_tls_protocols: '>=TLSv1.2, <=TLSv1.2', smtpd_tls_ciphers: 'low', tls_low_cipherlist: 'ECDHE-ECDSA-AES128-SHA256' } },
  'clear.example': { tls: by('clear.example'), settings: { smtpd_tls_security_level: 'none' } },
  'keys-good.example': { ...keyed(by('keys-good.example')) },
  'keys-self-signed.example': { tls: selfMade, keys: keyRecord(selfMade.cert) },
  'keys-ended.example': { tls: ended, keys: keyRecord(ended.cert) },
  'keys-authority.example': { tls: chained(by('keys-authority.example')), keys: authorityRecord(authority.cert) },
  'keys-authority-other-name.example': { tls: chained(by('keys-authority-other-name.example', { hosts: ['mx.elsewhere.example'] })), keys: authorityRecord(authority.cert) },
  'keys-authority-ended.example': { tls: chained(by('keys-authority-ended.example', { days: -1 })), keys: authorityRecord(authority.cert) },
  'keys-other.example': { tls: by('keys-other.example'), keys: keyRecord(other.cert) },
  'keys-old-tls.example': { ...keyed(by('keys-old-tls.example')), settings: OLD },
};
function keyed(tls: HostKey): Domain {
  return { tls, keys: keyRecord(tls.cert) };
}

const NAMES = Object.keys(DOMAINS);
const addressOf = (domain: string): string => at(10 + NAMES.indexOf(domain));
const withKeys = (domain: string): boolean => DOMAINS[domain]?.keys !== undefined;

let dns: SignedDns;
let postfix: Postfix;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-postfix-'));
  const records = NAMES.flatMap((domain) => [`${domain}. MX 10 mx.${domain}.`, `mx.${domain}. A ${addressOf(domain)}`, ...(DOMAINS[domain]?.keys ? [`_25._tcp.mx.${domain}. ${DOMAINS[domain].keys}`] : [])]);
  dns = await SignedDns.start(at, [], records);
  postfix = await Postfix.start(Object.entries(DOMAINS).map(([domain, { tls, settings }]) => ({ address: addressOf(domain), name: `mx.${domain}`, tls, ...(settings ? { settings } : {}) })), NAMES);
});
afterAll(async () => {
  await Promise.all([dns?.stop(), postfix?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const mark = (): string => randomBytes(6).toString('hex');
/** Where there are no keys in DNS, by what the co-ordinator recorded. */
const deliver = (domain: string, octets: Buffer): Promise<Delivery> =>
  ours({ resolver: dns.resolver, authority: authority.cert }).deliver({ from: FROM, to: `front-door@${domain}`, octets, ...(withKeys(domain) ? {} : { recorded: [`mx.${domain}`] }) });

/** posttls-finger by the same rule: keys in DNS, or the name and the authority, and TLS 1.2 with what we take. */
function fingered(domain: string): { verified: boolean; says: string } {
  const file = join(folder, 'ca.pem');
  writeFileSync(file, authority.cert);
  const level = withKeys(domain) ? ['-l', 'dane-only'] : ['-l', 'secure', '-F', file];
  return finger(dns.resolvConf, [...level, '-p', '>=TLSv1.2', '-g', 'high', '-o', 'tls_high_cipherlist=ECDHE+AESGCM:ECDHE+CHACHA20', domain, ...(withKeys(domain) ? [] : [`mx.${domain}`])]);
}

test.each(['good.example', 'keys-good.example', 'keys-self-signed.example', 'keys-ended.example', 'keys-authority.example'])('%s is sent to; posttls-finger verifies it; what arrived is what was sent, and Postfix saw the TLS that we put on record', async (domain) => {
  const marked = mark();
  const octets = letter(marked);
  const delivery = await deliver(domain, octets);
  expect(delivery).toMatchObject({ outcome: 'sent', evidence: { host: `mx.${domain}`, proofs: [withKeys(domain) ? 'dane' : 'recorded'], version: 'TLSv1.3' } });
  const mail = await postfix.arrived(marked);
  expect(asSent(mail)).toBe(octets.toString().replaceAll('\r\n', '\n'));
  const { evidence } = delivery as Extract<Delivery, { outcome: 'sent' }>;
  expect(mail).toContain(`using ${evidence.version} with cipher ${evidence.cipher}`);
  expect(fingered(domain)).toMatchObject({ verified: true });
});

test.each([
  ['M1', 'clear.example', 'no-starttls'],
  ['M2', 'old-tls.example', 'no-tls'],
  ['M2', 'keys-old-tls.example', 'no-tls'],
  ['M2', 'weak-cipher.example', 'no-tls'],
  ['M3', 'other-name.example', 'no-tls'],
  ['M3', 'name-in-subject.example', 'no-tls'],
  ['M3', 'ended.example', 'no-tls'],
  ['M3', 'self-signed.example', 'no-tls'],
  ['M3', 'other-authority.example', 'no-tls'],
  ['M3', 'keys-other.example', 'dane-mismatch'],
  ['M3', 'keys-authority-other-name.example', 'dane-mismatch'],
  ['M3', 'keys-authority-ended.example', 'dane-mismatch'],
] as const)('%s: %s gets nothing (%s), and posttls-finger verifies nothing; no word of a message reached Postfix', async (_row, domain, fault) => {
  const [before, marked] = [postfix.log.length, mark()];
  expect(await deliver(domain, letter(marked))).toEqual({ outcome: 'temporary', fault });
  const { verified, says } = fingered(domain);
  // It did ring: what it says is of this host.
  expect([verified, says]).toEqual([false, expect.stringContaining(`mx.${domain}[${addressOf(domain)}]:25`)]);
  // Postfix gives a message an id with the first recipient that it takes.
  await eventually(() => Promise.resolve(postfix.log.slice(before).split('disconnect from').length > 2));
  expect(postfix.log.slice(before)).not.toMatch(/: client=|cleanup|mail=1|rcpt=/);
  expect(postfix.mails.some((mail) => mail.includes(marked))).toBe(false);
});

const asked = (domain: string, ...args: string[]): string => spawnSync('openssl', ['s_client', '-starttls', 'smtp', '-connect', `${addressOf(domain)}:25`, '-cipher', 'ALL:@SECLEVEL=0', ...args], { input: 'QUIT\r\n', encoding: 'utf8', timeout: 30_000 }).stdout;

test('the host with a weak cipher speaks it, to whoever asks for it', () => {
  expect(asked('weak-cipher.example', '-cipher', 'ECDHE-ECDSA-AES128-SHA256')).toContain('Cipher is ECDHE-ECDSA-AES128-SHA256');
});

test.each([
  ['good.example', ['1.2', '1.3'], undefined], ['old-tls.example', ['1.0'], 'no-tls'], ['weak-cipher.example', ['1.2'], 'no-tls'], ['ended.example', ['1.2', '1.3'], 'no-tls'], ['clear.example', [], 'no-starttls'],
])('what is found out of %s beforehand is what it does: it takes %j, and whatever else openssl finds it to take; and what would keep a message from going', async (domain, least, fault) => {
  const { hosts } = await postureOf(domain, { ...optionsOf({ resolver: dns.resolver, authority: authority.cert }), recorded: [`mx.${domain}`] });
  const versions = Object.entries({ '1.0': '-tls1', '1.1': '-tls1_1', '1.2': '-tls1_2', '1.3': '-tls1_3' }).filter(([, option]) => /Cipher is (?!\(NONE\))/.test(asked(domain, option))).map(([version]) => version);
  expect(hosts).toEqual([{ host: `mx.${domain}`, versions, ...(fault ? { fault } : {}) }]);
  expect(versions).toEqual(expect.arrayContaining(least));
});

test('swaks sends the same message over the same TLS, and the two that arrive do not differ', async () => {
  const octets = letter(mark(), ['..a dot', '.', '.. two', 'hQEMA'].join('\r\n'));
  const delivery = await deliver('good.example', octets);
  const { version, cipher } = swaks(folder, { to: 'front-door@good.example', address: addressOf('good.example'), host: 'mx.good.example', authority: authority.cert, octets });
  expect(delivery).toMatchObject({ outcome: 'sent', evidence: { version, cipher } });
  const [, marked = ''] = /Subject: sealed (\w+)/.exec(octets.toString()) ?? [];
  const both = await eventually(async () => {
    const found = postfix.mails.filter((mail) => mail.includes(marked));
    return found.length === 2 && found;
  });
  // swaks ends a message with a line of its own.
  expect(new Set(both.map((mail) => asSent(mail).trimEnd()))).toEqual(new Set([octets.toString().replaceAll('\r\n', '\n').trimEnd()]));
});

describe('M9: a second message hidden in the first', () => {
  const ENDS = { 'LF.LF': '\n.\n', 'LF.CRLF': '\n.\r\n', 'CRLF.LF': '\r\n.\n', 'CR.CR': '\r.\r', 'CR.CRLF': '\r.\r\n', 'CRLF.CR': '\r\n.\r', 'LFCR.CRLF': '\n\r.\r\n', 'CRLF NUL.CRLF': '\r\n\0.\r\n' };
  const hidden = (marked: string): string => `MAIL FROM:<${FROM}>\r\nRCPT TO:<front-door@good.example>\r\nDATA\r\nFrom: <${FROM}>\r\nSubject: hidden ${marked}\r\n\r\nhidden\r\n`;

  test.each(Object.entries(ENDS))('%s is refused, not mended: nothing arrives', async (_name, end) => {
    const marked = mark();
    expect(await deliver('good.example', letter(marked, `before${end}${hidden(marked)}`))).toEqual({ outcome: 'permanent', fault: 'bad-message' });
    expect(postfix.mails.some((mail) => mail.includes(marked))).toBe(false);
  });

  test('CRLF.CRLF, the end itself, is one line of one message at Postfix, and so are the commands behind it', async () => {
    const marked = mark();
    const octets = letter(marked, `before\r\n.\r\n${hidden(marked)}`);
    expect(await deliver('good.example', octets)).toMatchObject({ outcome: 'sent' });
    expect(asSent(await postfix.arrived(marked))).toBe(octets.toString().replaceAll('\r\n', '\n'));
    // What came after it has arrived: had there been another, it would lie there.
    const last = mark();
    await deliver('good.example', letter(last));
    await postfix.arrived(last);
    expect(postfix.mails.filter((mail) => mail.includes(marked))).toHaveLength(1);
  });

  test('this Postfix takes LF.CRLF for the end: from a sender that lets it through, two messages arrive', async () => {
    const marked = mark();
    await raw(addressOf('good.example'), `From: <${FROM}>\r\nSubject: outer ${marked}\r\n\r\nbefore\n.\r\n${hidden(marked)}.\r\n`);
    await eventually(() => Promise.resolve(postfix.mails.filter((mail) => mail.includes(marked)).length === 2));
  });
});

/** A sender that mends nothing and refuses nothing. */
async function raw(address: string, data: string): Promise<void> {
  // It hangs up as soon as it has heard what it takes for a goodbye.
  const plain = connectPlain(25, address).on('error', () => undefined);
  const asked = async (socket: NodeJS.ReadWriteStream, line: string): Promise<void> => {
    socket.write(line);
    await once(socket, 'data');
  };
  await once(plain, 'data');
  await asked(plain, 'EHLO raw.example\r\n');
  await asked(plain, 'STARTTLS\r\n');
  const socket = connect({ socket: plain, rejectUnauthorized: false }).on('error', () => undefined);
  await once(socket, 'secureConnect');
  for (const line of ['EHLO raw.example\r\n', `MAIL FROM:<${FROM}>\r\n`, 'RCPT TO:<front-door@good.example>\r\n', 'DATA\r\n']) await asked(socket, line);
  await asked(socket, data);
  socket.end('QUIT\r\n');
}
