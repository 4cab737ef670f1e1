import { copyHead, readPartOctets } from '#envelope/parts';
import type { Directory } from '#directory/directory';
import type { Asker, Database } from '#platform/database';
import { Refusal, type RefusalReason } from '#platform/refusal';
import { LIMITS } from '#protocol/limits';
import type { WordsSealed } from '#protocol/not-shared';
import { reasonOf } from './admission';
import { addresseeKey } from './commit';

interface WordRooms {
  database: Database;
  directory: Directory;
}

/** To whom words are sealed: to these agencies and nobody else, and so that `reads` can open them. */
interface Readers {
  only: readonly string[];
  reads?: string;
  /** Code for words that are sealed otherwise. */
  otherwise: string;
}

/** Holds words to what was signed of them, and to the agency's own keys. Gives what is kept of them. @throws Refusal */
export const sealedToOwn = (rooms: WordRooms, asker: Asker, octets: Buffer, signed: WordsSealed | undefined, at: Date): Promise<Uint8Array> =>
  sealedTo(rooms, { only: [asker.agency], otherwise: 'WORDS_NOT_OWN' }, octets, signed, at);

/** Holds words to what was signed of them, and to the keys of those who may read them. Gives what is kept of them. @throws Refusal */
export async function sealedTo({ database, directory }: WordRooms, { only, reads, otherwise }: Readers, octets: Buffer, signed: WordsSealed | undefined, at: Date): Promise<Uint8Array> {
  const read = await readPartOctets(octets, { maxOctets: LIMITS.words.value, maxAddressees: LIMITS.addressees.value });
  if (!read.ok) throw new Refusal(reasonOf(read.problem, 'words'));
  // A container is sealed to nobody's key.
  if (read.part.addressees.length === 0) throw new Refusal({ code: otherwise });
  if (read.part.digest !== signed?.sealed) throw new Refusal(reasonOf({ code: 'DIGEST_MISMATCH' }, 'words'));
  const known = await database.transaction((tx) => directory.keys(tx, read.part.addressees.map(addresseeKey), at));
  const readers = new Set<string>();
  for (const addressee of read.part.addressees) {
    const key = known(addresseeKey(addressee));
    const agency = key?.recipient.split('/')[0] ?? '';
    if (!key || !only.includes(agency)) throw new Refusal({ code: otherwise, facts: { keyId: addresseeKey(addressee) } });
    if (key.standing !== 'current') throw new Refusal(reasonOf({ code: 'KEY_NOT_VERIFIED', cause: key.standing, keyId: addresseeKey(addressee) }, 'words'));
    readers.add(agency);
  }
  if (reads !== undefined && !readers.has(reads)) throw new Refusal({ code: otherwise });
  return Buffer.concat([copyHead(read.part, read.part.addressees), read.data]);
}

/** What is signed comes along, and nothing else does. */
export const accompanied = (part: string, named: boolean, came: boolean): RefusalReason[] => (named === came ? [] : [{ code: named ? 'PART_MISSING' : 'PART_UNEXPECTED', facts: { part } }]);
