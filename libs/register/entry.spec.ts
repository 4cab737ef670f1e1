import fc from 'fast-check';
import { canonical } from '#envelope/canonical';
import { describeEntries } from './entry-description';
import type { Fields, Shape } from './entry-fields';
import { fits, type Format, FORMATS, ifFits } from './entry-formats';
import { ENTRY_KINDS, type EntryFields, type EntryKind } from './entry-kinds';
import { BREACHES } from './kinds/breaches';
import { INBOX } from './kinds/inbox';
import { DISPOSAL_CLASSES } from './kinds/kind';
import { NOTIFICATIONS } from './kinds/notifications';
import { REQUESTS } from './kinds/requests';
import { RIGHTS } from './kinds/rights';
import { SHARING } from './kinds/sharing';
import { UPKEEP } from './kinds/upkeep';
import { type EntryHead, EntryRefused, makeEntry, readEntry } from './entry';
import { leafHash } from './merkle';

const DIGEST = 'ab'.repeat(32);
const UUID = '01890a5d-ac96-774b-bcce-b302099a8057';
const head: EntryHead = { id: UUID, controller: 'wirral-council', at: new Date('2026-03-02T09:15:00.250Z'), salt: Buffer.alloc(16, 7) };
const held: EntryFields<'share-held'> = { share: UUID, transfer: UUID, reason: 'KEY_NOT_VERIFIED' };
const sent: EntryFields<'share-sent'> = {
  share: UUID,
  agreement: { id: 'wir', version: '2.03' },
  clause: '4.3(10)', purpose: 'front-door-referral', basis: '6(1)(e)', conditions: ['9(2)(g)', 'sch1-18'], legalGateway: 'ca1989-s47', urgency: 'urgent',
  decision: { by: 'duty-social-worker', contact: 'dsw-12', at: '2026-03-02T09:00:00Z', reasons: ['risk-of-harm'], wordsDigest: DIGEST },
  subjectReference: 'AB-1234',
  recipients: [{ transfer: UUID, agency: 'merseyside-police', contact: 'mash', copyController: 'merseyside-police', route: 'mailbox', protection: 'openpgp', categories: ['basic-identifiers'], lines: [DIGEST] }],
  struckOff: [{ agency: 'riverside-club', part: 'part-1', code: 'NO_NEED_TO_KNOW' }],
  manifestDigest: DIGEST,
  parts: [{ name: 'part-1', digest: DIGEST, size: 4096 }],
};

test('RC-01: an entry is canonical JSON and its leaf is the hash of just those octets', () => {
  const entry = makeEntry('share-sent', head, sent);
  expect(entry.octets).toEqual(canonical(JSON.parse(entry.octets.toString())));
  expect(entry.leaf).toEqual(leafHash(entry.octets));
  expect(entry.disposal).toBe('disclosure');
  expect(readEntry(entry.octets)).toMatchObject({ v: 1, kind: 'share-sent', at: '2026-03-02T09:15:00.250Z', salt: '07'.repeat(16), purpose: 'front-door-referral' });
});

test('a field that is undefined is left out, at any depth', () => {
  const entry = makeEntry('share-sent', head, { ...sent, clause: undefined, decision: { ...sent.decision, method: undefined } });
  expect(entry.octets.toString()).not.toMatch(/clause|method/);
});

test.each<[string, string, object]>([
  ['NOT_IN_TABLE', 'subjectName', { ...held, subjectName: 'x' }],
  ['NOT_IN_TABLE', 'salt', { ...held, salt: '00'.repeat(16) }],
  ['NOT_IN_TABLE', 'controller', { ...held, controller: 'another-council' }],
  ['NOT_IN_TABLE', '__proto__', JSON.parse(`{"__proto__": "x", "share": "${UUID}"}`) as object],
  ['MISSING', 'reason', { ...held, reason: undefined }],
  ['WRONG_FORMAT', 'reason', { ...held, reason: 'because she told me so' }],
  ['WRONG_FORMAT', 'reason', { ...held, reason: null }],
  ['WRONG_FORMAT', 'reason', { ...held, reason: ['KEY_NOT_VERIFIED'] }],
  ['WRONG_FORMAT', 'share', { ...held, share: UUID.toUpperCase() }],
])('DS-01: refuses an entry (%s) and names the field, never the value', (fault, path, fields) => {
  const make = () => makeEntry('share-held', head, fields as typeof held);
  expect(make).toThrow(EntryRefused);
  expect(make).toThrow(expect.objectContaining({ fault, path }) as Error);
  expect(make).not.toThrow(/she told me/);
});

test('refuses what is nested just as well', () => {
  const make = (change: object) => () => makeEntry('share-sent', head, { ...sent, ...change } as typeof sent);
  expect(make({ decision: { ...sent.decision, name: 'x' } })).toThrow(expect.objectContaining({ path: 'decision.name', fault: 'NOT_IN_TABLE' }) as Error);
  expect(make({ parts: [{ ...sent.parts[0], size: -1 }] })).toThrow(expect.objectContaining({ path: 'parts[0].size', fault: 'WRONG_FORMAT' }) as Error);
  expect(make({ conditions: Array.from({ length: 33 }, () => '9(2)(g)') })).toThrow(expect.objectContaining({ path: 'conditions', fault: 'TOO_MANY' }) as Error);
  expect(make({ decision: [sent.decision] })).toThrow(expect.objectContaining({ path: 'decision', fault: 'WRONG_FORMAT' }) as Error);
});

test.each<[string, Partial<EntryHead>]>([
  ['id', { id: '01890a5d-ac96-474b-bcce-b302099a8057' }],
  ['controller', { controller: 'Wirral Council' }],
  ['salt', { salt: Buffer.alloc(15) }],
])('refuses an entry whose %s is not right', (path, change) => {
  expect(() => makeEntry('share-held', { ...head, ...change }, held)).toThrow(expect.objectContaining({ path }) as Error);
});

test.each<[Format, string]>([
  ['code', 'Jane Smith'], ['code', '4505577104'], ['code', 'nhs-450-557-7104'], ['code', 'born-2014-05-06'], ['code', 'born-06.05.2014'], ['code', 'CH41-1AB'], ['code', 'ch411ab'], ['code', ''], ['code', 'a\nb'],
  ['reference', 'AB-4505577104'], ['reference', 'CH41 1AB'], ['reference', 'AB 2014-05-06'], ['reference', 'Jane'],
  ['clause', 'she told me'], ['role', 'Jane Smith'], ['day', '2026-02-30'], ['instant', '2026-02-30T09:00:00Z'], ['instant', '2026-03-02T09:00:00+01:00'],
  ['version', 'two words'], ['contact', 'jane.smith@example.org'], ['part', 'part-100'], ['digest', 'AB'.repeat(32)],
])('the format %s does not admit "%s"', (format, value) => {
  expect(fits(format, value)).toBe(false);
  expect(ifFits(format, value)).toBeUndefined();
});

test.each<[Format, string]>([
  ['code', '6(1)(e)'], ['code', 'NO_COMMON_AGREEMENT'], ['code', 'dpa2018-sch8-para1'], ['code', 'TLS_AES_256_GCM_SHA384'], ['code', 'ECDHE-RSA-AES256-GCM-SHA384'], ['code', 'OFFICIAL-SENSITIVE'],
  ['clause', 'PD-01'], ['clause', '3.4.5.7'], ['clause', 'GR7'], ['clause', 'AppC.n'], ['clause', '5.3.10'], ['version', '2025-07-01'], ['reference', 'JS 17/204'], ['instant', '2026-03-02T09:15:00.250Z'],
])('the format %s admits "%s"', (format, value) => expect(fits(format, value)).toBe(true));

test('no format admits text: with a space in it, only a reference in capitals passes', () =>
  fc.assert(
    fc.property(fc.constantFrom(...(Object.keys(FORMATS) as Format[])), fc.lorem({ maxCount: 6 }), (format, words) => {
      fc.pre(words.includes(' '));
      expect(fits(format, words)).toBe(false);
    }),
  ));

test('no format admits what JSON would have to spell in another way', () =>
  fc.assert(
    fc.property(fc.constantFrom(...(Object.keys(FORMATS) as Format[])), fc.constantFrom('"', '\\', '\n', '\u0000', '\u001f', '\ud800'), fc.nat(), (format, strange, at) => {
      const { example } = FORMATS[format];
      const place = at % (example.length + 1);
      expect(fits(format, example.slice(0, place) + strange + example.slice(place))).toBe(false);
      expect(fits(format, strange)).toBe(false);
    }),
    { numRuns: 2_000 },
  ));

test('whatever the octets, reading them is undefined and not an exception', () => {
  const entry = makeEntry('share-held', head, held);
  expect(readEntry(Buffer.from(` ${entry.octets.toString()}`))).toBeUndefined();
  expect(readEntry(Buffer.from(entry.octets.toString().replace('{', '{"at":"x",')))).toBeUndefined();
  expect(readEntry(Buffer.from('{"kind":"constructor"}'))).toBeUndefined();
  fc.assert(fc.property(fc.uint8Array(), (octets) => readEntry(octets) === undefined));
  fc.assert(fc.property(fc.json(), (text) => readEntry(Buffer.from(text)) === undefined));
});

/** A value of each format that it admits, and one of each shape. */
function valueOf(shape: Shape): unknown {
  if (typeof shape === 'string') return shape === 'count' ? 42 : shape === 'flag' ? true : shape === 'digest' ? DIGEST : shape === 'fingerprint' ? 'ab'.repeat(20) : FORMATS[shape].example;
  if ('of' in shape) return Object.fromEntries(Object.entries(shape.of).map(([name, { is }]) => [name, valueOf(is)]));
  return Array.from({ length: 3 }, () => valueOf(shape.listOf));
}

test.each(Object.keys(ENTRY_KINDS) as EntryKind[])('an entry of kind %s can be recorded with all of its fields, and without any field that it requires it can not', (kind) => {
  const { fields } = ENTRY_KINDS[kind] as { fields: Fields };
  const all = valueOf({ of: fields }) as Record<string, unknown>;
  const entry = makeEntry(kind, head, all as never);
  expect(readEntry(entry.octets)).toMatchObject({ ...all, kind, controller: 'wirral-council' });
  for (const name of Object.keys(fields)) {
    const make = () => makeEntry(kind, head, { ...all, [name]: undefined } as never);
    if (fields[name]?.required) expect(make).toThrow(expect.objectContaining({ path: name, fault: 'MISSING' }) as Error);
    else expect(make).not.toThrow();
  }
});

test('every kind has a disposal class, says what it is, and every field says what it is', () => {
  const fieldsOf = (shape: Shape): string[] => (typeof shape === 'string' ? [] : 'of' in shape ? Object.values(shape.of).flatMap(({ says, is }) => [says, ...fieldsOf(is)]) : fieldsOf(shape.listOf));
  for (const kind of Object.keys(ENTRY_KINDS) as EntryKind[]) {
    const { says, disposal, fields } = ENTRY_KINDS[kind];
    expect([says, ...fieldsOf({ of: fields })].every((text) => text.length > 2)).toBe(true);
    expect(Object.keys(DISPOSAL_CLASSES)).toContain(disposal);
  }
});

test('no kind stands in two rooms', () => {
  const inRooms = [SHARING, INBOX, REQUESTS, RIGHTS, BREACHES, NOTIFICATIONS, UPKEEP].flatMap((room) => Object.keys(room));
  expect(inRooms.sort()).toEqual(Object.keys(ENTRY_KINDS).sort());
});

test('the description names every kind, field and format', () => {
  const text = describeEntries();
  for (const kind of Object.keys(ENTRY_KINDS)) expect(text).toContain(`## \`${kind}\``);
  expect(text).toContain('| `decision.wordsDigest` | digest |  | salted SHA-256');
  expect(text).toContain('| `recipients` | list of object, at most 64 | yes | with whom |');
  expect(text.split('\n').every((line) => !line.startsWith('|') || line.endsWith('|'))).toBe(true);
});
