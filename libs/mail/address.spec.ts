import fc from 'fast-check';
import { NOT_ADDRESSES } from '../../test/world/not-addresses';
import { readAddress, writtenAddress } from './address';

// M10: addresses that parsers are known to read in two ways. Each must be refused, not mended.

test.each(NOT_ADDRESSES)('M10: %j is no address', (text) => {
  expect(readAddress(text).ok).toBe(false);
});

test.each([
  ['front-door@merebrook.example', 'front-door@merebrook.example'], ["s.o'neill@nhs.example", "s.o'neill@nhs.example"], ['MASH.Team+urgent@Police.EXAMPLE', 'MASH.Team+urgent@police.example'],
  ['t&s@school.sch.example', 't&s@school.sch.example'], ['a_b@c-d.gov.example', 'a_b@c-d.gov.example'], ['1@2.example', '1@2.example'],
])('M10: %s is one', (text, written) => {
  const reading = readAddress(text);
  expect(reading.ok && writtenAddress(reading.address)).toBe(written);
});

test('M10: whatever is read is one address in ASCII with one @, and reads again as itself', () => {
  const nasty = fc.string({ unit: fc.constantFrom(...'ab@.<>"\\(),;:[]%!\r\n\t\0é. ') });
  fc.assert(fc.property(fc.oneof(nasty, fc.emailAddress(), fc.string({ unit: 'binary' })), (text) => {
    const reading = readAddress(text);
    if (!reading.ok) return;
    const written = writtenAddress(reading.address);
    expect(written).toMatch(/^[\w+&'.-]+@[a-z0-9.-]+$/);
    expect(readAddress(written)).toEqual(reading);
  }), { numRuns: 5_000 });
});
