import type { Entry } from './entry';

/** How a copy is destroyed (RT-12). */
export const DISPOSAL_METHODS = {
  'electronic-shredding': { says: 'overwritten, or its key destroyed' },
  'media-destroyed': { says: 'the medium was disintegrated, pulverised, melted or shredded' },
  'cross-cut-shredding': { says: 'paper was shredded cross-cut' },
  'paper-shredded': { says: 'paper was shredded' },
  'secure-sacks': { says: 'paper went in sacks for confidential waste' },
  'secure-recycling': { says: 'paper went to secure recycling' },
} as const satisfies Record<string, Entry>;

/** What starts the time for which something is kept. */
export const START_EVENTS = {
  received: { says: 'it was received' },
  'case-closed': { says: 'the case was closed' },
  'purpose-served': { says: 'it had served its purpose' },
  'course-ended': { says: 'the course ended' },
  'procurement-completed': { says: 'the procurement was completed' },
  'contract-ended': { says: 'the contract ended' },
  'recruitment-completed': { says: 'the recruitment was completed' },
  'contract-issued': { says: 'the contract was issued' },
  'membership-ended': { says: 'the person was no longer a member' },
  'rescinded-or-closed': { says: 'the notification was rescinded or closed' },
} as const satisfies Record<string, Entry>;

/** Why something is kept without an end. */
export const INDEFINITE_REASONS = {
  'statutory-duty': { says: 'a law asks for it' },
  'ongoing-risk': { says: 'the risk has no end that can be told' },
  'inquiry-hold': { says: 'a public inquiry has asked that it be kept' },
} as const satisfies Record<string, Entry>;

/** Why holding it on is justified (RT-05). */
export const JUSTIFICATIONS = {
  'still-working-with': { says: 'somebody still works with the person' },
  'statutory-period': { says: 'the period of a law or policy runs' },
  'risk-remains': { says: 'the risk remains' },
  'legal-claim': { says: 'a claim may need it' },
} as const satisfies Record<string, Entry>;

/** Why disposal is held (RT-15). */
export const HOLD_REASONS = {
  'evidence-police': { says: 'it may be evidence for the police' },
  'evidence-regulator': { says: 'it may be evidence for the regulator' },
  'rights-request': { says: 'somebody uses a right over it' },
  'legal-claim': { says: 'a claim is made' },
} as const satisfies Record<string, Entry>;
