import type { Entry } from './entry';

/** Posts that an agreement asks a party to fill, or that act for an agreement. A contact of the directory holds them. */
export const POSTS = {
  spoc: { says: 'single point of contact' },
  'responsible-manager': { says: 'responsible manager' },
  'lead-officer': { says: 'lead officer' },
  'strategic-safeguarding-lead': { says: 'strategic safeguarding lead' },
  'accuracy-post': { says: 'post holder for accuracy' },
  'day-to-day-post': { says: 'post holder for day-to-day responsibility' },
  'breach-post': { says: 'post to be told of a breach' },
  'responsible-person': { says: 'responsible person' },
  signatory: { says: 'signatory' },
  'data-protection-officer': { says: 'data protection officer' },
  'nominated-post-holder': { says: 'nominated post holder' },
  coordinator: { says: 'partnership co-ordinator' },
  'business-manager': { says: 'business manager' },
  'independent-scrutineer': { says: 'independent scrutineer' },
  'statutory-safeguarding-partner': { says: 'statutory safeguarding partner' },
  'lead-safeguarding-partner': { says: 'lead safeguarding partner' },
  'governance-lead': { says: 'information-governance lead' },
  'legal-or-security-staff': { says: 'legal, information-security or information-management staff' },
  mailbox: { says: 'mailbox for circulations' },
  'emergency-duty': { says: 'emergency duty contact, reached outside working hours' },
  'child-death-review-manager': { says: 'child death review manager' },
} as const satisfies Record<string, Entry>;

export type Post = keyof typeof POSTS;

/** Roles in which a person sends or decides, besides the posts. */
export const ROLES = {
  ...POSTS,
  'designated-safeguarding-lead': { says: 'designated safeguarding lead' },
  'deputy-safeguarding-lead': { says: 'deputy safeguarding lead' },
  'line-manager': { says: 'line manager' },
  headteacher: { says: 'headteacher' },
  teacher: { says: 'teacher' },
  practitioner: { says: 'practitioner' },
  'social-worker': { says: 'social worker' },
  'key-worker': { says: 'key worker' },
  'front-door-worker': { says: 'worker at the front door' },
  'duty-worker': { says: 'worker of the duty team' },
  'police-officer': { says: 'police officer' },
  'police-staff': { says: 'police staff' },
  'probation-officer': { says: 'probation officer' },
  'health-visitor': { says: 'health visitor' },
  nurse: { says: 'nurse' },
  midwife: { says: 'midwife' },
  doctor: { says: 'doctor' },
  'housing-officer': { says: 'housing officer' },
  'youth-worker': { says: 'youth worker' },
  'support-worker': { says: 'support worker' },
  volunteer: { says: 'volunteer' },
  'meeting-chair': { says: 'chair of a meeting' },
  deputy: { says: 'deputy' },
  attorney: { says: 'attorney under a power of attorney' },
  'court-deputy': { says: 'deputy of the Court of Protection' },
} as const satisfies Record<string, Entry>;
