import { IsBoolean, IsIn, IsInt, IsOptional, IsString } from 'class-validator';
import { BreachFacts } from './breach';
import { Is, Nested } from './grammar';
import { AgreementCited } from './manifest';
import { Base64, Each } from './shapes';

// What the gateway answers about data breaches: codes, ids, instants, and what was signed.

/** A mail to a contact that collects nothing here. That it was sent says nothing of whether it was read. */
export class NoticeMailTold {
  @Is('contact') contact: string;
  /** `waits`, or how it ended: sent, no-key, undeliverable or overtaken. */
  @Is('code') state: string;
  /** Why it waits, or ended so, where something was in its way. */
  @IsOptional() @Is('code') because?: string;
  /** When it ended. */
  @IsOptional() @Is('instant') at?: string;
}

/** Somebody that was told, now or then, with the number to ring where nobody has read it. */
export class NoticeTold {
  @Is('agency') agency: string;
  @IsOptional() @Is('contact') contact?: string;
  /** safety, first, second, police, outcome, suspension or phase. */
  @Is('code') wave: string;
  @Is('instant') toldAt: string;
  /** Absent: nobody of it has stated that it was read. */
  @IsOptional() @Is('instant') readAt?: string;
  @IsOptional() @IsString() telephone?: string;
  /** Absent: whoever is told collects here, or has no address. */
  @IsOptional() @Each(() => NoticeMailTold) mails?: NoticeMailTold[];
}

/** An agency in a case, with its own clock. */
export class BreachPartyTold {
  @Is('agency') agency: string;
  @Is('code', { each: true }) parts: string[];
  /** From when on its controller knew; absent: it does not know yet, as far as anybody stated. */
  @IsOptional() @Is('instant') awareAt?: string;
  @IsOptional() @Is('instant') dueAt?: string;
  /** Whole hours until then, nought when it is over. */
  @IsOptional() @IsInt() hoursLeft?: number;
  @IsOptional() @Is('instant') reportedAt?: string;
}

/** What the agreement says of it, and on what that stands: a clause, a statute, or a default of ours where it is silent. */
export class BreachRuleTold {
  @Is('code') rule: string;
  @IsString() value: string;
  @IsIn(['clause', 'statute', 'technical', 'default']) standsOn: string;
  @IsString() ground: string;
}

export class BreachStatementTold {
  @Is('uuid') id: string;
  @Is('code') kind: string;
  @Is('agency') agency: string;
  @Is('instant') at: string;
  @Base64() statement: string;
  /** Its detached OpenPGP signature. */
  @Base64() signature: string;
}

/** A case as it is listed: what is due first on top. */
export class BreachItem {
  @Is('uuid') breach: string;
  @Is('agreement') agreement: string;
  /** Who reported it; absent: the gateway itself. */
  @IsOptional() @Is('agency') reporter?: string;
  @Is('code') type: string;
  /** Whether anyone could come to harm. */
  @IsIn(['yes', 'no', 'unknown']) harm: 'yes' | 'no' | 'unknown';
  @IsBoolean() nearMiss: boolean;
  /** Nothing happened: it is tried who is told. */
  @IsBoolean() exercise: boolean;
  /** One of docs/states.md. */
  @Is('code') state: string;
  @Is('instant') openedAt: string;
  /** By when the asker's own controller tells the regulator. */
  @IsOptional() @Is('instant') dueAt?: string;
  @IsOptional() @IsInt() hoursLeft?: number;
  @IsOptional() @Is('instant') closedAt?: string;
}

export class BreachPage {
  @Each(() => BreachItem) items: BreachItem[];
  @IsOptional() @IsString() next?: string;
}

/** A suspension of the agreement upon a case. */
export class SuspensionTold {
  @Is('uuid') suspension: string;
  @Is('agency') by: string;
  /** `whole-agreement`, or `own-participation`. */
  @Is('code') scope: string;
  @Is('instant') beganAt: string;
  /** When it ends by itself. */
  @Is('instant') endsAt: string;
  @IsOptional() @Is('instant') meetBy?: string;
  @IsOptional() @Is('instant') endedAt?: string;
  @IsOptional() @Is('code') endedBecause?: string;
  /** Shares that say it in writing, and hold the evidence. */
  @Is('uuid') inWriting: string;
  @Is('uuid') evidence: string;
  /** Signatories to which neither went: who suspends owes it to them. */
  @Is('agency', { each: true }) withoutWriting: string[];
}

/** What is known of a breach of the gateway itself, phase by phase, and whom to ask. */
export class PhaseTold {
  @Is('instant') at: string;
  @Nested(() => BreachFacts) facts: BreachFacts;
  /** `agency/contact` of the directory. */
  @IsString() asks: string;
}

/** One case. */
export class BreachTold extends BreachItem {
  @Nested(() => AgreementCited) under: AgreementCited;
  @IsOptional() @Is('instant') happenedAt?: string;
  @Is('instant') foundAt: string;
  /** Evidence is kept since then: nothing that it is about is disposed of. */
  @IsOptional() @Is('instant') heldSince?: string;
  /** The grade that stands. */
  @IsOptional() @Is('code') grade?: string;
  /** Affected shares to which the asker is party. */
  @Is('uuid', { each: true }) shares: string[];
  @Each(() => BreachPartyTold) parties: BreachPartyTold[];
  @Each(() => NoticeTold) notices: NoticeTold[];
  @Each(() => BreachRuleTold) rules: BreachRuleTold[];
  @Each(() => BreachStatementTold) statements: BreachStatementTold[];
  @Each(() => SuspensionTold) suspensions: SuspensionTold[];
  /** Of a breach of the gateway itself; else none. */
  @Each(() => PhaseTold) phases: PhaseTold[];
  /** If somebody could come to harm: ring these, do not wait for anything to be read. */
  @IsOptional() @IsString() ring?: string;
}
