import fc from 'fast-check';
import { verifyExport } from '#register/export-verification';
import { sentence } from '#register/findings';
import { vkeyOf } from '#register/vkey';
import { backDated, SIGNED_AT, SIZE, TAMPERINGS } from './tampering';
import { type Book, bookOf, each, entryOf, exportOf, LOG_KEY, textOf, VKEY } from './book';

test.each(TAMPERINGS)('A13: a register $name: $first', async ({ book, first, range, held }) => {
  const report = await verifyExport(exportOf(await book()), { vkeys: VKEY, heldCheckpoint: held });
  expect(report.first?.code).toBe(first);
  expect(report.holds).toBe(first === undefined);
  expect(range && [report.first?.from, report.first?.to]).toEqual(range);
});

test('an honest register is read whole, and every checkpoint counts', async () => {
  const [honest] = TAMPERINGS;
  expect(await verifyExport(exportOf(await honest!.book()), { vkeys: VKEY })).toMatchObject({ holds: true, size: SIZE, checkpoints: SIGNED_AT.length, findings: [], warnings: [] });
});

test('a back-dated entry is a warning: the log is what was signed', async () => {
  const report = await verifyExport(exportOf(await backDated()), { vkeys: VKEY });
  expect(report).toMatchObject({ holds: true, warnings: [{ code: 'BACK_DATED', from: 7, to: 7 }] });
  expect(sentence(report.warnings[0]!)).toMatch(/^Entry 7 \(01890a5d-.*\): the entry bears an earlier time/);
});

test('A13: a log is checked against the key that was pinned, whatever keys the file names', async () => {
  const other = vkeyOf('gateway.example/register/sefton-council', LOG_KEY.publicKey);
  expect((await verifyExport(exportOf(await backDated()), { vkeys: other })).first?.code).toBe('WRONG_LOG');
  expect((await verifyExport(exportOf(await backDated()), { vkeys: 'nonsense' })).first?.code).toBe('WRONG_LOG');
  expect((await verifyExport(exportOf(await backDated(), { controller: 'sefton-council' }), { vkeys: VKEY })).first?.code).toBe('WRONG_LOG');
});

test('A13: one row changed in any way in a register of any shape is found, and placed no later than it is', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }), fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }), fc.nat(), fc.nat(),
      fc.constantFrom('octets', 'leaf', 'both', 'remove', 'node', 'checkpoint', 'repeat'),
      async (size, wanted, where, bit, what) => {
        const book = await bookOf(Array.from({ length: size }, (_, i) => entryOf(i)), [...wanted.filter((at) => at < size).toSorted((a, b) => a - b), size]);
        const index = where % size;
        change(book, what, index, bit);
        const report = await verifyExport(exportOf(book), { vkeys: VKEY });
        expect(report.holds).toBe(what === 'node' && book.nodes.length === 0);
        if (['octets', 'leaf', 'both', 'remove'].includes(what)) expect(report.first!.from).toBeLessThanOrEqual(index);
        if (['octets', 'leaf', 'both'].includes(what)) expect(report.first!.to).toBeGreaterThanOrEqual(index);
      },
    ),
    { numRuns: 300 },
  ));

test('A13: no octet of an export can be changed unseen but in the key that the file merely mentions', async () => {
  const text = await textOf(exportOf(await bookOf(Array.from({ length: 6 }, (_, i) => entryOf(i)), [4, 6])));
  const start = text.indexOf('\n');
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: start, max: text.length - 2 }), fc.constantFrom('0', 'a', 'Z', '"', ' ', '\n', '9'), async (at, character) => {
      fc.pre(text[at] !== character);
      expect((await verifyExport(each([text.slice(0, at), character, text.slice(at + 1)]), { vkeys: VKEY })).holds).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['nothing', ''], ['not JSON', 'hello\n'], ['no header', '{"index":0,"leaf":"00","octets":null}\n'], ['an array', '[]\n'],
  ['two headers', `{"format":"waybill-register-export/1","origin":"x","controller":"x","vkeys":[]}\n`.repeat(2)],
])('something that is no export: %s', async (_, text) => {
  const report = await verifyExport(each([text]), { vkeys: VKEY });
  expect(report.holds).toBe(false);
});

test('a line without an end does not fill the memory', async () => {
  const endless = (async function* () { for (;;) yield 'x'.repeat(1024 * 1024); })();
  await expect(verifyExport(endless, { vkeys: VKEY })).rejects.toThrow(RangeError);
});

const flip = (octets: Buffer, bit: number): Buffer => {
  const copy = Buffer.from(octets);
  copy[(bit >> 3) % copy.length]! ^= 1 << (bit & 7);
  return copy;
};

function change(book: Book, what: string, index: number, bit: number): void {
  const row = book.leaves[index]!;
  if (what === 'octets' || what === 'both') row.octets = flip(row.octets!, bit);
  if (what === 'leaf' || what === 'both') row.hash = flip(row.hash, bit);
  if (what === 'remove') book.leaves.splice(index, 1);
  if (what === 'repeat') book.leaves.splice(index, 0, row);
  if (what === 'node' && book.nodes.length > 0) book.nodes[bit % book.nodes.length]!.hash = flip(book.nodes[bit % book.nodes.length]!.hash, bit);
  if (what === 'checkpoint') book.checkpoints[bit % book.checkpoints.length]!.note += ' ';
}
