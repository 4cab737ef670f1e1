import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { originOf, signCheckpoint } from '#register/checkpoint';
import { makeEntry, type SealedEntry } from '#register/entry';
import { writeExport } from '#register/export-writer';
import { emptyRoot, append, leafHash, rootOf, type Node } from '#register/merkle';
import { vkeyOf } from '#register/vkey';

/** An Ed25519 key that is the same in every run: a test vector names it. */
export function testKey(seed: number): { privateKey: KeyObject; publicKey: KeyObject } {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]);
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

export const CONTROLLER = 'wirral-council';
export const ORIGIN = originOf('gateway.example', CONTROLLER);
export const LOG_KEY = testKey(1);
export const FORGER = testKey(2);
export const VKEY = vkeyOf(ORIGIN, LOG_KEY.publicKey);

const START = Date.parse('2026-03-02T09:00:00.000Z');
export const idOf = (i: number): string => `01890a5d-ac96-7000-8000-${i.toString(16).padStart(12, '0')}`;

export function entryOf(i: number, change: { at?: Date; controller?: string } = {}): SealedEntry {
  const head = { id: idOf(i), controller: CONTROLLER, at: new Date(START + i * 1000), salt: leafHash(Buffer.from(`salt ${i}`)).subarray(0, 16), ...change };
  return makeEntry('share-collected', head, { share: idOf(1_000 + i), transfer: idOf(2_000 + i), by: 'merseyside-police' });
}

export function disposalOf(i: number, leaves: Buffer[]): SealedEntry {
  const head = { id: idOf(i), controller: CONTROLLER, at: new Date(START + i * 1000), salt: Buffer.alloc(16, i) };
  return makeEntry('entries-disposed', head, { class: 'movement', month: '2026-03', leaves: leaves.map((leaf) => leaf.toString('hex')) });
}

/** The tables of one register, as somebody with every right on the database can change them. */
export interface Book {
  leaves: { index: number; hash: Buffer; octets: Buffer | null }[];
  nodes: Node[];
  checkpoints: { size: number; note: string }[];
}

/** A register as the relay writes it, with a checkpoint at each of `sizes`. */
export async function bookOf(entries: readonly SealedEntry[], sizes: readonly number[]): Promise<Book> {
  const hashes = entries.map(({ leaf }) => leaf);
  return {
    leaves: entries.map(({ leaf, octets }, index) => ({ index, hash: leaf, octets })),
    nodes: await nodesOf(hashes),
    checkpoints: sizes.map((size) => ({ size, note: noteOf(hashes, size) })),
  };
}

export const nodesOf = async (hashes: Buffer[]): Promise<Node[]> => (await append(0, hashes, () => emptyRoot())).nodes;

export const noteOf = (hashes: readonly Buffer[], size: number, key = LOG_KEY): string =>
  signCheckpoint({ origin: ORIGIN, size, root: rootOf(hashes.slice(0, size)) }, key);

export function exportOf(book: Book, head: { origin?: string; controller?: string } = {}): AsyncGenerator<string> {
  const end = ({ level, index }: Node): number => (index + 1) * 2 ** level;
  return writeExport({ origin: ORIGIN, controller: CONTROLLER, vkeys: [VKEY], ...head }, {
    leaves: each(book.leaves),
    nodes: each(book.nodes.toSorted((a, b) => end(a) - end(b) || a.level - b.level)),
    checkpoints: each(book.checkpoints),
  });
}

export async function textOf(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) text += line;
  return text;
}

export async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
