import { Equals, IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { Is, Nested } from './grammar';
import { Address } from './line';

export const RETENTION_FORMAT = 'waybill-retention/1';

/** What a controller states of a copy that it keeps. */
export const RETENTION_KINDS = ['ruled', 'started', 'justified', 'held', 'lifted', 'disposed'] as const;
export type RetentionKind = (typeof RETENTION_KINDS)[number];

/** A century: what is longer has no end. */
const MONTHS = 1_200;

/** What a recipient states of the copy that it acknowledged, signed. */
export class RetentionStated {
  @Equals(RETENTION_FORMAT) format: typeof RETENTION_FORMAT;
  @Is('uuid7') id: string;
  @IsIn(RETENTION_KINDS) kind: RetentionKind;
  @Is('uuid') transfer: string;
  @Nested(() => Address) by: Address;
  @Is('code') role: string;
  @Is('origin') gateway: string;
  @Is('instant') at: string;
  /** Of a rule of the agency's own: how many months, from which event; or without an end, why, and how often that is looked at. */
  @IsOptional() @Is('code') what?: string;
  @IsOptional() @IsInt() @Min(0) @Max(MONTHS) months?: number;
  @IsOptional() @Is('code') event?: string;
  @IsOptional() @IsBoolean() indefinite?: boolean;
  @IsOptional() @IsInt() @Min(1) @Max(MONTHS) reviewMonths?: number;
  /** Why it is kept without an end, still kept, or held. */
  @IsOptional() @Is('code') reason?: string;
  /** The day of the event, or on which it was disposed of. */
  @IsOptional() @Is('day') on?: string;
  /** How it was destroyed. */
  @IsOptional() @Is('code') method?: string;
}
