import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsBoolean, IsIn, IsOptional, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { ACCESS_REASONS, type AccessReason } from './access-reasons';
import { Is, Nested } from './grammar';
import { Address } from './line';

export const STATEMENT_FORMAT = 'waybill-statement/1';

/** What a party can state about a transfer; each is kept octet for octet and passed to the other side. */
export const STATEMENT_KINDS = ['opened', 'acknowledged', 'returned', 'recalled', 'released'] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];

/** Why a recipient gives a transfer back. */
export const RETURN_REASONS = {
  'cannot-open': 'the recipient cannot open a part with its keys',
  'not-for-us': 'the person is not known to the recipient or not its concern',
  'wrong-contact': 'another team or person of the recipient should have it',
  insufficient: 'what was sent is not enough to understand or rely on',
  'author-mismatch': 'a part is not by the sender of the manifest',
  'digest-mismatch': 'a part is not the one that its line names',
  'incorrectly-gathered': 'it was not gathered as it should have been',
  'illegally-gathered': 'it was gathered against the law',
  'no-appropriate-consent': 'it was shared without the consent that it should have had',
  'no-clear-purpose': 'it was shared for no clear purpose',
} as const;
export type ReturnReason = keyof typeof RETURN_REASONS;

export const RECALL_REASONS = {
  'sent-in-error': 'it should not have been sent',
  'wrong-recipient': 'it went to somebody who does not need it',
  superseded: 'a newer share replaces it',
} as const;
export type RecallReason = keyof typeof RECALL_REASONS;

/** How the passphrase of a container came to its recipient. `mail`: what the container itself goes by. */
export const RELEASE_ROUTES = ['telephone', 'verbal', 'text-message', 'post', 'courier', 'mail'] as const;
export type ReleaseRoute = (typeof RELEASE_ROUTES)[number];

/** Who asked for a passphrase: a contact of the recipient, and the role of the person. */
export class Asking {
  @Is('contact') contact: string;
  @Is('code') role: string;
}

export class IdentityVerified {
  @Is('code') how: string;
  @Is('instant') at: string;
}

/** That the sender told a passphrase, to whom and how. The passphrase is nowhere in it. */
export class Release {
  @Nested(() => Asking) askedBy: Asking;
  @Nested(() => IdentityVerified) identity: IdentityVerified;
  @IsIn(RELEASE_ROUTES) route: ReleaseRoute;
  /** The contact of the recipient whose number the directory has, and was called. */
  @IsOptional() @Is('contact') called?: string;
  @Is('instant') at: string;
}

export class PartOpened {
  @Is('part') name: string;
  /** `bound`: signed inside by the sender for this manifest and part; `not-bound`: by nobody, so its author is not known. */
  @IsIn(['bound', 'not-bound']) author: 'bound' | 'not-bound';
}

export class Statement {
  @Equals(STATEMENT_FORMAT) format: typeof STATEMENT_FORMAT;
  @IsIn(STATEMENT_KINDS) kind: StatementKind;
  @Is('uuid7') share: string;
  /** Absent in a recall, which is about the whole share. */
  @IsOptional() @Is('uuid') transfer?: string;
  @Nested(() => Address) by: Address;
  @Is('instant') at: string;
  @Is('digest') manifestDigest: string;
  @IsOptional() @IsIn([...Object.keys(RETURN_REASONS), ...Object.keys(RECALL_REASONS)]) reason?: ReturnReason | RecallReason;
  @IsOptional() @IsArray() @ArrayMaxSize(99) @ValidateNested({ each: true }) @Type(() => PartOpened) parts?: PartOpened[];
  @IsOptional() @Nested(() => Release) release?: Release;
  /** In an acknowledgement: agencies to which its recipient means to pass it on; none: empty. Absent: it does not say. */
  @IsOptional() @IsArray() @ArrayMaxSize(99) @Is('agency', { each: true }) passOnTo?: string[];
  /** That it was opened: why, as a code (RC-09). Who opened it is `by`, in which role `role`. */
  @IsOptional() @IsIn(Object.keys(ACCESS_REASONS)) justification?: AccessReason;
  /** Of a return: role of the person who looked at it, the manager who approved it where it presses, and that no copy is left. */
  @IsOptional() @Is('code') role?: string;
  @IsOptional() @Is('contact') approvedBy?: string;
  @IsOptional() @IsBoolean() copiesRemoved?: boolean;
  /** Of a return as insufficient: the categories that are missing. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(32) @ArrayUnique() @Is('code', { each: true }) missing?: string[];
}
