import { createHash, randomBytes, sign } from 'node:crypto';
import fc from 'fast-check';
import { OID } from '#envelope/der/oids';
import { around, plain, TYPE } from '#envelope/der/tags';
import { element, octetString, oid, sequence, setOf, small } from '#envelope/der/writer';
import { parsedCertificate } from '#envelope/smime-certificates';
import { type Pin, signSmime, verifySmime } from '#envelope/smime-signatures';
import { AT, FUZZ_RUNS } from './forge';
import { mutatedOctets } from './mutated-octets';
import { extension, issue, type Issued, type Wish } from './x509';

// Who signed, according to somebody who wants another answer. What comes with a message is trusted for nothing.

const OCTETS = Buffer.from('{"id":"0195f3a0"}');
const EMAIL = 'mash@police.example';
let root: Issued;
let police: Issued;
beforeAll(() => {
  root = issue('root', { authority: true });
  police = issue('police', { issuer: root, emails: [EMAIL] });
});

const judge = (signature: Uint8Array, pins: readonly Pin[], octets?: Uint8Array): string => {
  const verified = verifySmime({ signature, pins, at: AT, ...(octets ? { octets } : {}) });
  return verified.ok ? `by ${verified.signer.names[0] === police.certificate.names[0] ? 'police' : 'another'}` : [verified.problem.code, verified.problem.cause].filter(Boolean).join(' ');
};
const own = (): Pin[] => [{ certificate: police.certificate }];
const authority = (emails = [EMAIL]): Pin[] => [{ certificate: root.certificate, emails }];
const signedBy = (who: Issued): Uint8Array => signSmime({ octets: OCTETS, identity: who.identity, at: AT });

test('the pinned certificate, or one that a pinned authority issued to a named address', () => {
  expect([judge(signedBy(police), own()), judge(signedBy(police), authority()), judge(signedBy(police), authority([EMAIL.toUpperCase()]))]).toEqual(['by police', 'by police', 'by police']);
});

test('an authority vouches for many: without a name none of them passes, and with one no other does', () => {
  const other = issue('school', { issuer: root, emails: ['head@school.example'] });
  expect([judge(signedBy(police), authority([])), judge(signedBy(other), authority())]).toEqual(['SIGNATURE_WRONG_KEY', 'SIGNATURE_WRONG_KEY']);
});

test.each<[string, () => Issued]>([
  ['a certificate that bears the name and was made by oneself', () => issue('police', { emails: [EMAIL] })],
  ['an authority of the same name', () => issue('police', { issuer: issue('root', { authority: true }), emails: [EMAIL] })],
  ['a person’s certificate that plays the authority', () => issue('police', { issuer: issue('somebody', { issuer: root, usage: [5], emails: [EMAIL] }), emails: [EMAIL] })],
  ['an authority that may not sign certificates', () => issue('police', { issuer: issue('below', { issuer: root, authority: true, usage: [0] }), emails: [EMAIL] })],
  ['an authority that has run out', () => issue('police', { issuer: issue('below', { issuer: root, authority: true, until: new Date('2026-01-01T00:00:00Z') }), emails: [EMAIL] })],
  ['an authority whose certificate says what we do not know and must', () => issue('police', { issuer: issue('below', { issuer: root, authority: true, extensions: [extension('2.5.29.30', sequence(), true)] }), emails: [EMAIL] })],
  ['an authority below one that has none below it', () => issue('police', { issuer: issue('lowest', { issuer: issue('below', { issuer: root, authority: true, pathLength: 0 }), authority: true }), emails: [EMAIL] })],
  ['more authorities than we follow', () => issue('police', { issuer: ['a', 'b', 'c', 'd'].reduce((issuer, name) => issue(name, { issuer, authority: true }), root), emails: [EMAIL] })],
  ['a certificate for something else than mail', () => issue('police', { issuer: root, emails: [EMAIL], extensions: [extension(OID.extendedKeyUsage, sequence(oid('1.3.6.1.5.5.7.3.1')))] })],
  ['a certificate that may not sign', () => issue('police', { issuer: root, emails: [EMAIL], usage: [4] })],
])('%s: not the signer’s', (_what, made) => {
  expect(judge(signedBy(made()), authority())).toBe('SIGNATURE_WRONG_KEY');
});

test('three authorities in a row are followed; a certificate of the signer’s that has run out, or is weak, is told as that', () => {
  const deep = ['a', 'b', 'c'].reduce((issuer, name) => issue(name, { issuer, authority: true }), root);
  expect(judge(signedBy(issue('police', { issuer: deep, emails: [EMAIL] })), authority())).toBe('by another');
  const late = (wish: Wish): string => judge(signedBy(issue('police', { issuer: root, emails: [EMAIL], ...wish })), authority());
  expect([late({ until: new Date('2026-01-01T00:00:00Z') }), late({ key: 'rsa2048' })]).toEqual(['KEY_NOT_VERIFIED expired', 'KEY_NOT_VERIFIED weak']);
});

test('a stranger’s certificate under the names of the pinned one does not take its place', () => {
  const keyIdentifier = Buffer.from(police.certificate.names[1] ?? '', 'hex');
  const serial = Buffer.from(parsedCertificate(police.certificate).x509.serialNumber, 'hex');
  const stranger = issue('police', { issuer: issue('root', { authority: true }), keyIdentifier, serial, emails: [EMAIL] });
  expect(stranger.certificate.names).toEqual(police.certificate.names);
  expect(judge(signedBy(stranger), own())).toBe('SIGNATURE_OTHER_BYTES');
  expect(judge(signedBy(stranger), authority())).toBe('SIGNATURE_WRONG_KEY');
});

/** A SignedData put together by hand from whatever is given. */
function byHand({ content = OCTETS as Uint8Array, attributes = undefined as Uint8Array[] | undefined, signature = undefined as Uint8Array | undefined, after = [] as Uint8Array[], signers = 1, lists = [] as Uint8Array[], type = OID.data as string } = {}): Uint8Array {
  const listed = attributes ?? [sequence(oid(OID.contentType), setOf(oid(OID.data))), sequence(oid(OID.messageDigest), setOf(octetString(createHash('sha256').update(content).digest())))];
  const set = setOf(...listed);
  const made = signature ?? sign('sha256', listed.length > 0 ? set : content, police.privateKey);
  const signer = sequence(small(1), parsedCertificate(police.certificate).issuerSerial, sequence(oid(OID.sha256)), ...(listed.length > 0 ? [element(around(0), set.subarray(set.length - setBody(set)))] : []), sequence(oid(OID.ecdsaSha256)), octetString(made), ...after);
  const data = sequence(small(1), setOf(sequence(oid(OID.sha256))), sequence(oid(type), element(around(0), octetString(content))), ...lists, element(TYPE.set, ...Array.from({ length: signers }, () => signer)));
  return sequence(oid(OID.signedData), element(around(0), data));
}
const setBody = (set: Uint8Array): number => ((set[1] ?? 0) < 0x80 ? set.length - 2 : set.length - 2 - ((set[1] ?? 0) & 0x7f));
const digest = (of: Uint8Array): Uint8Array => sequence(oid(OID.messageDigest), setOf(octetString(createHash('sha256').update(of).digest())));
const dataType = sequence(oid(OID.contentType), setOf(oid(OID.data)));

test('put together by hand, rightly, it holds', () => {
  expect(judge(byHand(), own())).toBe('by police');
});

test('the attributes of one message are not the contents of another', () => {
  // RFC 5652, 11: what was signed is a set of attributes. Presented as contents, without attributes, the same signature fits.
  const attributes = setOf(dataType, digest(OCTETS));
  const signature = sign('sha256', attributes, police.privateKey);
  expect(judge(byHand({ content: attributes, attributes: [], signature }), own())).toBe('SIGNATURE_MISSING');
});

test.each<[string, () => Uint8Array]>([
  ['two signers', () => byHand({ signers: 2 })],
  ['no signer', () => byHand({ signers: 0 })],
  ['attributes that nobody signed', () => byHand({ after: [element(around(1), dataType)] })],
  ['a digest twice', () => byHand({ attributes: [dataType, digest(OCTETS), digest(Buffer.from('x'))] })],
  ['two digests in one', () => byHand({ attributes: [dataType, sequence(oid(OID.messageDigest), setOf(octetString(randomBytes(32)), octetString(randomBytes(32))))] })],
  ['no digest', () => byHand({ attributes: [dataType] })],
  ['no content type', () => byHand({ attributes: [digest(OCTETS)] })],
  ['contents of another type', () => byHand({ type: OID.signedData })],
  ['a revocation list', () => byHand({ lists: [element(around(1), sequence())] })],
  ['a certificate of another kind', () => byHand({ lists: [element(around(0), element(around(3), oid('1.2.3')))] })],
  ['a date that is none', () => byHand({ attributes: [dataType, digest(OCTETS), sequence(oid(OID.signingTime), setOf(element(TYPE.utcTime, Buffer.from('260230093000Z'))))] })],
  ['a key identifier in the form for an issuer', () => Buffer.from(byHand()).fill(plain(0), 0, 1)],
  ['nothing', () => new Uint8Array(0)],
  ['text', () => Buffer.from('-----BEGIN CMS-----')],
])('a signature with %s is none', (_what, made) => {
  expect(judge(made(), own())).toBe('SIGNATURE_MISSING');
});

test('over other octets, or for what it carries and for what it is given at once, it does not hold', () => {
  expect(judge(byHand({ attributes: [dataType, digest(Buffer.from('x'))] }), own())).toBe('SIGNATURE_OTHER_BYTES');
  expect(judge(byHand({ signature: randomBytes(70) }), own())).toBe('SIGNATURE_OTHER_BYTES');
  expect(judge(byHand(), own(), OCTETS)).toBe('SIGNATURE_MISSING');
});

test('whatever is changed, there is an answer, and what holds is what was signed', () => {
  const signatures = [Buffer.from(signedBy(police)), Buffer.from(signedBy(issue('police', { key: 'rsa3072', issuer: root, emails: [EMAIL] })))];
  fc.assert(
    fc.property(mutatedOctets(signatures, 2), (signature) => {
      const verified = verifySmime({ signature, pins: authority(), at: AT });
      if (verified.ok) expect([Buffer.from(verified.octets).equals(OCTETS), verified.signer.emails]).toEqual([true, [EMAIL]]);
    }),
    { numRuns: FUZZ_RUNS * 5 },
  );
});

test('dated in the future it does not hold', () => {
  const ahead = (ms: number): Uint8Array => signSmime({ octets: OCTETS, identity: police.identity, at: new Date(AT.getTime() + ms) });
  expect([judge(ahead(299_000), own()), judge(ahead(301_000), own())]).toEqual(['by police', 'KEY_NOT_VERIFIED unverified']);
});
