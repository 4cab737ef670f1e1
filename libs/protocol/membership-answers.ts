import { IsArray, IsIn, IsOptional, IsString } from 'class-validator';
import { Is, Nested } from './grammar';
import { Count, Each } from './shapes';

/** What keeps a party from being active: the code, what must be so, and what to do next. */
export class MissingTold {
  @Is('version') code: string;
  @IsString() says: string;
  @IsString() next: string;
  /** Closer than the code: which post, for one. */
  @IsOptional() @Is('code') cause?: string;
  @Is('version', { each: true }) clauses: string[];
}

/** Something that the agreement wants attested, and how it stands. */
export class AttestationTold {
  @Is('code') what: string;
  @IsString() says: string;
  /** `must`: what is missing is a duty. `asked`: it is shown, and nobody is told. */
  @IsIn(['must', 'asked']) weight: string;
  /** Place of the text that asks for it. */
  @IsOptional() @IsString() clause?: string;
  /** Entry of the list whose own rules ask for it: of whoever receives from it. */
  @IsOptional() @Is('code') of?: string;
  /** Posts whose holders attest it. */
  @IsArray() @Is('code', { each: true }) posts: string[];
  @IsIn(['missing', 'current', 'overdue']) state: string;
  @IsOptional() @Is('day') on?: string;
  /** Last day on which it counts. */
  @IsOptional() @Is('day') dueAgain?: string;
  @IsOptional() @IsString() link?: string;
  @IsOptional() @Is('digest') digest?: string;
}

/** The agency's own place in one agreement. */
export class OwnMembership {
  @Is('agreement') agreement: string;
  @Is('code') entry: string;
  @IsIn(['incomplete', 'active', 'consulted', 'held', 'withdrawn', 'suspended']) status: string;
  /** What an active party must have and it has not. */
  @Each(() => MissingTold) missing: MissingTold[];
  @Each(() => AttestationTold) attestations: AttestationTold[];
  /** The same of the partnership itself, or of the operator for it. */
  @Each(() => AttestationTold) ofPartnership: AttestationTold[];
}

export class MembershipList {
  @Each(() => OwnMembership) items: OwnMembership[];
}

/** What an agency did under an agreement within a time, in numbers: for whoever oversees it. */
export class OversightCounts {
  @Count() sharesSent: number;
  @Count() sharesReceived: number;
  /** Decisions that refused a share of its own. */
  @Count() refused: number;
  @Count() notShared: number;
  /** What it gave back, or was given back. */
  @Count() returned: number;
  @Count() undeliverable: number;
  @Count() requestsPut: number;
  @Count() requestsReceived: number;
  @Count() requestsDeclined: number;
}

/** The oversight digest: what there is to look at. Numbers and codes, and nobody's name. */
export class OversightDigest {
  @Is('agreement') agreement: string;
  @Is('agency') agency: string;
  @Is('instant') from: string;
  @Is('instant') until: string;
  @Nested(() => OversightCounts) counts: OversightCounts;
  /** Duties that are open now, and of these those past their time; whatever they are about. */
  @Count() open: number;
  @Count() overdue: number;
  /** Attestations that are missing or overdue. */
  @IsArray() @Is('code', { each: true }) toAttest: string[];
}
