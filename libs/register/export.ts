import { decodeBase64 } from './note';

/**
 * The export of a register: NDJSON in the order in which it was written, so that it can be checked while it is read.
 *
 *   {"format":"waybill-register-export/1","origin":…,"controller":…,"vkeys":[…]}   first line; its keys are a hint, never trusted
 *   {"index":0,"leaf":"<hex>","octets":"<base64>"|null}    one for each entry, from 0 without a gap; null once it was disposed of
 *   {"level":1,"index":0,"node":"<hex>"}                   each complete subtree, after the leaf that completes it, lowest first
 *   {"checkpoint":"<signed note>"}                         each checkpoint kept, after the leaf that it ends with
 *   {"end":{"leaves":n,"nodes":n,"checkpoints":n}}         last line: without it the file was cut short
 *
 * `octets` are the octets that were hashed. Nodes prove nothing that leaves do not; they are there to find the place where a log was altered.
 */
export const EXPORT_FORMAT = 'waybill-register-export/1';

export interface ExportHeader {
  format: typeof EXPORT_FORMAT;
  origin: string;
  controller: string;
  vkeys: string[];
}

export type ExportLine =
  | { is: 'header'; header: ExportHeader }
  | { is: 'leaf'; index: number; leaf: Buffer; octets: Buffer | null }
  | { is: 'node'; level: number; index: number; hash: Buffer }
  | { is: 'checkpoint'; note: string }
  | { is: 'end'; leaves: number; nodes: number; checkpoints: number };

/** One line of an export, with its newline. */
export function writeLine(line: ExportLine): string {
  return `${JSON.stringify(asJson(line))}\n`;
}

function asJson(line: ExportLine): object {
  switch (line.is) {
    case 'header': return line.header;
    case 'leaf': return { index: line.index, leaf: line.leaf.toString('hex'), octets: line.octets === null ? null : line.octets.toString('base64') };
    case 'node': return { level: line.level, index: line.index, node: line.hash.toString('hex') };
    case 'checkpoint': return { checkpoint: line.note };
    case 'end': return { end: { leaves: line.leaves, nodes: line.nodes, checkpoints: line.checkpoints } };
  }
}

/** Reads one line; undefined for anything that `writeLine` does not write. Key order is free. */
export function readLine(text: string): ExportLine | undefined {
  const value = parse(text);
  if (!value) return undefined;
  if ('leaf' in value) return readLeaf(value);
  if ('node' in value) return readNode(value);
  if (typeof value.checkpoint === 'string') return { is: 'checkpoint', note: value.checkpoint };
  if (value.format === EXPORT_FORMAT) return readHeader(value);
  return 'end' in value ? readEnd(value.end) : undefined;
}

/** Longer than the largest entry in Base64; a line without end would otherwise fill the memory. */
const LONGEST_LINE = 2 * 1024 * 1024;

/** The lines of a stream, without their newlines. Throws RangeError for a line that no export has. */
export async function* linesOf(stream: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > LONGEST_LINE) throw new RangeError('a line of this file is longer than any line of an export');
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

type Json = Record<string, unknown>;

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function readHeader({ origin, controller, vkeys }: Json): ExportLine | undefined {
  const wellFormed = typeof origin === 'string' && typeof controller === 'string' && Array.isArray(vkeys) && vkeys.every((vkey) => typeof vkey === 'string');
  return wellFormed ? { is: 'header', header: { format: EXPORT_FORMAT, origin, controller, vkeys } } : undefined;
}

function readLeaf({ index, leaf, octets }: Json): ExportLine | undefined {
  const hash = readHash(leaf);
  const read = typeof octets === 'string' ? decodeBase64(octets) : octets;
  return isCount(index) && hash && (read === null || Buffer.isBuffer(read)) ? { is: 'leaf', index, leaf: hash, octets: read } : undefined;
}

function readNode({ level, index, node }: Json): ExportLine | undefined {
  const hash = readHash(node);
  return isCount(level) && level >= 1 && level <= 53 && isCount(index) && hash ? { is: 'node', level, index, hash } : undefined;
}

function readEnd(end: unknown): ExportLine | undefined {
  if (typeof end !== 'object' || end === null) return undefined;
  const { leaves, nodes, checkpoints } = end as Json;
  return isCount(leaves) && isCount(nodes) && isCount(checkpoints) ? { is: 'end', leaves, nodes, checkpoints } : undefined;
}

const readHash = (value: unknown): Buffer | undefined => (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? Buffer.from(value, 'hex') : undefined);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
