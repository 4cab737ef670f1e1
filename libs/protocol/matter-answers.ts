import { IsBoolean, IsIn, IsOptional, IsString } from 'class-validator';
import { PROOFS, type Proof } from './duties';
import { Is, Nested } from './grammar';
import { Address } from './line';
import { AgreementCited } from './manifest';
import { MATTER_KINDS, type MatterKind } from './matter';
import { Base64, Each } from './shapes';

// What the gateway answers about matters. A reader passes over fields that it does not know.

/** One answer that a matter can be given, with which reasons, and what shows it; none: it has no reason, and its word is enough. */
export class AnswerOffered {
  @Is('code') answer: string;
  @IsString() says: string;
  @IsOptional() @Is('code', { each: true }) reasons?: string[];
  /** What has to be named with it in `shownBy`. */
  @IsOptional() @IsIn(PROOFS) shows?: Proof;
}

/** A matter as it is listed. */
export class MatterItem {
  @Is('uuid') matter: string;
  @IsIn(MATTER_KINDS) kind: MatterKind;
  @Is('uuid') share: string;
  @Is('uuid') transfer: string;
  @Nested(() => Address) from: Address;
  @Is('agency') to: string;
  @Is('instant') openedAt: string;
  @Is('instant') dueAt: string;
  @IsOptional() @Is('code') answer?: string;
  @IsOptional() @Is('instant') answeredAt?: string;
}

export class MatterPage {
  @Each(() => MatterItem) items: MatterItem[];
  @IsOptional() @IsString() next?: string;
}

/** A matter, and what was answered, as both sides see it. Octets in base64. */
export class MatterTold extends MatterItem {
  @Nested(() => AgreementCited) agreement: AgreementCited;
  /** Absent: the gateway opened it because of a rights request, as the agreement asks. */
  @IsOptional() @Base64() statement?: string;
  @IsOptional() @Base64() signature?: string;
  /** Which right somebody uses. */
  @IsOptional() @Is('code') right?: string;
  /** Consent was all that it stood on: the agreement wants the copy deleted. */
  @IsOptional() @IsBoolean() demandsDeletion?: boolean;
  /** Whether there are words, and words with the answer: both sides can open them. */
  @IsBoolean() words: boolean;
  @IsBoolean() answerWords: boolean;
  /** Of a consultation: how much whoever asked gave the view, once it answered the person. */
  @IsOptional() @Is('code') weight?: string;
  @IsOptional() @Base64() answerStatement?: string;
  @IsOptional() @Base64() answerSignature?: string;
  @Each(() => AnswerOffered) answers: AnswerOffered[];
}

/** Where a matter stands once it is put or answered. */
export class MatterStands {
  @Is('uuid') matter: string;
  @Is('instant') dueAt: string;
  @IsOptional() @Is('code') answer?: string;
  /** Other transfers of the author's own that hold the same, whose recipients are still to be told. */
  @IsOptional() @Is('uuid', { each: true }) alsoTo?: string[];
}
