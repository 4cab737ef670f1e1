import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader, ZipWriter } from '@zip.js/zip.js';
import { FUZZ_RUNS } from '../../test/attacks/envelope/forge';
import { mutatedOctets } from '../../test/attacks/envelope/mutated-octets';
import { checkContainer, makeContainer, NotContained } from './container';
import { CONTAINER_CODES } from './container-codes';
import { newPassphrase } from './passphrase';

const PASSPHRASE = newPassphrase();
const FILES = [{ octets: Buffer.from('canary: the child is at 14 Elm Road'), kind: 'txt' }, { octets: Buffer.alloc(5_000, 7), kind: 'pdf' }];

let container: Buffer;
beforeAll(async () => {
  container = Buffer.from(await makeContainer({ files: FILES, passphrase: PASSPHRASE }));
});

const verdict = (octets: Uint8Array): string => {
  const checked = checkContainer(octets);
  return checked.ok ? 'passes' : checked.code;
};
/** The octets at a place changed. */
const bent = (at: number, ...octets: number[]): Buffer => {
  const copy = Buffer.from(container);
  copy.set(octets, at);
  return copy;
};
const both = (local: number, central: number, ...octets: number[]): Buffer => {
  const copy = bent(local, ...octets);
  copy.set(octets, start() + central);
  return copy;
};
const start = (): number => container.readUInt32LE(container.length - 6);

test('what was put in comes out with the passphrase; nothing of it or of its names can be read without', async () => {
  const read = async (password: string): Promise<[string, string][]> => {
    const entries = await new ZipReader(new Uint8ArrayReader(container), { password, useWebWorkers: false }).getEntries();
    return Promise.all(entries.map(async (entry) => [entry.filename, entry.directory ? '' : Buffer.from(await entry.getData(new Uint8ArrayWriter())).toString('latin1')]));
  };
  expect(await read(PASSPHRASE)).toEqual(FILES.map(({ octets, kind }, at) => [`file-${at + 1}.${kind}`, octets.toString('latin1')]));
  await expect(read(newPassphrase())).rejects.toThrow();
  // No word so short that it stands in five thousand random octets by chance.
  expect(container.toString('latin1')).not.toMatch(/canary|Elm Road/);
  expect(checkContainer(container)).toEqual({ ok: true, digest: createHash('sha256').update(container).digest('hex'), files: 2 });
});

test.each<[string, () => Parameters<typeof makeContainer>[0]]>([
  ['WEAK_PASSPHRASE', () => ({ files: FILES, passphrase: 'password1' })],
  ['UNKNOWN_KIND', () => ({ files: [{ octets: Buffer.from('x'), kind: 'jones-family' }], passphrase: PASSPHRASE })],
  ['EMPTY_FILE', () => ({ files: [{ octets: Buffer.alloc(0), kind: 'pdf' }], passphrase: PASSPHRASE })],
  ['CONTAINER_TOO_LARGE', () => ({ files: [{ octets: Buffer.alloc(18_000_001), kind: 'pdf' }], passphrase: PASSPHRASE })],
  ['CONTAINER_TOO_LARGE', () => ({ files: [], passphrase: PASSPHRASE })],
  ['CONTAINER_TOO_LARGE', () => ({ files: Array.from({ length: 100 }, () => ({ octets: Buffer.from('x'), kind: 'txt' })), passphrase: PASSPHRASE })],
])('CH-04: %s: nothing is made', async (code, options) => {
  await expect(makeContainer(options())).rejects.toEqual(new NotContained(code as 'EMPTY_FILE'));
});

/** As the client makes it, but for these options. */
const zipped = async (files: [name: string, octets: string][], options: object): Promise<Buffer> => {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  const usual = { level: 0, dataDescriptor: false, extendedTimestamp: false, useUnicodeFileNames: false, rawLastModDate: 0x210000, externalFileAttributes: 0, msDosCompatible: true } as const;
  for (const [name, octets] of files) await writer.add(name, new Uint8ArrayReader(Buffer.from(octets)), { ...usual, ...options });
  return Buffer.from(await writer.close());
};
const AES = { password: PASSPHRASE, encryptionStrength: 3 };

test.each<[string, string, () => Promise<Buffer> | Buffer]>([
  ['NOT_A_CONTAINER', 'nothing', () => Buffer.alloc(0)],
  ['NOT_A_CONTAINER', 'text', () => Buffer.from('Dear colleague, the child is well. Yours.')],
  ['NOT_A_CONTAINER', 'an empty zip', () => zipped([], AES)],
  ['CONTAINER_PLAIN_ENTRY', 'a plain zip', () => zipped([['file-1.txt', 'x']], {})],
  ['CONTAINER_WEAK_ENCRYPTION', 'the old encryption', () => zipped([['file-1.txt', 'x']], { password: PASSPHRASE, zipCrypto: true })],
  ['CONTAINER_WEAK_ENCRYPTION', 'AES-128', () => zipped([['file-1.txt', 'x']], { ...AES, encryptionStrength: 1 })],
  ['CONTAINER_WEAK_ENCRYPTION', 'AE-1, whose checksum tells of the words', () => both(30 + 10 + 4, 46 + 10 + 4, 1)],
  ['CONTAINER_WEAK_ENCRYPTION', 'a checksum beside AE-2', () => both(14, 16, 1, 2, 3, 4)],
  ['CONTAINER_NAME_IN_CLEAR', 'a name', () => zipped([['Jones family.txt', 'x']], AES)],
  ['CONTAINER_NAME_IN_CLEAR', 'a path', () => zipped([['../file-1.txt', 'x']], AES)],
  ['CONTAINER_NAME_IN_CLEAR', 'another number', () => zipped([['file-2.txt', 'x']], AES)],
  ['CONTAINER_WORDS_IN_CLEAR', 'a comment of the whole, of no length', () => Buffer.concat([container.subarray(0, -2), Buffer.from([1, 0])])],
  ['CONTAINER_WORDS_IN_CLEAR', 'a comment on a file', () => zipped([['file-1.txt', 'x']], { ...AES, comment: 'canary' })],
  ['CONTAINER_WORDS_IN_CLEAR', 'a time', () => zipped([['file-1.txt', 'x']], { ...AES, rawLastModDate: 0x5a210000 })],
  ['CONTAINER_WORDS_IN_CLEAR', 'an extra field', () => zipped([['file-1.txt', 'x']], { ...AES, extraField: new Map([[0x6666, Buffer.from('canary')]]) })],
  ['CONTAINER_WORDS_IN_CLEAR', 'attributes', () => bent(start() + 38, 1)],
  ['CONTAINER_WORDS_IN_CLEAR', 'another maker', () => bent(start() + 4, 0x41)],
  ['CONTAINER_DATA_OUTSIDE', 'words before', () => Buffer.concat([Buffer.from('canary'), container])],
  ['CONTAINER_DATA_OUTSIDE', 'words behind', () => Buffer.concat([container, Buffer.from('canary')])],
  ['CONTAINER_DATA_OUTSIDE', 'a comment of the whole', () => Buffer.concat([container.subarray(0, -2), Buffer.from([6, 0]), Buffer.from('canary')])],
  ['CONTAINER_DATA_OUTSIDE', 'words between files and directory', () => { const at = start(); const copy = Buffer.concat([container.subarray(0, at), Buffer.from('canary'), container.subarray(at)]); copy.writeUInt32LE(at + 6, copy.length - 6); return copy; }],
  ['CONTAINER_DATA_OUTSIDE', 'words in the directory', () => { const end = container.length - 22; const copy = Buffer.concat([container.subarray(0, end), Buffer.from('canary'), container.subarray(end)]); copy.writeUInt32LE(end + 6 - start(), copy.length - 10); return copy; }],
  ['CONTAINER_DATA_OUTSIDE', 'a file that the directory leaves out', () => { const end = container.length - 22; const one = container.subarray(0, start() + 46 + 10 + 11); const tail = Buffer.from(container.subarray(end)); tail.writeUInt16LE(1, 8); tail.writeUInt16LE(1, 10); tail.writeUInt32LE(46 + 21, 12); return Buffer.concat([one, tail]); }],
  ['CONTAINER_DATA_OUTSIDE', 'two files in the directory over the same data', () => bent(start() + 67 + 42, 0, 0, 0, 0)],
  ['CONTAINER_DATA_OUTSIDE', 'an entry larger than all', () => both(18, 20, 0xff, 0xff, 0xff, 0x7f, 0xe3, 0xff, 0xff, 0x7f)],
  ['CONTAINER_HEADERS_DISAGREE', 'another name in the directory', () => bent(start() + 46 + 7, ...Buffer.from('csv'))],
  ['CONTAINER_HEADERS_DISAGREE', 'another size in the directory', () => bent(start() + 24, 9)],
  ['CONTAINER_HEADERS_DISAGREE', 'sizes that compression would explain', () => both(22, 24, 0xff, 0xff)],
  ['CONTAINER_WEAK_ENCRYPTION', 'one salt for two files', () => { const copy = Buffer.from(container); copy.copy(copy, 51 + 35 + 28 + 51, 51, 51 + 16); return copy; }],
  ['CONTAINER_TOO_LARGE', 'more than mail takes', () => Buffer.alloc(18_000_001)],
])('CH-04: refuses with %s: %s', async (code, _what, made) => {
  expect(verdict(await made())).toBe(code);
});

test('whatever arrives, there is an answer and no exception', () => {
  fc.assert(fc.property(fc.oneof(mutatedOctets([container]), fc.uint8Array({ maxLength: 200 }).map((octets) => Buffer.from(octets))), (octets) => {
    // What passes differs from what was made only where the data are.
    if (verdict(octets) !== 'passes') return;
    expect(octets.length).toBe(container.length);
    for (let at = 0; at < octets.length; at += 1) if (octets[at] !== container[at]) expect(isData(at)).toBe(true);
  }), { numRuns: FUZZ_RUNS * 5 });
});

test('no octet outside the data can be changed, however little', () => {
  for (let at = 0; at < container.length; at += 1) if (!isData(at)) for (let bit = 0; bit < 8; bit += 1) expect([at, bit, verdict(bent(at, (container[at] ?? 0) ^ (1 << bit)))]).not.toEqual([at, bit, 'passes']);
});

/** Each file’s own octets: past 51 of header, name and extra field, 28 more than it had. */
function isData(at: number): boolean {
  const first = 51;
  const second = first + 35 + 28 + 51;
  return (at >= first && at < first + 35 + 28) || (at >= second && at < second + 5_000 + 28);
}

test('every code has a sentence, a next step and a status', () => {
  for (const [code, { status, says, next }] of Object.entries(CONTAINER_CODES)) {
    expect([code, status]).toEqual([code, code === 'CONTAINER_TOO_LARGE' ? 413 : 422]);
    for (const text of [says, next]) expect(text).toMatch(/^[A-Z].*\.$/);
  }
});
