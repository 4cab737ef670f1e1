import { IsIn, IsInt, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { Is, Nested } from './grammar';
import { Each } from './shapes';

/** What is sent to an endpoint: ids and codes, after which it collects; or the sealed envelope itself. */
export const WEBHOOK_SENDS = ['reference', 'envelope'] as const;
export type WebhookSends = (typeof WEBHOOK_SENDS)[number];

/** How it gets there: asked over HTTP, or laid on a queue of the contact's own on the operator's broker. */
export const WEBHOOK_WAYS = ['http', 'amqp'] as const;
export type WebhookWay = (typeof WEBHOOK_WAYS)[number];

/** What a partner enters: where what lies ready for one of its contacts is sent. */
export class WebhookWanted {
  /** Absent: `http`. */
  @IsOptional() @IsIn(WEBHOOK_WAYS) way?: WebhookWay;
  /** Of `http`: https, a host name, port 443 or 8443. `amqp` has none. */
  @IsOptional() @IsString() @MaxLength(2_000) url?: string;
  @IsIn(WEBHOOK_SENDS) sends: WebhookSends;
}

/** A queue of a contact's own, and where it is. Its operator admits the certificate with which it is read. */
export class QueueTold {
  /** `amqps`, with the virtual host of this contact. */
  @IsString() broker: string;
  @IsString() name: string;
}

export class WebhookResting {
  @Is('instant') until: string;
  /** What became of the last attempt: a status, or a code. */
  @IsString() because: string;
}

/** An endpoint as its agency is told of it. */
export class WebhookTold {
  @Is('contact') contact: string;
  @IsIn(WEBHOOK_WAYS) way: WebhookWay;
  /** Of `http`. */
  @IsOptional() @IsString() url?: string;
  /** Of `amqp`. */
  @IsOptional() @Nested(() => QueueTold) queue?: QueueTold;
  @IsIn(WEBHOOK_SENDS) sends: WebhookSends;
  @Is('instant') createdAt: string;
  /** Pushes that wait, and since when the oldest of them has. */
  @IsInt() waiting: number;
  @IsOptional() @Is('instant') waitingSince?: string;
  /** It did not work: until then only what presses is sent. */
  @IsOptional() @Nested(() => WebhookResting) rests?: WebhookResting;
}

export class WebhookList {
  @Each(() => WebhookTold) items: WebhookTold[];
}

/** The secret under which pushes are signed (Standard Webhooks), told when it is new and never again. */
export class WebhookSecret {
  @Matches(/^whsec_[A-Za-z0-9+/]{43}=$/) secret: string;
  /** Until then pushes are signed under the secret before as well. */
  @IsOptional() @Is('instant') previousUntil?: string;
}

export class WebhookEntered {
  /** Of a new endpoint over HTTP. */
  @IsOptional() @Matches(/^whsec_[A-Za-z0-9+/]{43}=$/) secret?: string;
  /** Of `amqp`. */
  @IsOptional() @Nested(() => QueueTold) queue?: QueueTold;
}

export class PushesTold {
  @IsInt() pushes: number;
}
