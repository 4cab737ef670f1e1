import { Equals, IsBoolean, IsIn, IsOptional, IsString } from 'class-validator';
import { EmergencyTold, ReasonTold, RegisterReceipted } from './answers';
import { ROUTE_CODES, type RouteCode } from './disclosure';
import { Is, Nested } from './grammar';
import { Address } from './line';
import { AgreementCited } from './manifest';
import { Base64, Each } from './shapes';

// What the gateway answers of an agency's own records: decisions not to share, disclosures off the wire, and what decisions were made on.
// Nobody else is told of them. As in the other answers, a reader passes over fields that it does not know.

/** The agency's proof that its decision not to share is on record. The same decision again gets the same receipt. */
export class NotSharedReceipt {
  @Equals('waybill-not-shared-receipt/1') format: 'waybill-not-shared-receipt/1';
  @Is('uuid7') decision: string;
  /** SHA-256 of the decision as it was signed. */
  @Is('digest') digest: string;
  @Is('instant') recordedAt: string;
  @Nested(() => AgreementCited) agreement: AgreementCited;
  /** What the agreement has against the proposal that came with it. */
  @Each(() => ReasonTold) unmet: ReasonTold[];
  @Nested(() => RegisterReceipted) register: RegisterReceipted;
  /** Where the share would have been an emergency. */
  @IsOptional() @Nested(() => EmergencyTold) emergency?: EmergencyTold;
}

/** A decision not to share, as it is listed. */
export class NotSharedItem {
  @Is('uuid7') decision: string;
  @Is('instant') recordedAt: string;
  @Nested(() => AgreementCited) agreement: AgreementCited;
  @Is('agency', { each: true }) parties: string[];
  @Is('code', { each: true }) reasons: string[];
}

/** In the order of their ids, which is that in which they were written. */
export class NotSharedPage {
  @Each(() => NotSharedItem) items: NotSharedItem[];
  /** Ask again with `?after=` this; absent on the last page. */
  @IsOptional() @IsString() next?: string;
}

/** A decision not to share as it was signed. Octets in base64. */
export class NotSharedTold {
  @Base64() statement: string;
  /** Its detached OpenPGP signature. */
  @Base64() signature: string;
  /** Whether there are words, sealed by the agency to itself: `GET …/words`. */
  @IsBoolean() words: boolean;
  @Nested(() => NotSharedReceipt) receipt: NotSharedReceipt;
}

/** The agency's proof that its disclosure off the wire is on record. The same disclosure again gets the same receipt. */
export class DisclosureReceipt {
  @Equals('waybill-disclosure-receipt/1') format: 'waybill-disclosure-receipt/1';
  @Is('uuid7') disclosure: string;
  /** SHA-256 of the disclosure as it was signed. */
  @Is('digest') digest: string;
  @Is('instant') recordedAt: string;
  @Nested(() => AgreementCited) agreement: AgreementCited;
  /** It was made as the agreement asks. */
  @IsBoolean() compliant: boolean;
  /** What it was made against. */
  @Each(() => ReasonTold) unmet: ReasonTold[];
  @Each(() => ReasonTold) warnings: ReasonTold[];
  @Nested(() => RegisterReceipted) register: RegisterReceipted;
  @IsOptional() @Nested(() => EmergencyTold) emergency?: EmergencyTold;
}

export class DisclosureItem {
  @Is('uuid') disclosure: string;
  @Is('instant') recordedAt: string;
  @Is('instant') disclosedAt: string;
  @IsIn(ROUTE_CODES) route: RouteCode;
  @Nested(() => AgreementCited) agreement: AgreementCited;
  @Each(() => Address) recipients: Address[];
  @IsBoolean() compliant: boolean;
}

/** In the order of their ids, which is that in which they were written. */
export class DisclosurePage {
  @Each(() => DisclosureItem) items: DisclosureItem[];
  /** Ask again with `?after=` this; absent on the last page. */
  @IsOptional() @IsString() next?: string;
}

/** A disclosure as it was signed. Octets in base64. */
export class DisclosureTold {
  @Is('uuid') id: string;
  @Base64() statement: string;
  /** Its detached OpenPGP signature. */
  @Base64() signature: string;
  /** Whether there are words, sealed by the agency to itself: `GET …/words`. */
  @IsBoolean() words: boolean;
  @Nested(() => DisclosureReceipt) receipt: DisclosureReceipt;
}

/** What one decision was made on and came to. */
export class DecisionKept {
  /** The entry of the register that names its digest. */
  @Is('uuid') entry: string;
  @Is('digest') digest: string;
  /** The octets that were hashed: JSON of format `waybill-decision/1`. */
  @Base64() record: string;
}

/** What a decision names by its digest: the text of an agreement, or a party as it stood. */
export class DocumentKept {
  @Is('digest') digest: string;
  @Base64() octets: string;
}

/** Everything that is kept of what was decided of a share, or instead of one: with it the same can be decided again, by anybody. */
export class DecisionsTold {
  /** Of the share, or of the decision not to share. */
  @Is('uuid') id: string;
  /** The newest hundred, in the order in which they were made. */
  @Each(() => DecisionKept) decisions: DecisionKept[];
  @Each(() => DocumentKept) documents: DocumentKept[];
  @IsOptional() @Nested(() => NotSharedTold) notShared?: NotSharedTold;
}
