import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonical, readCanonical } from './canonical';

test('canonical JSON is spelled as the library of RFC 8785 spells it', () =>
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }), fc.object({ key: fc.stringMatching(/^[a-z0-9]{1,3}$/), values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)], maxDepth: 4 })), (value) => {
      expect(canonical(value).toString()).toBe(canonicalize(value));
      expect(canonical(readCanonical(canonical(value)))).toEqual(canonical(value));
    }),
    { numRuns: 1_000 },
  ));

// RFC 8785, 3.2.2 and 3.2.3
test.each<[unknown, string]>([
  [{ numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 1e-27], string: '€$\u000f\nA\'B"\\\\"/', literals: [null, true, false] }, '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'],
  [{ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }, '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}'],
  [{ b: { d: 1, c: [true, { z: 1, y: '\u00e9' }] }, a: '10' }, '{"a":"10","b":{"c":[true,{"y":"\u00e9","z":1}],"d":1}}'],
  [{ toJSON: 1, 10: 1, 9: 1 }, '{"10":1,"9":1,"toJSON":1}'],
  [-0, '0'],
])('the examples of the standard', (value, text) => expect(canonical(value).toString()).toBe(text));

test.each<[string, unknown]>([['undefined', undefined], ['not a number', [Number.NaN]], ['infinity', { a: Infinity }], ['a function', () => 1], ['a lone surrogate', '\ud800'], ['a big integer', 1n]])(
  'refuses what JSON can\'t say: %s', (_, value) => expect(() => canonical(value)).toThrow());

test.each(['{"a":1,"a":2}', '{"b":1,"a":2}', '{ "a":1}', '{"a":1.0}', '{"a":"\\u0041"}', '\ufeff{}', '', '[1,]'])('does not read another spelling: %s', (text) => {
  expect(readCanonical(Buffer.from(text))).toBeUndefined();
});
