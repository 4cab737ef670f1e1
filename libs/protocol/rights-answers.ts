import { Equals, IsBoolean, IsIn, IsOptional, IsString } from 'class-validator';
import { RegisterReceipted } from './answers';
import { Is, Nested } from './grammar';
import { AgreementCited } from './manifest';
import { RIGHTS, type Right } from './matter';
import { Base64, Each } from './shapes';

// What the gateway answers about rights requests: to the agency that recorded them, and to nobody else.

/** One transfer that a rights request concerns. What must not be told to the person comes first. */
export class RightsItem {
  @Is('uuid') transfer: string;
  @Is('uuid') share: string;
  /** Whether the agency sent or received it. */
  @IsIn(['sender', 'recipient']) side: 'sender' | 'recipient';
  @Is('agency') other: string;
  @Nested(() => AgreementCited) agreement: AgreementCited;
  @Is('code', { each: true }) categories: string[];
  /** Telling the person could put somebody at risk. */
  @IsBoolean() doNotTell: boolean;
  /** Its sender says that other people can be identified in it. */
  @IsBoolean() thirdParties: boolean;
  /** Whether its agreement names this right; the law gives it all the same. */
  @IsBoolean() named: boolean;
  /** What was opened with the other side: a consultation, or a complaint that is its own to answer. */
  @IsOptional() @Is('uuid') matter?: string;
}

export class RightsReceipt {
  @Equals('waybill-rights-receipt/1') format: 'waybill-rights-receipt/1';
  @Is('uuid7') rightsRequest: string;
  @Is('digest') digest: string;
  @Is('instant') recordedAt: string;
  /** When the time that the law gives is over, and which law that is. */
  @Is('instant') dueAt: string;
  @IsString() law: string;
  @Each(() => RightsItem) items: RightsItem[];
  /** To whom the person can turn next, as the agreements say. */
  @Is('code', { each: true }) complaintsTo: string[];
  @Nested(() => RegisterReceipted) register: RegisterReceipted;
}

export class RightsListed {
  @Is('uuid7') rightsRequest: string;
  @IsIn(RIGHTS) right: Right;
  @Is('day') receivedOn: string;
  @Is('instant') dueAt: string;
  @IsBoolean() overdue: boolean;
  @IsOptional() @Is('instant') closedAt?: string;
}

export class RightsPage {
  @Each(() => RightsListed) items: RightsListed[];
  @IsOptional() @IsString() next?: string;
}

/** What was stated of it since. Octets in base64. */
export class RightsStatementTold {
  @Is('code') kind: string;
  @Is('instant') at: string;
  @Base64() statement: string;
  @Base64() signature: string;
}

export class RightsTold extends RightsListed {
  @Base64() statement: string;
  @Base64() signature: string;
  /** Whether there are words: the agency itself can open them. */
  @IsBoolean() words: boolean;
  @Nested(() => RightsReceipt) receipt: RightsReceipt;
  @Each(() => RightsStatementTold) statements: RightsStatementTold[];
}

/** Where it stands. */
export class RightsStands {
  @Is('uuid7') rightsRequest: string;
  @Is('instant') dueAt: string;
  @IsOptional() @Is('instant') closedAt?: string;
  /** Transfers whose recipients are to be told that what they hold was corrected, erased or restricted. */
  @IsOptional() @Is('uuid', { each: true }) reaches?: string[];
}
