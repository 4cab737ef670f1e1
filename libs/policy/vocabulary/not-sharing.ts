import type { Entry } from './entry';

/** On what a reason not to share stands: a place in the agreement, the want of a lawful basis, a risk, need and proportion, or a fact. */
export type Cites = 'agreement' | 'lawful-basis' | 'risk' | 'necessity' | 'fact';

export interface NotSharingReason extends Entry {
  /** Absent: it says nothing that anybody could answer, and is no reason by itself (DS-13). */
  cites?: Cites;
  /** It is not that whoever was asked will not: it cannot. All that is open where the law compels an answer (RQ-13). */
  cannot?: true;
}

/** Why it was decided not to share. */
export const NOT_SHARING_REASONS = {
  'agreement-does-not-permit': { says: 'the agreement does not permit it, as the proposal that comes with it shows', cites: 'agreement' },
  'purpose-outside-agreement': { says: 'the purpose is none of the agreement', cites: 'agreement' },
  'not-a-party': { says: 'whoever asked is no party to the agreement', cites: 'agreement' },
  'no-clear-purpose': { says: 'there is no clear and legitimate purpose', cites: 'lawful-basis' },
  'no-lawful-basis': { says: 'no lawful basis was found', cites: 'lawful-basis' },
  'no-condition': { says: 'no condition for special category or offence data was found', cites: 'lawful-basis' },
  'no-power': { says: 'no statutory or other power to share was found', cites: 'lawful-basis' },
  'consent-refused': { says: 'the person refused or withdrew consent, and nothing else makes it lawful', cites: 'lawful-basis' },
  'confidence-outweighs': { says: 'a duty of confidence outweighs the public interest in sharing', cites: 'lawful-basis' },
  'privileged': { says: 'it is privileged, or an order of a court forbids it', cites: 'lawful-basis', cannot: true },
  'puts-person-at-risk': { says: 'sharing would put the person at risk', cites: 'risk' },
  'puts-another-at-risk': { says: 'sharing would put somebody else at risk', cites: 'risk' },
  'prejudices-investigation': { says: 'sharing would prejudice the prevention or detection of crime', cites: 'risk' },
  'no-safe-way': { says: 'there is no way of sharing it safely', cites: 'risk', cannot: true },
  'no-need-to-know': { says: 'whoever asked does not need it for the purpose', cites: 'necessity' },
  'not-necessary': { says: 'it is not necessary for the purpose', cites: 'necessity' },
  'not-proportionate': { says: 'it is out of proportion to the need and the risk', cites: 'necessity' },
  'anonymised-serves': { says: 'the purpose is served without saying who the person is', cites: 'necessity' },
  'not-held': { says: 'the information is not held', cites: 'fact', cannot: true },
  'not-reliable': { says: 'it is not accurate or current enough to rely on', cites: 'fact' },
  'shared-otherwise': { says: 'it was shared another way, or by somebody else', cites: 'fact', cannot: true },
  'data-protection': { says: 'data protection' },
  confidentiality: { says: 'confidentiality' },
} as const satisfies Record<string, NotSharingReason>;

/** The one that only a proposal can bear out. */
export const NOT_PERMITTED = 'agreement-does-not-permit' satisfies keyof typeof NOT_SHARING_REASONS;
