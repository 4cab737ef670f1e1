import { IsBoolean, IsIn, IsInt, IsOptional, IsString } from 'class-validator';
import { Is, Nested } from './grammar';
import { Address } from './line';
import { Each } from './shapes';

/** What shows that something was done: a thing of the agency's own, which is looked up by its id. */
export const PROOFS = ['share', 'decision', 'disclosure'] as const;
export type Proof = (typeof PROOFS)[number];

/** What somebody may say that a duty is done with. */
export class ClosingTold {
  @Is('code') because: string;
  @IsString() says: string;
  /** What has to be named with it, by its id: something of the agency's own. */
  @IsOptional() @IsIn(PROOFS) shows?: Proof;
}

/** A duty of the agency's own, as it stands. */
export class DutyTold {
  @Is('uuid') duty: string;
  @Is('code') kind: string;
  @IsString() says: string;
  /** The post that has it now; `owner`: the contact that it is about. */
  @Is('code') role: string;
  @IsOptional() @Is('contact') contact?: string;
  @IsOptional() @Is('uuid') transfer?: string;
  @IsOptional() @Is('uuid') request?: string;
  @IsOptional() @Is('uuid') matter?: string;
  @IsOptional() @Is('uuid') rightsRequest?: string;
  @IsOptional() @IsString() domain?: string;
  @IsOptional() @Is('uuid') breach?: string;
  /** The mailbox of a team, whose key it is about: `GET /v1/custody`. */
  @IsOptional() @Is('uuid') mailbox?: string;
  /** The agreement that it is about (`GET /v1/agreements/{agreement}`), or whose membership, and what of that (`GET /v1/memberships`). */
  @IsOptional() @Is('agreement') agreement?: string;
  @IsOptional() @Is('code') what?: string;
  /** The notification about a provider that it is about. */
  @IsOptional() @Is('uuid') notification?: string;
  /** The list that it is about: `GET /v1/lists`. */
  @IsOptional() @Is('uuid') list?: string;
  /** The agency on the other side. */
  @IsOptional() @Is('agency') other?: string;
  @IsIn(['breach', 'emergency', 'priority', 'urgent', 'routine']) lane: string;
  @Is('instant') openedAt: string;
  @Is('instant') dueAt: string;
  @IsBoolean() overdue: boolean;
  /** How often somebody has been told. */
  @IsInt() reminders: number;
  @IsOptional() @Is('instant') nextReminderAt?: string;
  /** With what it can be closed by hand. Empty: only doing it closes it. */
  @Each(() => ClosingTold) closings: ClosingTold[];
}

export class DutyPage {
  @Each(() => DutyTold) items: DutyTold[];
  @IsOptional() @IsString() next?: string;
}

/** That a duty is done, by whom, and what shows it. */
export class DutyClosing {
  @Is('code') because: string;
  /** Who says so: a contact of the agency's own directory entry. */
  @Nested(() => Address) by: Address;
  /** The id of the share, decision or disclosure that shows it. */
  @IsOptional() @Is('uuid') shownBy?: string;
}

export class DutyClosed {
  @Is('uuid') duty: string;
  @Is('instant') closedAt: string;
  @Is('code') because: string;
}
