import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsIn, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { Is, Nested } from './grammar';
import { Address } from './line';
import { LIMITS } from './limits';
import { WordsSealed } from './not-shared';

export const MATTER_FORMAT = 'waybill-matter/1';
export const MATTER_ANSWER_FORMAT = 'waybill-matter-answer/1';

/** What one side of a transfer can put to the other once it has arrived. */
export const MATTER_KINDS = ['correction', 'consent-withdrawn', 'deletion', 'consultation', 'assistance', 'approval', 'passed-on', 'complaint', 'concern', 'audit', 'moved-area'] as const;
export type MatterKind = (typeof MATTER_KINDS)[number];

/** What somebody may ask about what is held of him or her; and what anybody may ask of a public authority. */
export const RIGHTS = ['access', 'rectification', 'erasure', 'restriction', 'objection', 'portability', 'foi', 'eir', 'complaint'] as const;
export type Right = (typeof RIGHTS)[number];

/** The one share that would go another way than the agreement admits. */
export class WayFor {
  /** A code of the vocabulary's channels. */
  @Is('code') channel: string;
  /** Id of the share: the agreement holds for it alone. */
  @Is('uuid7') share: string;
}

/** Actions that one report asks for. More than anybody follows up is no list of actions. */
const MOST_ACTIONS = 16;

/** What came of an audit, and by when it is done. */
export class AuditAction {
  @Is('code') action: string;
  @Is('day') by: string;
}

/** The report of an audit. The document stays with those who have it, or goes along as sealed words; its digest says which one it is. */
export class AuditReported {
  /** The day of the visit, or of the assessor's report. */
  @Is('day') on: string;
  /** SHA-256 of the document. */
  @Is('digest') digest: string;
  @IsArray() @ArrayMaxSize(MOST_ACTIONS) @IsObject({ each: true }) @ValidateNested({ each: true }) @Type(() => AuditAction) actions: AuditAction[];
}

/** A matter, signed by whoever puts it: codes and ids. Its words are sealed to the other side, and named by digests. */
export class MatterPut {
  @Equals(MATTER_FORMAT) format: typeof MATTER_FORMAT;
  @Is('uuid7') id: string;
  @IsIn(MATTER_KINDS) kind: MatterKind;
  @Is('uuid') transfer: string;
  @Nested(() => Address) by: Address;
  /** Role of the person. */
  @Is('code') role: string;
  /** Origin of the gateway that it is for. */
  @Is('origin') gateway: string;
  @Is('instant') at: string;
  /** Which categories of the transfer it is about; absent: all of it. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(32) @ArrayUnique() @Is('code', { each: true }) categories?: string[];
  /** Of a correction: what is wrong, and where the right value is from. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(8) @ArrayUnique() @Is('code', { each: true }) wrong?: string[];
  @IsOptional() @Is('code') source?: string;
  /** Of a deletion, or of a concern: why. */
  @IsOptional() @Is('code') reason?: string;
  /** Of an approval: for which purpose, and to whom it would be passed on; absent: to nobody. Of a move to another area: its authority, where the directory has it. */
  @IsOptional() @Is('code') purpose?: string;
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(LIMITS.recipients.value) @ArrayUnique() @Is('agency', { each: true }) recipients?: string[];
  /** Of an approval: by which way it would go, where none stands that the agreement admits (CH-11). */
  @IsOptional() @Nested(() => WayFor) way?: WayFor;
  /** Of an audit: how it is done. */
  @IsOptional() @Is('code') manner?: string;
  /** Of a consultation or assistance: which right somebody uses, and under which rights request of the author's own register. */
  @IsOptional() @IsIn(RIGHTS) right?: Right;
  @IsOptional() @Is('uuid') rightsRequest?: string;
  @IsOptional() @Is('instant') answerBy?: string;
  @IsOptional() @Nested(() => WordsSealed) words?: WordsSealed;
}

/** What the other side answers, signed. */
export class MatterAnswered {
  @Equals(MATTER_ANSWER_FORMAT) format: typeof MATTER_ANSWER_FORMAT;
  @Is('uuid7') id: string;
  @Is('uuid7') matter: string;
  @Nested(() => Address) by: Address;
  @Is('code') role: string;
  @Is('origin') gateway: string;
  @Is('instant') at: string;
  @Is('code') answer: string;
  @IsOptional() @Is('code') reason?: string;
  /** Of an approval: who of the agency agreed, and until which day it holds. */
  @IsOptional() @Is('contact') approver?: string;
  @IsOptional() @Is('day') until?: string;
  /** Of an audit: its report. */
  @IsOptional() @Nested(() => AuditReported) report?: AuditReported;
  /** Id of the answering agency's own share, decision not to share or disclosure, where the answer has to be shown. */
  @IsOptional() @Is('uuid') shownBy?: string;
  @IsOptional() @Nested(() => WordsSealed) words?: WordsSealed;
}
