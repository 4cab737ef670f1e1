/**
 * The six operations of which section 62 of the Data Protection Act 2018 asks a log, and what each log must establish (RC-08). The Act asks
 * justification, person and recipients "as far as possible" of consultation and disclosure alone; whether a justification is asked is a switch
 * of the agreement, on unless it is put off, because texts of the Act with and without it were in circulation when this was written.
 */
export const OPERATIONS = {
  collection: { says: 'it was received', needs: [] },
  alteration: { says: 'it was corrected', needs: ['by', 'role'] },
  consultation: { says: 'it was looked at', needs: ['by', 'role', 'justification'] },
  disclosure: { says: 'it was shared', needs: ['by', 'role', 'justification', 'recipients'] },
  combination: { says: 'it was put together with other information', needs: ['by', 'role'] },
  erasure: { says: 'it was removed', needs: [] },
} as const satisfies Record<string, { says: string; needs: readonly Need[] }>;
export type Operation = keyof typeof OPERATIONS;

type Need = 'by' | 'role' | 'justification' | 'recipients';

/** Who did it, why, and whom it reached. Date and time are always there: they are the gateway's own. */
export interface OperationFacts {
  by?: string | undefined;
  role?: string | undefined;
  justification?: readonly string[] | undefined;
  recipients?: readonly { agency: string; contact: string }[] | undefined;
}

/** Fields that its log must have and that were not given. Any refuses the operation. Pure. */
export function missingOf(operation: Operation, facts: OperationFacts, { justified }: { justified: boolean }): Need[] {
  const needs: readonly Need[] = OPERATIONS[operation].needs;
  return needs.filter((need) => (need !== 'justification' || justified) && (facts[need] === undefined || facts[need].length === 0));
}
