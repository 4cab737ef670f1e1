import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signCheckpoint } from '#register/checkpoint';
import { cosignedAt } from '#register/cosignature';
import { append, emptyRoot, leafHash, type Node, rootOf } from '#register/merkle';
import { proveConsistency } from '#register/proofs';
import { CONTROLLER, FORGER, LOG_KEY, ORIGIN, VKEY } from '../../test/attacks/register/book';
import { ClientRefusal } from './codes';
import { type ProofSource, Witness } from './witness';

// A14: what a witness cosigns, what it refuses, and what it keeps of it.

const leaves = (text: string, count: number): Buffer[] => Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`${i < 5 ? 'entry' : text} ${i}`)));
const note = (hashes: Buffer[], size: number, key = LOG_KEY, origin = ORIGIN): string => signCheckpoint({ origin, size, root: rootOf(hashes.slice(0, size)) }, key);
async function proofsOf(hashes: Buffer[]): Promise<ProofSource> {
  const { nodes } = await append(0, hashes, () => emptyRoot());
  const read = (level: number, index: number) => (level === 0 ? hashes[index] : nodes.find((each: Node) => each.level === level && each.index === index)?.hash) as Buffer;
  return async (sizes) => ({ proof: (await proveConsistency(sizes, read)).map((hash) => hash.toString('hex')) });
}

const HONEST = leaves('entry', 20);
const FORK = leaves('other', 20);
const at = new Date('2026-03-02T09:15:00.000Z');
let folder: string;
let witness: Witness;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'witness-'));
  witness = Witness.make(join(folder, 'w'), 'witness.example');
  await witness.take(note(HONEST, 8), await proofsOf(HONEST), { vkeys: [VKEY], at });
});
afterEach(() => rmSync(folder, { recursive: true }));

test('it cosigns what follows, keeps each, and has a key that nobody else can read', async () => {
  const { note: cosigned, same } = await witness.take(note(HONEST, 13), await proofsOf(HONEST), { vkeys: [VKEY], at });
  expect([same, cosignedAt(cosigned, witness.vkey)]).toEqual([false, at]);
  expect((await Witness.open(join(folder, 'w')).take(note(HONEST, 13), await proofsOf(HONEST), { vkeys: [VKEY], at })).same).toBe(true);
  expect(readdirSync(witness.logOf(ORIGIN)).sort()).toEqual(['13.note', '8.note', 'latest.note']);
  expect(statSync(join(folder, 'w', 'witness-key.pem')).mode & 0o077).toBe(0);
  expect(witness.logs()).toEqual([{ origin: ORIGIN, size: 13, note: cosigned, evidence: 0 }]);
  expect(ORIGIN).toContain(CONTROLLER);
});

test.each<[string, string, () => string, boolean]>([
  ['a fork of the same size', 'FORKED', () => note(FORK, 8), true],
  ['a fork that grew', 'NOT_PROVEN', () => note(FORK, 13), true],
  ['a log that shrank', 'OLDER', () => note(HONEST, 5), true],
  ['a checkpoint of a key that is not pinned', 'NOT_SIGNED_BY_PINNED_KEY', () => note(HONEST, 13, FORGER), false],
  ['a checkpoint of another log', 'WRONG_LOG', () => note(HONEST, 13, LOG_KEY, 'gateway.example/register/sefton-council'), false],
  ['no checkpoint', 'NOT_A_CHECKPOINT', () => 'hello', false],
])('A14: %s is refused (%s), and what convicts the log is kept', async (_what, because, offered, kept) => {
  const before = witness.held(ORIGIN);
  const forked = await proofsOf(FORK);
  const taking = witness.take(offered(), forked, { vkeys: [VKEY], at });
  await expect(taking).rejects.toThrow(ClientRefusal);
  await expect(taking).rejects.toMatchObject({ facts: { because } });
  expect(witness.held(ORIGIN)).toBe(before);
  expect(witness.logs()[0]?.evidence).toBe(kept ? 1 : 0);
  if (!kept) return;
  const [evidence = ''] = readdirSync(join(witness.logOf(ORIGIN), 'evidence'));
  expect(readFileSync(join(witness.logOf(ORIGIN), 'evidence', evidence, 'offered.note'), 'utf8')).toBe(offered());
  expect(readFileSync(join(witness.logOf(ORIGIN), 'evidence', evidence, 'held.note'), 'utf8')).toBe(before);
});
