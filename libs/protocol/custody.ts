import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsIn, IsOptional } from 'class-validator';
import { Is, Nested } from './grammar';
import { Address } from './line';
import { Fingerprint } from './shapes';

export const CUSTODY_FORMAT = 'waybill-key-custody/1';
export const CUSTODY_KINDS = ['given', 'taken'] as const;
export type CustodyKind = (typeof CUSTODY_KINDS)[number];

/** Certificates of one contact that are current at once: a rotation has two. */
const MOST_KEYS = 8;

/** That somebody was given the key of a team's mailbox, or has it no more: ids, and nothing of the key. */
export class CustodyStated {
  @Equals(CUSTODY_FORMAT) format: typeof CUSTODY_FORMAT;
  @Is('uuid7') id: string;
  @IsIn(CUSTODY_KINDS) kind: CustodyKind;
  /** Whose mailbox it opens. */
  @Is('contact') contact: string;
  /** Fingerprints of the certificates whose keys the file holds, of those that others seal to today. Of what is taken: none is named, all are meant. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_KEYS) @ArrayUnique() @Fingerprint({ each: true }) keys?: string[];
  /** Directory id of the member of staff. Absent: the recovery key, which the agency keeps offline. */
  @IsOptional() @Is('contact') staff?: string;
  @Is('code') because: string;
  @Nested(() => Address) by: Address;
  @Is('origin') gateway: string;
  @Is('instant') at: string;
}
