import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonical, readCanonical } from '#envelope/canonical';
import { readJson } from '#protocol/json';

// Signed by one reader's lights and read by another's: what two programs can read differently is refused, and what we make has one spelling.

/** RFC 8785 once more, in as few words as it can be said: the third opinion. */
function spelled(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spelled).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${spelled((value as Record<string, unknown>)[name])}`).join()}}`;
}

/** From RFC 8785 and the test data that it names (cyberphone/json-canonicalization): input, and its one spelling. */
const VECTORS: readonly [name: string, input: string, spelling: string][] = [
  ['arrays', '[\n  56,\n  {\n    "d": true,\n    "10": null,\n    "1": [ ]\n  }\n]', '[56,{"1":[],"10":null,"d":true}]'],
  ['french', '{\n  "peach": "This sorting order",\n  "péché": "is wrong according to French",\n  "pêche": "but canonicalization MUST",\n  "sin":   "ignore locale"\n}', '{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ignore locale"}'],
  ['structures', '{\n  "1": {"f": {"f": "hi","F": 5} ,"\\n": 56.0},\n  "10": { },\n  "": "empty",\n  "a": { },\n  "111": [ {"e": "yes","E": "no" } ],\n  "A": { }\n}', '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}'],
  ['unicode', '{\n  "Unnormalized Unicode":"A\\u030a"\n}', '{"Unnormalized Unicode":"A\u030a"}'],
  ['values', '{\n  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],\n  "string": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/",\n  "literals": [null, true, false]\n}', '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'],
  ['weird', '{\n  "\\u20ac": "Euro Sign",\n  "\\r": "Carriage Return",\n  "\\u000a": "Newline",\n  "1": "One",\n  "\\u0080": "Control\\u007f",\n  "\\ud83d\\ude02": "Smiley",\n  "\\u00f6": "Latin Small Letter O With Diaeresis",\n  "\\ufb33": "Hebrew Letter Dalet With Dagesh",\n  "</script>": "Browser Challenge"\n}', '{"\\n":"Newline","\\r":"Carriage Return","1":"One","</script>":"Browser Challenge","\u0080":"Control\u007f","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😂":"Smiley","\ufb33":"Hebrew Letter Dalet With Dagesh"}'],
];

test.each(VECTORS)('C16: RFC 8785, %s: ours, the library and a third spell it alike', (_name, input, spelling) => {
  const value: unknown = JSON.parse(input);
  expect([canonical(value).toString(), canonicalize(value), spelled(value)]).toEqual([spelling, spelling, spelling]);
});

// RFC 8785, appendix B: IEEE 754 octets and what is written for them.
test.each<[string, string]>([
  ['0000000000000000', '0'], ['8000000000000000', '0'], ['0000000000000001', '5e-324'], ['8000000000000001', '-5e-324'], ['7fefffffffffffff', '1.7976931348623157e+308'], ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'], ['c340000000000000', '-9007199254740992'], ['4430000000000000', '295147905179352830000'], ['44b52d02c7e14af5', '9.999999999999997e+22'], ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'], ['444b1ae4d6e2ef4e', '999999999999999700000'], ['444b1ae4d6e2ef4f', '999999999999999900000'], ['444b1ae4d6e2ef50', '1e+21'], ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'], ['41b3de4355555553', '333333333.3333332'], ['41b3de4355555554', '333333333.33333325'], ['41b3de4355555555', '333333333.3333333'], ['becbf647612f3696', '-0.0000033333333333333333'], ['43143ff3c1cb0959', '1424953923781206.2'],
])('C16: RFC 8785, appendix B: %s is %s', (octets, text) => {
  const value = Buffer.from(octets, 'hex').readDoubleBE();
  expect([canonical(value).toString(), canonicalize(value), spelled(value)]).toEqual([text, text, text]);
});

test('C16: whatever JSON can say, the three spell alike, and it is read back as it was spelled', () =>
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme' }), (value) => {
      const octets = canonical(value);
      expect([octets.toString(), canonicalize(value)]).toEqual([spelled(JSON.parse(JSON.stringify(value))), octets.toString()]);
      expect(canonical(readCanonical(octets)).equals(octets)).toBe(true);
    }),
    { numRuns: 2_000 },
  ));

test.each<[string, string | Buffer, string]>([
  ['a key twice', '{"urgency":"routine","urgency":"emergency"}', 'duplicate-key'],
  ['a key twice, once escaped', '{"urgency":"routine","urgenc\\u0079":"emergency"}', 'duplicate-key'],
  ['a key twice, far inside', '{"a":[{"b":{"c":1,"d":2,"c":3}}]}', 'duplicate-key'],
  ['an empty key twice', '{"":1,"":2}', 'duplicate-key'],
  ['minus nought', '{"a":-0}', 'unsafe-number'],
  ['nought with a fraction', '{"a":0.0}', 'unsafe-number'],
  ['1e21, which is an integer to some', '{"a":1e21}', 'unsafe-number'],
  ['1E2, which is 100', '{"a":1E2}', 'unsafe-number'],
  ['2^53', '{"a":9007199254740992}', 'unsafe-number'],
  ['2^53 + 1, which is 2^53 to some', '{"a":9007199254740993}', 'unsafe-number'],
  ['a number of a hundred digits', `{"a":${'9'.repeat(100)}}`, 'unsafe-number'],
  ['1e400, which is infinity to some', '{"a":1e400}', 'unsafe-number'],
  ['a number with a leading nought', '{"a":01}', 'not-json'],
  ['not a number', '{"a":NaN}', 'not-json'],
  ['half of a pair', '{"a":"\\ud83d"}', 'lone-surrogate'],
  ['the other half', '{"a":"\\ude02"}', 'lone-surrogate'],
  ['halves in the wrong order', '{"a":"\\ude02\\ud83d"}', 'lone-surrogate'],
  ['half of a pair in a key', '{"\\ud800":1}', 'lone-surrogate'],
  ['half of a pair in octets (CESU-8)', Buffer.from('7b2261223a22eda0bd227d', 'hex'), 'not-utf8'],
  ['a slash in two octets', Buffer.from('7b2261223a22c0af227d', 'hex'), 'not-utf8'],
  ['a mark before it', '\ufeff{"a":1}', 'byte-order-mark'],
  ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'not-json'],
  ['a comment', '{"a":1/**/}', 'not-json'],
  ['a comma at the end', '{"a":1,}', 'not-json'],
  ['single quotes', "{'a':1}", 'not-json'],
  ['a control character in a text', '{"a":"\u0001"}', 'not-json'],
  ['two values', '{"a":1}{"a":2}', 'not-json'],
  ['a nought octet behind it', '{"a":1}\0', 'not-json'],
  ['null, which some leave out', '{"a":null}', 'null'],
])('C16: %s is refused: two readers could differ', (_what, text, problem) => {
  expect(readJson(Buffer.from(text))).toMatchObject({ ok: false, problem });
});

test('C16: whatever the wire’s reader takes has one meaning: spelled canonically and read again it is the same', () =>
  fc.assert(
    fc.property(fc.json({ maxDepth: 4, stringUnit: 'binary' }), (text) => {
      const read = readJson(Buffer.from(text));
      if (!read.ok) return;
      expect(readJson(canonical(read.value))).toEqual(read);
      expect(spelled(read.value)).toBe(canonical(read.value).toString());
    }),
    { numRuns: 2_000 },
  ));
