import type { Entry } from './entry';

/** Why information is shared without consent (DPA 2018, Sch 1 paras 10, 18, 19, and what agreements add). */
export const NO_CONSENT_REASONS = {
  'cannot-be-given': { says: 'consent cannot be given' },
  'not-reasonably-expected': { says: 'consent cannot reasonably be expected to be obtained' },
  'puts-child-at-risk': { says: 'asking would put a child at risk' },
  'puts-adult-at-risk': { says: 'asking would put at risk an adult who lacks capacity' },
  'prejudices-prevention': { says: 'asking would prejudice preventing or detecting an unlawful act' },
  'prevents-harm': { says: 'sharing prevents harm' },
  'delay-raises-risk': { says: 'the time that asking takes would raise the risk' },
  'no-real-choice': { says: 'the person could not really refuse' },
  'statutory-review': { says: 'a review or audit under legislation does not ask' },
} as const satisfies Record<string, Entry>;

export type NoConsentReason = keyof typeof NO_CONSENT_REASONS;

/** Why the person has not been told. */
export const NOT_INFORMED_REASONS = {
  'puts-child-at-risk': { says: 'telling would put a child at risk' },
  'puts-other-at-risk': { says: 'telling would put somebody else at risk' },
  'prejudices-prevention': { says: 'telling would prejudice preventing or detecting an unlawful act' },
  'prejudices-enquiry': { says: 'telling would prejudice an enquiry' },
  'cannot-be-reached': { says: 'the person cannot be reached' },
  'cannot-understand': { says: 'the person is too young or unable to understand' },
  'delay-raises-risk': { says: 'the time that telling takes would raise the risk' },
} as const satisfies Record<string, Entry>;

/** Who will tell the person. */
export const INFORMERS = {
  sender: { says: 'the sender' },
  recipient: { says: 'the recipient' },
  'front-door': { says: 'the front door' },
  'social-worker': { says: "the person's social worker" },
  'key-worker': { says: "the person's key worker" },
  parent: { says: 'a parent or carer' },
} as const satisfies Record<string, Entry>;
