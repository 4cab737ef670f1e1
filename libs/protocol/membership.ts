import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsIn, IsOptional, Matches, MaxLength } from 'class-validator';
import { Is, Nested } from './grammar';
import { Address } from './line';

export const MEMBERSHIP_FORMAT = 'waybill-membership/1';
export const MEMBERSHIP_KINDS = ['joins', 'withdraws', 'attests'] as const;
export type MembershipKind = (typeof MEMBERSHIP_KINDS)[number];

/** Codes of one attestation. */
const MOST_COVERED = 32;
/** Characters of a link to a notice or a policy. */
const LONGEST_LINK = 300;

/** What is attested. Days, codes, a digest, a link to what is published: no words. */
export class Attested {
  @Is('code') what: string;
  /** The day of what is attested: of the review, the approval, the report. */
  @Is('day') on: string;
  /** The last day of a certificate, or the day by which one is worked towards. */
  @IsOptional() @Is('day') until?: string;
  /** Where it is published. It names no person. */
  @IsOptional() @MaxLength(LONGEST_LINK) @Matches(/^https:\/\/[a-z0-9][a-z0-9.-]*[a-z0-9](\/[A-Za-z0-9._~/-]*)?$/, { message: 'link must be an https address without a query, like https://school.example/privacy' }) link?: string;
  /** Of a certificate. */
  @IsOptional() @Is('reference') reference?: string;
  /** SHA-256 of the report that was read. */
  @IsOptional() @Is('digest') digest?: string;
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_COVERED) @ArrayUnique() @Is('code', { each: true }) covers?: string[];
}

/** What an agency says of its own place in an agreement: that it asks to join, that it leaves, that something is so. */
export class MembershipStated {
  @Equals(MEMBERSHIP_FORMAT) format: typeof MEMBERSHIP_FORMAT;
  @Is('uuid7') id: string;
  @IsIn(MEMBERSHIP_KINDS) kind: MembershipKind;
  @Is('agreement') agreement: string;
  /** Of one that joins: the entry of the agreement’s list under which it comes. */
  @IsOptional() @Is('code') entry?: string;
  @IsOptional() @Nested(() => Attested) attested?: Attested;
  @Nested(() => Address) by: Address;
  @Is('origin') gateway: string;
  @Is('instant') at: string;
}
