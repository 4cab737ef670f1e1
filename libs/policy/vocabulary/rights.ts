import type { Entry } from './entry';

/** Who uses a right. */
export const REQUESTERS = {
  person: { says: 'the person', authority: false },
  parent: { says: 'somebody with parental responsibility', authority: true },
  attorney: { says: 'an attorney under a power of attorney', authority: true },
  deputy: { says: 'a deputy of the Court of Protection', authority: true },
  solicitor: { says: 'a solicitor with the person’s authority', authority: true },
  advocate: { says: 'somebody else with the person’s authority', authority: true },
  anybody: { says: 'anybody: information that a public authority holds', authority: false },
} as const satisfies Record<string, Entry & { authority: boolean }>;

/** By what somebody who acts for the person has shown that. */
export const REQUESTER_AUTHORITIES = {
  'parental-responsibility': { says: 'a birth certificate, an order, or a record of parental responsibility' },
  'power-of-attorney': { says: 'a registered power of attorney' },
  'court-order': { says: 'an order of a court' },
  'written-authority': { says: 'the person’s own written authority' },
} as const satisfies Record<string, Entry>;

/** What came of one transfer. */
export const ITEM_OUTCOMES = {
  released: { says: 'released', tells: true, withholds: false },
  partly: { says: 'released in part', tells: true, withholds: true },
  withheld: { says: 'withheld', tells: false, withholds: true },
  'neither-confirm-nor-deny': { says: 'neither confirmed nor denied', tells: false, withholds: true },
  corrected: { says: 'corrected', tells: false, withholds: false },
  erased: { says: 'erased', tells: false, withholds: false },
  restricted: { says: 'its use is restricted', tells: false, withholds: false },
  unchanged: { says: 'left as it is', tells: false, withholds: true },
  'taken-up': { says: 'taken up as a complaint', tells: false, withholds: false },
} as const satisfies Record<string, Entry & { tells: boolean; withholds: boolean }>;

/** On what it is withheld, or left as it is. A data protection officer confirms each. */
export const EXEMPTIONS = {
  'serious-harm': { says: 'somebody would be likely to come to serious harm (DPA 2018, Schedule 3)', considered: true },
  'child-abuse-data': { says: 'child abuse data, where telling is not in the child’s best interests (DPA 2018, Schedule 3, Part 5)', considered: true },
  crime: { says: 'prevention and detection of crime (DPA 2018, Schedule 2, paragraph 2; section 45(4))', considered: true },
  'third-party': { says: 'it is about another person too, who did not agree (DPA 2018, Schedule 2, paragraph 16)', considered: true },
  'legal-privilege': { says: 'legal professional privilege (DPA 2018, Schedule 2, paragraph 19)', considered: false },
  'court-documents': { says: 'documents of proceedings in court (DPA 2018, Schedule 3)', considered: false },
  'statutory-functions': { says: 'a public task or legal obligation asks that it be kept (UK GDPR, Article 17(3), 21(1))', considered: false },
  accurate: { says: 'it is accurate as it stands (UK GDPR, Article 16)', considered: false },
  'manifestly-unfounded': { says: 'manifestly unfounded or excessive (UK GDPR, Article 12(5))', considered: false },
  'not-held': { says: 'it is not held', considered: false },
  'foi-personal-data': { says: 'personal data (Freedom of Information Act 2000, section 40; EIR, regulation 13)', considered: false },
  'foi-confidence': { says: 'given in confidence (Freedom of Information Act 2000, section 41)', considered: false },
} as const satisfies Record<string, Entry & { considered: boolean }>;

/** How much whoever answered gave the view of whoever had provided it (RR-03). */
export const WEIGHTS = {
  followed: { says: 'followed' },
  'partly-followed': { says: 'followed in part' },
  'not-followed': { says: 'not followed' },
  'none-given': { says: 'none was given in time' },
} as const satisfies Record<string, Entry>;

/** Why it takes longer. */
export const EXTENSION_REASONS = {
  complex: { says: 'it is complex' },
  'several-requests': { says: 'the person made several' },
  'public-interest-test': { says: 'where the public interest lies is still considered' },
} as const satisfies Record<string, Entry>;

/** Of what somebody complains. */
export const COMPLAINTS = {
  disclosure: { says: 'that something was disclosed' },
  'failure-to-disclose': { says: 'that something was not disclosed' },
  handling: { says: 'how it was handled' },
} as const satisfies Record<string, Entry>;
