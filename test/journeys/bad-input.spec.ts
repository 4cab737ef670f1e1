import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GATE_CODES } from '#envelope/codes';
import { armorOctets } from '#envelope/cutting';
import { signDetached } from '#envelope/signatures';
import { MINUTE } from '#platform/clock';
import { bind, newKeys, type ContactKeys } from '../../apps/standalone/partnership';
import { data2, packet, wrappedKey, wrappedKey6 } from '../attacks/envelope/forge';
import { type Composed, fieldsOf, type SharePlan } from '../world/partner';
import { openWorld } from '../world/partnership';
import { CASEWORK, expectProblem, FRONT_DOOR, REFERRAL, Scene } from './referral';

let scene: Scene;
/** Of somebody whom the directory does not know; of the front door and of the school, no longer to be used. */
let stranger: ContactKeys;
let formerSeal: ContactKeys;
let formerSign: ContactKeys;
beforeAll(async () => {
  scene = new Scene(await openWorld());
  [stranger, formerSeal, formerSign] = [await newKeys('Stranger'), await newKeys('Front door, before'), await newKeys('School, before')];
  const { system, coordinator, clock } = scene.world;
  const window = { from: clock.now(), until: new Date(clock.now().getTime() + 90 * 24 * 60 * MINUTE) };
  await bind(system.registrar, coordinator, { agency: 'merebrook-council', contact: 'front-door', use: 'seal', certificate: formerSeal.certificate, ...window });
  await bind(system.registrar, coordinator, { agency: 'st-brigid-primary', contact: 'safeguarding-lead', use: 'sign', certificate: formerSign.certificate, ...window });
  await system.registrar.revokeCertificate(formerSeal.certificate.fingerprint, 'superseded');
  await system.registrar.revokeCertificate(formerSign.certificate.fingerprint, 'superseded');
});
afterAll(() => scene.world.close());
// Ten malformed uploads a minute have an entry each; the rest are counted (malformed-uploads.spec.ts).
beforeEach(() => scene.world.clock.advance(MINUTE));

type Json = Record<string, unknown>;
type Bend = (share: Composed) => Composed | Promise<Composed>;

const signed = async (share: Composed, manifest: Buffer, key = scene.school.keys().key): Promise<Composed> => ({ ...share, manifest, signature: await signDetached({ octets: manifest, key }) });
const manifestOf = (share: Composed): Json => JSON.parse(share.manifest.toString()) as Json;
const rewritten = (share: Composed, change: (manifest: Json) => Json): Promise<Composed> => signed(share, Buffer.from(JSON.stringify(change(manifestOf(share)))));
/** The manifest with some fields different, signed again. */
const declaring = (fields: (now: Date) => Json): Bend => (share) => rewritten(share, (manifest) => ({ ...manifest, ...fields(scene.world.clock.now()) }));
/** The manifest as text, bent, signed again. */
const worded = (change: (text: string) => Buffer | string): Bend => (share) => signed(share, Buffer.from(change(share.manifest.toString())));
/** The lines different, and the manifest made for them. */
const lined = (change: (lines: Json[]) => (Json | string)[]): Bend => (share) => {
  const texts = change(share.lines.map((text) => JSON.parse(text) as Json)).map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const { lines: _digests, ...manifest } = manifestOf(share);
  return scene.school.sign(manifest, texts, share.parts);
};
const eachPartLine = (change: (line: Json, i: number) => Json): Bend => lined((lines) => lines.map((line, i) => ('part' in line ? change(line, i) : line)));
const fresh = (line: Json): Json => ({ ...line, salt: randomBytes(16).toString('hex') });
const part = (name: string, octets: Uint8Array | undefined): Bend => (share) => {
  const parts = new Map(share.parts);
  if (octets) parts.set(name, octets);
  else parts.delete(name);
  return { ...share, parts };
};
const first = (change: (octets: Uint8Array) => Uint8Array): Bend => (share) => part('part-1', change(share.parts.get('part-1') as Uint8Array))(share);

/** Sends what must be refused and looks that it left one entry with the sender, nothing with anybody else, and no octet anywhere. */
async function refused(share: Composed, status: number, code: string, lines: string | Buffer = JSON.stringify(share.lines)): Promise<Json> {
  const [kept, counted] = [await scene.kept(), await scene.counted('share-refused')];
  const answer = await scene.school.form('POST', '/v1/shares', fieldsOf(share).map((field) => (field.name === 'lines' ? { name: 'lines', octets: Buffer.from(lines) } : field)));
  expectProblem(answer, status, code);
  expect(await scene.kept()).toEqual(kept);
  expect(await scene.counted('share-refused')).toEqual({ ...counted, 'st-brigid-primary': (counted['st-brigid-primary'] ?? 0) + 1 });
  expect(readdirSync(join(scene.world.folder, 'spool'))).toEqual([]);
  const entry = (await scene.entries('st-brigid-primary', { kind: 'share-refused' })).at(-1) as unknown as { reasons: { code: string }[] };
  expect(entry.reasons.map((reason) => reason.code)).toContain(code);
  return answer.json as Json;
}

test('the share that every case bends is accepted', async () => {
  expect((await scene.school.submit(await scene.compose())).status).toBe(202);
});

describe('a manifest', () => {
  const ago = (now: Date, ms: number): string => new Date(now.getTime() - ms).toISOString();

  test.each<[string, string, Bend]>([
    ['of another agency', 'WRONG_SENDER', declaring(() => ({ sender: { agency: 'merebrook-council', contact: 'front-door' } }))],
    ['for another gateway', 'WRONG_GATEWAY', declaring(() => ({ gateway: 'https://gateway.example' }))],
    ['created six minutes ahead', 'CREATED_AHEAD', declaring((now) => ({ created: ago(now, -6 * MINUTE) }))],
    ['created a day and a minute ago', 'CREATED_TOO_OLD', declaring((now) => ({ created: ago(now, (24 * 60 + 1) * MINUTE) }))],
    ['created on a day that the calendar does not have', 'MANIFEST_INVALID', declaring(() => ({ created: '2026-02-31T10:00:00Z' }))],
    ['with consent given on a day that the calendar does not have', 'MANIFEST_INVALID', declaring(() => ({ consent: { status: 'obtained', on: '2026-02-31' } }))],
    ['under an agreement that is not ours', 'NO_COMMON_AGREEMENT', declaring(() => ({ agreement: { id: 'borrowed', version: '1' } }))],
    ['under a version that is not in force', 'AGREEMENT_VERSION_UNKNOWN', declaring(() => ({ agreement: { id: 'wirral', version: '1999-01' } }))],
    ['with lines out of order', 'MANIFEST_INVALID', (share) => rewritten(share, (manifest) => ({ ...manifest, lines: (manifest['lines'] as string[]).toReversed() }))],
    ['with an unknown field', 'MANIFEST_INVALID', declaring(() => ({ note: 'Wilhelmina' }))],
    ['with an array where an object belongs', 'MANIFEST_INVALID', declaring(() => ({ handling: [{ doNotTellSubject: true }] }))],
    ['with a number where a code belongs', 'MANIFEST_INVALID', declaring(() => ({ purpose: 7 }))],
    ['with free text where a code belongs', 'MANIFEST_INVALID', declaring(() => ({ purpose: 'Wilhelmina is at risk' }))],
    ['with an id of another version', 'MANIFEST_INVALID', declaring(() => ({ id: '01890a5d-ac96-474b-bcce-b302099a8057' }))],
    ['that is no JSON', 'MANIFEST_INVALID', worded((text) => text.slice(0, -1))],
    ['that is a list', 'MANIFEST_INVALID', worded((text) => `[${text}]`)],
    ['that is empty', 'MANIFEST_INVALID', worded(() => '')],
    ['with a byte order mark', 'MANIFEST_INVALID', worded((text) => `\ufeff${text}`)],
    ['that is not UTF-8', 'MANIFEST_INVALID', worded((text) => Buffer.from(text.replace('routine', 'rout\u00efne'), 'latin1'))],
    ['in UTF-16', 'MANIFEST_INVALID', worded((text) => Buffer.from(text, 'utf16le'))],
    ['with a key twice', 'MANIFEST_INVALID', worded((text) => text.replace('{', '{"urgency":"emergency",'))],
    ['with __proto__', 'MANIFEST_INVALID', worded((text) => text.replace('{', '{"__proto__":{"polluted":true},'))],
    ['with a lone surrogate', 'MANIFEST_INVALID', worded((text) => text.replace('"routine"', '"\\ud800"'))],
    ['nine levels deep', 'MANIFEST_INVALID', worded((text) => text.replace('{', `{"x":${'['.repeat(9)}${']'.repeat(9)},`))],
    ['a hundred thousand levels deep', 'MANIFEST_INVALID', worded(() => '['.repeat(100_000))],
    ['with a fraction', 'MANIFEST_INVALID', worded((text) => text.replace('{', '{"x":1.5,'))],
  ])('%s is refused with %s', async (_what, code, bend) => {
    const problem = await refused(await bend(await scene.compose()), 422, code);
    expect(JSON.stringify(problem)).not.toContain('Wilhelmina');
    expect(({} as Json)['polluted']).toBeUndefined();
  });

  test.each([['CREATED_AHEAD', -6 * MINUTE], ['CREATED_TOO_OLD', 25 * 60 * MINUTE]])('%s tells the sender our time, so that a wrong clock shows', async (code, ms) => {
    const now = scene.world.clock.now();
    const { serverTime, reasons } = await refused(await declaring(() => ({ created: ago(now, ms) }))(await scene.compose()), 422, code);
    for (const told of [serverTime, (reasons as Json[])[0]?.['serverTime']]) expect(Math.abs(Date.parse(told as string) - now.getTime())).toBeLessThan(MINUTE);
  });

  test.each([['four minutes ahead', -4 * MINUTE], ['a little under a day old', (24 * 60 - 1) * MINUTE]])('%s is within the tolerance', async (_what, ms) => {
    const share = await declaring((now) => ({ created: ago(now, ms) }))(await scene.compose());
    expect((await scene.school.submit(share)).status).toBe(202);
  });

  test('no value anywhere in it, however odd, is a fault of ours', async () => {
    const share = await scene.compose();
    expect(await oddities(manifestOf(share), (path, value) => rewritten(share, (manifest) => put(manifest, path, value)))).toEqual([]);
  });
});

describe('lines', () => {
  test.each<[string, string, Bend]>([
    ['of which the manifest does not hold one', 'LINE_NOT_IN_MANIFEST', (share) => ({ ...share, lines: share.lines.map((text, i) => (i === 0 ? JSON.stringify(fresh(JSON.parse(text) as Json)) : text)) })],
    ['with one given twice', 'LINE_REPEATED', lined((all) => [...all, fresh(all[0] as Json)])],
    ['that give one part two digests', 'PART_INCONSISTENT', lined((all) => [...all, { ...fresh(all[0] as Json), recipient: { agency: 'kingfisher-families', contact: 'casework' }, digest: 'a'.repeat(64) }])],
    ['that give one part two categories', 'PART_INCONSISTENT', lined((all) => [...all, { ...fresh(all[0] as Json), recipient: { agency: 'kingfisher-families', contact: 'casework' }, category: 'health' }])],
    ['that give two parts one digest', 'PART_INCONSISTENT', eachPartLine((line) => ({ ...line, digest: 'a'.repeat(64) }))],
    ['that give nobody a part', 'LINES_INVALID', lined((all) => all.filter((line) => 'about' in line))],
    ['to more recipients than a share may have', 'TOO_MANY_RECIPIENTS', lined((all) => [...all, ...Array.from({ length: 51 }, (_, i) => ({ ...fresh(all[0] as Json), recipient: { agency: 'merebrook-council', contact: `desk-${i}` } }))])],
    ['past the hundredth part', 'LINES_INVALID', eachPartLine((line) => ({ ...line, part: 'part-100' }))],
    ['with an unknown field', 'LINES_INVALID', eachPartLine((line) => ({ ...line, name: 'Wilhelmina' }))],
    ['with a wrong type', 'LINES_INVALID', eachPartLine((line) => ({ ...line, category: ['names'] }))],
    ['with a salt that is too short', 'LINES_INVALID', eachPartLine((line) => ({ ...line, salt: 'abcd' }))],
    ['with a day that the calendar does not have', 'LINES_INVALID', eachPartLine((line) => ({ ...line, asOf: '2026-02-31' }))],
    ['about something that lines are not about', 'LINES_INVALID', lined((all) => [...all, { ...fresh(all[0] as Json), about: 'weather' }])],
    ['with a key twice in one', 'LINES_INVALID', lined((all) => [...all, JSON.stringify(fresh(all[0] as Json)).replace('{', '{"category":"health",')])],
    ['with __proto__ in one', 'LINES_INVALID', lined((all) => [...all, JSON.stringify(fresh(all[0] as Json)).replace('{', '{"__proto__":{},')])],
    ['with an NHS number for a reference', 'IDENTIFIER_IN_CLEAR', lined((all) => all.map((line) => (line['about'] === 'subject' ? { ...line, reference: 'AB-9434765919' } : line)))],
  ])('%s are refused with %s', async (_what, code, bend) => {
    const problem = await refused(await bend(await scene.compose()), 422, code);
    expect(JSON.stringify(problem)).not.toContain('Wilhelmina');
  });

  test.each<[string, string | Buffer]>([
    ['no JSON', '['], ['an object', '{}'], ['empty', '[]'], ['numbers', '[1]'], ['objects', '[{}]'], ['with a mark', '\ufeff[]'], ['deep', '['.repeat(2_000)],
    ['not UTF-8', Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d])], ['a thousand and one', JSON.stringify(Array.from({ length: 1_001 }, () => '{}'))],
  ])('that are %s are refused', async (_what, lines) => {
    await refused(await scene.compose(), 422, 'LINES_INVALID', lines);
  });

  test('no value anywhere in one, however odd, is a fault of ours', async () => {
    const share = await scene.compose();
    for (const about of [undefined, 'subject', 'decision']) {
      const at = share.lines.findIndex((text) => (JSON.parse(text) as Json)['about'] === about);
      const bendLine = async (path: string[], value: unknown) => lined((all) => all.map((line, i) => (i === at ? put(line, path, value) : line)))(share);
      expect(await oddities(JSON.parse(share.lines[at] as string), bendLine)).toEqual([]);
    }
  });
});

describe('parts', () => {
  test.each<[string, string, Bend]>([
    ['one is missing', 'PART_MISSING', part('part-2', undefined)],
    ['one is there that no line names', 'PART_UNEXPECTED', (share) => part('part-3', share.parts.get('part-1'))(share)],
    ['two are each in the other one’s place', 'DIGEST_MISMATCH', (share) => ({ ...share, parts: new Map([['part-1', share.parts.get('part-2') as Uint8Array], ['part-2', share.parts.get('part-1') as Uint8Array]]) })],
  ])('where %s are refused with %s', async (_what, code, bend) => {
    await refused(await bend(await scene.compose()), 422, code);
  });

  /** The keys that a part is sealed to, other than those of its lines. */
  const sealedTo = (...to: (() => ContactKeys)[]): (() => Promise<Composed>) => () => scene.compose(sealTo(to.map((keys) => keys().certificate)));
  const sealTo = (certificates: SharePlan['parts'][number]['sealTo'], to: SharePlan['parts'][number]['to'] = { [FRONT_DOOR]: 'assesses-referral' }): SharePlan => ({ parts: [{ ...REFERRAL.parts[0], category: 'names', text: 'x', to, ...(certificates ? { sealTo: certificates } : {}) }] });
  const bent = (bend: Bend) => async () => bend(await scene.compose());
  const frontDoor = () => scene.council.keys('front-door');
  const keyId = () => frontDoor().certificate.seal[0]?.keyId ?? '';
  const withSignature = (signature: (share: Composed) => Promise<Uint8Array>): (() => Promise<Composed>) => async () => {
    const share = await scene.compose();
    return { ...share, signature: await signature(share) };
  };

  /** Every code of the gate, each by something that a program or an attacker could send. */
  const GATE: readonly [keyof typeof GATE_CODES, string, () => Promise<Composed>][] = [
    ['NOT_OPENPGP', 'random octets', bent(part('part-1', Buffer.alloc(600, 0xff)))],
    ['NOT_OPENPGP', 'nothing', bent(part('part-1', Buffer.alloc(0)))],
    ['NOT_OPENPGP', 'half a message', bent(first((octets) => octets.subarray(0, octets.length - 20)))],
    ['NOT_OPENPGP', 'a certificate', bent((share) => part('part-1', frontDoor().certificate.octets)(share))],
    ['NOT_OPENPGP', 'a text', bent(part('part-1', Buffer.from('The child came to school without a coat.')))],
    ['PLAINTEXT', 'a literal packet', bent(part('part-1', packet(11, Buffer.from('b\0\0\0\0\0The child'))))],
    ['SIGNED_OUTSIDE', 'a one-pass signature', bent(part('part-1', packet(4, Buffer.alloc(13, 3))))],
    ['COMPRESSED_OUTSIDE', 'a compressed packet', bent(part('part-1', packet(8, Buffer.alloc(40, 1))))],
    ['LEGACY_ENCRYPTION', 'data without integrity protection', bent(() => scene.compose().then((share) => part('part-1', Buffer.concat([wrappedKey(keyId()), packet(9, Buffer.alloc(90, 1))]))(share)))],
    ['LIBREPGP_AEAD', 'data in the LibrePGP form', bent((share) => part('part-1', Buffer.concat([wrappedKey(keyId()), packet(20, Buffer.alloc(90, 1))]))(share))],
    ['PASSWORD_RECIPIENT', 'a password beside the key', bent(first((octets) => Buffer.concat([packet(3, Buffer.from([4, 9, 3, 8, 1, 2, 3, 4, 5, 6, 7, 8, 96])), octets])))],
    ['HIDDEN_RECIPIENT', 'an addressee without a name', bent(first((octets) => Buffer.concat([wrappedKey('0000000000000000'), octets])))],
    ['HIDDEN_RECIPIENT', 'data for whoever can open it', bent(part('part-1', packet(18, data2())))],
    ['UNKNOWN_ADDRESSEE', 'a stranger', sealedTo(frontDoor, () => stranger)],
    ['ADDRESSEE_NOT_PROPOSED', 'a partner for whom it is not', sealedTo(frontDoor, () => scene.charity.keys())],
    ['RECIPIENT_NOT_ADDRESSED', 'one recipient of two', () => scene.compose(sealTo([frontDoor().certificate], { [FRONT_DOOR]: 'assesses-referral', [CASEWORK]: 'works-with-person' }))],
    ['SEVERAL_MESSAGES', 'one message after another', bent(first((octets) => Buffer.concat([octets, octets])))],
    ['TEXT_AROUND_ARMOR', 'a letter around it', bent(first((octets) => Buffer.concat([Buffer.from(armorOctets(octets)), Buffer.from('\r\nYours, the safeguarding lead\r\n')])))],
    ['TRAILING_DATA', 'a literal packet behind it', bent(first((octets) => Buffer.concat([octets, packet(11, Buffer.from('b\0\0\0\0\0x'))])))],
    ['KEY_NOT_VERIFIED', 'a key that was revoked', sealedTo(frontDoor, () => formerSeal)],
    ['KEY_NOT_VERIFIED', 'a signature by a key that was revoked', withSignature((share) => signDetached({ octets: share.manifest, key: formerSign.key }))],
    ['DIGEST_MISMATCH', 'one octet different', bent(first((octets) => Buffer.from(octets).fill((octets.at(-1) as number) ^ 1, octets.length - 1)))],
    ['TOO_LARGE', 'more wrapped keys than we take', bent(part('part-1', Buffer.concat([...Array.from({ length: 201 }, () => wrappedKey('AAAAAAAAAAAAAAAA')), packet(18, Buffer.alloc(90, 1))])))],
    ['TOO_LARGE', 'a length past the limit', bent((share) => part('part-1', Buffer.concat([wrappedKey(keyId()), Buffer.from([0xd2, 0xff, 0x7f, 0xff, 0xff, 0xff, 1]), Buffer.alloc(900, 1)]))(share))],
    ['SIGNATURE_MISSING', 'an empty signature', withSignature(() => Promise.resolve(Buffer.alloc(0)))],
    ['SIGNATURE_MISSING', 'what is no signature', withSignature(() => Promise.resolve(Buffer.from('signed, the head teacher')))],
    ['SIGNATURE_MISSING', 'two signatures', withSignature(({ signature }) => Promise.resolve(Buffer.concat([signature, signature])))],
    ['SIGNATURE_WRONG_KEY', 'a signature of the recipient', withSignature(({ manifest }) => signDetached({ octets: manifest, key: frontDoor().key }))],
    ['SIGNATURE_WRONG_KEY', 'a signature of a stranger', withSignature(({ manifest }) => signDetached({ octets: manifest, key: stranger.key }))],
    ['SIGNATURE_OTHER_BYTES', 'a signature over other octets', withSignature(({ manifest }) => signDetached({ octets: Buffer.concat([manifest, Buffer.from('\n')]), key: scene.school.keys().key }))],
    ['OUT_OF_ORDER', 'a part that is not named as one', bent((share) => ({ ...share, parts: new Map([['letter', share.parts.get('part-1') as Uint8Array]]) }))],
  ];

  test.each(GATE)('%s over HTTP: %s', async (code, _what, made) => {
    await refused(await made(), GATE_CODES[code].status, code);
  });

  test('no code of the gate is without a case', () => {
    expect(new Set(GATE.map(([code]) => code))).toEqual(new Set(Object.keys(GATE_CODES)));
  });

  test('a key of version 6 before data of version 1 is refused: it could open nothing', async () => {
    await refused(await part('part-1', Buffer.concat([wrappedKey6('AB'.repeat(32)), packet(18, Buffer.alloc(90, 1))]))(await scene.compose()), 422, 'NOT_OPENPGP');
  });

  test('all reasons are told at once, each with the part and the recipient that it is about', async () => {
    const plan: SharePlan = { parts: [{ category: 'names', text: 'x', to: { [FRONT_DOOR]: 'assesses-referral', [CASEWORK]: 'works-with-person' }, sealTo: [stranger.certificate] }] };
    const { reasons } = await refused(await scene.compose(plan), 422, 'UNKNOWN_ADDRESSEE');
    expect(reasons).toEqual([
      expect.objectContaining({ code: 'UNKNOWN_ADDRESSEE', part: 'part-1', keyId: stranger.certificate.seal[0]?.keyId }),
      ...[FRONT_DOOR, CASEWORK].map((recipient) => expect.objectContaining({ code: 'RECIPIENT_NOT_ADDRESSED', part: 'part-1', recipient })),
    ]);
  });
});

const ODD = [null, 0, -1, true, '', 'x'.repeat(300), '\u0000', '2026-02-31', '2026-02-31T00:00:00Z', [], [[]], {}, { agency: {} }];

/** Puts an odd value at each place and tells where the answer was neither a refusal nor, where the value may be left out or another, a receipt. */
async function oddities(value: unknown, bend: (path: string[], value: unknown) => Promise<Composed>): Promise<unknown[]> {
  const faults: unknown[] = [];
  for (const path of pathsOf(value)) {
    for (const odd of ODD) {
      const { status, json } = await scene.school.submit(await bend(path, odd));
      if (status !== 422 && status !== 202) faults.push([path.join('/'), odd, status, (json as Json)['code']]);
    }
  }
  return faults;
}

function pathsOf(value: unknown, above: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [above];
  const own = Object.entries(value).slice(0, 12).flatMap(([name, inner]) => pathsOf(inner, [...above, name]));
  return above.length === 0 ? own : [above, ...own];
}

function put(value: unknown, [name, ...rest]: string[], wanted: unknown): Json {
  const copy: Json = Array.isArray(value) ? ([...(value as unknown[])] as unknown as Json) : { ...(value as Json) };
  copy[name as string] = rest.length === 0 ? wanted : put(copy[name as string], rest, wanted);
  return copy;
}
