import type { Entry } from './entry';

export const MEETING_KINDS = {
  'partnership-meeting': { says: 'a meeting of the partnership or of one of its groups' },
  'practice-review': { says: 'a meeting about a review of practice' },
  'case-meeting': { says: 'a meeting about somebody at risk' },
  'child-death-overview': { says: 'a panel that looks at the death of a child' },
  'risk-assessment-and-resolution': { says: 'a meeting about the risk for which an agreement is suspended' },
  'provider-concerns': { says: 'a meeting about a provider' },
} as const satisfies Record<string, Entry>;

/** Why somebody is there: nobody is without a reason (MT-02). */
export const INVITED_BECAUSE = {
  'works-with-person': { says: 'works with the person' },
  'holds-information': { says: 'holds information that is needed' },
  'must-know': { says: 'needs what is shared there for its own work' },
  decides: { says: 'has a decision to make' },
  advises: { says: 'advises those who decide' },
  represents: { says: 'represents its organisation' },
  'takes-notes': { says: 'takes the notes' },
} as const satisfies Record<string, Entry>;
