import { inflateSync } from 'node:zlib';
import type { ContainerCode } from '../container-codes';
import { opensForAnybody } from './pdf-key';
import { type Dictionary, PdfReader, PdfRefused, type Value } from './pdf-objects';
import { PDF_HEADER } from './pdf-words';

/** Objects in clear of one PDF: a stream for each picture, typeface and page of a document that a mail takes, several times over. */
const MOST_OBJECTS = 100_000;
/** An initialisation vector and a block. */
const LEAST_SEALED = 32;
const BLOCK = 16;
/** PNG's predictor by the row above, as qpdf compresses its table of places. */
const UP = 2;

/** What stands in clear of an object, and where. */
interface Found {
  at: number;
  dictionary: Dictionary;
  stream?: Buffer;
}

/**
 * Whether it is a PDF of which nothing can be read but its skeleton: AES-256 as ISO 32000-2 has it (V5, R6, AESV3) over every string and stream, metadata too, by a
 * passphrase that is not empty, all else in encrypted streams, and nothing before, between or behind its objects. As qpdf writes it, and no other. Opens nothing.
 */
export function checkPdf(octets: Uint8Array): { ok: true; files: number } | { ok: false; code: ContainerCode } {
  try {
    judge(Buffer.from(octets.buffer, octets.byteOffset, octets.length));
    return { ok: true, files: 1 };
  } catch (error) {
    if (error instanceof PdfRefused) return { ok: false, code: error.code };
    throw error;
  }
}

function judge(octets: Buffer): void {
  const text = octets.toString('latin1');
  if (!octets.subarray(0, PDF_HEADER.length).equals(PDF_HEADER)) throw new PdfRefused(text.includes('/Encrypt ') ? 'CONTAINER_WEAK_ENCRYPTION' : 'CONTAINER_PLAIN_ENTRY');
  const reader = new PdfReader(text, PDF_HEADER.length);
  const objects = new Map<number, Found>();
  for (;;) {
    const at = reader.at;
    const number = reader.number();
    reader.take(' 0 obj\n');
    if (objects.has(number) || objects.size >= MOST_OBJECTS) throw new PdfRefused('NOT_A_CONTAINER');
    if (text.startsWith('<< /Type /XRef ', reader.at)) return ended(octets, reader, { objects, table: { number, at } });
    // The one dictionary whose words are known one by one.
    const encrypts = text.startsWith('<< /CF ', reader.at);
    const dictionary = reader.dictionary(!encrypts);
    if (encrypts) encryption(dictionary);
    objects.set(number, { at, dictionary, ...streamAfter(octets, reader, dictionary) });
    reader.take('endobj\n', 'CONTAINER_DATA_OUTSIDE');
  }
}

/** An encrypted stream, where one follows. */
function streamAfter(octets: Buffer, reader: PdfReader, dictionary: Dictionary): { stream?: Buffer } {
  reader.take('\n');
  if (!reader.text.startsWith('stream\n', reader.at)) return {};
  const from = reader.at + 'stream\n'.length;
  const length = whole(dictionary.get('Length'));
  if (length < LEAST_SEALED || length % BLOCK !== 0) throw new PdfRefused('CONTAINER_PLAIN_ENTRY');
  reader.at = from + length;
  reader.take('endstream\n', 'CONTAINER_DATA_OUTSIDE');
  return { stream: octets.subarray(from, from + length) };
}

/** The table of places, which is last; and nothing after it. */
function ended(octets: Buffer, reader: PdfReader, { objects, table }: { objects: ReadonlyMap<number, Found>; table: { number: number; at: number } }): void {
  const dictionary = reader.dictionary(false);
  held(dictionary, ['Type', 'Length', 'Filter', 'DecodeParms', 'W', 'Info', 'Root', 'Size', 'ID', 'Encrypt'], ['Info']);
  reader.take('\nstream\n');
  const length = whole(dictionary.get('Length'));
  const packed = octets.subarray(reader.at, reader.at + length);
  reader.at += length;
  reader.take(`\nendstream\nendobj\nstartxref\n${table.at}\n%%EOF\n`, 'CONTAINER_DATA_OUTSIDE');
  if (reader.at !== octets.length) throw new PdfRefused('CONTAINER_DATA_OUTSIDE');
  const id = dictionary.get('ID');
  if (!Array.isArray(id) || id.length !== 2 || !id.every((each) => hexOf(each).length === 16)) throw new PdfRefused('CONTAINER_WORDS_IN_CLEAR');
  sealed(objects, to(dictionary.get('Root')), to(dictionary.get('Encrypt')));
  placed(packed, dictionary, objects, table);
}

/** Everything that stands in clear is a stream's dictionary, the catalog, or how it is encrypted. */
function sealed(objects: ReadonlyMap<number, Found>, root: number, encrypt: number): void {
  for (const [number, { dictionary, stream }] of objects) {
    if (dictionary.has('CF') ? number !== encrypt || stream !== undefined : number === root ? stream !== undefined || nameOf(dictionary.get('Type')) !== 'Catalog' : stream === undefined) throw new PdfRefused('CONTAINER_WORDS_IN_CLEAR');
  }
  if (!objects.has(root) || !objects.get(encrypt)?.dictionary.has('CF')) throw new PdfRefused('NOT_A_CONTAINER');
}

/** ISO 32000-2, 7.6.2 and 7.6.5, tables 20 and 25. */
function encryption(dictionary: Dictionary): void {
  const [filters, version, revision] = [dictionary.get('CF'), dictionary.get('V'), dictionary.get('R')];
  const standard = filters instanceof Map && filters.size === 1 ? filters.get('StdCF') : undefined;
  if (version !== 5 || revision !== 6 || dictionary.get('Length') !== 256 || nameOf(dictionary.get('Filter')) !== 'Standard' || !(standard instanceof Map) || nameOf(standard.get('CFM')) !== 'AESV3') throw new PdfRefused('CONTAINER_WEAK_ENCRYPTION');
  // What is not named here, or named otherwise, is in clear: attached files have a filter of their own.
  const whose = ['StmF', 'StrF', ...(dictionary.has('EFF') ? ['EFF'] : [])];
  if (!whose.every((key) => nameOf(dictionary.get(key)) === 'StdCF') || dictionary.get('EncryptMetadata') === false || nameOf(standard.get('AuthEvent')) !== 'DocOpen') throw new PdfRefused('CONTAINER_PLAIN_ENTRY');
  held(standard, ['AuthEvent', 'CFM', 'Length'], []);
  held(dictionary, ['CF', 'EFF', 'EncryptMetadata', 'Filter', 'Length', 'O', 'OE', 'P', 'Perms', 'R', 'StmF', 'StrF', 'U', 'UE', 'V'], ['EFF', 'EncryptMetadata']);
  const [owner, user] = [hexOf(dictionary.get('O')), hexOf(dictionary.get('U'))];
  const rest = ['OE', 'UE', 'Perms'].map((key) => hexOf(dictionary.get(key)).length);
  if (owner.length !== 48 || user.length !== 48 || rest.join() !== '32,32,16' || !Number.isSafeInteger(dictionary.get('P')) || standard.get('Length') !== 32) throw new PdfRefused('CONTAINER_WEAK_ENCRYPTION');
  if (opensForAnybody({ user, owner })) throw new PdfRefused('CONTAINER_PLAIN_ENTRY');
}

/** What the table says stands where it says, and all that stands there is in the table: two programs see one document. */
function placed(packed: Buffer, dictionary: Dictionary, objects: ReadonlyMap<number, Found>, table: { number: number; at: number }): void {
  const [size, widths, parameters] = [whole(dictionary.get('Size')), dictionary.get('W'), dictionary.get('DecodeParms')];
  if (nameOf(dictionary.get('Filter')) !== 'FlateDecode' || !Array.isArray(widths) || widths.length !== 3 || !(parameters instanceof Map) || size > 2 * MOST_OBJECTS) throw new PdfRefused('NOT_A_CONTAINER');
  held(parameters, ['Columns', 'Predictor'], []);
  const [kind, place, ordinal] = widths.map(whole) as [number, number, number];
  const columns = kind + place + ordinal;
  if (kind !== 1 || place < 1 || place > 4 || ordinal > 4 || parameters.get('Columns') !== columns || parameters.get('Predictor') !== 12) throw new PdfRefused('NOT_A_CONTAINER');
  const rows = unpacked(packed, size * (columns + 1));
  const listed = new Set<number>();
  const within = new Map<number, Set<number>>();
  let above = Buffer.alloc(columns);
  for (let number = 0; number < size; number += 1) {
    const row = rows.subarray(number * (columns + 1), (number + 1) * (columns + 1));
    if (row[0] !== UP) throw new PdfRefused('NOT_A_CONTAINER');
    const last = above;
    above = Buffer.from(row.subarray(1).map((octet, i) => octet + (last[i] as number)));
    const [type, at, index] = [above[0], above.readUIntBE(1, place), ordinal === 0 ? 0 : above.readUIntBE(1 + place, ordinal)];
    const stands = number === table.number ? table.at : objects.get(number)?.at;
    const right = type === 1 ? stands === at && index === 0 : stands === undefined && (type === 0 ? at === 0 : type === 2 && isWithin(objects.get(at), index));
    if (!right) throw new PdfRefused('CONTAINER_HEADERS_DISAGREE');
    if (type === 1) listed.add(number);
    if (type === 2) within.set(at, (within.get(at) ?? new Set()).add(index));
  }
  // Each that an encrypted stream of objects is said to hold is in the table, once.
  const counted = [...objects].every(([number, { dictionary }]) => nameOf(dictionary.get('Type')) !== 'ObjStm' || whole(dictionary.get('N')) === (within.get(number)?.size ?? 0));
  if (listed.size !== objects.size + 1 || !counted) throw new PdfRefused('CONTAINER_HEADERS_DISAGREE');
}

const isWithin = (holder: Found | undefined, index: number): boolean => holder?.stream !== undefined && nameOf(holder.dictionary.get('Type')) === 'ObjStm' && index < whole(holder.dictionary.get('N'));

function unpacked(packed: Buffer, length: number): Buffer {
  try {
    const { buffer, engine } = inflateSync(packed, { maxOutputLength: length + 1, info: true }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    if (buffer.length === length && engine.bytesWritten === packed.length) return buffer;
  } catch {
    // Told below.
  }
  throw new PdfRefused('CONTAINER_HEADERS_DISAGREE');
}

function held(dictionary: Dictionary, keys: readonly string[], mayLack: readonly string[]): void {
  if ([...dictionary.keys()].some((key) => !keys.includes(key)) || keys.some((key) => !dictionary.has(key) && !mayLack.includes(key))) throw new PdfRefused('CONTAINER_WORDS_IN_CLEAR');
}

const nameOf = (value: Value | undefined): string | undefined => (typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined);
const hexOf = (value: Value | undefined): Buffer => (typeof value === 'object' && value !== null && 'hex' in value ? value.hex : Buffer.alloc(0));
const to = (value: Value | undefined): number => (typeof value === 'object' && value !== null && 'to' in value ? value.to : 0);

function whole(value: Value | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new PdfRefused('NOT_A_CONTAINER');
  return value;
}
