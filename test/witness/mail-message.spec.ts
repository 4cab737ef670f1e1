import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { readAddress } from '#mail/address';
import { inside, messageId, type Outside, type Piece, sealedMail, subjectLine } from '#mail/message';
import { isMessage } from '#mail/smtp/octets';
import { Programs } from './programs';

/** Python's email package and gpg stand in for a recipient's mail program, and for a mail administrator who reads along. */

const READ = `
import sys, json, base64
from email import policy
from email.parser import BytesParser
message = BytesParser(policy=policy.default).parsebytes(sys.stdin.buffer.read())
def told(part):
    return {"type": part.get_content_type(), "parameters": dict(part["content-type"].params) if part["content-type"] else {}, "name": part.get_filename(), "octets": None if part.is_multipart() else base64.b64encode(part.get_payload(decode=True)).decode(), "defects": [str(d) for d in part.defects]}
print(json.dumps({"headers": [[k, str(v)] for k, v in message.items()], "top": told(message), "parts": [told(p) for p in message.iter_parts()]}))
`;

interface Told {
  type: string;
  parameters: Record<string, string>;
  name: string | null;
  octets: string | null;
  defects: string[];
}
const read = (octets: Uint8Array) => JSON.parse(execFileSync('python3', ['-c', READ], { input: octets }).toString()) as { headers: [string, string][]; top: Told; parts: Told[] };

const address = (text: string) => {
  const reading = readAddress(text);
  if (!reading.ok) throw new Error(reading.fault);
  return reading.address;
};
const OUTSIDE: Outside = {
  from: address('gateway@waybill.example'), to: address('front-door@merebrook.example'), transfer: '019ad0b2-5c3e-7000-8000-000000000001', classification: 'OFFICIAL-SENSITIVE', agreement: 'solihull', urgency: 'urgent',
  at: new Date('2026-11-28T09:05:07Z'), gateway: 'gateway.example',
};
/** Words that a mail administrator has no business with; too long, or with a character, to occur in base64 by chance. */
const TELLING = ['safeguarding-purpose', 'vital-interests', 'risk-assessment', 'do-not-tell', 'Rowan Ashdown'];
const PIECES: Piece[] = [
  { name: 'provenance.jws', type: 'application/jose', octets: Buffer.from(`eyJ.${'a'.repeat(5_000)}.sig`) }, { name: 'manifest.json', type: 'application/json', octets: Buffer.from(JSON.stringify(TELLING)) },
  { name: 'manifest.sig', type: 'application/pgp-signature', octets: Buffer.from([0, 255, 13, 10, 46, 13, 10, 10, 13]) }, { name: 'part-1.pgp', type: 'application/octet-stream', octets: Buffer.from(Array.from({ length: 10_000 }, (_, i) => (i * 7) % 256)) }, { name: 'line-1.json', type: 'application/json', octets: Buffer.alloc(0) },
];
const HEADERS = [['From', 'gateway@waybill.example'], ['To', 'front-door@merebrook.example'], ['Date', 'Sat, 28 Nov 2026 09:05:07 +0000'], ['Message-ID', '<019ad0b2-5c3e-7000-8000-000000000001@gateway.example>'], ['Subject', 'OFFICIAL-SENSITIVE solihull urgent 019ad0b2-5c3e-7000-8000-000000000001']];

let programs: Programs;
let mail: Buffer;
beforeAll(() => {
  programs = new Programs();
  programs.gpgKey('reader');
  mail = sealedMail(OUTSIDE, programs.gpg(['--encrypt', '--armor', '--recipient', 'reader@example.org'], inside(OUTSIDE, PIECES)).toString());
});
afterAll(() => programs.end());

test('MN-07: a mail administrator sees who writes to whom, and a subject of codes; no purpose, basis, category, flag or name', () => {
  const { headers, top, parts } = read(mail);
  expect(headers).toEqual([...HEADERS, ['MIME-Version', '1.0'], ['Auto-Submitted', 'auto-generated'], ['Content-Type', expect.stringMatching(/^multipart\/encrypted/)]]);
  expect([top.type, top.parameters['protocol']]).toEqual(['multipart/encrypted', 'application/pgp-encrypted']);
  expect(parts.map(({ type, name, defects }) => [type, name, defects])).toEqual([['application/pgp-encrypted', null, []], ['application/octet-stream', 'encrypted.asc', []]]);
  for (const word of [...TELLING, 'provenance', 'manifest', 'part-1']) expect(mail.toString('latin1')).not.toContain(word);
});

test('the recipient opens it with gpg, and finds every piece octet for octet, and the headers once more', () => {
  const [, sealed] = read(mail).parts;
  const opened = read(programs.gpg(['--decrypt'], Buffer.from(sealed?.octets ?? '', 'base64')));
  expect(opened.headers.slice(0, HEADERS.length)).toEqual(HEADERS);
  expect([opened.top.type, opened.top.parameters['protected-headers'], opened.top.defects]).toEqual(['multipart/mixed', 'v1', []]);
  expect(opened.parts.map(({ type, name, octets, defects }) => ({ type, name, octets, defects }))).toEqual(PIECES.map(({ type, name, octets }) => ({ type, name, octets: Buffer.from(octets).toString('base64'), defects: [] })));
});

test('it is a message as the mail room sends them, and the same at each attempt', () => {
  expect(isMessage(mail)).toBe(true);
  expect(isMessage(inside(OUTSIDE, PIECES))).toBe(true);
  expect(inside(OUTSIDE, PIECES)).toEqual(inside({ ...OUTSIDE }, [...PIECES]));
  expect(messageId(OUTSIDE)).toBe('<019ad0b2-5c3e-7000-8000-000000000001@gateway.example>');
});

test('M8: whatever stands for a code, an id, a host or a file name, no header is added', () => {
  const nasty = fc.string({ unit: fc.constantFrom(...'aaabbbcccAB012---. \r\n:"<>é\0'), maxLength: 8 });
  const field = fc.constantFrom('classification', 'agreement', 'urgency', 'transfer', 'gateway', 'name');
  let [made, refused] = [0, 0];
  fc.assert(fc.property(field, nasty, (name, text) => {
    const attempt = (): Buffer => (name === 'name' ? inside(OUTSIDE, [{ ...(PIECES[0] as Piece), name: text }]) : inside({ ...OUTSIDE, [name]: text }, PIECES));
    try {
      const written = attempt().toString('latin1');
      made++;
      expect(written.slice(0, written.indexOf('\r\n\r\n')).split('\r\n').map((line) => line.split(':')[0])).toEqual(['From', 'To', 'Date', 'Message-ID', 'Subject', 'Content-Type']);
      expect(written).not.toMatch(/[^\r]\n|\r[^\n]/);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      refused++;
    }
  }), { numRuns: 2_000 });
  expect(made).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(100);
  expect(subjectLine(OUTSIDE)).toBe(HEADERS[4]?.[1]);
});

test.each(['', 'Dear team, Rowan was seen', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nx\n-----END PGP PUBLIC KEY BLOCK-----', 'before\n-----BEGIN PGP MESSAGE-----\n\nx\n-----END PGP MESSAGE-----', '-----BEGIN PGP MESSAGE-----\n\nx\n-----END PGP MESSAGE-----\nRowan', '-----BEGIN PGP MESSAGE-----\n\n\u00e9\n-----END PGP MESSAGE-----'])(
  'what is not one armored message is not put into a mail: %j', (armored) => {
    expect(() => sealedMail(OUTSIDE, armored)).toThrow(TypeError);
  });
