import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsBoolean, IsIn, IsOptional } from 'class-validator';
import { Is, Nested } from './grammar';

export class Address {
  @Is('agency') agency: string;
  @Is('contact') contact: string;
}

/** `agency/contact`: how a recipient is written where one string is wanted. */
export const addressed = (to: Address): string => `${to.agency}/${to.contact}`;

export const ITEM_KINDS = ['fact', 'opinion', 'third-party-report'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

export const SOURCES = ['own-record', 'subject', 'third-party', 'intelligence-service'] as const;
export type Source = (typeof SOURCES)[number];

class LineBase {
  /** 128 random bits: a line's digest tells nothing to whoever guesses its text. */
  @Is('salt') salt: string;
  @Nested(() => Address) recipient: Address;
}

/** One part to one recipient, with the reason: the unit of need-to-know, of the decision and of striking off. */
export class PartLine extends LineBase {
  @Is('part') part: string;
  /** SHA-256 of the sealed part's encrypted-data packet as the sender framed it. */
  @Is('digest') digest: string;
  @Is('code') category: string;
  @IsOptional() @Is('code') needToKnow?: string;
  @IsOptional() @Is('code') justification?: string;
  @IsOptional() @IsIn(ITEM_KINDS) kind?: ItemKind;
  @IsOptional() @Is('day') asOf?: string;
  @IsOptional() @IsIn(['confirmed', 'doubtful']) confidence?: 'confirmed' | 'doubtful';
  /** Why it is doubtful. */
  @IsOptional() @Is('code') doubt?: string;
  @IsOptional() @IsIn(SOURCES) source?: Source;
  /** Who the third party is, as a kind of person or body. */
  @IsOptional() @Is('code') sourceKind?: string;
  /** Why something of long ago is told. */
  @IsOptional() @Is('code') historical?: string;
  /** When the sender's own scanner last looked through it and found nothing (AS-16). Absent: nobody says that it was scanned. */
  @IsOptional() @Is('day') scannedOn?: string;
  /** Whether it concerns other people than the subject as well: an extract, a cohort. */
  @IsOptional() @IsBoolean() severalPeople?: boolean;
  /** Goes although the agreement keeps its category from such a recipient: the justification says why. */
  @IsOptional() @IsBoolean() exceptional?: boolean;
  /** On what ground it goes to one that is no party of the agreement. */
  @IsOptional() @Is('code') outside?: string;
}

/** How the sender refers to the person: initials and a case reference, never a name (MN-06). */
export class SubjectLine extends LineBase {
  @Equals('subject') about: 'subject';
  @Is('reference') reference: string;
  @IsOptional() @IsIn(['under-16', '16-17', 'adult', 'adult-lacking-capacity', 'unborn']) band?: 'under-16' | '16-17' | 'adult' | 'adult-lacking-capacity' | 'unborn';
  /** Of an adult: on what ground he or she is at risk. */
  @IsOptional() @Is('code') atRisk?: string;
}

export const RISKS = ['low', 'medium', 'high', 'immediate'] as const;
export type Risk = (typeof RISKS)[number];

/** Answers to the ordered questions of the decision aid (DS-04). */
export class DecisionAid {
  @IsBoolean() purposeClear: boolean;
  @IsBoolean() consent: boolean;
  @IsBoolean() identifies: boolean;
  @IsBoolean() lawfulReason: boolean;
  /** Whether the public interest in sharing outweighs confidence. */
  @IsOptional() @IsBoolean() publicInterest?: boolean;
}

/** What somebody who was asked for advice thought best. */
export const ADVICE = ['share', 'share-less', 'do-not-share'] as const;
export type Advice = (typeof ADVICE)[number];

/** Another person with whom the decision was talked over. */
export class Consulted {
  @Is('code') role: string;
  @Is('day') on: string;
  /** Directory identifier of that person, where it is of the own agency. */
  @IsOptional() @Is('contact') contact?: string;
  /** What it came to. */
  @IsOptional() @IsIn(ADVICE) advised?: Advice;
}

/** The recorded decision to share (DS-01). Its words are a sealed part; here stand codes and their digest. */
export class DecisionLine extends LineBase {
  @Equals('decision') about: 'decision';
  /** Directory identifier of the person who decided. */
  @Is('contact') decider: string;
  @Is('code') role: string;
  @Is('instant') at: string;
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(8) @ArrayUnique() @Is('code', { each: true }) reasons: string[];
  @IsOptional() @Is('code') method?: string;
  @IsOptional() @Nested(() => DecisionAid) aid?: DecisionAid;
  @IsOptional() @IsBoolean() safetyConsidered?: boolean;
  @IsOptional() @Is('digest') wordsDigest?: string;
  /** Sharing is necessary for its purpose, and no more is shared than the risk warrants. */
  @IsOptional() @IsBoolean() necessary?: boolean;
  @IsOptional() @IsIn(RISKS) risk?: Risk;
  /** What the agreement asks whoever decides to think of, and was thought of. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(16) @ArrayUnique() @Is('code', { each: true }) checklist?: string[];
  @IsOptional() @IsBoolean() significantHarm?: boolean;
  /** Why neither of those who are to hear of significant harm does. */
  @IsOptional() @Is('code') harmToldOtherwise?: string;
  @IsOptional() @Nested(() => Consulted) consulted?: Consulted;
  /** Directory identifier of a second person who decided. */
  @IsOptional() @Is('contact') secondDecider?: string;
  /** Whether the same would serve without identity. */
  @IsOptional() @IsBoolean() identityNeeded?: boolean;
  @IsOptional() @IsBoolean() highRisk?: boolean;
  @IsOptional() @IsIn(['done', 'considered']) impactAssessment?: 'done' | 'considered';
}

/** Which organisations are told too, so that nobody assumes that another knows. */
export class AlsoToldLine extends LineBase {
  @Equals('alsoTold') about: 'alsoTold';
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(32) @ArrayUnique() @Is('agency', { each: true }) organisations: string[];
}

export type Line = PartLine | SubjectLine | DecisionLine | AlsoToldLine;

/** The class that a line's `about` names; a line without it is a part's. */
export const LINE_CLASSES = { subject: SubjectLine, decision: DecisionLine, alsoTold: AlsoToldLine } as const;

export const isPartLine = (line: Line): line is PartLine => !('about' in line);
