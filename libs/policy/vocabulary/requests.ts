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

/** Why whoever was asked sends a request back. */
export const SENT_BACK_REASONS = {
  'no-clear-purpose': { says: 'its purpose is not clear' },
  'no-appropriate-consent': { says: 'consent was not sought where it should have been' },
  'parents-not-addressed': { says: 'whether parents are informed is not said, or not rightly' },
  'key-information-missing': { says: 'key information is missing' },
  'not-for-us': { says: 'whoever was asked has nothing to do with it' },
} as const satisfies Record<string, Entry>;

/** Why something is found less pressing than its signs tell, or more. */
export const TRIAGE_REASONS = {
  'known-to-us': { says: 'somebody who works with the person has seen to it' },
  'risk-lower-now': { says: 'what made it pressing is over' },
  'risk-higher-now': { says: 'something is known that its signs do not show' },
  'signals-mistaken': { says: 'a sign was taken for another' },
  'professional-judgement': { says: 'professional judgement' },
} as const satisfies Record<string, Entry>;

/** Why a refusal, or silence, is taken to those who decide. */
export const ESCALATION_REASONS = {
  'child-not-safe': { says: 'without it a child may not be safe' },
  'adult-not-safe': { says: 'without it an adult at risk may not be safe' },
  'reasons-do-not-hold': { says: 'the reasons that were given do not hold' },
  'no-answer': { says: 'there is no answer' },
} as const satisfies Record<string, Entry>;
