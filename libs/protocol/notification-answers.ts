import { Equals, IsArray, IsBoolean, IsIn, IsOptional, IsString } from 'class-validator';
import { Is, Nested } from './grammar';
import { AgreementCited } from './manifest';
import { NOTIFICATION_KINDS, NOTIFICATION_STATES, type NotificationKind, type NotificationState, ProviderNamed, ProviderNumbered } from './notification';
import { Base64, Each } from './shapes';

// What the gateway answers about notifications. No list says which provider one is about: nobody makes a list of providers to avoid from it.

/** A notification as it is listed: how it stands, and not of whom. */
export class NotificationItem {
  @Is('uuid') notification: string;
  @IsIn(NOTIFICATION_STATES) state: NotificationState;
  @Is('agency') issuer: string;
  @Is('agency') circulator: string;
  /** As what the asker has a part in it. */
  @IsArray() @IsIn(['issuer', 'circulator', 'recipient', 'host'], { each: true }) parts: ('issuer' | 'circulator' | 'recipient' | 'host')[];
  @Is('instant') draftedAt: string;
  @IsOptional() @Is('instant') circulatedAt?: string;
  /** Absent: it is over. */
  @IsOptional() @Is('day') reviewOn?: string;
  @IsOptional() @Is('instant') endedAt?: string;
  /** Why it was rescinded or closed. */
  @IsOptional() @Is('code') because?: string;
  /** What stands over every notification. */
  @IsString() line: string;
}

export class NotificationPage {
  @Each(() => NotificationItem) items: NotificationItem[];
  @IsOptional() @IsString() next?: string;
}

export class NotificationStatementTold {
  @IsIn(NOTIFICATION_KINDS) kind: NotificationKind;
  @Is('agency') agency: string;
  @Is('instant') at: string;
  @Base64() statement: string;
  @Base64() signature: string;
}

/** One that lies in the host authority’s store. */
export class DepositTold {
  @Is('reference') folder: string;
  @Is('digest') digest: string;
  @Is('instant') at: string;
}

/** Who received it, for whoever circulated it. */
export class NotificationReaderTold {
  @Is('agency') agency: string;
  @Is('uuid') transfer: string;
  @IsOptional() @Is('instant') readAt?: string;
}

/** One notification, with what was stated of it and the asker may see. */
export class NotificationTold extends NotificationItem {
  @Nested(() => AgreementCited) agreement: AgreementCited;
  @Nested(() => ProviderNamed) provider: ProviderNamed;
  @Is('code') purpose: string;
  @Is('code') necessity: string;
  @IsBoolean() providerTold: boolean;
  @IsOptional() @Is('agency') host?: string;
  /** Transfers in which the asker received its text. */
  @Is('uuid', { each: true }) transfers: string[];
  @IsOptional() @Nested(() => DepositTold) deposit?: DepositTold;
  /** To whoever circulated it; to others it is empty. */
  @Each(() => NotificationReaderTold) recipients: NotificationReaderTold[];
  @IsOptional() @Is('day') keepUntil?: string;
  @Each(() => NotificationStatementTold) statements: NotificationStatementTold[];
}

/** What is known of one provider when a placement is thought of: information, and no answer to whether to place. */
export class PlacementTold {
  @Nested(() => ProviderNumbered) provider: ProviderNumbered;
  @Each(() => NotificationItem) items: NotificationItem[];
  @Equals(false) bar: false;
  @IsString() line: string;
}
