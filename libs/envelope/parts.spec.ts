import { createHash } from 'node:crypto';
import { agreed, agreedKey, ATTRIBUTES, authEnveloped, cbc, contentInfo, encrypted, enveloped, gcm, issuerSerial, join, OAEP, partVerdict, TAG, throughPartGate, transported, withAgreedKey, withOther, withPassword, WRAP } from '../../test/attacks/envelope/cms-forge';
import { LIMITS, MESSAGE, pieces, throughGate } from '../../test/attacks/envelope/forge';
import { CMS_CODES, PART_CODES } from './cms-codes';
import { OID } from './der/oids';
import { around, plain, TYPE } from './der/tags';
import { element, octetString, oid, sequence, small } from './der/writer';
import { copyHead, readPart, readPartOctets } from './parts';

const SKI = element(plain(0), Buffer.alloc(20, 6));
const oaep = (hash: string, mask = hash, more: Uint8Array[] = []): Uint8Array => sequence(oid(OID.rsaOaep), sequence(element(around(0), sequence(oid(hash))), element(around(1), sequence(oid(OID.mgf1), sequence(oid(mask)))), ...more));
const originator = (algorithm: Uint8Array, point: Uint8Array): Uint8Array => element(around(0), element(around(1), algorithm, element(TYPE.bitString, point)));
const point = (octets: number, first = 4): Buffer => join(Uint8Array.of(0, first), Buffer.alloc(octets, 9));
/** The octets at the first place of others replaced; outer lengths stay as they were. */
const replaced = (octets: Buffer, from: Uint8Array, to: Uint8Array): Buffer => {
  const at = octets.indexOf(from);
  if (at < 0) throw new Error('not there');
  return join(octets.subarray(0, at), to, octets.subarray(at + from.length));
};

test.each<[string, Buffer, boolean?]>([
  ['an OpenPGP message', MESSAGE],
  ['one recipient by RSA-OAEP', authEnveloped()],
  ['one by elliptic curve', authEnveloped({ recipients: [agreed()] })],
  ['two recipients, in any order', authEnveloped({ recipients: [agreed(), transported()] })],
  ['a recipient by key identifier', authEnveloped({ recipients: [transported({ version: 2, name: SKI })] })],
  ['an agreed one by key identifier', authEnveloped({ recipients: [agreed({ keys: [agreedKey(element(around(0), octetString(Buffer.alloc(20, 6))))] })] })],
  ['shared information of 64 octets', authEnveloped({ recipients: [agreed({ shared: element(around(1), octetString(Buffer.alloc(64, 1))) })] })],
  ['a curve that is named, P-384', authEnveloped({ recipients: [agreed({ originator: originator(sequence(oid(OID.ec), oid(OID.p384)), point(96)) })] })],
  ['null for the curve, as some write', authEnveloped({ recipients: [agreed({ originator: originator(sequence(oid(OID.ec), element(TYPE.null)), point(64)) })] })],
  ['AES-128-GCM', authEnveloped({ info: encrypted({ by: gcm(OID.aes128Gcm) }) })],
  ['OAEP with SHA-512', authEnveloped({ recipients: [transported({ by: oaep(OID.sha512) })] })],
  ['nothing inside', authEnveloped({ info: encrypted({ content: element(plain(0)) }) })],
  ['EnvelopedData with CBC, where that is admitted', enveloped(), true],
  ['EnvelopedData of version 2 for an agreed key', enveloped({ version: 2, recipients: [agreed(), transported()] }), true],
])('passes with %s', async (_what, octets, cbcToo = false) => {
  expect(await partVerdict(octets, { cbc: cbcToo })).toBe('passes');
  expect(await partVerdict(octets, { cbc: cbcToo, size: 1 })).toBe('passes');
});

const good = authEnveloped();
const bare = sequence(oid(OID.rsa), element(TYPE.null));

test.each<[string, string, Buffer, boolean?]>([
  ['NOT_OPENPGP', 'nothing at all', Buffer.alloc(0)],
  ['NOT_CMS', 'a lone octet', Buffer.of(0x30)],
  ['NOT_CMS', 'text that starts with a nought', Buffer.from('0 children')],
  ['NOT_CMS', 'an unknown content type', contentInfo('1.2.3.4', sequence(small(0)))],
  ['NOT_CMS', 'a message cut short', good.subarray(0, -1)],
  ['NOT_CMS', 'a message that ends before its content', good.subarray(0, 500)],
  ['NOT_CMS', 'another version than the recipients ask for', authEnveloped({ version: 2 })],
  ['NOT_CMS', 'EnvelopedData of version 0 for an agreed key', enveloped({ recipients: [agreed()] }), true],
  ['NOT_CMS', 'a key by its issuer in the form for identifiers', authEnveloped({ recipients: [transported({ version: 2 })] })],
  ['NOT_CMS', 'something more in a recipient’s entry', authEnveloped({ recipients: [sequence(small(0), issuerSerial('A'), OAEP, octetString(Buffer.alloc(384)), octetString(Buffer.from('canary')))] })],
  ['NOT_CMS', 'an entry of 9,000 octets', authEnveloped({ recipients: [transported({ wrapped: Buffer.alloc(9_000) })] })],
  ['NOT_CMS', 'a lasting key of the sender’s', authEnveloped({ recipients: [agreed({ originator: element(around(0), issuerSerial('Sender')) })] })],
  ['NOT_CMS', 'shared information with room for words', authEnveloped({ recipients: [agreed({ shared: element(around(1), octetString(Buffer.alloc(65))) })] })],
  ['NOT_CMS', 'a point that is compressed', authEnveloped({ recipients: [agreed({ originator: originator(sequence(oid(OID.ec)), point(32, 2)) })] })],
  ['NOT_CMS', 'a point too long for any curve', authEnveloped({ recipients: [agreed({ originator: originator(sequence(oid(OID.ec)), point(70)) })] })],
  ['NOT_CMS', 'an agreed key of version 0', authEnveloped({ recipients: [agreed({ version: 0 })] })],
  ['NOT_CMS', 'an agreed key for nobody', authEnveloped({ recipients: [agreed({ keys: [] })] })],
  ['LEGACY_ENCRYPTION', 'an agreed key that does not say how it is wrapped', authEnveloped({ recipients: [agreed({ by: sequence(oid(OID.ecdhSha256)) })] })],
  ['NOT_CMS', 'a wrapped key of another length', authEnveloped({ recipients: [agreed({ keys: [agreedKey(undefined, Buffer.alloc(41))] })] })],
  ['NOT_CMS', 'a nonce of another length', authEnveloped({ info: encrypted({ by: gcm(undefined, undefined, Buffer.alloc(16)) }) })],
  ['NOT_CMS', 'no tag', contentInfo(OID.authEnvelopedData, sequence(small(0), element(TYPE.set, transported()), encrypted()))],
  ['NOT_CMS', 'a short tag', authEnveloped({ tag: octetString(Buffer.alloc(12)) })],
  ['NOT_CMS', 'something else for the tag', authEnveloped({ tag: element(TYPE.bitString, Buffer.alloc(16)) })],
  ['NOT_CMS', 'content that is elsewhere', authEnveloped({ info: sequence(oid(OID.data), gcm()) })],
  ['NOT_CMS', 'content of a type of its own, in clear', authEnveloped({ info: encrypted({ type: OID.signedData }) })],
  ['NOT_CMS', 'GCM in EnvelopedData', enveloped({ info: encrypted() }), true],
  ['NOT_CMS', 'CBC in AuthEnvelopedData', authEnveloped({ info: encrypted({ by: cbc() }) }), true],
  ['NOT_CMS', 'CBC of no whole blocks', enveloped({ info: encrypted({ by: cbc(), content: element(plain(0), Buffer.alloc(81)) }) }), true],
  ['NOT_CMS', 'a length inside that goes beyond the outer one', replaced(authEnveloped(), encrypted(), join(Uint8Array.of(0x30, 0x7f), encrypted().subarray(2)))],
  ['NOT_DER', 'an indefinite length', join(Uint8Array.of(0x30, 0x80), good.subarray(4), Uint8Array.of(0, 0))],
  ['NOT_DER', 'a length in more octets than it takes', join(Uint8Array.of(0x30, 0x83, 0), good.subarray(2))],
  ['NOT_DER', 'a length of five octets', join(Uint8Array.of(0x30, 0x85, 0, 0, 0), good.subarray(2))],
  ['NOT_DER', 'content in pieces', authEnveloped({ info: encrypted({ content: element(around(0), octetString(Buffer.alloc(40)), octetString(Buffer.alloc(40))) }) })],
  ['NOT_DER', 'a version in two octets', contentInfo(OID.authEnvelopedData, sequence(element(TYPE.integer, Uint8Array.of(0, 0)), element(TYPE.set, transported()), encrypted(), TAG))],
  ['NOT_DER', 'a wrapped key in pieces', authEnveloped({ recipients: [sequence(small(0), issuerSerial('A'), OAEP, element(0x24, octetString(Buffer.alloc(384))))] })],
  ['PLAINTEXT', 'data', contentInfo(OID.data, octetString(Buffer.from('canary')))],
  ['PLAINTEXT', 'authenticated data', contentInfo(OID.authenticatedData, sequence(small(0)))],
  ['SIGNED_OUTSIDE', 'signed data', contentInfo(OID.signedData, sequence(small(1)))],
  ['COMPRESSED_OUTSIDE', 'compressed data', contentInfo(OID.compressedData, sequence(small(0)))],
  ['LEGACY_ENCRYPTION', 'CBC, where it is not admitted', enveloped()],
  ['LEGACY_ENCRYPTION', 'triple DES', enveloped({ info: encrypted({ by: sequence(oid('1.2.840.113549.3.7'), octetString(Buffer.alloc(8))) }) }), true],
  ['LEGACY_ENCRYPTION', 'a tag of twelve octets, as when none is said', authEnveloped({ info: encrypted({ by: sequence(oid(OID.aes256Gcm), sequence(octetString(Buffer.alloc(12)))) }) })],
  ['LEGACY_ENCRYPTION', 'a tag of four octets', authEnveloped({ info: encrypted({ by: gcm(undefined, small(4)) }) })],
  ['LEGACY_ENCRYPTION', 'RSA without OAEP', authEnveloped({ recipients: [transported({ by: bare })] })],
  ['LEGACY_ENCRYPTION', 'OAEP with SHA-1, as when none is said', authEnveloped({ recipients: [transported({ by: sequence(oid(OID.rsaOaep), sequence()) })] })],
  ['LEGACY_ENCRYPTION', 'OAEP whose mask is of another hash', authEnveloped({ recipients: [transported({ by: oaep(OID.sha256, OID.sha512) })] })],
  ['LEGACY_ENCRYPTION', 'OAEP with a label, in clear', authEnveloped({ recipients: [transported({ by: oaep(OID.sha256, OID.sha256, [element(around(2), sequence(oid(OID.pSpecified), octetString(Buffer.from('canary'))))]) })] })],
  ['LEGACY_ENCRYPTION', 'agreement with SHA-1', authEnveloped({ recipients: [agreed({ by: sequence(oid('1.3.133.16.840.63.0.2'), WRAP) })] })],
  ['LEGACY_ENCRYPTION', 'a key wrapped with triple DES', authEnveloped({ recipients: [agreed({ by: sequence(oid(OID.ecdhSha256), sequence(oid('1.2.840.113549.1.9.16.3.6'), element(TYPE.null))) })] })],
  ['LEGACY_ENCRYPTION', 'a curve that we do not admit', authEnveloped({ recipients: [agreed({ originator: originator(sequence(oid(OID.ec), oid('1.3.132.0.10')), point(64)) })] })],
  ['PASSWORD_RECIPIENT', 'a password', authEnveloped({ recipients: [withPassword] })],
  ['PASSWORD_RECIPIENT', 'a password beside a certificate', authEnveloped({ recipients: [transported(), withPassword] })],
  ['AGREED_KEY_RECIPIENT', 'a key agreed beforehand', authEnveloped({ recipients: [transported(), withAgreedKey] })],
  ['AGREED_KEY_RECIPIENT', 'encrypted data, which names nobody', contentInfo(OID.encryptedData, sequence(small(0), encrypted({ by: cbc() })))],
  ['OTHER_RECIPIENT', 'a recipient of a kind that we do not know', authEnveloped({ recipients: [transported(), withOther] })],
  ['OTHER_RECIPIENT', 'a recipient of no kind', authEnveloped({ recipients: [octetString(Buffer.from('x'))] })],
  ['RECIPIENTS_TOGETHER', 'two recipients in one entry', authEnveloped({ recipients: [agreed({ keys: [agreedKey(), agreedKey(issuerSerial('C'))] })] })],
  ['HIDDEN_RECIPIENT', 'no recipient', authEnveloped({ recipients: [] })],
  ['HIDDEN_RECIPIENT', 'an issuer without a name', authEnveloped({ recipients: [transported({ name: sequence(sequence(), small(0)) })] })],
  ['HIDDEN_RECIPIENT', 'a key identifier of zeros', authEnveloped({ recipients: [transported({ version: 2, name: element(plain(0), Buffer.alloc(20)) })] })],
  ['HIDDEN_RECIPIENT', 'an empty key identifier', authEnveloped({ recipients: [transported(), transported({ version: 2, name: element(plain(0)) })] })],
  ['ORIGINATOR_INFO', 'certificates of the sender', authEnveloped({ before: [element(around(0), element(around(0), sequence()))] })],
  ['ORIGINATOR_INFO', 'certificates of the sender, in EnvelopedData', enveloped({ before: [element(around(0))] }), true],
  ['ATTRIBUTES_IN_CLEAR', 'authenticated attributes', contentInfo(OID.authEnvelopedData, sequence(small(0), element(TYPE.set, transported()), encrypted(), element(around(1), ATTRIBUTES), TAG))],
  ['ATTRIBUTES_IN_CLEAR', 'unauthenticated attributes', authEnveloped({ after: [element(around(2), ATTRIBUTES)] })],
  ['ATTRIBUTES_IN_CLEAR', 'unprotected attributes', enveloped({ after: [element(around(1), ATTRIBUTES)] }), true],
  ['ATTRIBUTES_IN_CLEAR', 'a word beside a key identifier', authEnveloped({ recipients: [agreed({ keys: [agreedKey(element(around(0), octetString(Buffer.alloc(20, 6)), sequence(oid('1.2.3'), octetString(Buffer.from('canary')))))] })] })],
  ['TRAILING_DATA', 'words after', join(good, Buffer.from('canary'))],
  ['TRAILING_DATA', 'a second message', join(good, good)],
])('refuses with %s: %s', async (code, _what, octets, cbcToo = false) => {
  expect(await partVerdict(octets, { cbc: cbcToo })).toBe(code);
  expect(await partVerdict(octets, { cbc: cbcToo, size: 1 })).toBe(code);
});

test('what the recipients are told to hash is all from the encrypted content to the end, octet for octet, and only that comes out', async () => {
  const info = encrypted({ content: element(plain(0), Buffer.alloc(4_000, 4)) });
  const octets = authEnveloped({ recipients: [transported(), agreed()], info });
  for (const size of [1, 7, 512, 65_536]) {
    const { answer, out } = await throughPartGate(octets, { size });
    expect(out.equals(join(info, TAG))).toBe(true);
    expect(answer).toMatchObject({ ok: true, part: { form: 'cms', kind: 'auth-enveloped', digest: createHash('sha256').update(out).digest('hex'), size: out.length } });
  }
});

test('each recipient comes with its own entry as it was framed, and a copy for it has that and no other, in either form', async () => {
  const entries = [transported(), agreed({ keys: [agreedKey(element(around(0), octetString(Buffer.alloc(20, 6))))] })];
  const { answer, out } = await throughPartGate(authEnveloped({ recipients: entries }));
  if (!answer.ok) throw new Error(answer.problem.code);
  expect(answer.part.addressees.map(({ keyId, packet }) => [keyId?.length, Buffer.from(packet)])).toEqual([[64, Buffer.from(entries[0] ?? [])], [40, Buffer.from(entries[1] ?? [])]]);
  for (const [at, addressee] of answer.part.addressees.entries()) {
    expect(join(copyHead(answer.part, [addressee]), out).equals(authEnveloped({ recipients: [entries[at] ?? new Uint8Array(0)] }))).toBe(true);
  }
  const openPgp = await readPartOctets(MESSAGE, LIMITS);
  expect(openPgp.ok && join(copyHead(openPgp.part, openPgp.part.addressees), openPgp.data).equals(MESSAGE)).toBe(true);
});

test('EnvelopedData that is cut has the version that the recipients left to it ask for', async () => {
  const { answer, out } = await throughPartGate(enveloped({ version: 2, recipients: [agreed(), transported()] }), { cbc: true });
  if (!answer.ok) throw new Error(answer.problem.code);
  const [one, other] = answer.part.addressees;
  for (const addressee of [one, other]) expect(await partVerdict(join(copyHead(answer.part, addressee ? [addressee] : []), out), { cbc: true })).toBe('passes');
});

test('nothing beyond the limits is taken, and it is said before the octets come', async () => {
  expect(await partVerdict(good, { maxOctets: good.length })).toBe('passes');
  expect(await partVerdict(good, { maxOctets: good.length - 1 })).toBe('TOO_LARGE');
  expect(await partVerdict(Buffer.of(0x30, 0x84, 0x7f, 0, 0, 0))).toBe('TOO_LARGE');
  expect(await partVerdict(authEnveloped({ recipients: [transported(), transported(), transported()] }), { maxAddressees: 2 })).toBe('TOO_LARGE');
});

test('for OpenPGP the gate for both forms answers as the gate for one', async () => {
  for (const octets of [MESSAGE, MESSAGE.subarray(0, -1), Buffer.from('-----BEGIN CMS-----'), Buffer.from('Dear colleague')]) {
    const [one, both] = [(await throughGate(octets)).answer, (await throughPartGate(octets)).answer];
    expect(both).toEqual(one.ok ? { ok: true, part: { form: 'openpgp', ...one.part } } : one);
  }
});

test('a source that is left early is told so, and its faults and the sink’s are thrown', async () => {
  let ended = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      yield new Uint8Array(0);
      yield Buffer.of(0x30, 0x80);
      yield Buffer.of(0);
    } finally {
      ended = true;
    }
  }
  expect(await readPart(source(), { ...LIMITS, sink: () => undefined })).toMatchObject({ ok: false });
  expect(ended).toBe(true);
  await expect(readPart(pieces(good, 10), { ...LIMITS, sink: () => Promise.reject(new Error('ENOSPC')) })).rejects.toThrow('ENOSPC');
});

test('every code has a sentence, a next step and a status', () => {
  expect(Object.keys(PART_CODES)).toEqual(expect.arrayContaining(Object.keys(CMS_CODES)));
  for (const { status, says, next } of Object.values(CMS_CODES)) {
    expect(status).toBe(422);
    for (const text of [says, next]) expect(text).toMatch(/^[A-Z].*\.$/);
  }
});
