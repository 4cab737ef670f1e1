import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsBoolean, IsIn, IsObject, IsOptional } from 'class-validator';
import { Is, Nested } from './grammar';
import { LIMITS } from './limits';
import { ManifestBase } from './manifest';
import { WordsSealed } from './not-shared';
import { type Reading, shaped } from './read';

export const DISCLOSURE_FORMAT = 'waybill-disclosure/1';

/** Ways off the wire. What each is, and what else the agreements ask of it, the policy room has. */
export const ROUTE_CODES = ['telephone', 'voicemail', 'text-message', 'verbal', 'post', 'courier', 'fax', 'portable-media', 'tls-domain'] as const;
export type RouteCode = (typeof ROUTE_CODES)[number];

/** That somebody made sure with whom he or she was dealing. */
export class IdentityVerified {
  @Is('code') how: string;
  /** Role of whoever did. */
  @Is('code') by: string;
  @Is('instant') at: string;
}

/** How a mail was protected on its way from the sender's premises, as the machine that sent it saw. */
export class MailSeen {
  @IsIn(['tls-1.2', 'tls-1.3']) version: 'tls-1.2' | 'tls-1.3';
  /** Cipher suite, in lower case with hyphens. */
  @Is('code') cipher: string;
  /** SHA-256 of the certificate of the host that took it. */
  @Is('digest') certificate: string;
  /** By what that host is known to be the recipient's. `relay`: it is the sender's own, which answers for what follows. */
  @IsArray() @ArrayMinSize(1) @ArrayUnique() @IsIn(['dane', 'mta-sts', 'recorded', 'relay'], { each: true }) proofs: ('dane' | 'mta-sts' | 'recorded' | 'relay')[];
  /** Id of the MTA-STS policy that was enforced. */
  @IsOptional() @Is('version') policy?: string;
}

/** How something was disclosed off the wire. Which fields a route has, `ROUTE_FIELDS` says; which it must have, the agreement. */
export class DisclosureRoute {
  @IsIn(ROUTE_CODES) by: RouteCode;
  /** When: of the call, the handing over, the posting, the sending. */
  @Is('instant') at: string;
  /** The number that was called or sent to, as the directory has it. One that it does not have is left out: it could be a family's. */
  @IsOptional() @Is('telephone') number?: string;
  @IsOptional() @Nested(() => IdentityVerified) identity?: IdentityVerified;
  /** Of a mobile telephone: whether its connection was digital. */
  @IsOptional() @IsBoolean() digital?: boolean;
  /** It could not wait for a better way. */
  @IsOptional() @IsBoolean() operationallyUrgent?: boolean;
  /** It was brief, and named nobody. */
  @IsOptional() @IsBoolean() guarded?: boolean;
  /** The papers bear the protective marking. */
  @IsOptional() @IsBoolean() marked?: boolean;
  /** Role of whoever checked the address. */
  @IsOptional() @Is('code') addressCheckedBy?: string;
  /** A return address is printed on the envelope. */
  @IsOptional() @IsBoolean() returnAddress?: boolean;
  @IsOptional() @IsBoolean() sealed?: boolean;
  /** Whether the protective marking shows on the envelope. */
  @IsOptional() @IsIn(['shown', 'not-shown']) envelopeMarking?: 'shown' | 'not-shown';
  /** The courier's own reference of the consignment. */
  @IsOptional() @Is('reference') consignment?: string;
  /** Why there was no other way than a fax. */
  @IsOptional() @Is('code') noAlternative?: string;
  /** The recipient confirmed that its machine stands in a safe haven. */
  @IsOptional() @IsBoolean() safeHaven?: boolean;
  /** The recipient stood by the machine. */
  @IsOptional() @IsBoolean() onHand?: boolean;
  /** When the recipient confirmed the cover sheet, which goes first. */
  @IsOptional() @Is('instant') coverSheetConfirmedAt?: string;
  /** The employer's own mark on the medium. */
  @IsOptional() @Is('reference') asset?: string;
  @IsOptional() @IsBoolean() encrypted?: boolean;
  @IsOptional() @IsBoolean() employerOwned?: boolean;
  /** There was need to carry it on a medium. */
  @IsOptional() @IsBoolean() necessary?: boolean;
  /** Of a mail: once it was sent. */
  @IsOptional() @Nested(() => MailSeen) mail?: MailSeen;
}

type RouteField = Exclude<keyof DisclosureRoute, 'by' | 'at'>;

const ENVELOPE = ['marked', 'addressCheckedBy', 'returnAddress', 'sealed', 'envelopeMarking'] as const;

/** What can be said of each route. A field of another is a slip, and one that could tell an untruth for ever. */
export const ROUTE_FIELDS: Record<RouteCode, readonly RouteField[]> = {
  telephone: ['number', 'identity', 'digital', 'operationallyUrgent', 'guarded'],
  voicemail: ['number', 'digital', 'operationallyUrgent', 'guarded'],
  'text-message': ['number', 'identity', 'digital', 'operationallyUrgent', 'guarded'],
  verbal: ['identity'],
  post: ENVELOPE,
  courier: [...ENVELOPE, 'consignment'],
  fax: ['number', 'noAlternative', 'safeHaven', 'onHand', 'coverSheetConfirmedAt'],
  'portable-media': ['asset', 'encrypted', 'employerOwned', 'necessary'],
  'tls-domain': ['mail'],
};

/** Reads a route, and holds it to the fields that it has. */
export function readRoute(value: unknown): Reading<DisclosureRoute> {
  const reading = shaped(DisclosureRoute, { ok: true, value });
  if (!reading.ok) return reading;
  const { by, at: _at, ...more } = reading.value;
  const stray = Object.entries(more).filter(([name, each]) => each !== undefined && !ROUTE_FIELDS[by].includes(name as RouteField));
  return stray.length === 0 ? reading : { ok: false, faults: stray.map(([name]) => ({ pointer: `/${name}`, says: `is no field of the route ${by}` })) };
}

/** A disclosure before it is made: what a plan asks, and the route in the place of sealed parts. */
export class DisclosureAsked {
  @Nested(() => ManifestBase) manifest: ManifestBase;
  /** Lines as a share has them. `salt`, `digest` and `part` may be left out: nothing is sealed. */
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(LIMITS.disclosureLines.value) @IsObject({ each: true }) lines: object[];
  @Nested(() => DisclosureRoute) route: DisclosureRoute;
}

/** What was disclosed off the wire (OC-01 to OC-08), signed by the agency that disclosed it. Codes, ids and instants; it names the person as a share does. */
export class Disclosure extends DisclosureAsked {
  @Equals(DISCLOSURE_FORMAT) format: typeof DISCLOSURE_FORMAT;
  /** It was made against what the agreement asks, and is recorded as that: what happened cannot be refused. */
  @IsOptional() @IsBoolean() notCompliant?: boolean;
  /** What whoever disclosed it wants to keep in words. */
  @IsOptional() @Nested(() => WordsSealed) words?: WordsSealed;
}
