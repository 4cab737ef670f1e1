import type { ContainerCode } from '../container-codes';
import { AES_EXTRA, isName, OVERHEAD, SALT_OCTETS, ZIP } from './format';

class Refused extends Error {
  constructor(readonly code: ContainerCode) {
    super(code);
  }
}

/** What local and central header say alike. */
interface Said {
  version: number;
  flags: number;
  method: number;
  time: number;
  crc: number;
  sealed: number;
  size: number;
  name: string;
  extra: Uint8Array;
}

/** How many files it holds, or why it is refused. Every octet is accounted for: it is a header that we know, or a file's encrypted data. */
export function check(octets: Uint8Array, mostFiles: number): { ok: true; files: number } | { ok: false; code: ContainerCode } {
  try {
    return { ok: true, files: files(Buffer.from(octets.buffer, octets.byteOffset, octets.length), mostFiles) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, code: error.code };
    throw error;
  }
}

function files(octets: Buffer, mostFiles: number): number {
  const end = octets.length - ZIP.end.octets;
  if (end < 0 || octets.readUInt32LE(0) !== ZIP.local.signature) throw new Refused(octets.includes('PK\x03\x04') ? 'CONTAINER_DATA_OUTSIDE' : 'NOT_A_CONTAINER');
  if (octets.readUInt32LE(end) !== ZIP.end.signature) throw new Refused(octets.includes('PK\x05\x06') ? 'CONTAINER_DATA_OUTSIDE' : 'NOT_A_CONTAINER');
  const [disk, from, here, count] = [4, 6, 8, 10].map((at) => octets.readUInt16LE(end + at)) as [number, number, number, number];
  const [size, start] = [octets.readUInt32LE(end + 12), octets.readUInt32LE(end + 16)];
  if (octets.readUInt16LE(end + 20) !== 0) throw new Refused('CONTAINER_WORDS_IN_CLEAR');
  if (disk !== 0 || from !== 0 || here !== count || count === 0) throw new Refused('NOT_A_CONTAINER');
  if (count > mostFiles) throw new Refused('CONTAINER_TOO_LARGE');
  if (start + size !== end) throw new Refused('CONTAINER_DATA_OUTSIDE');
  const salts = new Set<string>();
  let [entry, data] = [start, 0];
  for (let number = 1; number <= count; number += 1) {
    const central = headerAt(octets.subarray(0, end), entry, 'central');
    if (octets.readUInt32LE(entry + 42) !== data) throw new Refused('CONTAINER_DATA_OUTSIDE');
    judge(central.said, number);
    // The directory's alone: who made it, then comment, disk and attributes, which are all nothing.
    const own = octets.subarray(entry + 32, entry + 42);
    if (octets.readUInt16LE(entry + 4) !== ZIP.madeBy || own.some((octet) => octet !== 0)) throw new Refused('CONTAINER_WORDS_IN_CLEAR');
    const local = headerAt(octets.subarray(0, start), data, 'local');
    if (JSON.stringify(central.said) !== JSON.stringify(local.said)) throw new Refused('CONTAINER_HEADERS_DISAGREE');
    salts.add(octets.toString('hex', local.end, local.end + SALT_OCTETS));
    if (salts.size !== number) throw new Refused('CONTAINER_WEAK_ENCRYPTION');
    entry = central.end;
    data = local.end + local.said.sealed;
    if (data > start) throw new Refused('CONTAINER_DATA_OUTSIDE');
  }
  if (entry !== end || data !== start) throw new Refused('CONTAINER_DATA_OUTSIDE');
  return count;
}

function headerAt(octets: Buffer, at: number, kind: 'local' | 'central'): { said: Said; end: number } {
  const { signature, octets: fixed } = ZIP[kind];
  if (at + fixed > octets.length || octets.readUInt32LE(at) !== signature) throw new Refused('CONTAINER_DATA_OUTSIDE');
  const field = at + (kind === 'central' ? 6 : 4);
  const [version, flags, method] = [0, 2, 4].map((offset) => octets.readUInt16LE(field + offset)) as [number, number, number];
  const [time, crc, sealed, size] = [6, 10, 14, 18].map((offset) => octets.readUInt32LE(field + offset)) as [number, number, number, number];
  const [nameOctets, extraOctets] = [octets.readUInt16LE(field + 22), octets.readUInt16LE(field + 24)];
  const end = at + fixed + nameOctets + extraOctets;
  if (end > octets.length) throw new Refused('CONTAINER_DATA_OUTSIDE');
  return { said: { version, flags, method, time, crc, sealed, size, name: octets.toString('latin1', at + fixed, at + fixed + nameOctets), extra: octets.subarray(end - extraOctets, end) }, end };
}

function judge({ version, flags, method, time, crc, sealed, size, name, extra }: Said, number: number): void {
  if ((flags & ZIP.flags) === 0) throw new Refused('CONTAINER_PLAIN_ENTRY');
  // Another strength, or AE-1, which has a checksum of the words in clear.
  if (method !== ZIP.method || !Buffer.from(extra).includes(AES_EXTRA) || crc !== 0) throw new Refused('CONTAINER_WEAK_ENCRYPTION');
  if (!isName(name, number)) throw new Refused('CONTAINER_NAME_IN_CLEAR');
  if (extra.length > AES_EXTRA.length || time !== ZIP.time) throw new Refused('CONTAINER_WORDS_IN_CLEAR');
  if (flags !== ZIP.flags || version !== ZIP.version) throw new Refused('NOT_A_CONTAINER');
  if (size === 0 || sealed !== size + OVERHEAD) throw new Refused('CONTAINER_HEADERS_DISAGREE');
}
