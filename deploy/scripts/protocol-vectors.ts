import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { armorOctets, cutHead } from '#envelope/cutting';
import { readCertificate } from '#envelope/certificates';
import { type Addressee, readSealedOctets } from '#envelope/gate';
import { makeStatement } from '#envelope/key-statement';
import { generateKeyPair, PART_NOTATION, partBinding, type PrivateKey, readPrivateKey, seal } from '#envelope/sealing';
import { signDetached } from '#envelope/signatures';
import { sha256 } from '#protocol/digest';
import { accept, AT, base64, certificateOf, CHARITY, COUNCIL, GATEWAY, type Holder, MADE, refuse, salt, SCHOOL, SHARE, TRANSFER, type Vector } from './vectors/common';
import { cmsVector } from './vectors/cms';
import { registerVectors } from './vectors/register';

/**
 * Writes `test/vectors/protocol/*.json`: one made-up share, as each format of `docs/protocol.md` sees it, with what must be refused.
 * Run: `npm run build && node_modules/.bin/node dist/deploy/scripts/protocol-vectors.js`
 *
 * Ids, salts, instants and Ed25519 keys are fixed, so the same code makes the same octets. Into OpenPGP and CMS keys, signatures and sealed parts
 * chance goes: they stand in `made-once.json` and are taken from there. Remove an entry, or the file, to have it made anew.
 */
export const FOLDER = join('test', 'vectors', 'protocol');
export const MADE_ONCE = 'made-once.json';

/** What chance went into, by name: Base64. */
export type MadeOnce = Record<string, string>;

const TEN_YEARS_S = 3_650 * 24 * 3_600;
const CONCERN = `Robin Example, of nowhere, came without a coat on five days.\n${'Nobody of this name exists; this line makes the part long enough for partial lengths.\n'.repeat(8)}`;

/** All files by name. `before`: what chance made when they were written last. */
export async function protocolVectors(before: MadeOnce): Promise<{ files: Record<string, Vector>; madeOnce: MadeOnce }> {
  const madeOnce: MadeOnce = {};
  const once = async (name: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> => {
    madeOnce[name] = before[name] ?? base64(await make());
    return new Uint8Array(Buffer.from(madeOnce[name], 'base64'));
  };
  const holder = async (name: string): Promise<Holder> => {
    let pair: ReturnType<typeof generateKeyPair> | undefined;
    const made = () => (pair ??= generateKeyPair({ name: `TEST KEY, never use: ${name}`, algorithm: 'curve25519-legacy', at: MADE, expiresAfter: TEN_YEARS_S }));
    const secret = await once(`${name}: secret key`, async () => (await made()).privateKey);
    const octets = await once(`${name}: certificate`, async () => (await made()).certificate);
    const read = await readCertificate(octets);
    if (!read.ok) throw new Error(`the certificate of ${name} is not one: ${read.problem.code}`);
    return { certificate: read.certificate, secret, key: await readPrivateKey(secret) };
  };
  const [school, council, charity, coordinator] = [await holder('school'), await holder('council'), await holder('charity'), await holder('co-ordinator')];
  const signed = (by: string, key: PrivateKey, octets: Uint8Array | string) => {
    const bytes = new Uint8Array(Buffer.from(octets));
    return once(`${by} signs ${sha256(bytes).slice(0, 12)}`, () => signDetached({ octets: bytes, key, at: AT }));
  };

  // One part to two recipients.
  const sealed = await once(`part-1 of ${SHARE}: ${sha256(CONCERN).slice(0, 12)}`, () =>
    seal({ octets: new Uint8Array(Buffer.from(CONCERN)), to: [council.certificate, charity.certificate], signer: school.key, manifest: SHARE, part: 'part-1', at: AT }),
  );
  const gated = await readSealedOctets(sealed, { maxOctets: 1_000_000, maxAddressees: 10 });
  if (!gated.ok) throw new Error(`the part does not pass the gate: ${gated.problem.code}`);
  const { part, data } = gated;
  const own = (of: Holder): Addressee[] => part.addressees.filter(({ keyId }) => of.certificate.seal.some((key) => key.keyId === keyId));
  const copyOf = (of: Holder): Uint8Array => new Uint8Array(Buffer.concat([cutHead(own(of)), data]));

  const partLine = (to: typeof COUNCIL, needToKnow: string) =>
    JSON.stringify({ salt: salt(`part-1 ${to.agency}`), recipient: to, part: 'part-1', digest: part.digest, category: 'contacts-with-service', needToKnow, kind: 'fact', source: 'own-record' });
  const subject = JSON.stringify({ salt: salt('subject'), recipient: COUNCIL, about: 'subject', reference: 'RE-0001', band: 'under-16' });
  const decision = JSON.stringify({
    salt: salt('decision'), recipient: SCHOOL, about: 'decision', decider: 'safeguarding-lead', role: 'designated-safeguarding-lead', at: AT.toISOString(),
    reasons: ['protects-from-harm'], aid: { purposeClear: true, consent: false, identifies: true, lawfulReason: true }, safetyConsidered: true,
  });
  const lines = [partLine(COUNCIL, 'assesses-referral'), partLine(CHARITY, 'works-with-person'), subject, decision];
  const padding = [1, 2, 3, 4].map((i) => sha256(`padding ${i}`));
  const manifestOf = (change: Record<string, unknown> = {}): string =>
    JSON.stringify({
      format: 'waybill-manifest/1', id: SHARE, sender: { ...SCHOOL, role: 'designated-safeguarding-lead' }, gateway: GATEWAY, created: AT.toISOString(),
      agreement: { id: 'example', version: '1' }, purpose: 'front-door-referral', lawfulBasis: '6(1)(e)', urgency: 'routine', handling: { doNotTellSubject: true },
      lines: [...lines.map(sha256), ...padding].sort(), ...change,
    });
  const manifest = manifestOf();
  const manifestDigest = sha256(manifest);
  const signature = await signed('school', school.key, manifest);

  const files: Record<string, Vector> = {
    'json.json': {
      says: 'JSON as the wire allows it.',
      see: 'docs/protocol.md, section 2',
      given: { text: '{"a":1}' },
      cases: [
        accept('an object', {}),
        accept('eight levels', {}, { text: '[[[[[[[[1]]]]]]]]' }),
        refuse('too-deep', 'nine levels', { text: '[[[[[[[[[1]]]]]]]]]' }),
        refuse('duplicate-key', 'a key twice', { text: '{"a":1,"a":2}' }),
        refuse('duplicate-key', 'a key twice, once spelt with an escape', { text: '{"a":1,"\\u0061":2}' }),
        refuse('forbidden-key', 'a name that reaches a prototype', { text: '{"__proto__":1}' }),
        refuse('unsafe-number', 'a fraction', { text: '{"a":1.5}' }),
        refuse('unsafe-number', 'an integer past 2^53', { text: '{"a":9007199254740993}' }),
        refuse('lone-surrogate', 'half a character', { text: '{"a":"\\ud800"}' }),
        refuse('not-json', 'a comment', { text: '{"a":1/**/}' }),
      ],
    },
    'line.json': {
      says: 'A line and its digest: SHA-256 over the octets of its text, whatever its order of keys and its spaces.',
      see: 'docs/protocol.md, section 4',
      given: { text: lines[0] },
      cases: [
        accept('a part to a recipient', { digest: sha256(lines[0] ?? '') }),
        accept('the reference of the person', { digest: sha256(subject) }, { text: subject }),
        accept('the recorded decision', { digest: sha256(decision) }, { text: decision }),
        accept('the same with a space in it: another line', { digest: sha256(`${subject} `) }, { text: `${subject} ` }),
        refuse('LINES_INVALID', 'a field that the protocol does not know', { text: subject.replace(/}$/, ',"note":"x"}') }),
        refuse('LINES_INVALID', 'a word where a code must stand', { text: (lines[0] ?? '').replace('assesses-referral', 'Because she asked') }),
        refuse('LINES_INVALID', 'a salt that is too short', { text: subject.replace(salt('subject'), 'ab') }),
        refuse('LINES_INVALID', 'an about that there is not', { text: subject.replace('"subject"', '"weather"') }),
      ],
    },
    'manifest.json': {
      says: 'A manifest and all its lines, as the gateway reads them before it looks at any signature, agreement or part.',
      see: 'docs/protocol.md, sections 3 and 4',
      given: { manifest, lines, sender: SCHOOL.agency, gateway: GATEWAY, now: AT.toISOString() },
      cases: [
        accept('as the sender wrote it', { manifestDigest, lineDigests: lines.map(sha256) }),
        accept('300 seconds before it was made', {}, { now: new Date(AT.getTime() - 300_000).toISOString() }),
        accept('24 hours later', {}, { now: new Date(AT.getTime() + 86_400_000).toISOString() }),
        refuse('CREATED_AHEAD', '301 seconds before it was made', { now: new Date(AT.getTime() - 301_000).toISOString() }),
        refuse('CREATED_TOO_OLD', '24 hours and a second later', { now: new Date(AT.getTime() + 86_401_000).toISOString() }),
        refuse('WRONG_GATEWAY', 'at another gateway', { gateway: 'https://elsewhere.example' }),
        refuse('WRONG_SENDER', 'under the certificate of another agency', { sender: CHARITY.agency }),
        refuse('MANIFEST_INVALID', 'line digests not sorted', { manifest: manifestOf({ lines: [...lines.map(sha256), ...padding].sort().reverse() }) }),
        refuse('MANIFEST_INVALID', 'a key twice', { manifest: manifest.replace('{', '{"urgency":"emergency",') }),
        refuse('MANIFEST_INVALID', 'an id that is no UUID of version 7', { manifest: manifestOf({ id: '01890a5d-ac96-474b-bcce-b302099a8057' }) }),
        refuse('MANIFEST_INVALID', 'a field that the protocol does not know', { manifest: manifestOf({ note: 'x' }) }),
        refuse('LINE_NOT_IN_MANIFEST', 'a line that was added', { lines: [...lines, partLine(SCHOOL, 'keeps-record')] }),
        refuse('LINE_REPEATED', 'the same part to the same recipient twice', { lines: [...lines, lines[0]] }),
        refuse('LINES_INVALID', 'no line gives a part to anybody', { lines: [subject] }),
      ],
    },
    'share.json': {
      says: 'A manifest, the sender’s signature over it, and the sender’s certificate. Keys: school, clearly a test key.',
      see: 'docs/protocol.md, section 3.3',
      given: { manifest, signature: base64(signature), certificate: certificateOf(school), secretKey: base64(school.secret), at: AT.toISOString() },
      cases: [
        accept('signed by the sender', { fingerprint: school.certificate.fingerprint, manifestDigest }),
        accept('armored', {}, { signature: armorOctets(signature, { label: 'SIGNATURE' }) }),
        refuse('SIGNATURE_OTHER_BYTES', 'one octet of the manifest changed', { manifest: manifest.replace('"routine"', '"routinf"') }),
        refuse('SIGNATURE_OTHER_BYTES', 'a newline after the manifest', { manifest: `${manifest}\n` }),
        refuse('SIGNATURE_WRONG_KEY', 'by another agency', { certificate: certificateOf(charity) }),
        refuse('SIGNATURE_MISSING', 'no signature', { signature: '' }),
        refuse('SIGNATURE_MISSING', 'two signatures', { signature: base64(Buffer.concat([signature, signature])) }),
        refuse('KEY_NOT_VERIFIED', 'received after the key has expired', { at: '2036-03-02T09:30:00.000Z' }),
      ],
    },
    'part.json': partVector({ sealed, data, part, certificates: { council, charity }, copies: { [to(COUNCIL)]: copyOf(council), [to(CHARITY)]: copyOf(charity) } }),
    'part-cms.json': await cmsVector(once),
    'copy.json': {
      says: 'What the front door got, and what it checks before it shows anything. Keys: council, clearly a test key.',
      see: 'docs/protocol.md, section 7',
      given: {
        manifest, signature: base64(signature), certificate: certificateOf(school), lines: [lines[0], subject], own: COUNCIL.agency, at: AT.toISOString(),
        part: 'part-1', octets: base64(copyOf(council)), secretKey: base64(council.secret),
      },
      cases: [
        accept('as it was cut', { author: 'bound', digest: part.digest, text: sha256(CONCERN), notation: `${PART_NOTATION}=${partBinding(SHARE, 'part-1')}` }),
        refuse('LINE_NOT_IN_MANIFEST', 'a line that the sender did not write', { lines: [(lines[0] ?? '').replace('assesses-referral', 'works-with-person')] }),
        refuse('LINE_FOR_ANOTHER', 'a line for somebody else', { lines: [lines[1]] }),
        refuse('SIGNATURE_OTHER_BYTES', 'a manifest that was changed', { manifest: manifest.replace('"routine"', '"urgent"') }),
        refuse('BOUND_TO_ANOTHER', 'as another part', { part: 'part-2' }),
        refuse('AUTHOR_MISMATCH', 'signed inside by somebody else', { author: certificateOf(charity) }),
        refuse('CANNOT_OPEN', 'with another agency’s wrapped key', { octets: base64(copyOf(charity)) }),
      ],
    },
    'key-statement.json': await keyStatementVector(coordinator, council, once),
    'statement.json': await statementVector(council, manifestDigest, signed),
    ...(await registerVectors({ manifestDigest, digest: part.digest, size: part.size, lines: [lines[0] ?? '', subject], school, council })),
  };
  return { files, madeOnce };
}

const to = ({ agency, contact }: typeof COUNCIL): string => `${agency}/${contact}`;

interface Sealed {
  sealed: Uint8Array;
  data: Uint8Array;
  part: { digest: string; size: number; addressees: Addressee[] };
  certificates: { council: Holder; charity: Holder };
  copies: Record<string, Uint8Array>;
}

function partVector({ sealed, data, part, certificates, copies }: Sealed): Vector {
  const known = Object.fromEntries([['council', COUNCIL] as const, ['charity', CHARITY] as const].map(([name, address]) => [certificates[name].certificate.seal[0]?.keyId ?? '', to(address)]));
  const [first, second] = part.addressees as [Addressee, Addressee];
  const head = Buffer.concat([first.packet, second.packet]);
  const body = Buffer.from(data).subarray(data.length < 8_384 + 3 ? 3 : 6);
  const partial = Buffer.concat([Buffer.from([0xd2, 0xe0 + 9]), body.subarray(0, 512), newLength(body.length - 512), body.subarray(512)]);
  const hidden = Buffer.from(second.packet);
  hidden.fill(0, hidden.indexOf(Buffer.from(second.keyId ?? '', 'hex')), hidden.indexOf(Buffer.from(second.keyId ?? '', 'hex')) + 8);
  // A session key wrapped with a password (RFC 9580, 5.3): version 4, AES-256, iterated and salted S2K with SHA-256.
  const password = Buffer.concat([Buffer.from([0xc3, 13, 4, 9, 3, 8]), Buffer.alloc(8, 7), Buffer.from([0x60])]);
  const literal = Buffer.concat([Buffer.from([0xcb, 11]), Buffer.from('b'), Buffer.alloc(5), Buffer.from('Robin')]);
  const octets = (...pieces: Uint8Array[]): Record<string, unknown> => ({ octets: base64(Buffer.concat(pieces)) });
  return {
    says: 'A sealed part: whom it is addressed to, the digest of its encrypted-data packet (SEIPD) from its tag octet on, and the copy for each recipient. Octets in Base64, or armored.',
    see: 'docs/protocol.md, section 5',
    given: { octets: base64(sealed), digest: part.digest, known, proposed: Object.values(known), secretKeys: { [to(COUNCIL)]: base64(certificates.council.secret), [to(CHARITY)]: base64(certificates.charity.secret) } },
    cases: [
      accept('sealed to two', { digest: part.digest, size: part.size, offset: head.length, copies: Object.fromEntries(Object.entries(copies).map(([name, copy]) => [name, sha256(copy)])) }),
      accept('armored: the same digest', { digest: part.digest }, { octets: armorOctets(sealed) }),
      accept('framed in partial lengths, as gpg does: a digest of its own', { digest: sha256(partial), offset: head.length }, { ...octets(head, partial), digest: sha256(partial) }),
      refuse('DIGEST_MISMATCH', 'framed anew by somebody on the way', octets(head, partial)),
      refuse('UNKNOWN_ADDRESSEE', 'to a key that nobody has', { known: { [first.keyId ?? '']: known[first.keyId ?? ''] }, proposed: [known[first.keyId ?? '']] }),
      refuse('ADDRESSEE_NOT_PROPOSED', 'to somebody for whom there is no line', { proposed: [known[first.keyId ?? '']] }),
      refuse('RECIPIENT_NOT_ADDRESSED', 'a line for somebody without a key', { proposed: [...Object.values(known), 'eastgate-health/health-visitors'] }),
      refuse('HIDDEN_RECIPIENT', 'one addressee not named', octets(first.packet, hidden, data)),
      refuse('PASSWORD_RECIPIENT', 'openable with a password too', octets(password, sealed)),
      refuse('PLAINTEXT', 'not sealed', octets(literal)),
      refuse('TRAILING_DATA', 'something behind it', octets(sealed, literal)),
      refuse('SEVERAL_MESSAGES', 'a second message behind it', octets(sealed, sealed)),
      refuse('TEXT_AROUND_ARMOR', 'a word before the armor', { octets: `Robin\n${armorOctets(sealed)}` }),
      refuse('NOT_OPENPGP', 'cut short', octets(sealed.subarray(0, sealed.length - 1))),
    ],
  };
}

/** RFC 9580, 4.2.1. */
function newLength(octets: number): Buffer {
  if (octets < 192) return Buffer.from([octets]);
  return Buffer.from([((octets - 192) >> 8) + 192, (octets - 192) & 0xff]);
}

async function keyStatementVector(coordinator: Holder, council: Holder, once: (name: string, make: () => Promise<Uint8Array>) => Promise<Uint8Array>): Promise<Vector> {
  const expected = { ...COUNCIL, fingerprint: council.certificate.fingerprint, use: 'seal' as const };
  const made = await makeStatement({ ...expected, from: MADE.toISOString(), until: '2027-01-01T00:00:00.000Z' }, coordinator.key, AT);
  const text = Buffer.from(made.octets).toString();
  const signature = await once(`co-ordinator states ${sha256(text).slice(0, 12)}`, () => Promise.resolve(made.signature));
  const smime = { ...COUNCIL, fingerprint: sha256('an X.509 certificate').toUpperCase(), form: 'smime' as const, use: 'seal' as const };
  const ofSmime = await makeStatement({ ...smime, from: MADE.toISOString(), until: '2027-01-01T00:00:00.000Z' }, coordinator.key, AT);
  const smimeText = Buffer.from(ofSmime.octets).toString();
  const stated = { statement: smimeText, signature: base64(await once(`co-ordinator states ${sha256(smimeText).slice(0, 12)}`, () => Promise.resolve(ofSmime.signature))) };
  return {
    says: 'The co-ordinator’s word for a certificate, and who signed it. Keys: co-ordinator, clearly a test key.',
    see: 'docs/protocol.md, section 9',
    given: { statement: text, signature: base64(signature), certificate: certificateOf(coordinator), secretKey: base64(coordinator.secret), expected, at: AT.toISOString() },
    cases: [
      accept('for this certificate', { digest: sha256(text) }),
      accept('for an S/MIME certificate', { digest: sha256(smimeText) }, { ...stated, expected: smime }),
      refuse('STATEMENT_FOR_ANOTHER', 'for an S/MIME certificate, held to an OpenPGP one', { ...stated, expected: { ...smime, form: undefined } }),
      refuse('STATEMENT_FOR_ANOTHER', 'for another contact', { expected: { ...expected, contact: 'information-governance' } }),
      refuse('STATEMENT_FOR_ANOTHER', 'for another use', { expected: { ...expected, use: 'sign' } }),
      refuse('STATEMENT_NOT_CURRENT', 'on the day on which it ends', { at: '2027-01-01T00:00:00.000Z' }),
      refuse('STATEMENT_NOT_SIGNED', 'another contact written in', { statement: text.replace('front-door', 'front-yard') }),
      refuse('STATEMENT_NOT_SIGNED', 'vouched for by the council itself', { certificate: certificateOf(council) }),
    ],
  };
}

async function statementVector(council: Holder, manifestDigest: string, signed: (by: string, key: PrivateKey, octets: string) => Promise<Uint8Array>): Promise<Vector> {
  const text = JSON.stringify({ format: 'waybill-statement/1', kind: 'acknowledged', share: SHARE, transfer: TRANSFER, by: COUNCIL, at: AT.toISOString(), manifestDigest });
  return {
    says: 'An acknowledgement by the front door, signed.',
    see: 'docs/protocol.md, section 8',
    given: { statement: text, signature: base64(await signed('council', council.key, text)), certificate: certificateOf(council), secretKey: base64(council.secret), at: AT.toISOString() },
    cases: [
      accept('by the recipient', { digest: sha256(text), kind: 'acknowledged' }),
      refuse('STATEMENT_INVALID', 'a kind that there is not', { statement: text.replace('acknowledged', 'noticed') }),
      refuse('STATEMENT_INVALID', 'a field that the protocol does not know', { statement: text.replace(/}$/, ',"note":"x"}') }),
      refuse('SIGNATURE_OTHER_BYTES', 'about another transfer', { statement: text.replace(TRANSFER, SHARE) }),
    ],
  };
}

export const textOf = (value: Vector | MadeOnce): string => `${JSON.stringify(value, undefined, 1)}\n`;

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, MADE_ONCE);
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as MadeOnce) : {};
  const { files, madeOnce } = await protocolVectors(before);
  for (const [name, vector] of Object.entries(files)) writeFileSync(join(FOLDER, name), textOf(vector));
  writeFileSync(file, textOf(madeOnce));
  console.log(`${FOLDER}: ${Object.keys(files).length} files, ${Object.values(files).reduce((sum, { cases }) => sum + cases.length, 0)} cases`);
}

if (require.main === module) void main();
