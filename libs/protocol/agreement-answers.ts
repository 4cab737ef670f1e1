import { IsBoolean, IsIn, IsNumber, IsOptional, IsString } from 'class-validator';
import { AGREEMENT_STATEMENT_KINDS, type AgreementStatementKind } from './agreement';
import { Is, Nested } from './grammar';
import { Base64, Each, TextEach } from './shapes';

// What the gateway answers about the life of an agreement. A reader passes over fields that it does not know.

/** How it stands to its next review. */
export class ReviewTold {
  /** `scheduled`, `overdue`, `law-changed`, `not-dated`, `upon-event` or `not-asked`. */
  @Is('code') state: string;
  @IsString() says: string;
  @IsOptional() @Is('day') dueOn?: string;
  @IsOptional() @Is('day') lastOn?: string;
  /** Place in the text that asks for it. */
  @IsOptional() @IsString() clause?: string;
  /** How the text is read, where it can be read otherwise. */
  @IsOptional() @IsString() because?: string;
  /** Who reviews it. */
  @Is('agency', { each: true }) reviewers: string[];
}

/** A party that approved a version. */
export class ApprovalTold {
  @Is('agency') agency: string;
  @Is('instant') at: string;
}

/** A version that is, was or will be in force. */
export class AmendmentTold {
  @Is('version') version: string;
  @Is('digest') digest: string;
  @Is('instant') proposedAt: string;
  @Each(() => ApprovalTold) approvals: ApprovalTold[];
  /** Whose approval is missing. */
  @Is('agency', { each: true }) awaits: string[];
  /** All that is asked for is on file: it comes into force when the gateway next starts with it. */
  @IsOptional() @Is('instant') approvedAt?: string;
  @IsOptional() @Is('instant') inForceAt?: string;
}

/** What a party stated. Octets in base64. */
export class AgreementStatementTold {
  @IsIn(AGREEMENT_STATEMENT_KINDS) kind: AgreementStatementKind;
  @Is('agency') agency: string;
  @Is('instant') at: string;
  @Base64() statement: string;
  @Base64() signature: string;
}

/** An agreement of which the asker is a party, as it is listed. */
export class AgreementItem {
  @Is('agreement') agreement: string;
  @Is('version') version: string;
  @Is('digest') digest: string;
  @IsString() title: string;
  @Nested(() => ReviewTold) review: ReviewTold;
  /** Whether another version waits for approvals. */
  @IsBoolean() amendmentWaits: boolean;
}

export class AgreementList {
  @Each(() => AgreementItem) items: AgreementItem[];
}

/** The same with its versions, and all that its parties stated of it. */
export class AgreementTold extends AgreementItem {
  /** Who watches over it, in the words of the text. */
  @TextEach() monitoringBody: string[];
  @Each(() => AmendmentTold) versions: AmendmentTold[];
  @Each(() => AgreementStatementTold) statements: AgreementStatementTold[];
}

/** One number of a report. */
export class FigureTold {
  @Is('code') measure: string;
  @IsString() says: string;
  /** Of what of it: a code. */
  @IsString() code: string;
  /** Absent where it is not told. */
  @IsOptional() @IsNumber() count?: number;
  /** Why it is not told: it, or another that could be worked out from it, is so small that it could tell of one person. */
  @IsOptional() @Is('code') withheld?: string;
}

/** What an agreement comes to, in counts, over all of its parties together: nothing is about anybody. */
export class AgreementReport {
  @Is('agreement') agreement: string;
  @Is('version') version: string;
  /** First and last month, `YYYY-MM`. */
  @IsString() from: string;
  @IsString() until: string;
  @Is('instant') at: string;
  @Nested(() => ReviewTold) review: ReviewTold;
  @TextEach() monitoringBody: string[];
  @Each(() => FigureTold) figures: FigureTold[];
}
