import fc from 'fast-check';
import { append, cover, emptyRoot, leafHash, nodeHash, rootOf, type Node, type ReadNode } from './merkle';

/** RFC 6962, 2.1, word for word and as slow as it reads. */
function mth(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return emptyRoot();
  if (leaves.length === 1) return leaves[0] as Buffer;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}

const leavesOf = (count: number): Buffer[] => Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`entry ${i}`)));

test('an empty log is SHA-256 of nothing', () => {
  expect(rootOf([]).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('the root is the one that RFC 6962 defines, at every size', () => {
  for (let size = 0; size <= 130; size += 1) expect(rootOf(leavesOf(size))).toEqual(mth(leavesOf(size)));
});

test('however the entries are batched, the log ends with the same root and the same nodes', () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }), async (batches) => {
      const total = batches.reduce((sum, batch) => sum + batch, 0);
      const leaves = leavesOf(total);
      const stored = new Map<string, Buffer>();
      const read: ReadNode = (level, index) => (level === 0 ? leaves[index] : stored.get(`${level}/${index}`)) as Buffer;
      let size = 0;
      let root = emptyRoot();
      for (const batch of batches) {
        const appended = await append(size, leaves.slice(size, size + batch), read);
        for (const node of appended.nodes) {
          expect(stored.has(`${node.level}/${node.index}`)).toBe(false);
          stored.set(`${node.level}/${node.index}`, node.hash);
        }
        ({ size, root } = appended);
      }
      const atOnce: Node[] = (await append(0, leaves, read)).nodes;
      expect(size).toBe(total);
      expect(root).toEqual(mth(leaves));
      expect(stored).toEqual(new Map(atOnce.map((node) => [`${node.level}/${node.index}`, node.hash])));
    }),
  ));

test('appending reads no more nodes than the tree is high, however large the log', async () => {
  const sizes = [2 ** 20 - 1, 2 ** 31 + 5, 2 ** 40 - 1];
  for (const size of sizes) {
    let reads = 0;
    await append(size, leavesOf(4), () => {
      reads += 1;
      return leafHash(Buffer.from('any'));
    });
    expect(reads).toBeLessThanOrEqual(Math.ceil(Math.log2(size + 1)));
  }
});

test('a cover is made of whole aligned subtrees, side by side', () =>
  fc.assert(
    fc.property(fc.maxSafeInteger().map(Math.abs), fc.nat({ max: 1_000_000 }), (from, length) => {
      fc.pre(Number.isSafeInteger(from + length));
      const nodes = cover({ from, to: from + length });
      const ends = nodes.map(({ level, index }) => (index + 1) * 2 ** level);
      const starts = nodes.map(({ level, index }) => index * 2 ** level);
      expect([...starts, from + length]).toEqual([from, ...ends]);
    }),
  ));
