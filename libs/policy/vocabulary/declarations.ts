import type { Entry } from './entry';

// Codes with which a sender declares what an agreement or a law asks it to think of.

/** Why people can be identified whom the share is not about. */
export const THIRD_PARTY_REASONS = {
  'part-of-the-risk': { says: 'they are part of what the risk is' },
  'cares-for-person': { says: 'they care for the person' },
  'at-risk-too': { says: 'they are at risk themselves' },
  'cannot-be-separated': { says: 'the information cannot be told without them' },
} as const satisfies Record<string, Entry>;

/** Why advice cannot be asked for without saying who the person is. */
export const IDENTITY_REASONS = {
  'already-known': { says: 'the adviser works with the person already' },
  'records-compared': { says: 'the adviser must look into its own records' },
  'no-time-to-reduce': { says: 'taking identity out takes time that there is not' },
} as const satisfies Record<string, Entry>;

interface OnwardGround extends Entry {
  /** Exceptions of an agreement's purpose rule that it meets. */
  meets: readonly ('crime' | 'child-well-being' | 'statutory-obligation' | 'individual-at-risk')[];
}

/** On what ground nobody waits for the originating controller, which is told at once. */
export const ONWARD_GROUNDS = {
  'person-at-risk': { says: 'a person is at risk', meets: ['individual-at-risk', 'child-well-being'] },
  'statute-requires': { says: 'a statute requires the disclosure', meets: ['statutory-obligation'] },
  crime: { says: 'a crime is prevented or reduced', meets: ['crime'] },
} as const satisfies Record<string, OnwardGround>;

/** On what ground something goes to one that is no party of the agreement. */
export const OUTSIDE_GROUNDS = {
  consented: { says: 'the person agreed to it' },
  'registered-disclosure': { says: 'what the sender has published of its processing names such a recipient' },
  'law-requires': { says: 'a law requires it' },
  exemption: { says: 'an exemption of data protection law allows it' },
} as const satisfies Record<string, Entry>;

export type OutsideGround = keyof typeof OUTSIDE_GROUNDS;

/** On what ground an adult is an individual at risk (DPA 2018, Sch 1 paras 18 and 19). */
export const AT_RISK_GROUNDS = {
  'needs-care-and-support': { says: 'has needs for care and support, and cannot protect himself or herself' },
  'neglect-or-harm': { says: 'is experiencing, or at risk of, neglect or harm' },
  'economic-harm': { says: 'is less able to protect his or her economic well-being' },
} as const satisfies Record<string, Entry>;

/** Why something is doubtful. */
export const DOUBTS = {
  'second-hand': { says: 'heard from somebody who heard it' },
  contradicted: { says: 'another account contradicts it' },
  'not-verified': { says: 'nobody has verified it' },
  'out-of-date': { says: 'it may have changed since' },
  'identity-unsure': { says: 'it may be about somebody else' },
} as const satisfies Record<string, Entry>;

/** Who a third party is that gave information. */
export const SOURCE_KINDS = {
  family: { says: 'a member of the family' },
  neighbour: { says: 'a neighbour or member of the public' },
  professional: { says: 'a professional of another organisation' },
  organisation: { says: 'another organisation' },
  anonymous: { says: 'somebody who did not say' },
} as const satisfies Record<string, Entry>;

/** Why something of long ago is told. */
export const HISTORICAL_REASONS = {
  pattern: { says: 'it shows a pattern' },
  'still-relevant': { says: 'the risk that it shows has not ended' },
  background: { says: 'what is told now cannot be understood without it' },
} as const satisfies Record<string, Entry>;

/** Why those who are to hear of significant harm do not get the share. */
export const HARM_TOLD_OTHERWISE = {
  'told-already': { says: 'they have been told already' },
  'told-by-telephone': { says: 'they are told by telephone' },
  'told-by-another': { says: 'another agency has confirmed that it told them' },
  'recipient-decides': { says: 'the designated lead who gets it decides on that' },
} as const satisfies Record<string, Entry>;

/** Who commissions a review. */
export const REVIEW_BODIES = {
  'safeguarding-partnership': { says: 'the safeguarding partnership' },
  'safeguarding-adults-board': { says: 'the Safeguarding Adults Board' },
  'community-safety-partnership': { says: 'the Community Safety Partnership' },
  'national-panel': { says: 'the national panel' },
  'child-death-review-partners': { says: 'the child death review partners' },
} as const satisfies Record<string, Entry>;

/** Limits of a membership to what an agreement is about: whom a share must concern. */
export const SCOPE_LIMITS = {
  'relates-to-children': { says: 'only where it relates to children', subject: 'children' },
  'relates-to-adults': { says: 'only where it relates to adults at risk', subject: 'adults-at-risk' },
} as const satisfies Record<string, Entry & { subject: 'children' | 'adults-at-risk' }>;

/** Categories from which a person is told directly. */
export const IDENTIFYING: readonly string[] = ['names', 'birth-and-death', 'addresses', 'contact-and-next-of-kin', 'family', 'photos-of-injuries'];

/** The United Kingdom and the European Economic Area, ISO 3166-1 alpha-2. The text of before 2021 that says EEA means both. */
export const REGIONS = {
  UK: ['GB'],
  EEA: ['AT', 'BE', 'BG', 'HR', 'CY', 'CZ', 'DK', 'EE', 'FI', 'FR', 'DE', 'GR', 'HU', 'IS', 'IE', 'IT', 'LV', 'LI', 'LT', 'LU', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SK', 'SI', 'ES', 'SE'],
} as const satisfies Record<'UK' | 'EEA', readonly string[]>;
