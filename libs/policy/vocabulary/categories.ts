import type { Entry } from './entry';

export interface Category extends Entry {
  /** `special`: Article 9 data; `offence`: Article 10 data; `may-be-…`: it depends on what the part says. */
  flag: 'none' | 'special' | 'may-be-special' | 'offence' | 'may-be-offence';
}

/** What a part holds. Sixteen categories of personal information, and a sender's own words: of a decision, of a question. */
export const CATEGORIES = {
  names: { says: 'names and aliases', flag: 'none' },
  'birth-and-death': { says: 'dates of birth and death', flag: 'none' },
  addresses: { says: 'present and previous addresses', flag: 'none' },
  'contact-and-next-of-kin': { says: 'contact details and next of kin', flag: 'none' },
  family: { says: 'family and dependants', flag: 'none' },
  'contacts-with-service': { says: 'contacts with a service or team', flag: 'may-be-special' },
  'outcomes-of-contacts': { says: 'outcomes of contacts', flag: 'may-be-special' },
  'key-workers': { says: 'key workers and staff involved', flag: 'none' },
  'alleged-perpetrator': { says: 'alleged perpetrator and relationship to the victim', flag: 'may-be-offence' },
  health: { says: 'health, and who treats', flag: 'special' },
  'photos-of-injuries': { says: 'photographs of injuries', flag: 'special' },
  'care-plans': { says: 'care plans and their documents', flag: 'special' },
  'history-of-offences': { says: 'history of offences', flag: 'offence' },
  'disclosure-and-barring': { says: 'disclosure and barring', flag: 'offence' },
  'risk-flags': { says: 'risk flags and warning markers', flag: 'may-be-offence' },
  // What it holds nobody can tell from outside: treated as special.
  other: { says: 'other relevant information', flag: 'special' },
  reasons: { says: 'the words of a decision', flag: 'none' },
  question: { says: 'what an information request asks, in words', flag: 'may-be-special' },
  'breach-account': { says: 'what happened in a data breach, in words', flag: 'may-be-special' },
} as const satisfies Record<string, Category>;

export type CategoryCode = keyof typeof CATEGORIES;

const OWN_WORDS: readonly string[] = ['reasons', 'question', 'breach-account'] satisfies CategoryCode[];

/** What the sender itself says: no record of anybody's that an agreement could list, mark or want justified. */
export const isOwnWords = (category: string): boolean => OWN_WORDS.includes(category);
