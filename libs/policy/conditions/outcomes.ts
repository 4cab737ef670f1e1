import type { Standing } from '../decision';

const FOLLOWS: Standing = { on: 'technical', says: 'it follows from what was struck off' };

/** What follows from conditions and strike-offs rather than being one. */
export const OUTCOMES = {
  NOBODY_LEFT: {
    clauses: ['MN-02'],
    pointer: '/lines', standing: FOLLOWS,
    says: 'at least one recipient is left with a part',
    next: 'Mend what the strike-offs name, and send again.',
  },
  ALL_OR_NOTHING: {
    clauses: ['MN-02'],
    pointer: '/onStrikeOff', standing: FOLLOWS,
    says: 'nothing was struck off, as the sender asked for all or nothing',
    next: 'Mend what the strike-offs name, or let the rest go with `onStrikeOff: continue`.',
  },
  NOTHING_TO_ACCOMPANY: {
    clauses: ['MN-02'],
    pointer: '/about', standing: FOLLOWS,
    says: 'a line about the share goes only to a recipient that gets a part of it',
    next: 'Leave the line out, or give the recipient a part that it needs.',
  },
  ALSO_TOLD_UNTRUE: {
    clauses: ['PV-03', 'DS-11'],
    pointer: '/organisations', standing: FOLLOWS,
    says: 'nobody is told that an organisation knows when this share does not reach it',
    next: 'Tell the organisation another way, and then say so.',
  },
} as const satisfies Record<string, { clauses: readonly string[]; says: string; next: string; pointer: string; standing: Standing }>;
