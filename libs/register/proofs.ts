import { emptyRoot, HASH_SIZE, nodeHash, spanHash, type ReadNode, type Span } from './merkle';

/**
 * RFC 6962, 2.1.1: the subtrees whose hashes prove that leaf `index` stands in a log of `size` leaves, lowest first.
 * Throws RangeError when there is no such leaf.
 */
export function inclusionSpans(index: number, size: number): Span[] {
  if (!(isCount(index) && isCount(size) && index < size)) throw new RangeError('no such leaf in a log of that size');
  const spans: Span[] = [];
  let { from, to }: Span = { from: 0, to: size };
  while (to - from > 1) {
    const cut = from + split(to - from);
    if (index < cut) {
      spans.unshift({ from: cut, to });
      to = cut;
    } else {
      spans.unshift({ from, to: cut });
      from = cut;
    }
  }
  return spans;
}

/**
 * RFC 6962, 2.1.2: the subtrees whose hashes prove that a log of `to` leaves begins with the log of `from` leaves.
 * Throws RangeError when `from` is larger than `to`.
 */
export function consistencySpans(sizes: { from: number; to: number }): Span[] {
  if (!(isCount(sizes.from) && isCount(sizes.to) && sizes.from <= sizes.to)) throw new RangeError('a log does not shrink');
  if (sizes.from === 0 || sizes.from === sizes.to) return [];
  const spans: Span[] = [];
  let { from, to }: Span = { from: 0, to: sizes.to };
  while (to !== sizes.from) {
    const cut = from + split(to - from);
    if (sizes.from <= cut) {
      spans.unshift({ from: cut, to });
      to = cut;
    } else {
      spans.unshift({ from, to: cut });
      from = cut;
    }
  }
  // The old log itself, when it is one complete subtree, is what the verifier already holds.
  return from === 0 ? spans : [{ from, to }, ...spans];
}

export const proveInclusion = async (index: number, size: number, read: ReadNode): Promise<Buffer[]> =>
  Promise.all(inclusionSpans(index, size).map((span) => spanHash(span, read)));

export const proveConsistency = async (sizes: { from: number; to: number }, read: ReadNode): Promise<Buffer[]> =>
  Promise.all(consistencySpans(sizes).map((span) => spanHash(span, read)));

export interface InclusionClaim {
  leaf: Uint8Array;
  index: number;
  size: number;
  root: Uint8Array;
  proof: readonly Uint8Array[];
}

/**
 * Does `proof` show that `leaf` stands at `index` of the log of `size` leaves with this root?
 * Made for hostile input: false for anything malformed, never an exception. Take `size` and `root` from a verified checkpoint.
 */
export function verifyInclusion({ leaf, index, size, root, proof }: InclusionClaim): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  if (!isHash(leaf) || !isHash(root) || !areHashes(proof)) return false;
  const sides = inclusionSpans(index, size);
  if (sides.length !== proof.length) return false;
  const computed = proof.reduce<Uint8Array>((hash, sibling, i) => (isLeftOf(sides[i], index) ? nodeHash(sibling, hash) : nodeHash(hash, sibling)), leaf);
  return same(computed, root);
}

export interface ConsistencyClaim {
  from: number;
  to: number;
  oldRoot: Uint8Array;
  newRoot: Uint8Array;
  proof: readonly Uint8Array[];
}

/** Does `proof` show that the log with `newRoot` begins with the log that had `oldRoot`? False for anything malformed, never an exception. */
export function verifyConsistency({ from, to, oldRoot, newRoot, proof }: ConsistencyClaim): boolean {
  if (!isCount(from) || !isCount(to) || from > to) return false;
  if (!isHash(oldRoot) || !isHash(newRoot) || !areHashes(proof)) return false;
  if (from === 0) return proof.length === 0 && same(oldRoot, emptyRoot()) && (to > 0 || same(newRoot, emptyRoot()));
  if (from === to) return proof.length === 0 && same(oldRoot, newRoot);

  const sides = consistencySpans({ from, to });
  if (sides.length !== proof.length) return false;
  const startsAtOldRoot = sides[0]?.to !== from;
  const [first, rest] = startsAtOldRoot ? [oldRoot, proof] : [proof[0] ?? oldRoot, proof.slice(1)];
  const restSides = startsAtOldRoot ? sides : sides.slice(1);

  let before: Uint8Array = first;
  let after: Uint8Array = first;
  rest.forEach((hash, i) => {
    const inOldLog = isLeftOf(restSides[i], from - 1);
    if (inOldLog) before = nodeHash(hash, before);
    after = inOldLog ? nodeHash(hash, after) : nodeHash(after, hash);
  });
  return same(before, oldRoot) && same(after, newRoot);
}

/** Largest power of two smaller than `leaves`. */
function split(leaves: number): number {
  let width = 1;
  while (width * 2 < leaves) width *= 2;
  return width;
}

const isLeftOf = (span: Span | undefined, index: number): boolean => span !== undefined && span.to <= index;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isHash = (value: unknown): value is Uint8Array => value instanceof Uint8Array && value.length === HASH_SIZE;
const areHashes = (value: unknown): value is Uint8Array[] => Array.isArray(value) && value.every(isHash);
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
