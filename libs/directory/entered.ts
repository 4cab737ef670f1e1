import type { KeyUse } from '#envelope/key-statement';
import type { Membership } from '#policy/parties';

// What whoever writes the directory hands to the registrar.

export interface NewAgency {
  agency: string;
  name: string;
  controller: { id: string; name: string };
  types: readonly string[];
  /** Whether it is a public authority (DPA 2018, s.7), where its type does not tell. */
  publicAuthority?: boolean;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** Domains in which its contacts' mail addresses lie. */
  mailDomains?: readonly string[];
}

export interface NewContact {
  contact: string;
  kind: 'team' | 'person' | 'mailbox';
  label: string;
  posts?: readonly string[];
  desk?: string;
  email?: string;
  telephone?: string;
  /** Day on which somebody checked that it reaches whom it says (MN-03). */
  verifiedOn?: string;
  /** Whether its mail address is one of criminal justice secure mail (CH-07). */
  cjsm?: boolean;
  /** Day from which the address is approved for what comes from a party with rules of its own (CH-07). */
  approvedOn?: string;
  /** Whether somebody collects for it from a mailbox here; absent: yes. */
  collects?: boolean;
}

/** What the co-ordinator made sure of about a mail domain. */
export interface RecordedDomain {
  domain: string;
  /** Host names, as in a policy (`*.mail.example`), that are the domain's. */
  hosts: readonly string[];
  government: boolean;
}

/** What somebody looked into, of a contact that is there. What is left out stays as it was. */
export type Checked = Pick<NewContact, 'contact' | 'verifiedOn' | 'cjsm' | 'approvedOn' | 'collects'>;

/** A membership with all that is on file of it: what is not given is not on file any more. */
export type NewMembership = Omit<Membership, 'status' | 'from' | 'until'>;

export interface NewCertificate {
  agency: string;
  contact: string;
  use: KeyUse;
  /** OpenPGP certificate, binary or armored; or an X.509 one for S/MIME, DER. */
  certificate: Uint8Array;
  /** The co-ordinator's statement for it and its detached signature (wire.md section 6). */
  statement: Uint8Array;
  statementSignature: Uint8Array;
}
