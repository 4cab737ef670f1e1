import { IsBoolean, IsIn, IsOptional, IsString } from 'class-validator';
import { Is, Nested } from './grammar';
import { Address } from './line';
import { AgreementCited } from './manifest';
import { MEETING_STATEMENT_KINDS, type MeetingStatementKind } from './meeting';
import { Base64, Each } from './shapes';

// What the gateway answers about meetings: to whoever has a part in one, and to nobody else. A reader passes over fields that it does not know.

/** Somebody invited, or who comes in the place of somebody invited. */
export class PersonTold {
  @Is('agency') agency: string;
  /** Absent: whoever it is objects to being shown to the others. */
  @IsOptional() @Is('contact') contact?: string;
  @Is('code') reason: string;
  @IsOptional() @Is('code', { each: true }) items?: string[];
  /** The contact of the same agency whose place it takes. */
  @IsOptional() @IsString() deputisesFor?: string;
  @IsOptional() @Is('instant') signedAt?: string;
}

/** What was stated. Octets in base64; words only for whoever stated it and whoever administers the meeting. */
export class MeetingStatementTold {
  @IsIn(MEETING_STATEMENT_KINDS) kind: MeetingStatementKind;
  @Is('agency') agency: string;
  @Is('instant') at: string;
  @Base64() statement: string;
  @Base64() signature: string;
  @IsOptional() @Base64() words?: string;
}

/** A meeting as it is listed. */
export class MeetingItem {
  @Is('uuid') meeting: string;
  @Nested(() => AgreementCited) agreement: AgreementCited;
  @Is('code') kind: string;
  @Is('day') on: string;
  @Is('agency') administrator: string;
  @Nested(() => Address) chair: Address;
  @IsOptional() @Is('uuid') notification?: string;
  /** Whether the chair has recorded that the statement of confidentiality was made. */
  @IsBoolean() confidentialityStated: boolean;
}

export class MeetingPage {
  @Each(() => MeetingItem) items: MeetingItem[];
  @IsOptional() @IsString() next?: string;
}

/** The same with who is invited, who came, and what was stated. */
export class MeetingTold extends MeetingItem {
  @IsBoolean() joint: boolean;
  /** SHA-256 of the terms of confidentiality and indemnity, once they are attached. */
  @IsOptional() @Is('digest') terms?: string;
  /** What whoever signs in is told of its contact details. */
  @IsString() notice: string;
  @Each(() => PersonTold) people: PersonTold[];
  /** Each alone: who is still to agree where notes are to be used otherwise, besides the chair. */
  @Is('agency', { each: true }) partners: string[];
  @Base64() statement: string;
  @Base64() signature: string;
  @Each(() => MeetingStatementTold) statements: MeetingStatementTold[];
}
