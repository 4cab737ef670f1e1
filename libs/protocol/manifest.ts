import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsBoolean, IsIn, IsOptional, Matches } from 'class-validator';
import { AccuracyConfirmed, AdviceSought, ConfidenceOwed, ConsentDeclared, FosteringFacts, InformingDeclared, OnwardDeclared, ReviewCited, SUBJECT_GROUPS, type SubjectGroup, ThirdPartiesDeclared, WayAsked } from './declarations';
import { Answers, Asks } from './asks';
import { GRAMMAR, Is, Nested } from './grammar';
import { LIMITS } from './limits';

export const MANIFEST_FORMAT = 'waybill-manifest/1';

/** Fastest first; each has a lane of its own on the queue. What the front door asks may have another, between the first two. */
export const URGENCIES = ['emergency', 'urgent', 'routine'] as const;
export type Urgency = (typeof URGENCIES)[number];

export const CLASSIFICATIONS = ['OFFICIAL', 'OFFICIAL-SENSITIVE'] as const;
export type Classification = (typeof CLASSIFICATIONS)[number];

/** Labels of the marking scheme before 2014, on what a sender still holds under them. Read, and never given. */
export const LEGACY_LABELS = ['PROTECT', 'RESTRICTED'] as const;
export type LegacyLabel = (typeof LEGACY_LABELS)[number];

const MARKINGS = [...CLASSIFICATIONS, ...LEGACY_LABELS] as const;

export class AgreementCited {
  @Is('agreement') id: string;
  @Is('version') version: string;
}

/** Who sends: the agency, the contact of its directory entry, the role of the person. Names never. */
export class Sender {
  @Is('agency') agency: string;
  @IsOptional() @Is('contact') contact?: string;
  @IsOptional() @Is('code') role?: string;
}

export class Handling {
  /** Shown first wherever the share is shown: telling the person could put somebody at risk. */
  @IsBoolean() doNotTellSubject: boolean;
}

export class Threads {
  @IsOptional() @Is('uuid') request?: string;
  @IsOptional() @Is('uuid') previous?: string;
  @IsOptional() @Is('uuid') supersedes?: string;
  /** The data breach that it is about: it goes before all else to whoever has a part in the case. */
  @IsOptional() @Is('uuid') breach?: string;
  /** The notification about a provider whose text it carries, or that it is about. */
  @IsOptional() @Is('uuid') notification?: string;
  /** The meeting whose papers or notes it is; and of which item alone, where only some are there for it. */
  @IsOptional() @Is('uuid') meeting?: string;
  @IsOptional() @Is('code') item?: string;
}

/**
 * What every recipient of a share may know, signed by the sender as the octets stand.
 * What an agreement may ask for is optional here: its absence is a decision with a reason, not a malformed message.
 */
export class ManifestBase {
  @Equals(MANIFEST_FORMAT) format: typeof MANIFEST_FORMAT;
  @Is('uuid7') id: string;
  @Nested(() => Sender) sender: Sender;
  /** Origin of the gateway that the share is for: a manifest for one gateway is worth nothing at another. */
  @Is('origin') gateway: string;
  @Is('instant') created: string;
  @Nested(() => AgreementCited) agreement: AgreementCited;
  @IsOptional() @Is('code') purpose?: string;
  @IsOptional() @Is('code') lawfulBasis?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(8) @ArrayUnique() @Is('code', { each: true }) conditions?: string[];
  @IsOptional() @Is('code') legalGateway?: string;
  @IsOptional() @IsIn(MARKINGS) classification?: Classification | LegacyLabel;
  @IsIn(URGENCIES) urgency: Urgency;
  @IsOptional() @Nested(() => ConsentDeclared) consent?: ConsentDeclared;
  @IsOptional() @Nested(() => InformingDeclared) informed?: InformingDeclared;
  /** Whom the share is about. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(4) @ArrayUnique() @IsIn(SUBJECT_GROUPS, { each: true }) subjects?: SubjectGroup[];
  @IsOptional() @Nested(() => AccuracyConfirmed) accuracy?: AccuracyConfirmed;
  @IsOptional() @Nested(() => ThirdPartiesDeclared) thirdParties?: ThirdPartiesDeclared;
  @IsOptional() @Nested(() => ConfidenceOwed) confidentiality?: ConfidenceOwed;
  /** Nobody can be identified in any part. */
  @IsOptional() @IsBoolean() anonymised?: boolean;
  @IsOptional() @Nested(() => AdviceSought) advice?: AdviceSought;
  @IsOptional() @Nested(() => OnwardDeclared) onward?: OnwardDeclared;
  @IsOptional() @Nested(() => ReviewCited) review?: ReviewCited;
  @IsOptional() @Nested(() => FosteringFacts) fostering?: FosteringFacts;
  /** Absent: the strongest way that both have. */
  @IsOptional() @Nested(() => WayAsked) way?: WayAsked;
  @Nested(() => Handling) handling: Handling;
  @IsOptional() @Nested(() => Threads) threads?: Threads;
  /** It is circulated to a list of this kind: who on it may see whom, the agreement says. */
  @IsOptional() @Is('code') list?: string;
  /** It is an information request. */
  @IsOptional() @Nested(() => Asks) asks?: Asks;
  /** It answers the one that `threads.request` names. */
  @IsOptional() @Nested(() => Answers) answers?: Answers;
  /** `refuse`: one line struck off refuses the share; else the rest goes. */
  @IsOptional() @IsIn(['continue', 'refuse']) onStrikeOff?: 'continue' | 'refuse';
}

export class Manifest extends ManifestBase {
  /** SHA-256 of each line's octets, sorted; may be padded with random digests. */
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(LIMITS.lineDigests.value) @ArrayUnique() @Matches(GRAMMAR.digest, { each: true }) lines: string[];
}
