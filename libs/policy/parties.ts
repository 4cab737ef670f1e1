import { type Agreement, entryNamed } from './agreement';
import { within } from './vocabulary/entry';
import type { OrgType } from './vocabulary/organisations';
import type { Protection } from './vocabulary/protections';

/** The facts on which a decision about agencies rests, as they stand at the instant of the decision. */
export interface Parties {
  party(agency: string): Party | undefined;
  /** The active member of the agreement under this entry of its party list: whose data a desk's are, whatever agency staffs it (RC-04). */
  member(entry: string): Party | undefined;
}

export interface Party {
  agency: string;
  controller: { id: string; name: string };
  types: readonly OrgType[];
  /** ISO 3166-1 alpha-2. */
  country: string;
  memberships: readonly Membership[];
  contacts: readonly Contact[];
}

export interface Membership {
  agreement: string;
  /** Entry of the agreement's party list under which it came in. */
  entry: string;
  status: 'active' | 'consulted' | 'held' | 'withdrawn' | 'suspended';
  from: string;
  until?: string;
  scopeLimit?: string;
  privacyAssessedOn?: string;
  controlsConfirmed?: boolean;
}

export interface Contact {
  contact: string;
  kind: 'team' | 'person' | 'mailbox';
  /** Codes of the vocabulary's posts. */
  posts: readonly string[];
  /** The desk of an agreement that this contact staffs, such as its front door. */
  desk?: string;
  verifiedOn?: string;
  email?: string;
  /** Whether the mail address lies in a domain of the organisation; absent: not looked into. */
  emailDomainOwned?: boolean;
  telephone?: string;
  from: string;
  until?: string;
  protections: readonly Protection[];
  sealingKey: 'current' | 'unverified' | 'expired' | 'revoked' | 'weak' | 'none';
}

/** The contact of this name, if it stands at that instant. */
export const contactOf = (party: Party | undefined, contact: string, at: string): Contact | undefined =>
  party?.contacts.find((each) => each.contact === contact && within(each, at));

/** A party's place in the agreement at that instant, under an entry that the agreement's list still has; whatever its status. */
export const membershipOf = (party: Party | undefined, agreement: Agreement, at: string): Membership | undefined =>
  party?.memberships.find((each) => each.agreement === agreement.id && within(each, at) && entryNamed(agreement, each.entry) !== undefined);
