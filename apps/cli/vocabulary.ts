import { TABLES } from '#policy/keeping/words';

/** Codes that everybody uses: a word of theirs that is also somebody's name tells nothing. */
export const KNOWN_CODES: ReadonlySet<string> = new Set(Object.values(TABLES).flatMap((table) => Object.keys(table)));
