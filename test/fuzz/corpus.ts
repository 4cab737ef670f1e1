import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from './random';
import { packetsIn, unarmored } from './reference';

const FOLDER = join('test', 'vectors', 'envelope', 'corpus');
const SEIPD = 18;
/** Data packets as large as a scanned letter; their octets are as good as any that were really sealed, which nobody could tell. */
const LARGE = [200_000, 1_000_000];

export interface Seed {
  name: string;
  octets: Buffer;
  /** Binary, where `octets` is armored. */
  binary: Buffer;
  large: boolean;
}

/** Real messages by gpg, sq and openpgp.js (`corpus/make.mjs` makes them), and the heads of some of them before data of up to a megabyte. */
export function readCorpus(): Seed[] {
  const real = readdirSync(FOLDER).filter((name) => /\.(pgp|asc)$/.test(name)).sort().map((name): Seed => {
    const octets = readFileSync(join(FOLDER, name));
    const binary = name.endsWith('.asc') ? unarmored(octets.toString('latin1')) : octets;
    if (!binary || !packetsIn(binary)) throw new Error(`${name} is no message`);
    return { name, octets, binary, large: false };
  });
  const grown = real.filter(({ name }) => /^(gpg-large|sq-two-signed|openpgpjs-v2-ocb)/.test(name)).flatMap((seed) => LARGE.map((size) => enlarged(seed, size)));
  return [...real, ...grown];
}

function enlarged({ name, binary }: Seed, size: number): Seed {
  const data = packetsIn(binary)?.find(({ tag }) => tag === SEIPD);
  if (!data) throw new Error(`${name} has no sealed data`);
  const body = Buffer.concat([data.body.subarray(0, 40), new Random(size, 0).octets(size)]);
  const octets = Buffer.concat([binary.subarray(0, data.from), data.partial.length > 0 ? inPieces(body, 2 ** 13) : definite(body)]);
  return { name: `${name} with ${size} octets`, octets, binary: octets, large: true };
}

const fiveOctets = (length: number): Buffer => {
  const octets = Buffer.from([255, 0, 0, 0, 0]);
  octets.writeUInt32BE(length, 1);
  return octets;
};
const definite = (body: Buffer): Buffer => Buffer.concat([Buffer.from([0xc0 + SEIPD]), fiveOctets(body.length), body]);

/** In partial lengths, as gpg writes what it cannot measure. */
function inPieces(body: Buffer, piece: number): Buffer {
  const out: Buffer[] = [Buffer.from([0xc0 + SEIPD])];
  let at = 0;
  for (; body.length - at > piece; at += piece) out.push(Buffer.from([224 + Math.log2(piece)]), body.subarray(at, at + piece));
  return Buffer.concat([...out, fiveOctets(body.length - at), body.subarray(at)]);
}
