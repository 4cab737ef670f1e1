import type { Entry } from './entry';

export interface LawfulBasis extends Entry {
  /** Not open to a public authority for its own tasks. */
  closedToPublicAuthorities?: true;
  /** Needs a basis laid down in domestic law (Article 6(3)). */
  needsBasisInLaw?: true;
}

/** UK GDPR, Article 6(1), as a sender may declare it. */
export const LAWFUL_BASES = {
  '6(1)(a)': { says: 'consent' },
  '6(1)(b)': { says: 'contract' },
  '6(1)(c)': { says: 'legal obligation', needsBasisInLaw: true },
  '6(1)(d)': { says: 'vital interests' },
  '6(1)(e)': { says: 'task in the public interest or official authority', needsBasisInLaw: true },
  // Data (Use and Access) Act 2025: recognised legitimate interests, safeguarding among them.
  '6(1)(ea)': { says: 'recognised legitimate interest', from: '2026-02-05', closedToPublicAuthorities: true },
  '6(1)(f)': { says: 'legitimate interests', closedToPublicAuthorities: true },
} as const satisfies Record<string, LawfulBasis>;

/** The basis on which a life is saved: no list of an agreement shuts it out in an emergency. */
export const VITAL_INTERESTS = { art6: '6(1)(d)', art9: '9(2)(c)' } as const;

/** What supports a basis in law: named beside a basis, never instead of one. */
export const SUPPORTS = {
  '6(3)': { says: 'basis in law that (c) and (e) need' },
  'dpa-2018-s8-c': { says: 'function conferred by enactment or rule of law' },
} as const satisfies Record<string, Entry>;

/** UK GDPR, Article 9(2). `needsSchedule1`: only with a condition of DPA 2018, Schedule 1. */
export const ARTICLE_9 = {
  '9(2)(a)': { says: 'explicit consent' },
  '9(2)(b)': { says: 'employment, social security and social protection', needsSchedule1: true },
  '9(2)(c)': { says: 'vital interests of a person who cannot consent' },
  '9(2)(d)': { says: 'not-for-profit bodies' },
  '9(2)(e)': { says: 'made public by the person' },
  '9(2)(f)': { says: 'legal claims or judicial acts' },
  '9(2)(g)': { says: 'substantial public interest', needsSchedule1: true },
  '9(2)(h)': { says: 'health or social care', needsSchedule1: true },
  '9(2)(i)': { says: 'public health', needsSchedule1: true },
  '9(2)(j)': { says: 'archiving, research and statistics', needsSchedule1: true },
} as const satisfies Record<string, Entry & { needsSchedule1?: true }>;

export type LawfulBasisCode = keyof typeof LAWFUL_BASES;
export type Article9Code = keyof typeof ARTICLE_9;
