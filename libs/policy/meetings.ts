import type { MeetingCalled, MeetingStated, MeetingStatementKind } from '#protocol/meeting';
import { type Agreement, purposeOf, term } from './agreement';
import type { MeetingHeld } from './decision';
import { type RecordRule, type Unmet, unmetRules, untrusted } from './recording';
import { holds, within } from './vocabulary/entry';
import { INVITED_BECAUSE, MEETING_KINDS } from './vocabulary/meetings';
import { ROLES } from './vocabulary/roles';

/** Told to whoever signs in (MT-10). */
export const CONTACT_NOTICE = 'Your contact details are kept as long as you are a member, and shown to the others of the group unless you object: sign in with `details` objects.';

type Part = 'chair' | 'administrator' | 'invited' | 'partner';

/** Who states what of a meeting, and without what it says nothing. */
export const MEETING_STATING_KINDS: Record<MeetingStatementKind, { says: string; clauses: readonly string[]; by: readonly Part[]; needs: readonly (keyof MeetingStated)[] }> = {
  deputised: { says: 'somebody comes in the place of somebody invited', clauses: ['MT-05'], by: ['administrator', 'invited'], needs: ['for', 'deputy'] },
  'confidentiality-stated': { says: 'the chair made the statement of confidentiality at the start, and all understood it', clauses: ['MT-01'], by: ['chair'], needs: [] },
  'terms-attached': { says: 'the terms of confidentiality and indemnity are set out', clauses: ['MT-09'], by: ['administrator'], needs: ['terms'] },
  'signed-in': { says: 'somebody is there and keeps to the statement: name and contact details sealed to whoever administers it, the role in clear', clauses: ['MT-03', 'MT-10'], by: ['invited'], needs: ['details'] },
  'reuse-agreed': { says: 'the notes may be used by these, for this purpose', clauses: ['MT-06', 'MT-07', 'PU-06'], by: ['chair', 'partner'], needs: ['recipients', 'purpose'] },
};

export interface MeetingCalling {
  agreement: Agreement;
  called: MeetingCalled;
  /** Addresses of the directory today, of active parties, as `agency/contact`. */
  known: ReadonlySet<string>;
  /** Whether whoever calls it has a part in the notification that it names; undefined: it names none. */
  notified?: boolean;
  at: string;
}

const strangers = ({ called: { chair, invited }, known }: MeetingCalling): number => [chair, ...invited].findIndex(({ agency, contact }) => !known.has(`${agency}/${contact}`));

function unknownIn({ called: { kind, role, invited }, at }: MeetingCalling): string | undefined {
  if (!holds(MEETING_KINDS, kind, at)) return '/kind';
  if (!holds(ROLES, role, at)) return '/role';
  const wrong = invited.findIndex(({ reason }) => !holds(INVITED_BECAUSE, reason, at));
  return wrong === -1 ? undefined : `/invited/${wrong}/reason`;
}

export const CALLING_MEETINGS = [
  {
    code: 'MEETING_CODE_UNKNOWN', clauses: ['MT-02'], grounds: untrusted('what a word means that stands in no list nobody can trust'), pointer: unknownIn,
    says: 'every invitation has its reason, and every code stands in the vocabulary of its place',
    next: 'Use a code of the vocabulary in the place named.',
    met: (facts) => unknownIn(facts) === undefined,
  },
  {
    code: 'INVITED_STRANGER', clauses: ['MT-02', 'MT-05'], grounds: untrusted('whoever stands in no directory cannot sign that it was there'), pointer: (facts) => (strangers(facts) === 0 ? '/chair' : `/invited/${strangers(facts) - 1}`),
    says: 'whoever chairs or is invited is a contact of an active party of the agreement',
    next: 'Name a contact that the directory has, or have it entered.',
    met: (facts) => strangers(facts) === -1,
  },
  {
    code: 'INVITED_TWICE', clauses: ['MT-02'], grounds: untrusted('of two reasons nobody knows which holds'), pointer: '/invited',
    says: 'everybody is invited once',
    next: 'Leave one of the two out.',
    met: ({ called: { invited } }) => new Set(invited.map(({ agency, contact }) => `${agency}/${contact}`)).size === invited.length,
  },
  {
    code: 'NOTIFICATION_NOT_HAD', clauses: ['IN-16'], grounds: untrusted('a meeting about what its caller never had would show others that it is there'), pointer: '/notification',
    says: 'a meeting that was opened from a notification names one, under this agreement, that whoever calls it issued, circulated or received',
    next: 'Name the notification as GET /v1/notifications shows it, or leave it out.',
    met: ({ notified }) => notified !== false,
  },
] as const satisfies readonly RecordRule<MeetingCalling>[];

export interface MeetingStating {
  agreement: Agreement;
  stated: MeetingStated;
  meeting: MeetingHeld;
  administrator: string;
  /** Whether the deputy is a contact of an active party. */
  deputyKnown: boolean;
  at: string;
}

const sameAddress = (one: { agency: string; contact: string }, other: { agency: string; contact: string } | undefined): boolean => one.agency === other?.agency && one.contact === other.contact;

/** What somebody is in a meeting. Pure. */
function partsOf({ stated: { by, kind, for: deputised }, meeting, administrator }: MeetingStating): Part[] {
  const invited = meeting.people.some((person) => (kind === 'deputised' ? sameAddress(person, deputised) && person.agency === by.agency : sameAddress(person, by)));
  return [...(sameAddress(meeting.chair, by) ? ['chair' as const] : []), ...(by.agency === administrator ? ['administrator' as const] : []), ...(invited ? ['invited' as const] : []), ...(meeting.partners.includes(by.agency) ? ['partner' as const] : [])];
}

const gap = (facts: MeetingStating): string | undefined => {
  const { stated, agreement } = facts;
  const missing = MEETING_STATING_KINDS[stated.kind].needs.find((field) => stated[field] === undefined);
  return missing ?? (stated.kind === 'signed-in' && term(agreement, 'meeting.attendance')?.includes('name') && stated.words === undefined ? 'words' : undefined);
};

export const STATING_OF_MEETINGS = [
  {
    code: 'MEETING_CODE_UNKNOWN', clauses: ['MT-02', 'MT-06'], grounds: untrusted('what a word means that stands in no list nobody can trust'), pointer: ({ stated: { role }, at }) => (holds(ROLES, role, at) ? '/purpose' : '/role'),
    says: 'role and purpose stand in their lists',
    next: 'Use a code of the vocabulary, and a purpose of the agreement.',
    met: ({ agreement, stated: { role, purpose }, at }) => holds(ROLES, role, at) && (purpose === undefined || purposeOf(agreement, purpose) !== undefined),
  },
  {
    code: 'MEETING_STATEMENT_INCOMPLETE', clauses: ['MT-03', 'MT-06', 'MT-09'], grounds: ['meeting.attendance', 'meeting.reuseConsent', { technical: 'a consent that names nobody and no purpose is none' }], pointer: (facts) => `/${gap(facts) ?? ''}`,
    says: 'a sign-in has name and contact details (sealed), role and whether the details are shown; a consent names recipients and purpose; a deputy whom it stands for; terms their digest',
    next: 'Add the field named; `words` are sealed to whoever administers the meeting.',
    met: (facts) => gap(facts) === undefined,
  },
  {
    code: 'NOT_YOURS_TO_STATE', clauses: ['MT-01', 'MT-03', 'MT-06'], grounds: ['meeting.confidentialityStatement', 'meeting.reuseConsent', { technical: 'what somebody else has to say about a meeting proves nothing' }], pointer: '/kind',
    says: 'the chair states confidentiality and consents, whoever is invited signs for itself, whoever administers it attaches terms',
    next: 'Have it stated by whoever it falls to: GET the meeting names them.',
    met: (facts) => MEETING_STATING_KINDS[facts.stated.kind].by.some((part) => partsOf(facts).includes(part)),
  },
  {
    code: 'INVITED_STRANGER', clauses: ['MT-05'], grounds: untrusted('whoever stands in no directory cannot sign that it was there'), pointer: '/deputy',
    says: 'a deputy is a contact of the same organisation as whoever it stands for, and was not invited itself',
    next: 'Name another contact of that organisation.',
    met: ({ stated: { kind, for: invited, deputy }, deputyKnown, meeting }) => kind !== 'deputised' || (deputyKnown && deputy?.agency === invited?.agency && meeting.people.some((person) => sameAddress(person, invited)) && !meeting.people.some((person) => sameAddress(person, deputy))),
  },
  {
    code: 'STATEMENT_BEFORE_START', clauses: ['MT-01'], grounds: untrusted('what has not begun has no start'), pointer: '/at',
    says: 'nobody signs in, and no statement of confidentiality is made, before the day of the meeting',
    next: 'State it on the day.',
    met: ({ stated: { kind }, meeting, at }) => !['signed-in', 'confidentiality-stated'].includes(kind) || within({ from: meeting.on }, at),
  },
] as const satisfies readonly RecordRule<MeetingStating>[];

export const callingUnmet = (facts: MeetingCalling): Unmet<(typeof CALLING_MEETINGS)[number]['code']>[] => unmetRules(CALLING_MEETINGS, facts);
export const meetingUnmet = (facts: MeetingStating): Unmet<(typeof STATING_OF_MEETINGS)[number]['code']>[] => unmetRules(STATING_OF_MEETINGS, facts);
