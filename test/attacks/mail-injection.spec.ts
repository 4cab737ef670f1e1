import fc from 'fast-check';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { readAddress } from '#mail/address';
import { Mailer } from '#mail/delivery';
import { LARGEST_MAIL } from '#mail/smtp/octets';
import { figure } from '../faults/figures';
import { FROM, HOST, LETTER, MailDomain, TO } from '../world/mail-domain';
import { NOT_ADDRESSES } from '../world/not-addresses';

// Whoever writes an address, a name or a message tries to have a mail host read more in it than one command, one recipient, one message; a host tries the same with us.

let domain: MailDomain;
beforeAll(async () => {
  domain = await MailDomain.start();
});
afterAll(() => domain.stop());
beforeEach(() => domain.reset());

test.each(NOT_ADDRESSES)('M10: %j is neither sent to nor sent from, and nobody is asked about it', async (text) => {
  const mailer = domain.mailer();
  expect(await mailer.deliver({ from: FROM, to: text, octets: LETTER })).toEqual({ outcome: 'permanent', fault: 'bad-address' });
  expect(await mailer.deliver({ from: text, to: TO, octets: LETTER })).toEqual({ outcome: 'permanent', fault: 'bad-address' });
  expect([domain.names.asked, domain.host.connections]).toEqual([[], 0]);
});

test('M8, M10: whatever is written for an address, a host hears of one recipient, which is that address, or of none', async () => {
  const nasty = fc.string({ unit: fc.constantFrom(...'ab.+<>"\\(),;:@[]%! \r\n\t\0é'), maxLength: 12 });
  await fc.assert(fc.asyncProperty(nasty, async (local) => {
    domain.host.reset({ tls: domain.certificate });
    const to = `${local}@merebrook.example`;
    const delivery = await domain.deliver(to);
    const recipients = domain.host.commands.filter((line) => /^RCPT/i.test(line));
    expect(recipients).toEqual(readAddress(to).ok ? [`RCPT TO:<${to}>`] : []);
    expect(delivery.outcome === 'sent').toBe(recipients.length === 1);
  }), { numRuns: 150 });
});

test.each(['mail.gateway.example\r\nRCPT TO:<x@evil.example>', 'mail gateway.example', '', 'localhost', '[127.0.0.1]', '127.0.0.1', 'mail.gateway.example.', 'mäil.gateway.example'])('M8: %j is no name to say to a host', (name) => {
  expect(() => new Mailer({ ...domainOptions(), name })).toThrow(TypeError);
});
const domainOptions = () => ({ egress: { ask: () => Promise.reject(new Error()), reaches: () => false }, resolver: { ask: () => Promise.resolve({ state: 'failed' as const }) }, policies: domain.policies, now: () => new Date() });

test.each(['\n.\n', '\r.\r', '\r\n.\n', '\n.\r\n', '\r.\r\n', '\r\n.\r', '\r\n\0.\r\n', '\n', '\r'])('M9: a message in which %j hides a second is not sent', async (hidden) => {
  const octets = Buffer.from(`Subject: one\r\n\r\nfirst${hidden}MAIL FROM:<x@evil.example>\r\nRCPT TO:<y@evil.example>\r\nDATA\r\nSubject: two\r\n\r\nsecond\r\n`);
  expect(await domain.deliver(TO, octets)).toEqual({ outcome: 'permanent', fault: 'bad-message' });
  expect(domain.host.connections).toBe(0);
});

test.each([['no end of its last line', 'Subject: x'], ['what is not ASCII', 'Subject: \u00e9\r\n'], ['a line over 998 octets', `${'x'.repeat(999)}\r\n`], ['nothing', '']])('M9: a message with %s is not sent', async (_what, text) => {
  expect(await domain.deliver(TO, Buffer.from(text))).toEqual({ outcome: 'permanent', fault: 'bad-message' });
});

describe('M9: a witness, smtp-server of the Nodemailer project,', () => {
  let server: SMTPServer;
  let got: { from: string; to: string[]; octets: string }[];
  beforeAll(async () => {
    server = new SMTPServer({
      ...domain.certificate, disabledCommands: ['AUTH'], authOptional: true,
      onData(stream, session, done) {
        const pieces: Buffer[] = [];
        stream.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          got.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), octets: Buffer.concat(pieces).toString('latin1') });
          done();
        });
      },
    });
    server.on('error', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
  });
  afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  beforeEach(() => (got = []));

  const toWitness = (octets: Buffer) => domain.mailer({ port: (server.server.address() as AddressInfo).port }).deliver({ from: FROM, to: TO, octets });

  test.each([
    ['dots where they end a message', 'Subject: one\r\n\r\n.\r\n..\r\n.\r\n.x\r\nMAIL FROM:<x@evil.example>\r\nRCPT TO:<y@evil.example>\r\nDATA\r\n.\r\n'], ['a dot at its very beginning', '.\r\n.\r\n\r\n'], ['lines of every length', `x: y\r\n\r\n${Array.from({ length: 999 }, (_, n) => `${'.'.repeat(n)}\r\n`).join('')}`],
  ])('gets one message with %s, octet for octet', async (_what, text) => {
    expect(await toWitness(Buffer.from(text))).toMatchObject({ outcome: 'sent', evidence: { version: 'TLSv1.3', host: HOST } });
    expect(got).toEqual([{ from: FROM, to: [TO], octets: text }]);
  });

  test('gets whatever we send, one message each', async () => {
    const lines = fc.array(fc.string({ unit: fc.constantFrom('.', 'a', ' '), maxLength: 5 }), { minLength: 1, maxLength: 6 });
    await fc.assert(fc.asyncProperty(lines, async (each) => {
      got = [];
      const text = each.map((line) => `${line}\r\n`).join('');
      expect(await toWitness(Buffer.from(text))).toMatchObject({ outcome: 'sent' });
      expect(got.map(({ octets }) => octets)).toEqual([text]);
    }), { numRuns: 40 });
  });
});

describe('M14: more than anybody needs', () => {
  const LARGE = Buffer.alloc(LARGEST_MAIL + 1, 'x');
  const CROWD = Array.from({ length: 100_000 }, (_, i) => `a${i}@merebrook.example`).join(',');
  const LONG = Buffer.from(`Subject: ${'x'.repeat(1_000_000)}\r\n\r\nx\r\n`);

  test('a message that is too large is refused before anybody is asked', async () => {
    expect(await domain.deliver(TO, Buffer.alloc(LARGEST_MAIL + 1, 'x'))).toEqual({ outcome: 'permanent', fault: 'too-large' });
    expect(domain.names.asked).toEqual([]);
  });

  test('a message that is larger than its host takes is not begun', async () => {
    domain.host.reset({ tls: domain.certificate, extensions: ['SIZE 10'] });
    expect(await domain.deliver()).toEqual({ outcome: 'permanent', fault: 'too-large' });
    expect(domain.host.commands.filter((line) => line.startsWith('MAIL'))).toEqual([]);
  });

  test.each([
    ['a line without end', 'x'.repeat(1_000_000)], ['a reply without end', '220-x\r\n'.repeat(100_000)], ['a line that is too long', `220 ${'x'.repeat(3_000)}\r\n`], ['lines that end in LF', '220 host\n'], ['a reply of two codes', '220-x\r\n250 x\r\n'], ['no reply code', 'hello\r\n'], ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ])('a host that greets with %s is hung up on', async (_what, greeting) => {
    domain.host.reset({ tls: domain.certificate, replies: { GREETING: greeting } });
    expect(await domain.deliver()).toEqual({ outcome: 'temporary', fault: 'not-smtp' });
    expect(domain.host.messages).toEqual([]);
  });

  test('none of it is held, however often it comes', async () => {
    const all: Record<string, () => Promise<unknown>> = {
      'a mail too large': () => domain.deliver(TO, LARGE), '100,000 recipients': () => domain.deliver(CROWD), 'a header of 1 MB': () => domain.deliver(TO, LONG),
      'a greeting without end': () => {
        domain.host.reset({ tls: domain.certificate, replies: { GREETING: '220-x\r\n'.repeat(100_000) } });
        return domain.deliver();
      },
    };
    for (const [what, refused] of Object.entries(all)) {
      expect(await refused()).toMatchObject({ fault: expect.stringMatching(/^(too-large|bad-address|bad-message|not-smtp)$/) });
      const [before, times] = [process.memoryUsage().rss, [] as number[]];
      for (let i = 0; i < 50; i++) {
        const started = performance.now();
        await refused();
        times.push(performance.now() - started);
      }
      const [half, most] = [25, 49].map((at) => times.toSorted((a, b) => a - b)[at]?.toFixed(1));
      figure('M14', `${what}: refused 50 times, in ${half} ms (at most ${most} ms), resident memory ${((process.memoryUsage().rss - before) / 1e6).toFixed(1)} MB more`);
    }
    expect(domain.host.messages).toEqual([]);
  });

  test('a policy without end is not read to its end', async () => {
    domain.policy.text += 'x: y\r\n'.repeat(100_000);
    expect(await domain.deliver()).toEqual({ outcome: 'temporary', fault: 'policy-not-had' });
  });
});

test.each([
  ['M11: 451 to the recipient', { RCPT: '451 4.7.1 come back later\r\n' }, { outcome: 'temporary', fault: 'refused-for-now', reply: { code: 451, enhanced: '4.7.1' } }],
  ['M12: 550 to the recipient', { RCPT: '550 5.1.1 no such mailbox\r\n' }, { outcome: 'permanent', fault: 'refused', reply: { code: 550, enhanced: '5.1.1' } }],
  ['M12: 552 to the message', { MESSAGE: '552 5.3.4 too big\r\n' }, { outcome: 'permanent', fault: 'refused', reply: { code: 552, enhanced: '5.3.4' } }],
  ['421 for a greeting', { GREETING: '421 busy\r\n' }, { outcome: 'temporary', fault: 'refused-for-now', reply: { code: 421 } }],
  ['a host that hangs up on the message, and may have it', { MESSAGE: '' }, { outcome: 'temporary', fault: 'broke-off', mayHaveArrived: true }],
  ['a host that hangs up before', { DATA: '' }, { outcome: 'temporary', fault: 'broke-off' }],
])('%s: we know what it means', async (_what, replies, expected) => {
  domain.host.reset({ tls: domain.certificate, replies });
  expect(await domain.deliver()).toEqual(expected);
});
