import { type Agreement, term } from './agreement';
import { entryOf } from './vocabulary/entry';
import { POSTS } from './vocabulary/roles';

/** Who acts for a partnership, as an agreement names it: found among its active members. */
export interface Bodies {
  /** Whoever holds one of these posts; where nobody does, the members under `entries`. */
  posts: readonly string[];
  entries: readonly string[];
  /** Whoever staffs this desk. */
  desk?: string;
}

/** The partnership itself: those who staff its desk. */
const PARTNERSHIP = 'partnership';
/** Posts of the statutory partners: until somebody is named, the partners themselves. */
const OF_PARTNERS: readonly string[] = ['statutory-safeguarding-partner', 'lead-safeguarding-partner'];

/** Whom an agreement's codes mean. A code that names nobody of the partnership, such as a court, is left out. Pure. */
export function bodiesOf(agreement: Agreement, codes: readonly string[]): Bodies {
  const partners = codes.some((code) => OF_PARTNERS.includes(code)) ? term(agreement, 'agreement.partyList').filter(({ kind }) => kind === 'statutory-partner') : [];
  const desk = codes.includes(PARTNERSHIP) ? term(agreement, 'controller.hub')?.desk : undefined;
  return { posts: codes.filter((code) => entryOf(POSTS, code)), entries: partners.map(({ entry }) => entry), ...(desk !== undefined && { desk }) };
}
