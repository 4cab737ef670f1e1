import { type Agreement, entryNamed } from './agreement';
import type { MailDomain } from './channels/question';
import { entryOf, within } from './vocabulary/entry';
import { ORGANISATION_TYPES, type OrgType } from './vocabulary/organisations';
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
  /** Whether it is a public authority (DPA 2018, s.7), where its type does not tell: an academy is one, an independent school is not. */
  publicAuthority?: boolean;
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
  /** Who signed for the organisation; `delegated`: with authority to commit it. */
  signed?: { role: string; on: string; delegated: boolean };
  /** A representative signed for its sector; the day on which the organisation accepted that itself. */
  representedBy?: string;
  acceptedOn?: string;
  /** For bodies of these types it acts, by contract or appointment. */
  actsFor?: readonly OrgType[];
  /** Day from which safeguards for a transfer abroad are on file. */
  transferSafeguards?: string;
  /** What it attested, and the last day on which each counts. */
  attested?: Readonly<Record<string, string>>;
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
  /** Nobody collects for it from a mailbox here; absent: somebody does. */
  collects?: false;
  /** The domain of its mail address, as it was last found; absent: none is recorded, or no mail is sent. */
  domain?: MailDomain;
  telephone?: string;
  from: string;
  until?: string;
  protections: readonly Protection[];
  /** Whether its mail address is one of criminal justice secure mail. */
  cjsm?: boolean;
  /** Day from which the address is approved for what comes from a party with rules of its own. */
  approvedOn?: string;
  /** Of OpenPGP. */
  sealingKey: KeyStanding;
  /** Of S/MIME; absent: it has none. */
  smimeKey?: KeyStanding;
}

export type KeyStanding = 'current' | 'unverified' | 'expired' | 'revoked' | 'weak' | 'none';

/** Whether it has tasks for which legitimate interests are closed to it, and needs a power to share: as one of its types tells, else as the directory says. */
export const isPublicAuthority = (party: Party | undefined): boolean =>
  (party?.types.some((type) => entryOf(ORGANISATION_TYPES, type)?.publicAuthority === 'yes') ?? false) || party?.publicAuthority === true;

/** The contact of this name, if it stands at that instant. */
export const contactOf = (party: Party | undefined, contact: string, at: string): Contact | undefined =>
  party?.contacts.find((each) => each.contact === contact && within(each, at));

/** A party's place in the agreement at that instant, under an entry that the agreement's list still has; whatever its status. */
export const membershipOf = (party: Party | undefined, agreement: Agreement, at: string): Membership | undefined =>
  party?.memberships.find((each) => each.agreement === agreement.id && within(each, at) && entryNamed(agreement, each.entry) !== undefined);
