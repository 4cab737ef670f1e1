import { generateKeyPairSync } from 'node:crypto';
import { originOf, signCheckpoint } from './checkpoint';
import { leafHash, rootOf, type ReadNode } from './merkle';
import { proveConsistency } from './proofs';
import { vkeyOf } from './vkey';
import { follow } from './witness';

const keys = generateKeyPairSync('ed25519');
const origin = originOf('gateway.example', 'wirral-council');
const vkeys = vkeyOf(origin, keys.publicKey);
const leaves = Array.from({ length: 12 }, (_, i) => leafHash(Buffer.from(`entry ${i}`)));
const forked = leaves.with(3, leafHash(Buffer.from('what others are shown')));
const noteOf = (log: Buffer[], size: number): string => signCheckpoint({ origin, size, root: rootOf(log.slice(0, size)) }, keys);
const readOf = (log: Buffer[]): ReadNode => (level, index) => (level === 0 ? log[index] as Buffer : rootOf(log.slice(index * 2 ** level, (index + 1) * 2 ** level)));

test('a witness follows a log that only grows', async () => {
  expect(follow({ held: undefined, offered: noteOf(leaves, 5), proof: [], vkeys }).ok).toBe(true);
  const proof = await proveConsistency({ from: 5, to: 12 }, readOf(leaves));
  expect(follow({ held: noteOf(leaves, 5), offered: noteOf(leaves, 12), proof, vkeys })).toMatchObject({ ok: true, checkpoint: { size: 12 } });
  expect(follow({ held: noteOf(leaves, 5), offered: noteOf(leaves, 5), proof: [], vkeys }).ok).toBe(true);
});

test('two checkpoints of one size are refused, and both are kept as evidence', () => {
  const [held, offered] = [noteOf(leaves, 5), noteOf(forked, 5)];
  expect(follow({ held, offered, proof: [], vkeys })).toEqual({ ok: false, fault: 'FORKED', evidence: { held, offered } });
});

test('a log that has grown on another branch can prove nothing', async () => {
  const [held, offered] = [noteOf(leaves, 5), noteOf(forked, 12)];
  const proof = await proveConsistency({ from: 5, to: 12 }, readOf(forked));
  expect(follow({ held, offered, proof, vkeys })).toEqual({ ok: false, fault: 'NOT_PROVEN', evidence: { held, offered } });
});

test('an older checkpoint does not take the place of a newer one, and an unsigned one never does', () => {
  expect(follow({ held: noteOf(leaves, 5), offered: noteOf(leaves, 4), proof: [], vkeys })).toEqual({ ok: false, fault: 'OLDER' });
  expect(follow({ held: noteOf(leaves, 5), offered: noteOf(leaves, 5).replace('\n5\n', '\n6\n'), proof: [], vkeys })).toEqual({ ok: false, fault: 'SIGNATURE_WRONG' });
  expect(follow({ held: 'mislaid', offered: noteOf(leaves, 5), proof: [], vkeys })).toEqual({ ok: false, fault: 'HELD_IS_WRONG' });
});
