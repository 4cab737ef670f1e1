import fc from 'fast-check';
import { emptyRoot, leafHash, rootOf, spanHash, type ReadNode } from './merkle';
import { proveConsistency, proveInclusion, verifyConsistency, verifyInclusion } from './proofs';

const LARGEST = 70;
const leaves = Array.from({ length: LARGEST }, (_, i) => leafHash(Buffer.from(`entry ${i}`)));
const roots = Array.from({ length: LARGEST + 1 }, (_, size) => rootOf(leaves.slice(0, size)));
const read: ReadNode = (level, index) => (level === 0 ? leaves[index] as Buffer : rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)));

const flipped = (octets: Buffer, bit: number): Buffer => {
  const copy = Buffer.from(octets);
  copy[(bit >> 3) % copy.length]! ^= 1 << (bit & 7);
  return copy;
};

/** Every way of changing a proof in one place. */
const mutations = (proof: Buffer[], bit: number): Buffer[][] => [
  ...proof.map((hash, i) => proof.with(i, flipped(hash, bit))),
  ...proof.map((_, i) => proof.toSpliced(i, 1)),
  ...proof.map((hash, i) => proof.toSpliced(i, 0, hash)),
  ...proof.slice(1).map((hash, i) => proof.with(i, hash).with(i + 1, proof[i] as Buffer)),
  [...proof, Buffer.alloc(32)],
  [Buffer.alloc(32), ...proof],
  [...proof, Buffer.alloc(0)],
];

test('every leaf of every log can be shown to stand in it', async () => {
  for (let size = 1; size <= LARGEST; size += 1) {
    for (let index = 0; index < size; index += 1) {
      const proof = await proveInclusion(index, size, read);
      expect(verifyInclusion({ leaf: leaves[index]!, index, size, root: roots[size]!, proof })).toBe(true);
    }
  }
});

test('every log can be shown to begin with each log that it was', async () => {
  for (let to = 0; to <= LARGEST; to += 1) {
    for (let from = 0; from <= to; from += 1) {
      const proof = await proveConsistency({ from, to }, read);
      expect(verifyConsistency({ from, to, oldRoot: roots[from]!, newRoot: roots[to]!, proof })).toBe(true);
    }
  }
});

test('an inclusion proof changed in any one place proves nothing', () =>
  fc.assert(
    fc.asyncProperty(fc.nat({ max: LARGEST - 1 }), fc.nat({ max: LARGEST - 1 }), fc.nat({ max: 255 }), async (a, b, bit) => {
      const [index, size] = [Math.min(a, b), Math.max(a, b) + 1];
      const claim = { leaf: leaves[index]!, index, size, root: roots[size]!, proof: await proveInclusion(index, size, read) };
      expect(verifyInclusion({ ...claim, leaf: flipped(claim.leaf, bit) })).toBe(false);
      expect(verifyInclusion({ ...claim, root: flipped(claim.root, bit) })).toBe(false);
      for (const proof of mutations(claim.proof, bit)) expect(verifyInclusion({ ...claim, proof })).toBe(false);
      for (let other = 0; other < size; other += 1) expect(verifyInclusion({ ...claim, index: other })).toBe(other === index);
    }),
  ));

test('a consistency proof changed in any one place proves nothing', () =>
  fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: LARGEST }), fc.integer({ min: 1, max: LARGEST }), fc.nat({ max: 255 }), async (a, b, bit) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const claim = { from, to, oldRoot: roots[from]!, newRoot: roots[to]!, proof: await proveConsistency({ from, to }, read) };
      expect(verifyConsistency({ ...claim, oldRoot: flipped(claim.oldRoot, bit) })).toBe(false);
      expect(verifyConsistency({ ...claim, newRoot: flipped(claim.newRoot, bit) })).toBe(false);
      for (const proof of mutations(claim.proof, bit)) expect(verifyConsistency({ ...claim, proof })).toBe(false);
      if (from < to) expect(verifyConsistency({ ...claim, oldRoot: claim.newRoot, newRoot: claim.oldRoot })).toBe(false);
    }),
  ));

test('an empty log is the beginning of any log, and only its own root is', () => {
  expect(verifyConsistency({ from: 0, to: 9, oldRoot: emptyRoot(), newRoot: roots[9]!, proof: [] })).toBe(true);
  expect(verifyConsistency({ from: 0, to: 9, oldRoot: roots[1]!, newRoot: roots[9]!, proof: [] })).toBe(false);
  expect(verifyConsistency({ from: 0, to: 0, oldRoot: emptyRoot(), newRoot: roots[1]!, proof: [] })).toBe(false);
});

test('whatever is handed in as a proof, the answer is no and not an exception', () => {
  const anything = fc.anything() as fc.Arbitrary<never>;
  fc.assert(
    fc.property(anything, anything, anything, anything, anything, (leaf, index, size, root, proof) => {
      expect(verifyInclusion({ leaf, index, size, root, proof })).toBe(false);
      expect(verifyConsistency({ from: index, to: size, oldRoot: leaf, newRoot: root, proof })).toBe(false);
    }),
  );
  for (const size of [Number.MAX_SAFE_INTEGER, 2 ** 53, -1, 0.5, Number.NaN, Infinity]) {
    const proof = Array.from({ length: 60 }, () => Buffer.alloc(32));
    expect(verifyInclusion({ leaf: leaves[0]!, index: 3, size, root: roots[1]!, proof })).toBe(false);
    expect(verifyConsistency({ from: 3, to: size, oldRoot: roots[3]!, newRoot: roots[1]!, proof })).toBe(false);
  }
});

test('a proof is as long as the tree is high, at sizes past 32 bits too', async () => {
  const zero: ReadNode = () => Buffer.alloc(32);
  expect(await proveInclusion(2 ** 40 - 1, 2 ** 40, zero)).toHaveLength(40);
  expect(await spanHash({ from: 0, to: 2 ** 33 }, zero)).toHaveLength(32);
  await expect(proveInclusion(7, 7, zero)).rejects.toThrow(RangeError);
});
