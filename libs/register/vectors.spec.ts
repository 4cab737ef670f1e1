import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leafHash, rootOf } from './merkle';
import { proveConsistency, proveInclusion, verifyConsistency, verifyInclusion } from './proofs';

interface Vectors {
  leaves: string[];
  roots: string[];
  inclusion: { says: string; valid: boolean; index: number; size: number; leaf: string; root: string; proof: string[] }[];
  consistency: { says: string; valid: boolean; from: number; to: number; oldRoot: string; newRoot: string; proof: string[] }[];
}

const vectors = JSON.parse(readFileSync(join(process.cwd(), 'test/vectors/register/rfc6962.json'), 'utf8')) as Vectors;
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const leaves = vectors.leaves.map((data) => leafHash(hex(data)));
const read = (level: number, index: number): Buffer => rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));

test('RFC 6962 vectors: roots', () => {
  expect(vectors.roots.map((_, size) => rootOf(leaves.slice(0, size)).toString('hex'))).toEqual(vectors.roots);
});

test.each(vectors.inclusion)('RFC 6962 vectors: inclusion, $says', async ({ valid, index, size, leaf, root, proof }) => {
  expect(verifyInclusion({ leaf: hex(leaf), index, size, root: hex(root), proof: proof.map(hex) })).toBe(valid);
  if (valid) expect((await proveInclusion(index, size, read)).map((hash) => hash.toString('hex'))).toEqual(proof);
});

test.each(vectors.consistency)('RFC 6962 vectors: consistency, $says', async ({ valid, from, to, oldRoot, newRoot, proof }) => {
  expect(verifyConsistency({ from, to, oldRoot: hex(oldRoot), newRoot: hex(newRoot), proof: proof.map(hex) })).toBe(valid);
  if (valid) expect((await proveConsistency({ from, to }, read)).map((hash) => hash.toString('hex'))).toEqual(proof);
});
