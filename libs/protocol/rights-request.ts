import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsIn, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { Is, Nested } from './grammar';
import { Address } from './line';
import { LIMITS } from './limits';
import { RIGHTS, type Right } from './matter';
import { WordsSealed } from './not-shared';

export const RIGHTS_REQUEST_FORMAT = 'waybill-rights-request/1';
export const RIGHTS_STATEMENT_FORMAT = 'waybill-rights-statement/1';

/** That it was made sure who somebody is. */
export class RequesterIdentified {
  /** How: a code of the checks on identity. */
  @Is('code') how: string;
  /** Role of whoever did. */
  @Is('code') by: string;
  @Is('instant') at: string;
}

/** That somebody may act for the person. */
export class RequesterAuthorised {
  @Is('code') kind: string;
  /** Role of whoever looked at the proof. */
  @Is('code') checkedBy: string;
  @Is('day') checkedOn: string;
}

/** Somebody uses a right: recorded by the agency that received it, signed, and shown to nobody else. Words, where there are some, are sealed to the agency itself. */
export class RightsRequested {
  @Equals(RIGHTS_REQUEST_FORMAT) format: typeof RIGHTS_REQUEST_FORMAT;
  @Is('uuid7') id: string;
  @IsIn(RIGHTS) right: Right;
  @Nested(() => Address) by: Address;
  @Is('code') role: string;
  @Is('origin') gateway: string;
  @Is('instant') at: string;
  /** The day on which it was received, from which the law counts. */
  @Is('day') receivedOn: string;
  @Is('code') requester: string;
  @IsOptional() @Nested(() => RequesterIdentified) identity?: RequesterIdentified;
  @IsOptional() @Nested(() => RequesterAuthorised) authority?: RequesterAuthorised;
  /** Initials or a case number, never a name. */
  @Is('reference') reference: string;
  /** The transfers that it concerns, sent or received. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(LIMITS.rightsItems.value) @ArrayUnique() @Is('uuid', { each: true }) transfers?: string[];
  /** Of a complaint: about what. */
  @IsOptional() @Is('code') about?: string;
  @IsOptional() @Nested(() => WordsSealed) words?: WordsSealed;
}

/** What came of one transfer that a rights request concerns. */
export class RightsItemClosed {
  @Is('uuid') transfer: string;
  @Is('code') outcome: string;
  /** Each exemption that was considered. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(16) @ArrayUnique() @Is('code', { each: true }) considered?: string[];
  /** The one on which it is withheld or left as it is. */
  @IsOptional() @Is('code') exemption?: string;
  /** How much the view of whoever provided it weighed. */
  @IsOptional() @Is('code') weight?: string;
}

const transferOf = ({ transfer }: RightsItemClosed): string => transfer;

export const RIGHTS_STATEMENT_KINDS = ['extended', 'closed'] as const;
export type RightsStatementKind = (typeof RIGHTS_STATEMENT_KINDS)[number];

/** That it takes longer, or what came of it. */
export class RightsStated {
  @Equals(RIGHTS_STATEMENT_FORMAT) format: typeof RIGHTS_STATEMENT_FORMAT;
  @Is('uuid7') id: string;
  @IsIn(RIGHTS_STATEMENT_KINDS) kind: RightsStatementKind;
  @Is('uuid7') rightsRequest: string;
  @Nested(() => Address) by: Address;
  @Is('code') role: string;
  @Is('origin') gateway: string;
  @Is('instant') at: string;
  /** Why it takes longer. */
  @IsOptional() @Is('code') reason?: string;
  /** Once it is known who asks, where that was not so at the start. */
  @IsOptional() @Nested(() => RequesterIdentified) identity?: RequesterIdentified;
  @IsOptional() @Nested(() => RequesterAuthorised) authority?: RequesterAuthorised;
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(LIMITS.rightsItems.value) @ArrayUnique(transferOf) @IsObject({ each: true }) @ValidateNested({ each: true }) @Type(() => RightsItemClosed) items?: RightsItemClosed[];
  /** Directory identifier of whoever approved that something marked do-not-tell is released. */
  @IsOptional() @Is('contact') approver?: string;
}
