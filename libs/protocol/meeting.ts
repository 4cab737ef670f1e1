import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsBoolean, IsIn, IsOptional, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { Is, Nested } from './grammar';
import { Address } from './line';
import { LIMITS } from './limits';
import { AgreementCited } from './manifest';
import { WordsSealed } from './not-shared';

export const MEETING_FORMAT = 'waybill-meeting/1';
export const MEETING_STATEMENT_FORMAT = 'waybill-meeting-statement/1';

/** What somebody with a part in a meeting states of it. */
export const MEETING_STATEMENT_KINDS = ['deputised', 'confidentiality-stated', 'terms-attached', 'signed-in', 'reuse-agreed'] as const;
export type MeetingStatementKind = (typeof MEETING_STATEMENT_KINDS)[number];

/** Items of one meeting that some are there for alone. */
const MOST_ITEMS = 16;

/** Somebody invited, and why. */
export class Invitation {
  @Is('agency') agency: string;
  @Is('contact') contact: string;
  @Is('code') reason: string;
  /** For which items alone; absent: for all. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_ITEMS) @ArrayUnique() @Is('code', { each: true }) items?: string[];
}

/** That a meeting is called, signed by whoever administers it: codes, days and ids. */
export class MeetingCalled {
  @Equals(MEETING_FORMAT) format: typeof MEETING_FORMAT;
  @Is('uuid7') id: string;
  @Nested(() => AgreementCited) agreement: AgreementCited;
  @Is('code') kind: string;
  /** Whoever is there becomes joint controller of what comes of it. */
  @IsBoolean() joint: boolean;
  @Nested(() => Address) chair: Address;
  @Is('day') on: string;
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(LIMITS.recipients.value) @ValidateNested({ each: true }) @Type(() => Invitation) invited: Invitation[];
  /** The notification about a provider from which it is opened. */
  @IsOptional() @Is('uuid') notification?: string;
  @Nested(() => Address) by: Address;
  @Is('code') role: string;
  @Is('origin') gateway: string;
  @Is('instant') at: string;
}

/** What is stated of a meeting, signed. */
export class MeetingStated {
  @Equals(MEETING_STATEMENT_FORMAT) format: typeof MEETING_STATEMENT_FORMAT;
  @Is('uuid7') id: string;
  @IsIn(MEETING_STATEMENT_KINDS) kind: MeetingStatementKind;
  @Is('uuid7') meeting: string;
  @Nested(() => Address) by: Address;
  /** Role of the person; of a sign-in its job title, as a code. */
  @Is('code') role: string;
  @Is('origin') gateway: string;
  @Is('instant') at: string;
  /** Of a deputy: for whom, and who. */
  @IsOptional() @Nested(() => Address) for?: Address;
  @IsOptional() @Nested(() => Address) deputy?: Address;
  /** Of a sign-in: whether the contact details may be shown to the others. */
  @IsOptional() @IsIn(['shared', 'objects']) details?: 'shared' | 'objects';
  /** Of terms of confidentiality and indemnity: SHA-256 of their text. */
  @IsOptional() @Is('digest') terms?: string;
  /** Of a use of the notes: by whom, and for which purpose. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(LIMITS.recipients.value) @ArrayUnique() @Is('agency', { each: true }) recipients?: string[];
  @IsOptional() @Is('code') purpose?: string;
  @IsOptional() @Nested(() => WordsSealed) words?: WordsSealed;
}
