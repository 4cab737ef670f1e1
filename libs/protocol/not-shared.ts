import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsBoolean, IsOptional } from 'class-validator';
import { Is, Nested } from './grammar';
import { Address } from './line';
import { LIMITS } from './limits';
import { AgreementCited } from './manifest';

export const NOT_SHARED_FORMAT = 'waybill-not-shared/1';

/** The reasons in words: sealed by the agency to itself, and named here by digests. */
export class WordsSealed {
  /** SHA-256 of a salt and the words, as in a share. */
  @Is('digest') wordsDigest: string;
  /** SHA-256 of the encrypted-data packet as its author framed it. */
  @Is('digest') sealed: string;
}

/** A decision not to share (DS-02), signed by the agency whose decision it is. Codes, ids and days; it names the person as a share does. */
export class NotShared {
  @Equals(NOT_SHARED_FORMAT) format: typeof NOT_SHARED_FORMAT;
  @Is('uuid7') id: string;
  @Nested(() => Address) by: Address;
  /** Origin of the gateway at which it is recorded. */
  @Is('origin') gateway: string;
  /** When this was written; `decidedAt` may be long before. */
  @Is('instant') at: string;
  @Nested(() => AgreementCited) agreement: AgreementCited;
  @IsOptional() @Is('code') purpose?: string;
  /** Who asked, or with whom it would have been shared. */
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(LIMITS.recipients.value) @ArrayUnique() @Is('agency', { each: true }) parties: string[];
  /** Initials or a case number, never a name. */
  @Is('reference') reference: string;
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(32) @ArrayUnique() @Is('code', { each: true }) categories?: string[];
  /** Directory identifier of the person or team who decided. */
  @Is('contact') decider: string;
  @Is('code') role: string;
  @Is('instant') decidedAt: string;
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(8) @ArrayUnique() @Is('code', { each: true }) reasons: string[];
  @IsOptional() @Is('code') method?: string;
  @IsOptional() @IsBoolean() safetyConsidered?: boolean;
  /** The information request that it answers. */
  @IsOptional() @Is('uuid') request?: string;
  /** The share that it answers. */
  @IsOptional() @Is('uuid') share?: string;
  /** Day on which it was discussed with whoever asked (DS-03). */
  @IsOptional() @Is('day') discussedOn?: string;
  @IsOptional() @Nested(() => WordsSealed) words?: WordsSealed;
  /** SHA-256 of the proposal that comes with it: the share as it would have been, which the gateway decides and keeps the outcome of. */
  @IsOptional() @Is('digest') proposal?: string;
}
