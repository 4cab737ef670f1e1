import fc from 'fast-check';
import { consignmentDigest, envelopeOf, readEnvelope, writeEnvelope } from './consignment';

const BOUNDARY = '0123456789abcdef0123456789abcdef';
const pieces = fc.uniqueArray(fc.tuple(fc.constantFrom('manifest', 'signature', 'lines', 'part-1', 'part-2', 'part-99'), fc.uint8Array({ maxLength: 300 })), { selector: ([name]) => name });

const written = async (all: [string, Uint8Array][]): Promise<Buffer> => {
  const octets: Buffer[] = [];
  for await (const piece of writeEnvelope(BOUNDARY, all.map(([name, body]) => ({ name, type: 'application/octet-stream', size: body.length, octets: [body] })))) octets.push(piece);
  return Buffer.concat(octets);
};

test('an envelope gives back what was put in, even where a piece holds the boundary itself', async () => {
  await fc.assert(fc.asyncProperty(pieces, async (all) => {
    const read = readEnvelope(BOUNDARY, await written([...all, ['part-3', Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]]));
    expect([...(read ?? [])].map(([name, body]) => [name, [...body]])).toEqual([...all, ['part-3', Buffer.from(`\r\n--${BOUNDARY}--\r\n`)] as const].map(([name, body]) => [name, [...body]]));
  }));
});

test('an envelope made in memory is the one that is written piece by piece', async () => {
  await fc.assert(fc.asyncProperty(pieces, async (all) => {
    expect(envelopeOf(BOUNDARY, all.map(([name, body]) => ({ name, type: 'application/octet-stream', size: body.length, octets: [body] })))).toEqual(await written(all));
  }));
});

test('octets that are no envelope are not read as one, and nothing hangs or throws', async () => {
  const whole = await written([['manifest', Buffer.from('{}')], ['part-1', Buffer.from('x'.repeat(40))]]);
  for (let cut = 0; cut < whole.length; cut++) expect(readEnvelope(BOUNDARY, whole.subarray(0, cut))).toBeUndefined();
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (octets) => {
    expect(readEnvelope(BOUNDARY, Buffer.from(octets))).toBeUndefined();
  }));
});

test('the digest of a consignment does not depend on the order of its lines or parts, and on nothing less', () => {
  const part = (name: string, digest = 'a'.repeat(64)) => ({ name, digest, keys: 'b'.repeat(64) });
  const one = { manifestDigest: 'c'.repeat(64), signatureDigest: 'd'.repeat(64), lines: ['1'.repeat(64), '2'.repeat(64)], parts: [part('part-1'), part('part-2')] };
  const digest = consignmentDigest(one);
  expect(consignmentDigest({ ...one, lines: [...one.lines].reverse(), parts: [...one.parts].reverse() })).toBe(digest);
  for (const other of [
    { ...one, manifestDigest: 'e'.repeat(64) }, { ...one, signatureDigest: 'e'.repeat(64) }, { ...one, lines: one.lines.slice(1) }, { ...one, parts: one.parts.slice(1) },
    { ...one, parts: [part('part-1', 'e'.repeat(64)), part('part-2')] }, { ...one, parts: [{ ...part('part-1'), keys: 'e'.repeat(64) }, part('part-2')] },
  ]) expect(consignmentDigest(other)).not.toBe(digest);
});
