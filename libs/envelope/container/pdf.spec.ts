import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { FUZZ_RUNS } from '../../../test/attacks/envelope/forge';
import { mutatedOctets } from '../../../test/attacks/envelope/mutated-octets';
import { pdfOf } from '../../../test/world/pdf';
import { checkContainer } from '../container';

/** qpdf makes what is looked at here; it shares no code with us. */

const FOLDER = mkdtempSync(join(tmpdir(), 'wb-pdf-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const WORDS = 'Wilhelmina Quillfeather';
const PLAIN = join(FOLDER, 'plain.pdf');
writeFileSync(PLAIN, pdfOf(WORDS, { picture: randomBytes(3_000) }));
const qpdf = (...args: string[]): Buffer => execFileSync('qpdf', ['--warning-exit-0', ...args, PLAIN, '-'], { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 50_000_000 });
const AES = ['--encrypt', 'user words', 'owner words', '256', '--'];
const AS_WE_DO = ['--min-version=2.0', '--object-streams=generate'];
const good = qpdf(...AES, ...AS_WE_DO);
const verdict = (octets: Uint8Array): string => {
  const checked = checkContainer(octets);
  return checked.ok ? 'passes' : checked.code;
};
const bent = (from: string, to: string): Buffer => {
  const text = good.toString('latin1');
  expect(text).toContain(from);
  return Buffer.from(text.replace(from, () => to), 'latin1');
};

test('CH-04: what qpdf makes with AES-256 passes, and no word of the document stands in it', () => {
  expect(checkContainer(good)).toMatchObject({ ok: true, files: 1 });
  expect(good.toString('latin1')).not.toMatch(/Quillfeather|Title|Helvetica/);
});

test.each<[string, string, () => Buffer]>([
  ['CONTAINER_PLAIN_ENTRY', 'a plain PDF', () => readFileSync(PLAIN)], ['CONTAINER_PLAIN_ENTRY', 'a plain one of version 2.0', () => qpdf(...AS_WE_DO)],
  ['CONTAINER_WEAK_ENCRYPTION', 'AES-128', () => qpdf('--allow-weak-crypto', '--encrypt', 'a', 'b', '128', '--use-aes=y', '--', '--object-streams=generate')], ['CONTAINER_WEAK_ENCRYPTION', 'RC4', () => qpdf('--allow-weak-crypto', '--encrypt', 'a', 'b', '40', '--', '--object-streams=generate')],
  ['CONTAINER_WEAK_ENCRYPTION', 'the withdrawn revision 5', () => qpdf('--encrypt', 'a', 'b', '256', '--force-R5', '--', ...AS_WE_DO)],
  ['CONTAINER_PLAIN_ENTRY', 'metadata in clear', () => bent('/Filter /Standard', '/EncryptMetadata false /Filter /Standard')], ['CONTAINER_PLAIN_ENTRY', 'a filter of nothing for streams', () => bent('/StmF /StdCF', '/StmF /Identity')], ['CONTAINER_PLAIN_ENTRY', 'a filter of nothing for strings', () => bent('/StrF /StdCF', '/StrF /Identity')],
  ['CONTAINER_PLAIN_ENTRY', 'a filter of nothing for attached files', () => bent('/Filter /Standard', '/EFF /Identity /Filter /Standard')], ['CONTAINER_PLAIN_ENTRY', 'no passphrase', () => qpdf('--encrypt', '', 'owner words', '256', '--', ...AS_WE_DO)], ['CONTAINER_PLAIN_ENTRY', 'an owner without passphrase', () => qpdf('--encrypt', 'user words', '', '256', '--allow-insecure', '--', ...AS_WE_DO)],
  ['CONTAINER_NAME_IN_CLEAR', 'objects in clear', () => qpdf(...AES, '--min-version=2.0', '--object-streams=disable')], ['CONTAINER_DATA_OUTSIDE', 'words behind', () => Buffer.concat([good, Buffer.from('canary')])], ['CONTAINER_PLAIN_ENTRY', 'words before', () => Buffer.concat([Buffer.from('%P canary\n'), good.subarray(0, 20)])],
])('CH-04: refuses with %s: %s', (code, _what, made) => expect(verdict(made())).toBe(code));

test.each<[string, string, string, string]>([
  ['CONTAINER_NAME_IN_CLEAR', 'a name of somebody’s in the catalog', '/Type /Catalog', '/Type /Quillfeather'], ['CONTAINER_NAME_IN_CLEAR', 'a key of somebody’s', '<< /Pages', '<< /Quillfeather 1 /Pages'], ['CONTAINER_WORDS_IN_CLEAR', 'words in the catalog', '<< /Pages', '<< /Lang (Quillfeather) /Pages'],
  ['CONTAINER_WORDS_IN_CLEAR', 'words in hexadecimal', '<< /Pages', '<< /Lang <5175696c6c> /Pages'], ['CONTAINER_HEADERS_DISAGREE', 'an object that stands elsewhere than the table says', '%PDF-2.0\n%\xbf\xf7\xa2\xfe\n1 0 obj\n<< /Pages', '%PDF-2.0\n%\xbf\xf7\xa2\xfe\n1 0 obj\n<< /Lang null /Pages'],
  ['NOT_A_CONTAINER', 'a remark', '1 0 obj\n<< ', '1 0 obj\n% Quillfeather\n<< '], ['CONTAINER_WORDS_IN_CLEAR', 'an id that is words', '/ID [<', '/ID [<41'],
])('CH-04: refuses with %s: %s', (code, _what, from, to) => {
  const text = bent(from, to);
  const moved = text.length - good.length;
  // Whoever bends it moves the end as well.
  const end = /startxref\n(\d+)\n%%EOF\n$/.exec(text.toString('latin1'));
  const place = Number(end?.[1]) + (text.indexOf(to) < Number(end?.[1]) ? moved : 0);
  expect(verdict(Buffer.from(text.toString('latin1').replace(/startxref\n\d+\n/, `startxref\n${place}\n`), 'latin1'))).toBe(code);
});

test('how many objects an encrypted stream holds is what the table says', () => {
  const [, held = ''] = /\/N (\d+)/.exec(good.toString('latin1')) ?? [];
  expect(verdict(bent(`/N ${held} `, `/N ${Number(held) + 1} `))).toBe('CONTAINER_HEADERS_DISAGREE');
});

test('a table of places that has room for none is none', () => {
  const text = good.toString('latin1');
  const [, place = '', index = ''] = /\/W \[ 1 ([1-4]) ([0-4]) \]/.exec(text) ?? [];
  expect(Number(place)).toBeGreaterThan(0);
  expect(verdict(Buffer.from(text.replace(`/W [ 1 ${place} ${index} ]`, `/W [ 1 0 ${index} ]`).replace(`/Columns ${1 + Number(place) + Number(index)}`, `/Columns ${1 + Number(index)}`), 'latin1'))).toBe('NOT_A_CONTAINER');
});

test('whatever arrives, there is an answer and no exception; and what passes differs from what was made only where it is encrypted', () => {
  // Numbers in their one spelling: which rights its reader has, which object is the first page. Nobody can hold them to anything without opening it.
  const sealed = (octets: Buffer): string => octets.toString('latin1').replaceAll(/stream\n[^]*?endstream/g, 'stream').replaceAll(/<[0-9a-f]+>/g, '<>').replaceAll(/(?<=[ [])-?\d+(?:\.\d+)?(?=[ \]])/g, '0');
  fc.assert(fc.property(fc.oneof(mutatedOctets([good]), fc.uint8Array({ maxLength: 200 }).map((octets) => Buffer.concat([good.subarray(0, 15), octets]))), (octets) => {
    if (verdict(octets) === 'passes') expect(sealed(Buffer.from(octets))).toBe(sealed(good));
  }), { numRuns: FUZZ_RUNS });
});
