import { ArrayNotEmpty, Equals, IsArray, IsBoolean, IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { parse } from 'yaml';
import { Is, Nested } from '#protocol/grammar';
import { type Fault, shaped } from '#protocol/read';
import { ORGANISATION_TYPES, type OrgType } from '#policy/vocabulary/organisations';
import { Each } from '#protocol/shapes';

export const PARTY_FORMAT = 'waybill-party/1';

export class ControllerOfParty {
  @Is('agency') id: string;
  @IsString() name: string;
}

class ContactOfParty {
  @Is('contact') contact: string;
  @IsIn(['team', 'person', 'mailbox']) kind: 'team' | 'person' | 'mailbox';
  /** The post, never a person's name. */
  @IsString() label: string;
  @IsOptional() @IsArray() @Is('code', { each: true }) posts?: string[];
  @IsOptional() @Is('code') desk?: string;
  @IsOptional() @Matches(/^[^\s@]+@[^\s@]+$/, { message: 'email must be a mail address' }) email?: string;
  @IsOptional() @Matches(/^\+[0-9]{7,15}$/, { message: 'telephone must be written as +441514960000' }) telephone?: string;
  /** Day on which somebody checked that it reaches whom it says (MN-03). */
  @IsOptional() @Is('day') verifiedOn?: string;
  /** Whether the mail address is one of criminal justice secure mail (CH-07). */
  @IsOptional() @IsBoolean() cjsm?: boolean;
  /** Whether somebody collects for it from a mailbox here; absent: yes. Where nobody does it gets mail, sealed, if its domain is secure; without a key, containers where the agreement lets it. */
  @IsOptional() @IsBoolean() collects?: boolean;
  /** Day from which the address is approved for what comes from a party with rules of its own (CH-07). */
  @IsOptional() @Is('day') approvedOn?: string;
}

/** That somebody signed for the organisation: the role and the day. The name stays on the paper. */
class Signed {
  @Is('code') role: string;
  @Is('day') on: string;
  /** With authority to commit the organisation to all of it (PD-04). */
  @IsBoolean() delegated: boolean;
}

/** What is on file of a membership, as the agreement asks for it. */
export class OnFile {
  @IsOptional() @Is('day') privacyAssessedOn?: string;
  @IsOptional() @IsBoolean() controlsConfirmed?: boolean;
  @IsOptional() @IsString() scopeLimit?: string;
  @IsOptional() @Nested(() => Signed) signed?: Signed;
  /** Entry of the party list that signed for its sector, and the day on which the organisation accepted that itself (PD-03). */
  @IsOptional() @Is('code') representedBy?: string;
  @IsOptional() @Is('day') acceptedOn?: string;
  /** For bodies of these types it acts, by contract or appointment (LB-07). */
  @IsOptional() @ArrayNotEmpty() @IsIn(Object.keys(ORGANISATION_TYPES), { each: true, message: 'each of actsFor must be a type of organisation, like local-authority' }) actsFor?: OrgType[];
  /** Day from which safeguards for transfers abroad are on file (AS-07). */
  @IsOptional() @Is('day') transferSafeguards?: string;
}

class MembershipOfParty extends OnFile {
  @Is('agreement') agreement: string;
  /** Entry of the agreement's party list. */
  @IsString() entry: string;
}

/** What an operator enters of an organisation, as somebody reviewed it. Holds no key. */
export class PartyFile {
  @Equals(PARTY_FORMAT) format: typeof PARTY_FORMAT;
  @Is('agency') agency: string;
  @IsString() name: string;
  @Nested(() => ControllerOfParty) controller: ControllerOfParty;
  @ArrayNotEmpty() @Is('code', { each: true }) types: string[];
  /** Whether it is a public authority (DPA 2018, s.7), where its type does not tell. */
  @IsOptional() @IsBoolean() publicAuthority?: boolean;
  /** ISO 3166-1 alpha-2. */
  @Matches(/^[A-Z]{2}$/, { message: 'country must be two capital letters, like GB' }) country: string;
  @IsOptional() @IsArray() @Matches(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, { each: true, message: 'each mail domain must be a domain, like school.example' }) mailDomains?: string[];
  @Each(() => ContactOfParty) contacts: ContactOfParty[];
  @Each(() => MembershipOfParty) memberships: MembershipOfParty[];
}

/** Reads a party's file, YAML or JSON: every fault at once, each with its place. */
export function readParty(text: string): { ok: true; party: PartyFile } | { ok: false; faults: readonly Fault[] } {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch {
    return { ok: false, faults: [{ pointer: '', says: 'is not YAML' }] };
  }
  const reading = shaped(PartyFile, { ok: true, value } as Parameters<typeof shaped>[1]);
  if (!reading.ok) return reading;
  const names = reading.value.contacts.map(({ contact }) => contact);
  const twice = names.filter((name, i) => names.indexOf(name) < i);
  return twice.length > 0 ? { ok: false, faults: twice.map((name) => ({ pointer: '/contacts', says: `names ${name} twice` })) } : { ok: true, party: reading.value };
}
