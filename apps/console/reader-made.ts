import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '#protocol/digest';

/** Beside the program, or where its sources are. */
const PLACES = [join(__dirname, '../../reader/reader.json'), join(process.env['WAYBILL_HOME'] ?? process.cwd(), 'dist/reader/reader.json')];

/** SHA-256 of the list of the reader's files and their digests, as this release made them: `waybill verify-reader` compares what an address serves with the same list. @throws Error where none was made */
export function readerMade(): string {
  const path = PLACES.find((each) => existsSync(each));
  if (path === undefined) throw new Error('this release has no reader: npm run build makes it');
  return sha256(readFileSync(path));
}
