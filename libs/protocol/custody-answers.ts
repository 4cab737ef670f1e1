import { ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsInt, IsOptional } from 'class-validator';
import { Is } from './grammar';
import { Each, Fingerprint } from './shapes';

// What the gateway answers about who can open an agency's mailboxes: to that agency, and to nobody else.

/** What a mailbox lacks: people who can open it, what recovers its key, or a new key. */
export const CUSTODY_LACKS = ['second-custodian', 'recovery', 'new-key'] as const;
export type CustodyLack = (typeof CUSTODY_LACKS)[number];

export class HolderTold {
  /** Absent: the recovery key. */
  @IsOptional() @Is('contact') staff?: string;
  /** Of the keys that others seal to today. */
  @IsArray() @Fingerprint({ each: true }) keys: string[];
  @Is('instant') since: string;
  @Is('code') because: string;
  /** Whether whoever it is works for this contact today; of the recovery key: always. */
  @IsBoolean() there: boolean;
}

/** Who can open one mailbox with a key that others seal to today. While there are several they seal to each. */
export class CustodyTold {
  @IsOptional() @Is('uuid') mailbox?: string;
  @Is('contact') contact: string;
  @IsArray() @Fingerprint({ each: true }) keys: string[];
  @Each(() => HolderTold) holders: HolderTold[];
  /** How many of them work there today. */
  @IsInt() people: number;
  @IsArray() @ArrayMaxSize(CUSTODY_LACKS.length) @ArrayUnique() @IsIn(CUSTODY_LACKS, { each: true }) lacks: CustodyLack[];
}

export class CustodyList {
  @Each(() => CustodyTold) items: CustodyTold[];
}
