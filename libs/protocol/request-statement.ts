import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { Is, Nested } from './grammar';
import { Address } from './line';

export const REQUEST_STATEMENT_FORMAT = 'waybill-request-statement/1';

/** What a party can state about an information request; each is kept octet for octet and shown to everybody who may see the request. */
export const REQUEST_STATEMENT_KINDS = {
  scrutinised: 'whoever was asked looked whether the request has a clear purpose, consent and what else it needs, and takes it up or sends it back',
  triaged: 'whoever was asked finds it more or less pressing',
  discussed: 'the reasons of a refusal were talked over with whoever asked',
  reviewed: 'a statutory partner looked at a refusal',
  escalated: 'whoever asked takes a refusal, or silence, to those who decide',
  viewed: 'one of those who decide says whether it is to be shared',
  disputed: 'the two sides disagree, and both points of contact are to find a solution',
  settled: 'the disagreement has ended',
} as const;
export type RequestStatementKind = keyof typeof REQUEST_STATEMENT_KINDS;

export const TRIAGE_LEVELS = ['red', 'amber', 'green'] as const;
export type TriageLevel = (typeof TRIAGE_LEVELS)[number];

/** A view that somebody gave by telephone, entered by another and read back. */
export class ByTelephone {
  /** Whose view it is. */
  @Nested(() => Address) of: Address;
  @IsBoolean() readBack: boolean;
  @Is('instant') at: string;
}

export class RequestStated {
  @Equals(REQUEST_STATEMENT_FORMAT) format: typeof REQUEST_STATEMENT_FORMAT;
  @Is('uuid7') id: string;
  @IsIn(Object.keys(REQUEST_STATEMENT_KINDS)) kind: RequestStatementKind;
  @Is('uuid') request: string;
  @Nested(() => Address) by: Address;
  /** Role of the person. */
  @Is('code') role: string;
  /** Origin of the gateway that it is for. */
  @Is('origin') gateway: string;
  @Is('instant') at: string;
  /** `accepted` or `sent-back`; `upheld`, `not-upheld` or `commented`; `share` or `do-not-share`; `agreed` or `not-agreed`. */
  @IsOptional() @Is('code') outcome?: string;
  /** Why it is sent back, raised or lowered, or escalated. */
  @IsOptional() @Is('code') reason?: string;
  @IsOptional() @IsIn(TRIAGE_LEVELS) level?: TriageLevel;
  /** By which signs it was found so. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(16) @ArrayUnique() @Is('code', { each: true }) signals?: string[];
  /** Day on which it was talked over. */
  @IsOptional() @Is('day') on?: string;
  /** It is necessary for the safety of a child. */
  @IsOptional() @IsBoolean() necessaryForSafety?: boolean;
  @IsOptional() @IsInt() @Min(1) @Max(9) stage?: number;
  @IsOptional() @Nested(() => ByTelephone) telephone?: ByTelephone;
}
