import type { Entry } from './entry';

/** Laws that ask something of every share, whatever an agreement says. For a data protection officer to confirm. */
export const STATUTES = {
  'uk-gdpr-5': { says: 'UK GDPR, Article 5(1)' },
  'uk-gdpr-5-2': { says: 'UK GDPR, Article 5(2)' },
  'uk-gdpr-6': { says: 'UK GDPR, Article 6(1)' },
  'uk-gdpr-7': { says: 'UK GDPR, Article 7' },
  'uk-gdpr-9': { says: 'UK GDPR, Article 9' },
  'uk-gdpr-10': { says: 'UK GDPR, Article 10; Data Protection Act 2018, s.10(5)' },
  'uk-gdpr-12': { says: 'UK GDPR, Article 12; Data Protection Act 2018, ss.45 to 48 and 52 to 54' },
  'uk-gdpr-32': { says: 'UK GDPR, Article 32' },
  'uk-gdpr-33': { says: 'UK GDPR, Article 33; Data Protection Act 2018, s.67 for law enforcement' },
  'uk-gdpr-33-2': { says: 'UK GDPR, Article 33(2)' },
  'uk-gdpr-33-5': { says: 'UK GDPR, Article 33(5)' },
  'uk-gdpr-34': { says: 'UK GDPR, Article 34; Data Protection Act 2018, s.68 for law enforcement' },
  'uk-gdpr-44': { says: 'UK GDPR, Articles 44 to 49' },
  'dpa-2018-sch1': { says: 'Data Protection Act 2018, s.10(3) and Schedule 1' },
  'dpa-2018-part-3': { says: 'Data Protection Act 2018, Part 3 and Schedule 8' },
  'dpa-2018-sch2-4': { says: 'Data Protection Act 2018, s.15 and Schedules 2 to 4' },
  'foi-act-2000': { says: 'Freedom of Information Act 2000, s.3 and Schedule 1; Environmental Information Regulations 2004, reg.2(2)' },
  'mental-capacity-act-2005': { says: 'Mental Capacity Act 2005, ss.1 and 4' },
  'gillick-competence': { says: 'common law on the competence of children under 16; Family Law Reform Act 1969, s.8' },
  'children-act-1989-part-9': { says: 'Children Act 1989, Part IX' },
  'care-act-2014-s45': { says: 'Care Act 2014, s.45' },
  'criminal-justice-act-2003-s325': { says: 'Criminal Justice Act 2003, s.325' },
  'counter-terrorism-and-security-act-2015-s38': { says: 'Counter-Terrorism and Security Act 2015, s.38' },
} as const satisfies Record<string, Entry>;

export type StatuteCode = keyof typeof STATUTES;
