import { IsBoolean, IsIn, IsOptional, IsString } from 'class-validator';
import { Is } from './grammar';
import { Each } from './shapes';

// What the gateway answers about lists: of whom the asker may see that they are on one.

/** A contact on a list. */
export class ListEntryTold {
  @Is('agency') agency: string;
  @Is('contact') contact: string;
  @IsString() label: string;
  @IsOptional() @IsString() email?: string;
  @IsOptional() @IsString() telephone?: string;
  @Is('day') from: string;
  /** Last day before which it stands there; absent: no end is known. */
  @IsOptional() @Is('day') until?: string;
  /** For whom it is written to as well. */
  @IsOptional() @Is('contact') assistantOf?: string;
  /** To the keeper: written to, and shown to nobody else. */
  @IsOptional() @IsBoolean() blind?: boolean;
}

export class ListTold {
  @Is('uuid') list: string;
  @Is('agreement') agreement: string;
  @Is('contact') name: string;
  @Is('code') kind: string;
  @IsIn(['visible', 'hidden', 'visible-unless-opted-out']) visibility: 'visible' | 'hidden' | 'visible-unless-opted-out';
  @Is('agency') keeper: string;
  @Is('day') reviewOn: string;
  /** Those whom the asker may see on the day that it asked about: of a blind list itself alone. */
  @Each(() => ListEntryTold) entries: ListEntryTold[];
}

export class ListsTold {
  @Each(() => ListTold) items: ListTold[];
}
