import type { Entry } from './entry';

// Codes of what is said afterwards about a share: that it was wrong, that it should go, what one side thinks of releasing it.

/** What is wrong with something that was shared (PV-08). */
export const WRONG_WITH_IT = {
  'somebody-else': { says: 'it is about another person' },
  'wrong-value': { says: 'a value is wrong: a date, a place, a number' },
  'opinion-as-fact': { says: 'an opinion was told as a fact' },
  'out-of-date': { says: 'it had changed before it was shared' },
  incomplete: { says: 'something is missing without which it misleads' },
  attribution: { says: 'it was said by somebody else than told' },
} as const satisfies Record<string, Entry>;

/** Where the right value is from. */
export const RIGHT_FROM = {
  subject: { says: 'the person' },
  'own-record': { says: 'the record of whoever corrects it' },
  'official-document': { says: 'an official document' },
  'another-agency': { says: 'another agency' },
  'third-party': { says: 'a third party' },
  court: { says: 'a court or tribunal' },
} as const satisfies Record<string, Entry>;

/** Why a copy is to be deleted. */
export const DELETION_GROUNDS = {
  'right-to-erasure': { says: 'the person had a right to its erasure' },
  'shared-by-mistake': { says: 'it should not have been shared' },
  'purpose-served': { says: 'it has served the purpose for which it was shared' },
} as const satisfies Record<string, Entry>;

/** Why a correction is not applied. */
export const NOT_APPLIED_REASONS = {
  'not-held': { says: 'no copy is held any more' },
  'already-right': { says: 'the copy has the right value already' },
  'own-record-differs': { says: 'its own record says otherwise, and both are kept side by side' },
  'concerns-another': { says: 'it is not about what was received' },
} as const satisfies Record<string, Entry>;

/** Why a copy is kept that was to be deleted. */
export const KEPT_REASONS = {
  'other-basis': { says: 'it is held on another lawful basis than consent' },
  'statutory-duty': { says: 'a law asks that it be kept' },
  'evidence-hold': { says: 'it may be evidence of an offence or a breach' },
  'legal-claim': { says: 'a legal claim needs it' },
  'safety-of-another': { says: 'somebody is less safe without it' },
} as const satisfies Record<string, Entry>;

/** What concerns whoever circulates about the practice of an authority that issues notifications (IN-12). */
export const PRACTICE_CONCERNS = {
  'prohibited-purpose': { says: 'a notification served a purpose that is prohibited' },
  'not-reviewed': { says: 'notifications are not reviewed, or questions about them not answered' },
  'not-necessary': { says: 'notifications are issued that are not necessary or proportionate' },
  'told-outside': { says: 'something was told outside the parties' },
  'used-as-bar': { says: 'notifications are used to keep providers from placements' },
} as const satisfies Record<string, Entry>;

/** Why whoever provided something is against releasing, correcting or erasing it; or a controller against its use for something else. */
export const VIEW_REASONS = {
  'serious-harm': { says: 'somebody’s physical or mental health could come to serious harm' },
  'prejudices-investigation': { says: 'it would prejudice the prevention or detection of crime' },
  'identifies-third-party': { says: 'it shows who another person is that did not agree' },
  'identifies-referrer': { says: 'it shows who made a referral' },
  'child-abuse-data': { says: 'it tells whether a child is or was at risk of abuse, and telling is not in the child’s interest' },
  'legal-privilege': { says: 'it is legally privileged' },
  'accurate-as-it-is': { says: 'it is accurate as it stands' },
  'needed-still': { says: 'it is needed still' },
  'confidence-owed': { says: 'it was given in confidence' },
  'purpose-incompatible': { says: 'the purpose does not go with the one for which it was shared' },
  'not-necessary': { says: 'it is not necessary for the purpose' },
} as const satisfies Record<string, Entry>;

/** How whoever shared looks at what its recipient does with it (AU-03). */
export const AUDIT_MANNERS = {
  'on-site': { says: 'whoever shared it visits' },
  'independent-report': { says: 'an independent assessor reports' },
} as const satisfies Record<string, Entry>;

/** What an audit asks for. */
export const AUDIT_ACTIONS = {
  'access-restricted': { says: 'fewer people reach it' },
  'staff-trained': { says: 'staff are trained or checked' },
  'devices-secured': { says: 'devices and premises are made safer' },
  'procedure-changed': { says: 'a procedure is changed' },
  'copies-removed': { says: 'copies that should not be there are removed' },
  'supplier-changed': { says: 'a supplier or a contract is changed' },
} as const satisfies Record<string, Entry>;

/** Why a partner cannot assist. */
export const NO_ASSISTANCE_REASONS = {
  'nothing-held': { says: 'nothing of it is held' },
  'no-time': { says: 'not by then' },
  'not-lawful': { says: 'it may not lawfully be told' },
} as const satisfies Record<string, Entry>;
