import { ArrayMaxSize, ArrayUnique, Equals, IsArray, IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Is, Nested } from './grammar';
import { Address } from './line';
import { AgreementCited } from './manifest';

export const NOTIFICATION_FORMAT = 'waybill-notification/1';

/** What is stated of a notification about a provider. Each is signed by whoever states it. */
export const NOTIFICATION_KINDS = ['drafted', 'submitted', 'returned', 'circulated', 'under-review', 'followed-up', 'rescinded', 'closed', 'retained', 'disposed', 'read', 'acted', 'action-told', 'deposited'] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

export const NOTIFICATION_STATES = ['drafted', 'submitted', 'returned', 'circulated', 'under-review', 'followed-up', 'rescinded', 'closed', 'retained', 'disposed'] as const;
export type NotificationState = (typeof NOTIFICATION_STATES)[number];

/** A schedule of records keeps nothing of this sort for longer. */
const MOST_MONTHS = 1_200;
/** An agreement prohibits a handful of purposes. */
const MOST_PURPOSES = 16;

/** A number as a public register of providers writes it. */
export const PROVIDER_NUMBER = /^[A-Z0-9][A-Z0-9-]{1,15}$/;

/** Which provider: by its number in a public register. It has no name here, and is never a person. */
export class ProviderNumbered {
  @Is('code') register: string;
  @Matches(PROVIDER_NUMBER) number: string;
}

export class ProviderNamed extends ProviderNumbered {
  @Is('code') kind: string;
}

/** The senior officer who confirmed that the agency issues it in its position of responsibility as a public authority. */
export class OfficerConfirmed {
  @Is('contact') contact: string;
  @Is('code') role: string;
  @Is('day') on: string;
}

/** Whether it is complex or novel; and the assessment of its impact on data protection, or why there is none. */
export class ImpactConsidered {
  @IsBoolean() novel: boolean;
  @IsOptional() @Is('reference') assessment?: string;
  @IsOptional() @Is('code') because?: string;
}

/** Whether the provider was told of it; if not, why. */
export class ProviderTold {
  @IsBoolean() told: boolean;
  @IsOptional() @Is('code') because?: string;
}

/** What an agency states of a notification: codes, days and ids. What there is to read travels sealed, in a share that names the notification. */
export class NotificationStated {
  @Equals(NOTIFICATION_FORMAT) format: typeof NOTIFICATION_FORMAT;
  @Is('uuid7') id: string;
  @IsIn(NOTIFICATION_KINDS) kind: NotificationKind;
  /** Given by its issuer: of the first draft the same as `id`. */
  @Is('uuid7') notification: string;
  @Nested(() => Address) by: Address;
  /** Role of the person. */
  @Is('code') role: string;
  @Is('origin') gateway: string;
  @Is('instant') at: string;
  /** Of a draft: all that stands here down to `reviewOn`. */
  @IsOptional() @Nested(() => AgreementCited) agreement?: AgreementCited;
  @IsOptional() @Nested(() => ProviderNamed) provider?: ProviderNamed;
  @IsOptional() @Is('code') purpose?: string;
  /** Why it is necessary, and that no more is told than that takes. */
  @IsOptional() @Is('code') necessity?: string;
  @IsOptional() @IsBoolean() proportionate?: boolean;
  /** The purposes that the agreement prohibits, each confirmed not to be one of this. */
  @IsOptional() @IsArray() @ArrayMaxSize(MOST_PURPOSES) @ArrayUnique() @Is('code', { each: true }) notFor?: string[];
  @IsOptional() @Nested(() => OfficerConfirmed) officer?: OfficerConfirmed;
  @IsOptional() @Nested(() => ImpactConsidered) impact?: ImpactConsidered;
  @IsOptional() @Nested(() => ProviderTold) provided?: ProviderTold;
  /** When it is to be reviewed; of a follow-up: when next. */
  @IsOptional() @Is('day') reviewOn?: string;
  /** Of what is submitted or circulated: the share in which it went. */
  @IsOptional() @Is('uuid') share?: string;
  /** Why it is returned, rescinded or closed; what came of a review. */
  @IsOptional() @Is('code') reason?: string;
  /** Of the host authority’s schedule: its reference, and for how many months it keeps what was rescinded or closed. */
  @IsOptional() @Is('reference') schedule?: string;
  @IsOptional() @IsInt() @Min(0) @Max(MOST_MONTHS) months?: number;
  /** How it was disposed of, and when. */
  @IsOptional() @Is('code') method?: string;
  @IsOptional() @Is('day') on?: string;
  /** Of whoever read it: that it is for information only. */
  @IsOptional() @IsBoolean() informationOnly?: boolean;
  /** What a recipient does about it: its own decision. */
  @IsOptional() @Is('code') action?: string;
  /** Of the copy in the host authority’s store: the provider’s folder, and the SHA-256 of the sealed octets that lie there. */
  @IsOptional() @Is('reference') folder?: string;
  @IsOptional() @Is('digest') digest?: string;
}
