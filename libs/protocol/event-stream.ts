import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, IsInt, IsOptional, IsString, MaxLength } from 'class-validator';
import { Is } from './grammar';

/** Of what an agency's own systems may ask to be told: a notice of a breach to it, or a key to which it might seal that may no longer be used. */
export const STREAM_EVENTS = ['breach-notified', 'key-revoked'] as const;
export type StreamEvent = (typeof STREAM_EVENTS)[number];
/** Besides these, what a test of the connection brings. */
export type SecurityEventName = StreamEvent | 'verification';

/** As tokens name them (RFC 8417, 2.2). The last is OpenID's own, which libraries know. */
export const EVENT_URI: Record<SecurityEventName, string> = {
  'breach-notified': 'urn:waybill:event:breach-notified',
  'key-revoked': 'urn:waybill:event:key-revoked',
  verification: 'https://schemas.openid.net/secevent/ssf/event-type/verification',
};

/** What an agency enters: where its security event tokens are sent (RFC 8935). */
export class EventStreamWanted {
  /** https, a host name, port 443 or 8443. */
  @IsString() @MaxLength(2_000) url: string;
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(STREAM_EVENTS.length) @ArrayUnique() @IsIn(STREAM_EVENTS, { each: true }) events: StreamEvent[];
}

export class EventStreamTold {
  @IsString() url: string;
  @IsIn(STREAM_EVENTS, { each: true }) events: StreamEvent[];
  /** `iss` of each token. */
  @IsString() issuer: string;
  /** `aud` of each token. */
  @Is('agency') audience: string;
  @Is('instant') createdAt: string;
  /** Tokens that wait to be taken, and since when the oldest of them has. */
  @IsInt() waiting: number;
  @IsOptional() @Is('instant') waitingSince?: string;
  /** What became of the last attempt: a status, or a code. */
  @IsOptional() @IsString() last?: string;
}

/** A test of the connection that is under way. */
export class EventVerificationTold {
  /** `jti` of the token that comes. */
  @Is('uuid') token: string;
}
