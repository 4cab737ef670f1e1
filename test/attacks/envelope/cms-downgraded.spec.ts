import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { OID } from '#envelope/der/oids';
import { plain, TYPE } from '#envelope/der/tags';
import { element, octetString } from '#envelope/der/writer';
import { wrapFor } from '#envelope/cms/wrapping';
import { parsedCertificate } from '#envelope/smime-certificates';
import { openSmime } from '#envelope/smime-opening';
import { sealSmime } from '#envelope/smime-sealing';
import { agreed, agreedKey, authEnveloped, cbc, encrypted, enveloped, partVerdict, throughPartGate } from './cms-forge';
import { AT } from './forge';
import { issue, type Issued } from './x509';

// Who holds a message on its way, and knows some of its words, writes others in: EFAIL (CVE-2017-17689) for CBC, and for GCM the turn to CBC first.

const WORDS = Buffer.from('Content-Type: text/plain\n\nThe child is at 14 Elm Road.');
const BOUND = { manifest: 'm', part: 'part-1', at: AT };
let reader: Issued;
let sender: Issued;
beforeAll(() => {
  [reader, sender] = [issue('reader'), issue('sender')];
});

/** What a CBC program would write, under a key that the test knows. */
function inCbc(words: Buffer): { octets: Buffer; data: Buffer } {
  const [key, iv] = [randomBytes(32), randomBytes(16)];
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const info = encrypted({ by: cbc(OID.aes256Cbc, iv), content: element(plain(0), cipher.update(words), cipher.final()) });
  return { octets: enveloped({ version: 2, recipients: [wrapFor(key, parsedCertificate(reader.certificate))], info }), data: Buffer.from(info) };
}
const digestOf = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');
const read = (octets: Uint8Array, signedDigest?: string): string => {
  const opened = openSmime({ octets, identities: [reader.identity], ...BOUND, ...(signedDigest ? { signedDigest } : {}) });
  return opened.ok ? Buffer.from(opened.octets).toString('latin1') : `${opened.code} ${opened.problem?.code ?? ''}`.trim();
};

test('EFAIL: words written into CBC would be read, were it not for the digest that the sender signed', () => {
  const { octets, data } = inCbc(WORDS);
  const signed = digestOf(data);
  expect(read(octets, signed)).toBe(WORDS.toString());
  // The first block's vector, so bent that the message starts with words of the attacker's.
  const iv = Buffer.from(octets.subarray(octets.indexOf(data)).subarray(0, 60));
  const at = octets.indexOf(data) + iv.indexOf(Buffer.of(TYPE.octetString, 16)) + 2;
  const bent = Buffer.from(octets);
  for (const [i, octet] of Buffer.from('Attacker-Type: x').entries()) bent[at + i] = (bent[at + i] ?? 0) ^ octet ^ (WORDS[i] ?? 0);
  expect(read(bent, digestOf(bent.subarray(bent.length - data.length)))).toMatch(/^Attacker-Type: x/);
  expect(read(bent, signed)).toBe('NOT_SEALED DIGEST_MISMATCH');
  expect(read(bent)).toBe('NOT_SEALED LEGACY_ENCRYPTION');
});

test('GCM turned to CBC over the same key: neither the gate nor a reader takes it', async () => {
  const sealed = sealSmime({ octets: WORDS, to: [reader.certificate], signer: sender.identity, ...BOUND });
  const { answer, out } = await throughPartGate(sealed);
  if (!answer.ok) throw new Error(answer.problem.code);
  const content = out.subarray(out.length - 18 - 160, out.length - 18);
  const turned = enveloped({ version: 2, recipients: answer.part.addressees.map(({ packet }) => packet), info: encrypted({ by: cbc(OID.aes256Cbc, randomBytes(16)), content: element(plain(0), content) }) });
  expect(await partVerdict(turned)).toBe('LEGACY_ENCRYPTION');
  expect(await partVerdict(turned, { cbc: true })).toBe('passes');
  expect(read(turned)).toBe('NOT_SEALED LEGACY_ENCRYPTION');
  expect(read(turned, answer.part.digest)).toBe('NOT_SEALED DIGEST_MISMATCH');
});

test('a tag cut short, which could be guessed, is not taken', async () => {
  const short = authEnveloped({ tag: octetString(randomBytes(4)) });
  expect(await partVerdict(short)).toBe('NOT_CMS');
  expect(read(short)).toBe('NOT_SEALED NOT_CMS');
});

test('a point that is not on the curve, to learn the reader’s key by: nothing is agreed', () => {
  const octets = authEnveloped({ recipients: [agreed({ keys: [agreedKey(parsedCertificate(reader.certificate).issuerSerial)] })] });
  expect(read(octets)).toBe('CANNOT_OPEN');
});
