import fc from 'fast-check';
import { Fault } from './fault';
import { elementsOf, headerOctets, numberOf, oidOf, readDer, readHeader } from './reader';
import { TYPE } from './tags';
import { element, oid, sequence, small } from './writer';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

test.each([
  ['an integer', '02 01 05'], ['a negative one', '02 01 80'], ['one that needs a nought before it', '02 02 00 80'], ['true', '01 01 ff'], ['null', '05 00'], ['an identifier', '06 03 2a 86 48'],
  ['bits', '03 02 07 80'], ['no bits', '03 01 00'], ['a sequence', '30 03 02 01 05'], ['a tag around', 'a0 02 05 00'], ['a plain tag, whatever is in it', '80 02 30 80'], ['128 octets', `04 81 80 ${'00'.repeat(128)}`],
])('reads %s', (_what, octets) => {
  expect(Buffer.from(readDer(hex(octets)).octets).equals(hex(octets))).toBe(true);
});

test.each([
  ['nothing', ''], ['a lone tag', '30'], ['contents cut short', '04 02 00'], ['two elements', '05 00 05 00'], ['an indefinite length', '30 80 00 00'], ['the length of a length too long', '04 85 00 00 00 00 01 00'],
  ['a long length for a short one', '04 81 01 00'], ['a nought before a length', '04 82 00 80'], ['a length cut short', '04 82 01'], ['a long tag', '1f 01 00'], ['an end of contents', '00 00'],
  ['a string in pieces', '24 03 04 01 00'], ['a sequence that is plain', '10 00'], ['an empty integer', '02 00'], ['an integer with a nought too many', '02 02 00 7f'], ['a negative one with a one too many', '02 02 ff 80'],
  ['a truth value of one', '01 01 01'], ['a truth value of two octets', '01 02 ff ff'], ['a null with contents', '05 01 00'], ['an empty identifier', '06 00'], ['an identifier cut short', '06 01 86'], ['an arc with a nought before it', '06 03 2a 80 01'],
  ['bits without their count', '03 00'], ['eight bits beyond the end', '03 02 08 00'], ['bits beyond an end that is none', '03 01 01'], ['bits set beyond the end', '03 02 07 81'], ['a fault deep inside', '30 06 a0 04 30 02 05 01'],
  ['thirty deep', `${Array.from({ length: 30 }, (_, at) => `30${(58 - at * 2).toString(16).padStart(2, '0')}`).join('')}`],
])('refuses %s', (_what, octets) => {
  expect(() => readDer(hex(octets))).toThrow(Fault);
});

test('identifiers and small numbers', () => {
  for (const dotted of ['1.2.840.113549.1.7.3', '2.16.840.1.101.3.4.1.46', '2.5.29.14', '0.9', '2.999.1']) expect(oidOf(readDer(oid(dotted)))).toBe(dotted);
  expect([numberOf(readDer(small(16))), numberOf(readDer(hex('02 01 80'))), numberOf(readDer(hex('02 05 01 00 00 00 00')))]).toEqual([16, Number.NaN, Number.NaN]);
});

test('what is written is read, of whatever size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 70_000 }), fc.constantFrom(TYPE.octetString, 0x80, 0x0c), (length, tag) => {
      const octets = sequence(element(tag, Buffer.alloc(length, 1)), small(3));
      const [first, second] = elementsOf(readDer(octets).body);
      expect([first?.tag, first?.body.length, second && numberOf(second)]).toEqual([tag, length, 3]);
      expect(readHeader(octets).octets).toBe(headerOctets(octets[0] ?? 0, octets[1] ?? 0));
    }),
    { numRuns: 200 },
  );
});

test('whatever arrives is read as it stands or refused; nothing else happens', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
      try {
        expect(Buffer.concat(elementsOf(octets).map((each) => each.octets)).equals(octets)).toBe(true);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
      }
    }),
    { numRuns: 2_000 },
  );
});
