import { closeSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { opened } from './files';

// Looking for words that were sealed, wherever an operator or a thief could look.

/** A word as it could stand: in octets, in hexadecimal, in Base64 at each of its three offsets, in UTF-16. */
export function spellings(word: string): Buffer[] {
  const octets = Buffer.from(word);
  const base64 = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), octets]).toString('base64').slice(shift === 0 ? 0 : 4, -4));
  return [octets, Buffer.from(octets.toString('hex')), Buffer.from(octets.toString('hex').toUpperCase()), Buffer.from(word, 'utf16le'), Buffer.from(encodeURIComponent(word)), ...base64.map((text) => Buffer.from(text))];
}

export function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

/** Files are read in pieces that overlap, so that nothing hides on a border. */
export function foundIn(file: string, needles: readonly Buffer[]): boolean {
  const piece = Buffer.alloc(4 * 1024 * 1024);
  const handle = opened(file);
  if (handle === undefined) return false;
  try {
    for (let at = 0; ; at += piece.length - 256) {
      const read = readSync(handle, piece, 0, piece.length, at);
      if (needles.some((octets) => piece.subarray(0, read).includes(octets))) return true;
      if (read < piece.length) return false;
    }
  } finally {
    closeSync(handle);
  }
}
