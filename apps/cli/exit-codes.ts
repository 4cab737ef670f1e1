/** What the command says to a script. `docs/cli.md` shows this table. */
export const EXIT_CODES = {
  done: { code: 0, says: 'done' },
  refused: { code: 1, says: 'refused by the gateway or by the agreement: every reason is told; nothing was kept' },
  usage: { code: 2, says: 'something that you gave is not what it should be: arguments, share file, home' },
  trust: { code: 3, says: 'somebody or something cannot be trusted: a key, a signature, a statement, a copy, a register; nothing was written' },
  unreachable: { code: 4, says: 'the gateway does not answer; the same again is never a second share' },
  waits: { code: 5, says: 'held, late or undeliverable: somebody should be rung' },
  clear: { code: 6, says: 'a field in clear would tell who the person is; nothing was sent' },
  partly: { code: 7, says: 'accepted, but not for everybody: see what was struck off' },
  differs: { code: 8, says: 'decided again, it does not come out as it did: see each difference' },
  fault: { code: 70, says: 'a fault of this program' },
  again: { code: 75, says: 'not now: bring it again, as a mail relay does' },
} as const satisfies Record<string, { code: number; says: string }>;

export type Ending = keyof typeof EXIT_CODES;
