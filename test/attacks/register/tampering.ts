import type { FindingCode } from '#register/findings';
import { leafHash } from '#register/merkle';
import { type Book, bookOf, disposalOf, entryOf, FORGER, nodesOf, noteOf } from './book';

/** Entries in the book that is tampered with, and where it was signed. */
export const SIZE = 23;
export const SIGNED_AT = [4, 11, 16, SIZE];

/** What an attacker with every right on the database does, and what the verifier must say of it. */
export interface Tampering {
  name: string;
  /** The fault named first; undefined where nothing is wrong. */
  first?: FindingCode;
  /** Entries among which it must be placed. */
  range?: [number, number];
  book: () => Promise<Book>;
  /** Size of the checkpoint that somebody outside has kept. */
  held?: string;
}

const entries = Array.from({ length: SIZE }, (_, i) => entryOf(i));
const leaves = entries.map(({ leaf }) => leaf);
const honest = (): Promise<Book> => bookOf(entries, SIGNED_AT);

async function changed(change: (book: Book) => void | Promise<void>): Promise<Book> {
  const book = await honest();
  await change(book);
  return book;
}

const altered = (octets: Buffer | null): Buffer => Buffer.from(octets?.toString().replace('merseyside-police', 'cheshire-police-0') ?? '');

function rewrite(book: Book, index: number): void {
  const row = book.leaves[index]!;
  row.octets = altered(row.octets);
  row.hash = leafHash(row.octets);
}

const reindex = (book: Book): void => book.leaves.forEach((row, index) => Object.assign(row, { index }));
const hashesOf = (book: Book): Buffer[] => book.leaves.map(({ hash }) => hash);

async function rebuild(book: Book): Promise<void> {
  book.nodes = await nodesOf(hashesOf(book));
}

export const TAMPERINGS: readonly Tampering[] = [
  { name: 'untouched', book: honest },
  { name: 'untouched, with the checkpoint that was held outside', book: honest, held: noteOf(leaves, 11) },
  { name: 'octets altered', first: 'OCTETS_ALTERED', range: [7, 7], book: () => changed((book) => { book.leaves[7]!.octets = altered(book.leaves[7]!.octets); }) },
  { name: 'leaf hash altered', first: 'LEAF_ALTERED', range: [7, 7], book: () => changed((book) => { book.leaves[7]!.hash = leafHash(Buffer.from('x')); }) },
  { name: 'octets and leaf hash altered', first: 'ALTERED', range: [6, 7], book: () => changed((book) => rewrite(book, 7)) },
  { name: 'octets and leaf hash of the entry after a checkpoint altered', first: 'ALTERED', range: [11, 11], book: () => changed((book) => rewrite(book, 11)) },
  { name: 'octets and leaf hash of the last entry altered', first: 'ALTERED', range: [16, 22], book: () => changed((book) => rewrite(book, 22)) },
  { name: 'octets, leaf hash and all nodes altered', first: 'ALTERED', range: [4, 10], book: () => changed(async (book) => { rewrite(book, 7); await rebuild(book); }) },
  {
    name: 'octets, leaf hash and all nodes altered, checkpoints forged', first: 'NOT_COVERED', range: [4, 22],
    book: () => changed(async (book) => {
      rewrite(book, 7);
      await rebuild(book);
      book.checkpoints = SIGNED_AT.map((size) => ({ size, note: noteOf(hashesOf(book), size, size > 7 ? FORGER : undefined) }));
    }),
  },
  { name: 'two entries altered', first: 'ALTERED', range: [2, 3], book: () => changed((book) => { rewrite(book, 3); book.leaves[9]!.octets = altered(book.leaves[9]!.octets); }) },
  { name: 'node altered', first: 'NODE_ALTERED', range: [4, 7], book: () => changed((book) => { book.nodes.find(({ level, index }) => level === 2 && index === 1)!.hash = leafHash(Buffer.from('x')); }) },
  { name: 'row deleted', first: 'ENTRY_MISSING', range: [7, 7], book: () => changed((book) => { book.leaves.splice(7, 1); }) },
  { name: 'row deleted and the rest moved up', first: 'ALTERED', range: [6, 7], book: () => changed((book) => { book.leaves.splice(7, 1); reindex(book); }) },
  { name: 'row deleted, the rest moved up, nodes rewritten', first: 'ALTERED', range: [4, 10], book: () => changed(async (book) => { book.leaves.splice(7, 1); reindex(book); await rebuild(book); }) },
  { name: 'entry put in', first: 'ALTERED', range: [6, 7], book: () => changed((book) => { const { leaf, octets } = entryOf(99); book.leaves.splice(7, 0, { index: 7, hash: leaf, octets }); reindex(book); }) },
  { name: 'entry put in at the end', first: 'NOT_COVERED', range: [23, 23], book: () => changed((book) => { const { leaf, octets } = entryOf(99); book.leaves.push({ index: SIZE, hash: leaf, octets }); }) },
  { name: 'neighbours swapped', first: 'ALTERED', range: [6, 7], book: () => changed((book) => { book.leaves = [...book.leaves.slice(0, 6), book.leaves[7]!, book.leaves[6]!, ...book.leaves.slice(8)]; reindex(book); }) },
  { name: 'distant entries swapped', first: 'ALTERED', range: [2, 3], book: () => changed((book) => { [book.leaves[3], book.leaves[14]] = [book.leaves[14]!, book.leaves[3]!]; reindex(book); }) },
  { name: 'index used twice', first: 'OUT_OF_PLACE', range: [8, 8], book: () => changed((book) => { book.leaves[8]!.index = 7; }) },
  { name: 'cut off', first: 'TRUNCATED', range: [20, 22], book: () => changed((book) => { book.leaves.splice(20); book.nodes = book.nodes.filter(({ level, index }) => (index + 1) * 2 ** level <= 20); }) },
  {
    name: 'cut off with its checkpoints, and nobody held one', // what no verifier can see by itself
    book: () => changed((book) => { book.leaves.splice(16); book.nodes = book.nodes.filter(({ level, index }) => (index + 1) * 2 ** level <= 16); book.checkpoints.pop(); }),
  },
  {
    name: 'cut off with its checkpoints', first: 'TRUNCATED', range: [16, 22], held: noteOf(leaves, SIZE),
    book: () => changed((book) => { book.leaves.splice(16); book.nodes = book.nodes.filter(({ level, index }) => (index + 1) * 2 ** level <= 16); book.checkpoints.pop(); }),
  },
  { name: 'octets deleted', first: 'OCTETS_MISSING', range: [7, 7], book: () => changed((book) => { book.leaves[7]!.octets = null; }) },
  {
    name: 'octets disposed of, as a later entry says',
    book: async () => {
      const book = await bookOf([...entries, disposalOf(SIZE, [leaves[7]!, leaves[8]!])], [...SIGNED_AT, SIZE + 1]);
      for (const index of [7, 8]) book.leaves[index]!.octets = null;
      return book;
    },
  },
  {
    name: 'octets disposed of, but an earlier entry says so', first: 'OCTETS_MISSING', range: [SIZE, SIZE],
    book: async () => {
      const last = entryOf(SIZE + 1);
      const book = await bookOf([...entries.slice(0, 22), disposalOf(22, [last.leaf]), last], [SIZE + 1]);
      book.leaves[SIZE]!.octets = null;
      return book;
    },
  },
  { name: 'checkpoint altered', first: 'SIGNATURE_WRONG', range: [10, 10], book: () => changed((book) => { book.checkpoints[1]!.note = book.checkpoints[1]!.note.replace('\n11\n', '\n12\n'); }) },
  { name: 'checkpoint forged', first: 'SIGNATURE_WRONG', range: [10, 10], book: () => changed((book) => { book.checkpoints[1]!.note = noteOf(leaves, 11, FORGER); }) },
  { name: 'checkpoints taken away', first: 'NOT_COVERED', range: [16, 22], book: () => changed((book) => { book.checkpoints.pop(); }) },
  { name: 'all checkpoints taken away', first: 'NOT_COVERED', range: [0, 22], book: () => changed((book) => { book.checkpoints = []; }) },
  { name: 'two checkpoints of one size', first: 'NOT_GROWING', range: [10, 10], book: () => changed((book) => { book.checkpoints.splice(2, 0, { size: 11, note: noteOf(leaves, 11) }); }) },
  {
    name: 'another log, signed by the gateway itself', first: 'FORKED', range: [0, 10], held: noteOf(leaves, 11),
    book: () => bookOf(entries.map((entry, i) => (i === 7 ? entryOf(99) : entry)), SIGNED_AT),
  },
  { name: 'an entry of another controller', first: 'WRONG_CONTROLLER', range: [7, 7], book: () => bookOf(entries.map((entry, i) => (i === 7 ? entryOf(7, { controller: 'sefton-council' }) : entry)), SIGNED_AT) },
];

/** An entry that bears an earlier time than it should; the log that holds it is otherwise sound. */
export const backDated = (): Promise<Book> => bookOf(entries.map((entry, i) => (i === 7 ? entryOf(7, { at: new Date('2026-02-01T09:00:00.000Z') }) : entry)), SIGNED_AT);
