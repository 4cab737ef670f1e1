import { type Agreement, entryNamed, term } from '../agreement';
import type { Membership, Party } from '../parties';
import { within } from '../vocabulary/entry';

// What an agreement asks of a party: at its door (activation) and again at every share, because staff leave and assessments lapse.

type Required = NonNullable<ReturnType<typeof requiredContacts>>[number];

export const requiredContacts = (agreement: Agreement) => term(agreement, 'party.requiredContacts');

/** Posts whose absence has a name of its own; the rest are told as a contact that is missing. */
export const POINTS_OF_CONTACT: readonly string[] = ['spoc', 'responsible-manager'];

export const asksForPoint = (agreement: Agreement): boolean => requiredContacts(agreement)?.some(({ post }) => POINTS_OF_CONTACT.includes(post)) ?? false;

/** The first required post that nobody reachable fills. One contact may fill several. */
export function unfilled(agreement: Agreement, party: Party, at: string, concerns: (post: string) => boolean): string | undefined {
  return requiredContacts(agreement)?.find((required) => concerns(required.post) && !filled(party, required, at))?.post;
}

const filled = (party: Party, required: Required, at: string): boolean =>
  party.contacts.some((contact) => {
    if (!contact.posts.includes(required.post) || !within(contact, at)) return false;
    const ways = { email: contact.email !== undefined, telephone: contact.telephone !== undefined };
    if (required.reach === 'email-and-telephone') return ways.email && ways.telephone;
    return required.reach === 'email' ? ways.email : ways.email || ways.telephone;
  });

/** Dated before now, and the controls it asked for confirmed. */
export const privacyAssessed = (membership: Membership, at: string): boolean =>
  membership.privacyAssessedOn !== undefined && within({ from: membership.privacyAssessedOn }, at) && membership.controlsConfirmed === true;

export const asksForAssessment = (agreement: Agreement): boolean => term(agreement, 'party.preconditions')?.includes('privacy-risk-assessment') ?? false;

/** Bound by the agreement, even if held or suspended just now. */
export const isParty = (membership: Membership | undefined): boolean => membership !== undefined && ['active', 'held', 'suspended'].includes(membership.status);

/** Works with the parties and has not signed: it may send to them, and receives only where the agreement says so. */
export const isConsulted = (agreement: Agreement, membership: Membership | undefined): boolean =>
  membership !== undefined && (membership.status === 'consulted' || (membership.status === 'active' && entryNamed(agreement, membership.entry)?.kind === 'consulted'));

/** A representative signed for its sector, and it has not accepted that itself. */
export function representedOnly(agreement: Agreement, membership: Membership | undefined, at: string): boolean {
  if (!membership || (membership.representedBy === undefined && entryNamed(agreement, membership.entry)?.kind !== 'represented')) return false;
  return membership.acceptedOn === undefined || !within({ from: membership.acceptedOn }, at);
}

/** Signed for by somebody with authority to commit the organisation. */
export const signedUp = (membership: Membership, at: string): boolean => membership.signed?.delegated === true && within({ from: membership.signed.on }, at);

/** Under the entry that it names, as a body of a type that the entry is for. */
export function isRelevantAgency(agreement: Agreement, party: Party, membership: Membership | undefined): boolean {
  const entry = membership && entryNamed(agreement, membership.entry);
  return entry !== undefined && entry.types.some((type) => party.types.includes(type));
}
