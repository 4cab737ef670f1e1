import type { Entry } from './entry';

// Codes of notifications about providers (part Q). A provider is an organisation with a number in a public register.

/** The two kinds of provider that a notification can be about (IN-01). */
export const PROVIDER_KINDS = {
  'childrens-social-care': { says: 'provider of children’s social care' },
  education: { says: 'provider of education' },
} as const satisfies Record<string, Entry>;

/** A public register: how its numbers are written, and which kinds of provider it has. */
export interface ProviderRegister extends Entry {
  numbers: RegExp;
  kinds: readonly (keyof typeof PROVIDER_KINDS)[];
}

/** Numbers that are neither ten digits, as an NHS number is, nor begin with a person. */
export const PROVIDER_REGISTERS = {
  'ofsted-social-care': { says: 'Ofsted, number of a provider of children’s social care', numbers: /^SC[0-9]{6}$/, kinds: ['childrens-social-care'] },
  'ofsted-urn': { says: 'Ofsted, unique reference number of a provider', numbers: /^(EY)?[0-9]{6,7}$/, kinds: ['childrens-social-care', 'education'] },
  'establishment-urn': { says: 'Get Information about Schools, unique reference number of an establishment', numbers: /^[0-9]{6}$/, kinds: ['education'] },
  'learning-providers': { says: 'UK Register of Learning Providers', numbers: /^100[0-9]{5}$/, kinds: ['education'] },
} as const satisfies Record<string, ProviderRegister>;

/** Why a notification is necessary (IN-02). */
export const NECESSITY_REASONS = {
  'children-at-risk-now': { says: 'children in its care could come to harm before each authority found out by itself' },
  'risk-across-areas': { says: 'children of several areas are placed or taught there, and no one authority knows of all' },
  'decision-depends-on-it': { says: 'a lawful decision on commissioning or oversight cannot be made without it' },
} as const satisfies Record<string, Entry>;

/** Who can confirm for an agency that it issues a notification (IN-04): posts with authority to commit it. */
export const SENIOR_ROLES: readonly string[] = ['responsible-manager', 'lead-officer', 'strategic-safeguarding-lead', 'responsible-person', 'signatory', 'statutory-safeguarding-partner', 'lead-safeguarding-partner', 'headteacher'];

/** Why something complex or novel has no assessment of its impact (IN-05). */
export const NO_ASSESSMENT_REASONS = {
  'covered-by-another': { says: 'one that was made before covers it' },
  'not-high-risk': { says: 'it was considered, and the risk to people is not high' },
  'being-made': { says: 'it is being made, and children could come to harm meanwhile' },
} as const satisfies Record<string, Entry>;

/** Why the provider is not told (IN-14). */
export const NOT_TOLD_REASONS = {
  'puts-child-at-risk': { says: 'telling it could put a child at risk' },
  'prejudices-investigation': { says: 'it would prejudice an investigation' },
  'told-by-another': { says: 'another agency tells it' },
  'told-later': { says: 'it is told once the first steps are taken' },
} as const satisfies Record<string, Entry>;

/** Why whoever circulates gives it back to its issuer. */
export const RETURN_NOTIFICATION_REASONS = {
  'not-about-a-provider': { says: 'it is not about a provider of the two kinds' },
  'not-necessary': { says: 'why it is necessary does not bear it' },
  'more-than-needed': { says: 'it tells more than that takes' },
  'names-a-child': { says: 'a child can be known from it' },
  'not-clear': { says: 'what it says cannot be understood or relied on' },
} as const satisfies Record<string, Entry>;

/** What came of a review (IN-11). */
export const REVIEW_OUTCOMES = {
  stands: { says: 'its issuer says that it stands' },
  'no-answer': { says: 'its issuer has not answered yet' },
  'being-ended': { says: 'its issuer will rescind or close it' },
} as const satisfies Record<string, Entry>;

/** Why it is rescinded: it should not stand (IN-13). */
export const RESCIND_REASONS = {
  'not-founded': { says: 'what it says was found not to be so' },
  'should-not-have-been': { says: 'it should not have been issued' },
  replaced: { says: 'another notification takes its place' },
} as const satisfies Record<string, Entry>;

/** Why it is closed: it has done what it was for (IN-13). */
export const CLOSE_REASONS = {
  'concern-resolved': { says: 'the concern is resolved' },
  'provider-closed': { says: 'the provider has closed' },
  'other-process': { says: 'another process has taken it up' },
} as const satisfies Record<string, Entry>;

/** What a recipient may do about it (IN-08): five, or nothing. Each decides for itself. */
export const RECIPIENT_ACTIONS = {
  'contact-issuer': { says: 'contact whoever issued it' },
  'contact-provider': { says: 'contact the provider' },
  'organise-meeting': { says: 'organise a meeting across authorities, schools or partners' },
  'obtain-information': { says: 'obtain further information from other partners' },
  'legal-advice': { says: 'seek legal advice' },
  none: { says: 'nothing' },
} as const satisfies Record<string, Entry>;
