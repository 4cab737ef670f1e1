// Arrays as PostgreSQL's binary format has them: half the octets of the text format, and nothing to escape. In the sources of
// PostgreSQL it is array_send; the driver sends a Buffer in binary form as it is.

/** Object identifiers of pg_type, fixed since the first releases. */
const OID = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, text: 25, timestamptz: 1184, uuid: 2950 } as const;
type Type = keyof typeof OID;

/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_MS = Date.UTC(2000, 0, 1);

const HEADER_OCTETS = 20;
const LENGTH_OCTETS = 4;

interface Writer<T> {
  length(value: T): number;
  write(to: Buffer, at: number, value: T): void;
}

const fixed = <T>(length: number, write: (to: Buffer, at: number, value: T) => void): Writer<T> => ({ length: () => length, write });

const WRITERS = {
  bool: fixed<boolean>(1, (to, at, value) => void to.writeUInt8(value ? 1 : 0, at)),
  bytea: { length: (value: Uint8Array) => value.length, write: (to: Buffer, at: number, value: Uint8Array) => void to.set(value, at) },
  text: { length: (value: string) => Buffer.byteLength(value), write: (to: Buffer, at: number, value: string) => void to.write(value, at) },
  uuid: fixed<string>(16, (to, at, value) => void to.write(value.replaceAll('-', ''), at, 'hex')),
  int2: fixed<number>(2, (to, at, value) => void to.writeInt16BE(value, at)),
  int4: fixed<number>(4, (to, at, value) => void to.writeInt32BE(value, at)),
  int8: fixed<number>(8, (to, at, value) => void to.writeBigInt64BE(BigInt(value), at)),
  timestamptz: fixed<Date>(8, (to, at, value) => void to.writeBigInt64BE(BigInt(value.getTime() - EPOCH_MS) * 1_000n, at)),
};

/** One array of a type without a null in it, for a parameter `$n::type[]`. A `null` stands for one that is not given. */
function array<T>(type: Type, writer: Writer<T>, values: readonly (T | null)[]): Buffer {
  const lengths = values.map((value) => (value === null ? 0 : writer.length(value)));
  const buffer = Buffer.allocUnsafe(HEADER_OCTETS + lengths.reduce((sum, length) => sum + LENGTH_OCTETS + length, 0));
  // Dimensions, whether there is a null, the type of an element; for the one dimension its size and where it begins.
  [values.length === 0 ? 0 : 1, values.includes(null) ? 1 : 0, OID[type], values.length, 1].forEach((field, i) => buffer.writeInt32BE(field, i * LENGTH_OCTETS));
  if (values.length === 0) return buffer.subarray(0, 12);
  let at = HEADER_OCTETS;
  values.forEach((value, i) => {
    const length = lengths[i] as number;
    buffer.writeInt32BE(value === null ? -1 : length, at);
    at += LENGTH_OCTETS;
    if (value !== null) writer.write(buffer, at, value);
    at += length;
  });
  return buffer;
}

/** One column of many rows. */
export interface Column {
  type: Type;
  octets: Buffer;
  /** What stands in the row, where it is not the element itself. */
  as?: (element: string) => string;
}

export const texts = (values: readonly (string | null)[]): Column => ({ type: 'text', octets: array('text', WRITERS.text, values) });
export const uuids = (values: readonly (string | null)[]): Column => ({ type: 'uuid', octets: array('uuid', WRITERS.uuid, values) });
export const octets = (values: readonly (Uint8Array | null)[]): Column => ({ type: 'bytea', octets: array('bytea', WRITERS.bytea, values) });
export const flags = (values: readonly boolean[]): Column => ({ type: 'bool', octets: array('bool', WRITERS.bool, values) });
export const smallints = (values: readonly number[]): Column => ({ type: 'int2', octets: array('int2', WRITERS.int2, values) });
export const integers = (values: readonly number[]): Column => ({ type: 'int4', octets: array('int4', WRITERS.int4, values) });
export const bigints = (values: readonly number[]): Column => ({ type: 'int8', octets: array('int8', WRITERS.int8, values) });
export const instants = (values: readonly (Date | null)[]): Column => ({ type: 'timestamptz', octets: array('timestamptz', WRITERS.timestamptz, values) });
/** Lists of words without spaces. PostgreSQL's arrays of arrays would have to be of one length throughout: each list travels as one text. */
export const wordLists = (values: readonly (readonly string[])[]): Column => ({ ...texts(values.map((words) => words.join(' '))), as: (element) => `string_to_array(${element}, ' ')` });
export const numberLists = (values: readonly (readonly number[])[]): Column => ({ ...texts(values.map((numbers) => numbers.join(' '))), as: (element) => `string_to_array(${element}, ' ')::bigint[]` });
