import fc from 'fast-check';
import { openTestDatabase, type TestDatabase } from '../../test/world/database';
import { bigints, type Column, flags, instants, integers, octets, smallints, texts, uuids } from './arrays';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

/** What PostgreSQL understood, spelled by PostgreSQL. */
const asked = async (type: string, array: Column): Promise<unknown[]> => (await db.owner.query<{ given: unknown[] }>({ text: `select $1::${type}[] as given`, values: [array.octets] })).rows[0]?.given as unknown[];

const LISTS: [string, (values: never[]) => Column, fc.Arbitrary<unknown>, (value: never) => unknown][] = [
  ['boolean', flags as never, fc.boolean(), (value) => value],
  ['text', texts as never, fc.option(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && text.isWellFormed())), (value) => value],
  ['bytea', octets as never, fc.uint8Array(), (value) => Buffer.from(value)],
  ['uuid', uuids as never, fc.uuid(), (value) => value],
  ['smallint', smallints as never, fc.integer({ min: -32_768, max: 32_767 }), (value) => value],
  ['integer', integers as never, fc.integer(), (value) => value],
  ['bigint', bigints as never, fc.maxSafeInteger(), (value) => String(value)],
  ['timestamptz', instants as never, fc.date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2400-01-01T00:00:00Z'), noInvalidDate: true }), (value) => value],
];

test.each(LISTS)('PostgreSQL reads an array of %s as it was meant', async (type, write, value, read) => {
  await fc.assert(fc.asyncProperty(fc.array(value, { maxLength: 20 }), async (values) => {
    expect(await asked(type, write(values as never[]))).toEqual(values.map((each) => read(each as never)));
  }), { numRuns: 60 });
});
