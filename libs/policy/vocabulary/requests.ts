import type { Entry } from './entry';

/** What kind of information request it is. */
export const REQUEST_TYPES = {
  'front-door-check': { says: 'a check by or with the front door' },
  enquiry: { says: 'an enquiry about a person' },
  audit: { says: 'an audit: whoever is asked holds what is told against its own records' },
  'child-death-review': { says: 'a review of the death of a child' },
  'on-behalf': { says: 'on behalf of a person who lacks capacity, by an attorney or deputy' },
} as const satisfies Record<string, Entry>;
export type RequestType = keyof typeof REQUEST_TYPES;

/** By what right somebody asks for another. */
export const AUTHORITIES = {
  lpa: { says: 'lasting power of attorney' },
  epa: { says: 'enduring power of attorney' },
  deputyship: { says: 'order of the Court of Protection that appoints a deputy' },
} as const satisfies Record<string, Entry>;
