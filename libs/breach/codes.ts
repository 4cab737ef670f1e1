/** What the room of breaches refuses, apart from what its tables of rules do. */
export const BREACH_CODES = {
  BREACH_INVALID: { status: 422, says: 'The report of a breach is not one.', next: 'Correct the places named and sign again. If someone is in danger ring 999 and the front door: do not wait for this.' },
  BREACH_ID_REUSED: { status: 422, says: 'Another report with this id was taken before.', next: 'Give each report an id of its own (UUID version 7); say more of the same breach by a phase.' },
  BREACH_SHARE_UNKNOWN: { status: 422, says: 'A share that is named as affected is none to which you are party.', next: 'Name shares of your own register; whose other information it was, name in `owners`.' },
  BREACH_PARTY_UNKNOWN: { status: 422, says: 'An agency is named that the directory does not have.', next: 'Name agencies of the directory; who stands outside it, the sealed account says.' },
} as const satisfies Record<string, { status: number; says: string; next: string }>;
