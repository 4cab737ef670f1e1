import { Equals, IsIn, IsOptional } from 'class-validator';
import { Is, Nested } from './grammar';
import { Address } from './line';

export const AGREEMENT_STATEMENT_FORMAT = 'waybill-agreement-statement/1';

/** What a party can state of an agreement. */
export const AGREEMENT_STATEMENT_KINDS = ['dated', 'reviewed', 'law-changed', 'needs-confirmed', 'approved'] as const;
export type AgreementStatementKind = (typeof AGREEMENT_STATEMENT_KINDS)[number];

/** What a party states of an agreement, signed: codes, days, and the digest of a version. Every other party can read it. */
export class AgreementStated {
  @Equals(AGREEMENT_STATEMENT_FORMAT) format: typeof AGREEMENT_STATEMENT_FORMAT;
  @Is('uuid7') id: string;
  @IsIn(AGREEMENT_STATEMENT_KINDS) kind: AgreementStatementKind;
  @Is('agreement') agreement: string;
  @Nested(() => Address) by: Address;
  /** Role of the person. */
  @Is('code') role: string;
  @Is('origin') gateway: string;
  @Is('instant') at: string;
  /** Day of the signature, of the review, or on which the change in the law was found. */
  @IsOptional() @Is('day') on?: string;
  /** What the review came to; whether a party's own needs are the same. */
  @IsOptional() @Is('code') outcome?: string;
  /** Of an approval: the version that waits, and the SHA-256 of its machine-readable form. */
  @IsOptional() @Is('version') version?: string;
  @IsOptional() @Is('digest') digest?: string;
}
