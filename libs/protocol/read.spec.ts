import fc from 'fast-check';
import { readJsonText } from './json';
import { hidesIdentifier } from './grammar';
import { readLine, readManifest } from './read';

const manifest = {
  format: 'waybill-manifest/1',
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  sender: { agency: 'st-brigid-primary', contact: 'safeguarding-lead', role: 'designated-safeguarding-lead' },
  gateway: 'https://gateway.example',
  created: '2026-01-31T09:30:00Z',
  agreement: { id: 'example', version: '1' },
  urgency: 'routine',
  handling: { doNotTellSubject: false },
  lines: ['a'.repeat(64)],
};
const octets = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const faults = (value: unknown) => {
  const reading = readManifest(octets(value));
  return reading.ok ? [] : reading.faults;
};

test('a manifest of the least fields is read', () => {
  expect(faults(manifest)).toEqual([]);
});

test.each<[string, unknown, string]>([
  ['an unknown field', { ...manifest, note: 'Jane lives at 4 Mill Lane' }, ''],
  ['an unknown field inside', { ...manifest, sender: { ...manifest.sender, name: 'Jane' } }, '/sender'],
  ['an array for an object', { ...manifest, sender: [manifest.sender] }, '/sender'],
  ['a wrong type', { ...manifest, created: 5 }, '/created'],
  ['an id of another version', { ...manifest, id: '01890a5d-ac96-474b-bcce-b302099a8057' }, '/id'],
  ['a gateway with a path', { ...manifest, gateway: 'https://gateway.example/x' }, '/gateway'],
  ['no lines', { ...manifest, lines: [] }, '/lines'],
  ['a line digest twice', { ...manifest, lines: ['a'.repeat(64), 'a'.repeat(64)] }, '/lines'],
  ['free text in a code', { ...manifest, purpose: 'because Jane is at risk' }, '/purpose'],
  ['a list', [manifest], ''],
])('refuses %s and says where without repeating it', (_what, value, pointer) => {
  const found = faults(value);
  expect(found.map((fault) => fault.pointer)).toContain(pointer);
  expect(JSON.stringify(found)).not.toContain('Jane');
});

test.each<[string, string, string]>([
  ['a duplicate key', '{"a":1,"a":2}', 'duplicate-key'],
  ['a duplicate key spelt with an escape', '{"a":1,"\\u0061":2}', 'duplicate-key'],
  ['a duplicate key deep inside', '{"b":[{"a":1,"a":2}]}', 'duplicate-key'],
  ['__proto__', '{"__proto__":{"polluted":1}}', 'forbidden-key'],
  ['constructor', '{"a":{"constructor":{"prototype":{}}}}', 'forbidden-key'],
  ['a name that every object has, and that no class would show', '{"toString":"Jane is at risk"}', 'forbidden-key'],
  ['nine levels', '[[[[[[[[[1]]]]]]]]]', 'too-deep'],
  ['a million levels', '['.repeat(1_000_000), 'too-deep'],
  ['a fraction', '{"a":1.5}', 'unsafe-number'],
  ['an exponent', '{"a":1e21}', 'unsafe-number'],
  ['minus nought', '{"a":-0}', 'unsafe-number'],
  ['an integer past 2^53', '{"a":9007199254740993}', 'unsafe-number'],
  ['null', '{"a":null}', 'null'],
  ['a lone surrogate', '{"a":"\\ud800"}', 'lone-surrogate'],
  ['a comment', '{"a":1 /* x */}', 'not-json'],
  ['a trailing comma', '{"a":1,}', 'not-json'],
  ['nothing', '', 'not-json'],
])('refuses JSON with %s', (_what, text, problem) => {
  expect(readJsonText(text)).toMatchObject({ ok: false, problem });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('refuses a byte order mark and octets that are not UTF-8', () => {
  expect(readManifest(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), octets(manifest)])).ok).toBe(false);
  expect(readManifest(Buffer.from([0x7b, 0xff, 0x7d])).ok).toBe(false);
});

test('eight levels pass, and brackets inside a string do not count', () => {
  expect(readJsonText('[[[[[[[["[[[[[["]]]]]]]]').ok).toBe(true);
});

test('a line is read by what it is about', () => {
  const base = { salt: '0'.repeat(32), recipient: { agency: 'merebrook-council', contact: 'front-door' } };
  expect(readLine(JSON.stringify({ ...base, about: 'subject', reference: 'AB-1234' })).ok).toBe(true);
  expect(readLine(JSON.stringify({ ...base, about: 'weather' })).ok).toBe(false);
  expect(readLine(JSON.stringify({ ...base, part: 'part-100', digest: 'a'.repeat(64), category: 'names' })).ok).toBe(false);
});

test.each<[string, boolean]>([
  ['AB-1234', false], ['AB 12/345', false], ['CHI-2026/0042', false], ['Q-20417', false],
  ['AB-943 476 5919', true], ['AB-9434765919', true], ['AB-943-476-5919', true], ['AB-01/02/2015', true], ['AB-20150201', true],
  ['AB-01022015', true], ['CH-CH411AB', true], ['CH41-1AB', true], ['L-CH41/1AB', true],
])('MN-06: whether %s hides an identifier: %s', (reference, hidden) => {
  expect(hidesIdentifier(reference)).toBe(hidden);
});

test('a text is judged alike whether the walk was spared or not', () => {
  const texts = fc.oneof(
    fc.json({ maxDepth: 4 }),
    fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
    fc.array(fc.constantFrom('{', '}', '[', ']', '"a"', '"a"', '"b"', '"__proto__"', ':', ',', '1', '-0', '1.0', '9007199254740993', 'null', 'true', '"\\ud800"', '"\\u0061"')).map((tokens) => tokens.join('')),
  );
  fc.assert(fc.property(texts, (text) => {
    // A space more changes no meaning, and is not how JSON.stringify spells it.
    expect(readJsonText(text)).toEqual(readJsonText(` ${text}`));
  }), { numRuns: 2_000 });
});
