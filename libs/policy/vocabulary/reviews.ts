import type { Entry } from './entry';

/** What a review of an agreement came to, and what follows. */
export const REVIEW_OUTCOMES = {
  'in-order': { says: 'it stands as it is; the next review is counted from this one' },
  amend: { says: 'it is to be changed: whoever looks after it proposes a version, which its parties approve as the text asks' },
  end: { says: 'it is to end: each party gives it up by itself, and what was shared keeps its rules' },
} as const satisfies Record<string, Entry>;

/** What a party with needs of its own says of them at a review (RV-08). */
export const NEEDS_OUTCOMES = {
  unchanged: { says: 'its own needs are as they are on file' },
  changed: { says: 'its own needs have changed: it gives the others notice as the text asks' },
} as const satisfies Record<string, Entry>;
