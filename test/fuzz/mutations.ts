import type { Seed } from './corpus';
import type { Random } from './random';
import { armoredBadly } from './armoring';
import { type Framed, packetsIn } from './reference';

/** One hostile message, always the same for the same random numbers. */
export function mutated(seeds: readonly Seed[], random: Random): Buffer {
  const seed = pick(seeds, random);
  const octets = random.below(3) === 0 ? seed.octets : rebuilt(seed, random);
  let out = octets;
  // Some go on as they were taken apart and put together: most of these pass, and show that passing is right.
  for (let i = random.below(4); i > 0; i -= 1) out = random.one(OCTETS)(out, random, () => pick(seeds, random).octets);
  return random.below(6) === 0 ? armoredBadly(out, random) : out;
}

/** Large ones take their time: one in two hundred. */
function pick(seeds: readonly Seed[], random: Random): Seed {
  const large = random.below(200) === 0;
  return random.one(seeds.filter((seed) => seed.large === large));
}

type Mutation = (octets: Buffer, random: Random, another: () => Buffer) => Buffer;

/** Where it hurts is the start of a message, where the lengths and wrapped keys are. */
const place = (octets: Buffer, random: Random): number => random.below(random.below(3) === 0 ? octets.length + 1 : Math.min(octets.length + 1, 700));

const OCTETS: readonly Mutation[] = [
  (octets, random) => {
    const at = place(octets, random);
    const copy = Buffer.from(octets);
    if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    return copy;
  },
  (octets, random) => {
    const at = place(octets, random);
    return Buffer.concat([octets.subarray(0, at), Buffer.from([random.one([0, 1, 0x7f, 0x80, 0xbf, 0xc1, 0xd2, 0xdf, 0xe0, 0xef, 0xfe, 0xff])]), octets.subarray(at + 1)]);
  },
  (octets, random) => octets.subarray(0, place(octets, random)),
  (octets, random) => octets.subarray(place(octets, random)),
  (octets, random) => {
    const at = place(octets, random);
    return Buffer.concat([octets.subarray(0, at), octets.subarray(at + 1 + random.below(40))]);
  },
  (octets, random) => {
    const at = place(octets, random);
    return Buffer.concat([octets.subarray(0, at), random.octets(1 + random.below(40)), octets.subarray(at)]);
  },
  (octets, random) => {
    const at = place(octets, random);
    const end = at + 1 + random.below(600);
    return Buffer.concat([octets.subarray(0, end), octets.subarray(at)]);
  },
  // The head of one before the tail of another.
  (octets, random, another) => {
    const other = another();
    return Buffer.concat([octets.subarray(0, place(octets, random)), other.subarray(place(other, random))]);
  },
  (octets, random) => Buffer.concat([octets, random.octets(1 + random.below(60))]),
  (octets, random, another) => Buffer.concat(random.below(2) === 0 ? [octets, another()] : [another(), octets]),
];

interface Piece {
  tag: number;
  body: Buffer;
}

/** Taken apart into packets, changed as packets, and framed anew, not always truly. */
function rebuilt(seed: Seed, random: Random): Buffer {
  let pieces: Piece[] = (packetsIn(seed.binary) as Framed[]).map(({ tag, body }) => ({ tag, body }));
  const honest = random.below(4) === 0;
  for (let i = honest ? 0 : 1 + random.below(2); i > 0; i -= 1) pieces = random.one(PACKETS)(pieces, random);
  return Buffer.concat(pieces.map((piece) => framed(piece, random, honest)));
}

const at = (pieces: readonly Piece[], random: Random, change: (piece: Piece) => Piece): Piece[] => {
  const chosen = random.below(pieces.length);
  return pieces.map((piece, i) => (i === chosen ? change(piece) : piece));
};
const within = (body: Buffer, place: number, octets: readonly number[]): Buffer => Buffer.concat([body.subarray(0, place), Buffer.from(octets), body.subarray(place + octets.length)]);

const PACKETS: readonly ((pieces: Piece[], random: Random) => Piece[])[] = [
  (pieces, random) => pieces.toSorted(() => random.below(3) - 1),
  (pieces, random) => pieces.toSpliced(random.below(pieces.length + 1), 0, random.one(pieces)),
  (pieces, random) => (pieces.length > 1 ? pieces.toSpliced(random.below(pieces.length), 1) : pieces),
  (pieces, random) => pieces.toSpliced(random.below(pieces.length + 1), 0, { tag: random.below(64), body: random.octets(random.below(80)) }),
  (pieces, random) => pieces.toSpliced(random.below(pieces.length + 1), 0, random.one(WELL_MADE)),
  (pieces, random) => at(pieces, random, ({ body }) => ({ tag: random.below(64), body })),
  (pieces, random) => at(pieces, random, ({ tag, body }) => ({ tag, body: within(body, random.below(14), [random.below(256)]) })),
  // A multiprecision integer that says another length, at the place of RSA's and ECDH's.
  (pieces, random) => at(pieces, random, ({ tag, body }) => ({ tag, body: within(body, 10, random.one([[0, 0], [0, 1], [0xff, 0xff], [0x40, 0], [1, 7], [random.below(16), random.below(256)]])) })),
  (pieces, random) => at(pieces, random, ({ tag, body }) => ({ tag, body: body.subarray(0, random.below(body.length + 1)) })),
  (pieces, random) => at(pieces, random, ({ tag, body }) => ({ tag, body: Buffer.concat([body, random.octets(1 + random.below(50))]) })),
  // The whole as the body of one packet, and one packet in another.
  (pieces, random) => [{ tag: random.one([1, 2, 8, 9, 10, 11, 18, 20, 21]), body: Buffer.concat(pieces.map((piece) => framed(piece, random, true))) }],
  (pieces, random) => at(pieces, random, (piece) => ({ tag: random.one([1, 8, 11, 18]), body: framed(piece, random, true) })),
  (pieces, random) => pieces.map((piece) => (piece.tag === 1 ? { tag: 1, body: within(piece.body, 1, random.one([[0, 0, 0, 0, 0, 0, 0, 0], [21, 4], [33, 6], [0], [255, 6]])) } : piece)),
];

const ASCII = (text: string): Buffer => Buffer.from(text, 'latin1');
/** Each right in itself, and wrong in a sealed message or beside one. */
const WELL_MADE: readonly Piece[] = [
  { tag: 3, body: Buffer.from([4, 9, 3, 8, 1, 2, 3, 4, 5, 6, 7, 8, 96]) },
  // Argon2 with 2^31 KiB (RFC 9580, 3.7.1.4).
  { tag: 3, body: Buffer.concat([Buffer.from([6, 39, 9, 2, 20, 4]), Buffer.alloc(16, 1), Buffer.from([255, 255, 31]), Buffer.alloc(40, 2)]) },
  { tag: 4, body: Buffer.concat([Buffer.from([3, 0, 8, 22]), Buffer.alloc(8, 3), Buffer.from([1])]) },
  { tag: 8, body: Buffer.concat([Buffer.from([1]), Buffer.alloc(60, 4)]) },
  { tag: 9, body: Buffer.alloc(90, 5) },
  { tag: 10, body: ASCII('PGP') },
  { tag: 11, body: ASCII('b\0\0\0\0\0words in clear') },
  { tag: 20, body: Buffer.concat([Buffer.from([1, 9, 2, 16]), Buffer.alloc(60, 6)]) },
  { tag: 21, body: Buffer.alloc(33, 7) },
  { tag: 1, body: Buffer.concat([Buffer.from([3]), Buffer.alloc(8), Buffer.from([18]), Buffer.alloc(50, 8)]) },
  { tag: 18, body: Buffer.concat([Buffer.from([1]), Buffer.alloc(80, 9)]) },
  { tag: 18, body: Buffer.concat([Buffer.from([2, 9, 2, 6]), Buffer.alloc(80, 10)]) },
];

const bigEndian = (value: number, octets: number): Buffer => {
  const out = Buffer.alloc(octets);
  out.writeUIntBE(Math.min(Math.max(value, 0), 256 ** octets - 1), 0, octets);
  return out;
};

function framed({ tag, body }: Piece, random: Random, honest: boolean): Buffer {
  const told = honest || random.below(5) > 0 ? body.length : random.one([body.length + 1, body.length - 1, 0, 2 ** 32 - 1, 2 ** 31, random.below(9000), body.length * 2]);
  const old = tag < 16 && random.below(3) === 0;
  if (old) {
    const size = told < 256 ? random.one([0, 1, 2]) : told < 65_536 ? random.one([1, 2]) : 2;
    if (!honest && random.below(12) === 0) return Buffer.concat([Buffer.from([0x80 + tag * 4 + 3]), body]);
    return Buffer.concat([Buffer.from([0x80 + tag * 4 + size]), bigEndian(told, 2 ** size), body]);
  }
  const first = Buffer.from([0xc0 + tag]);
  if (random.below(3) === 0 && body.length > 512 && (tag === 18 || !honest)) return Buffer.concat([first, ...inPieces(body, random, honest)]);
  if (told < 192 && random.below(2) === 0) return Buffer.concat([first, Buffer.from([told]), body]);
  if (told >= 192 && told < 8384 && random.below(2) === 0) return Buffer.concat([first, bigEndian(told - 192 + 0xc000, 2), body]);
  return Buffer.concat([first, Buffer.from([255]), bigEndian(told, 4), body]);
}

function inPieces(body: Buffer, random: Random, honest: boolean): Buffer[] {
  const out: Buffer[] = [];
  let from = 0;
  for (let i = 0; i < 40; i += 1) {
    const power = honest ? 9 + random.below(5) : random.below(15);
    if (body.length - from < 2 ** power || random.below(8) === 0) break;
    out.push(Buffer.from([224 + power]), body.subarray(from, from + 2 ** power));
    from += 2 ** power;
  }
  // Without a last, definite length it has no end.
  if (!honest && random.below(6) === 0) return out;
  return [...out, Buffer.from([255]), bigEndian(body.length - from, 4), body.subarray(from)];
}
