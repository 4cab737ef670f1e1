import { createHash } from 'node:crypto';

/** RFC 6962, 2.1: leaves and nodes are hashed under different prefixes, so that no node can be passed off as an entry. */
const LEAF_PREFIX = Buffer.from([0x00]);
const NODE_PREFIX = Buffer.from([0x01]);

export const HASH_SIZE = 32;

export const leafHash = (octets: Uint8Array): Buffer => createHash('sha256').update(LEAF_PREFIX).update(octets).digest();

export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  createHash('sha256').update(NODE_PREFIX).update(left).update(right).digest();

/** Root of a log in which nothing has been recorded yet: SHA-256 of nothing. */
export const emptyRoot = (): Buffer => createHash('sha256').digest();

/** A complete subtree: the leaves `index * 2^level` up to, but not including, `(index + 1) * 2^level`. Level 0 is a leaf. */
export interface NodeId {
  level: number;
  index: number;
}

export interface Node extends NodeId {
  hash: Buffer;
}

/** Leaves `from` up to, but not including, `to`. */
export interface Span {
  from: number;
  to: number;
}

/** Reads the hash of a complete subtree; level 0 reads leaf hashes. */
export type ReadNode = (level: number, index: number) => Promise<Buffer> | Buffer;

/**
 * The complete subtrees, left to right and each as large as it can be, that together hold the leaves of `span`.
 * At most two for each level of the tree. Sizes pass 2^31, so there are no bit operations here.
 */
export function cover({ from, to }: Span): NodeId[] {
  const nodes: NodeId[] = [];
  let at = from;
  while (at < to) {
    let level = 0;
    let width = 1;
    while (at % (width * 2) === 0 && at + width * 2 <= to) {
      width *= 2;
      level += 1;
    }
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

/** Hash of the subtree over `span`, which must be one that RFC 6962 cuts: aligned, and complete or ending where the tree ends. */
export async function spanHash(span: Span, read: ReadNode): Promise<Buffer> {
  const hashes = await Promise.all(cover(span).map(async ({ level, index }) => read(level, index)));
  return bag(hashes);
}

/** Root over leaf hashes. */
export function rootOf(leaves: readonly Uint8Array[]): Buffer {
  const tree = new Frontier(0, []);
  for (const leaf of leaves) tree.push(Buffer.from(leaf));
  return tree.root();
}

export interface Appended {
  size: number;
  root: Buffer;
  /** The complete subtrees of level 1 and above that these leaves have completed. */
  nodes: Node[];
}

/**
 * Appends `leaves` to a log of `size` leaves. Reads log2(size) nodes at most and computes each new node once:
 * the cost for an entry does not grow with the log.
 */
export async function append(size: number, leaves: readonly Buffer[], read: ReadNode): Promise<Appended> {
  const stored = await Promise.all(cover({ from: 0, to: size }).map(async ({ level, index }) => read(level, index)));
  const tree = new Frontier(size, stored);
  const nodes = leaves.flatMap((leaf) => tree.push(leaf));
  return { size: tree.size, root: tree.root(), nodes };
}

/** The right-hand edge of a growing tree: the hashes of `cover({ from: 0, to: size })`. All that is needed to go on. */
export class Frontier {
  private readonly edge: Node[];

  constructor(public size: number, hashes: readonly Buffer[]) {
    this.edge = cover({ from: 0, to: size }).map((node, i) => ({ ...node, hash: present(hashes[i]) }));
  }

  clone(): Frontier {
    return new Frontier(this.size, this.edge.map(({ hash }) => hash));
  }

  /** Adds one leaf hash and returns the complete subtrees that it completes, lowest first. */
  push(leaf: Buffer): Node[] {
    const completed: Node[] = [];
    let node: Node = { level: 0, index: this.size, hash: leaf };
    for (let left = this.edge.at(-1); left?.level === node.level; left = this.edge.at(-1)) {
      this.edge.pop();
      node = { level: node.level + 1, index: left.index / 2, hash: nodeHash(left.hash, node.hash) };
      completed.push(node);
    }
    this.edge.push(node);
    this.size += 1;
    return completed;
  }

  root(): Buffer {
    return bag(this.edge.map(({ hash }) => hash));
  }
}

/** RFC 6962 joins the complete subtrees of an incomplete tree from the right. */
function bag(hashes: readonly Buffer[]): Buffer {
  return hashes.length === 0 ? emptyRoot() : hashes.reduceRight((right, left) => nodeHash(left, right));
}

function present(hash: Buffer | undefined): Buffer {
  if (!hash) throw new RangeError('a node of the tree is missing');
  return hash;
}
