import { term } from '../agreement';
import type { MeetingHeld, Reuse } from '../decision';
import type { Condition, RecipientFacts } from './condition';

type Person = MeetingHeld['people'][number];

const personOf = ({ meeting, recipient }: RecipientFacts): Person | undefined => meeting?.people.find(({ agency, contact }) => agency === recipient.agency && contact === recipient.contact);

/** Why somebody gets no notes of it. */
function notThere(facts: RecipientFacts): string | undefined {
  if (!facts.meeting) return undefined;
  const person = personOf(facts);
  if (!person) return 'not-invited';
  if (!person.signed) return 'not-signed';
  const item = facts.manifest.threads?.item;
  return item === undefined || !person.items || person.items.includes(item) ? undefined : 'other-item';
}

const covers = (facts: RecipientFacts, { recipients, purpose }: Reuse['given'][number]): boolean => recipients.includes(facts.recipient.agency) && purpose === facts.manifest.purpose;

/** The chair's consent and the agreement of every partner, for this recipient and purpose. */
function agreed(facts: RecipientFacts): boolean {
  const { previous } = facts;
  if (previous?.meeting !== true || facts.recipient.agency === previous.originator.agency) return true;
  const given = (previous.reuse?.given ?? []).filter((each) => covers(facts, each));
  const asks = term(facts.agreement, 'onward.meeting') ?? [];
  const partners = (previous.reuse?.partners ?? []).filter((agency) => agency !== facts.sender?.agency);
  return (!asks.includes('chair-consents') || given.some(({ as }) => as === 'chair')) && (!asks.includes('partners-agree') || partners.every((agency) => given.some(({ by }) => by === agency)));
}

/** Papers and notes of a meeting, and what is used of them later. */
export const MEETINGS = [
  {
    code: 'MEETING_UNKNOWN', clauses: ['MT-05'], on: 'share', grounds: [{ technical: 'notes of a meeting in which their sender has no part stand in no record' }], pointer: '/threads/meeting', nicety: true,
    says: 'notes of a meeting name one, under this agreement, in which their sender has a part',
    next: 'Call the meeting first; or leave `threads.meeting` out.',
    met: ({ manifest, meeting }) => manifest.threads?.meeting === undefined || meeting !== undefined,
  },
  {
    code: 'CONFIDENTIALITY_NOT_STATED', clauses: ['MT-01'], on: 'share', term: 'meeting.confidentialityStatement', pointer: '/threads/meeting', nicety: true,
    applies: (agreement) => term(agreement, 'meeting.confidentialityStatement') === 'chair-at-start',
    says: 'papers and notes of a meeting go out once its chair has recorded that the statement of confidentiality was made at the start',
    next: 'Have the chair record it: state `confidentiality-stated` of the meeting.',
    met: ({ meeting }) => meeting?.confidentialityStated !== false,
  },
  {
    code: 'MEETING_TERMS_MISSING', clauses: ['MT-09'], on: 'share', term: 'meeting.jointControllers', pointer: '/threads/meeting', nicety: true,
    says: 'notes of a meeting whose members become joint controllers go out once the terms of confidentiality and indemnity are attached',
    next: 'Have whoever administers the meeting attach them: state `terms-attached`.',
    met: ({ meeting }) => meeting?.joint !== true || meeting.termsAttached,
  },
  {
    code: 'NOT_INVITED', clauses: ['MT-02', 'MT-03', 'MT-05'], on: 'recipient', term: 'meeting.notesRecipients', pointer: '/recipient/contact', cause: notThere,
    says: 'notes of a meeting go to those alone who were invited, or deputised for them, and signed in; of an item that is restricted, to those who were there for it',
    next: 'Leave this recipient out; have an attendee sign in; or ask the chair to consent to another use.',
    met: (facts) => notThere(facts) === undefined,
  },
  {
    code: 'MEETING_USE_NOT_AGREED', clauses: ['MT-06', 'MT-07', 'PU-06'], on: 'recipient', term: 'onward.meeting', pointer: '/recipient/agency', nicety: true, awaits: ({ previous }) => previous?.originator.controller,
    says: 'what was shared in a meeting goes to nobody else before its chair has consented, to this recipient and purpose, and the partners have agreed',
    next: 'Ask the chair and the partners that GET the meeting names: each states `reuse-agreed` with recipients and purpose.',
    met: agreed,
  },
] as const satisfies readonly Condition[];
