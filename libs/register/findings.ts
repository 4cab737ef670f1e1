/** What can be wrong with an export, as a sentence about the entries that it concerns. */
export const FINDINGS = {
  NOT_AN_EXPORT: 'this is not a register export, or a line of it is not what the format allows',
  CUT_SHORT: 'the file ends before its last line, or holds another number of lines than that line says',
  WRONG_LOG: 'this is the register of another controller or gateway than the pinned key is for',
  WRONG_CONTROLLER: 'the entry belongs to another controller',
  OUT_OF_PLACE: 'the line stands where it can\'t stand: lines were moved, repeated or put in',
  ENTRY_MISSING: 'the entry is missing: its line was taken out',
  OCTETS_ALTERED: 'the entry was altered: its octets are not the ones that were recorded',
  LEAF_ALTERED: 'the leaf hash was altered: the entry\'s octets are the ones that were recorded',
  OCTETS_MISSING: 'the entry\'s octets are gone, and no later entry says that they were disposed of',
  ALTERED: 'an entry was altered, deleted, put in or moved: the log is not the one that was signed',
  NODE_ALTERED: 'a stored node was altered; the entries under it are as they were signed',
  TRUNCATED: 'the log was cut off: a signed checkpoint covers more entries than there are',
  NOT_COVERED: 'no signed checkpoint covers the entry: it was put in at the end, or checkpoints were taken away',
  SIGNATURE_WRONG: 'a checkpoint is not signed by the pinned key: it was altered or made by somebody else',
  NOT_GROWING: 'checkpoints do not grow: two of them are of one size, or they are out of order',
  FORKED: 'the log is not the one whose checkpoint was held outside: other people were shown other entries',
  HELD_IS_WRONG: 'the checkpoint held outside is not signed by the pinned key',
} as const;
export type FindingCode = keyof typeof FINDINGS;

export const WARNINGS = {
  BACK_DATED: 'the entry bears an earlier time than one that was recorded before it',
  UNREADABLE: 'the octets are not an entry that this version can read',
  NODES_MISSING: 'stored nodes are missing; nothing follows for the entries',
} as const;
export type WarningCode = keyof typeof WARNINGS;

/** `from` and `to` are the first and last entry, by index, among which the fault lies: one and the same where it could be pinned down. */
export interface Finding<Code = FindingCode> {
  code: Code;
  from: number;
  to: number;
  /** Id of the entry, where there is one entry and it can be read. */
  entry?: string;
}

/** The finding to report first: the earliest, and of two that start together the narrower one. */
export function firstOf(findings: readonly Finding[]): Finding | undefined {
  return findings.toSorted((a, b) => a.from - b.from || a.to - b.to)[0];
}

export function sentence({ code, from, to, entry }: Finding<FindingCode | WarningCode>): string {
  const place = from === to ? `Entry ${from}${entry ? ` (${entry})` : ''}` : `Among entries ${from} to ${to}`;
  return `${place}: ${{ ...FINDINGS, ...WARNINGS }[code]}.`;
}
