import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsOptional } from 'class-validator';
import { Is } from './grammar';

// What a sender declares about the person, the law and the origin of what it shares. Codes, days and flags; what a code means the vocabulary says.

export const SUBJECT_GROUPS = ['children', 'responsible-adults', 'adults-at-risk', 'providers'] as const;
export type SubjectGroup = (typeof SUBJECT_GROUPS)[number];

export class ConsentDeclared {
  @IsIn(['obtained', 'refused', 'withdrawn', 'not-sought', 'not-required']) status: 'obtained' | 'refused' | 'withdrawn' | 'not-sought' | 'not-required';
  /** A code of the vocabulary's no-consent reasons. */
  @IsOptional() @Is('code') reason?: string;
  @IsOptional() @Is('day') on?: string;
  /** Last day on which it holds. */
  @IsOptional() @Is('day') expires?: string;
  @IsOptional() @IsIn(['person', 'parent', 'attorney', 'court-deputy']) by?: 'person' | 'parent' | 'attorney' | 'court-deputy';
  @IsOptional() @IsIn(['written', 'spoken-and-noted']) evidence?: 'written' | 'spoken-and-noted';
  /** Purposes to which the person agreed; absent: not limited to any. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(8) @ArrayUnique() @Is('code', { each: true }) purposes?: string[];
  /** Categories to which the person agreed; absent: not limited to any. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(32) @ArrayUnique() @Is('code', { each: true }) categories?: string[];
  /** Whether the consent has limits that bind the recipient too. */
  @IsOptional() @IsBoolean() limited?: boolean;
  /** Whether the person could really have refused. */
  @IsOptional() @IsBoolean() couldRefuse?: boolean;
  /** Whether the competence of a child under 16 to agree was assessed and noted. */
  @IsOptional() @IsBoolean() competent?: boolean;
}

export class InformingDeclared {
  @IsIn(['informed', 'will-be-informed', 'not-informed']) status: 'informed' | 'will-be-informed' | 'not-informed';
  @IsOptional() @Is('code') by?: string;
  @IsOptional() @Is('code') reason?: string;
  /** The same of whoever gave the information to the sender, where that was somebody else. */
  @IsOptional() @IsIn(['informed', 'will-be-informed', 'not-informed']) provider?: 'informed' | 'will-be-informed' | 'not-informed';
}

/** Another way to the recipients than the strongest that both have. */
export class WayAsked {
  /** A code of the vocabulary's channels. */
  @Is('code') channel: string;
  /** Why the stronger one is not taken: a code. */
  @IsOptional() @Is('code') reason?: string;
  /** In an emergency: the role of the second person who approved it (CH-12). */
  @IsOptional() @Is('code') approver?: string;
}

/** That the sender looked, before it shared, whether what it shares is right. */
export class AccuracyConfirmed {
  @Is('day') on: string;
  @Is('code') by: string;
}

/** Whether people can be identified whom the share is not about, and why that is needed. */
export class ThirdPartiesDeclared {
  @IsBoolean() identifiable: boolean;
  @IsOptional() @Is('code') reason?: string;
}

/** That a duty of confidence is owed, and what the person said when asked. */
export class ConfidenceOwed {
  @IsIn(['agreed', 'objected', 'not-asked']) view: 'agreed' | 'objected' | 'not-asked';
}

/** The share asks for advice. */
export class AdviceSought {
  /** Its sender read the text for it, and nobody would be recognised by it: no name or initials, no address, nothing that only one person's case has. */
  @IsOptional() @IsBoolean() pseudonymous?: boolean;
  /** Why it cannot be asked without saying who the person is. */
  @IsOptional() @Is('code') identityNeeded?: string;
}

/** Of a share that passes on, or uses otherwise, what was received: on what ground nobody waits for the originating controller, and who approved that. */
export class OnwardDeclared {
  @Is('code') ground: string;
  /** Contact of the sender who approved it. */
  @Is('contact') approver: string;
}

export class ReviewCited {
  /** Body that commissioned the review. */
  @Is('code') commissionedBy: string;
  @Is('reference') reference: string;
}

export class FosteringFacts {
  @IsBoolean() atLeast28Days: boolean;
  @IsBoolean() disabled: boolean;
  @IsBoolean() byCloseRelative: boolean;
}
