import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { Is, Nested } from './grammar';
import { LIMITS } from './limits';

// An information request travels as a share does: what is asked stands in the manifest as codes, the question in words is a sealed part.

/** Told apart by it; what is no object is told by another rule. */
const categoryOf = (each: { category?: string } | null): unknown => each?.category;

/** One category, and why it is needed. */
export class CategoryAsked {
  @Is('code') category: string;
  @IsOptional() @Is('code') needToKnow?: string;
}

/** That an attorney or deputy may ask for the person, and who looked at the proof. */
export class AuthorityChecked {
  @Is('code') kind: string;
  /** Role of whoever looked at it. */
  @Is('code') checkedBy: string;
  @IsOptional() @Is('contact') contact?: string;
  @Is('day') checkedOn: string;
}

/** What the share asks of each of its recipients. */
export class Asks {
  @Is('code') type: string;
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(LIMITS.askedCategories.value) @ArrayUnique(categoryOf) @IsObject({ each: true }) @ValidateNested({ each: true }) @Type(() => CategoryAsked) categories: CategoryAsked[];
  /** By when an answer is needed. */
  @IsOptional() @Is('instant') neededBy?: string;
  @IsOptional() @Nested(() => AuthorityChecked) authority?: AuthorityChecked;
}

/** Silence is none of these. */
export const ANSWERS = ['given', 'not-held', 'refused', 'confirmed', 'differs'] as const;
export type AnswerGiven = (typeof ANSWERS)[number];

export class CategoryAnswered {
  @Is('code') category: string;
  /** `given` and `differs` come with a part; `confirmed` and `differs` answer an audit. */
  @IsIn(ANSWERS) answer: AnswerGiven;
}

/** What the share answers of the information request that `threads.request` names. A refusal takes its record along: reasons as codes here, in words as a sealed part. */
export class Answers {
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(LIMITS.askedCategories.value) @ArrayUnique(categoryOf) @IsObject({ each: true }) @ValidateNested({ each: true }) @Type(() => CategoryAnswered) categories: CategoryAnswered[];
  /** Why what is refused is refused. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(8) @ArrayUnique() @Is('code', { each: true }) reasons?: string[];
  /** The safety and well-being of the person and of others were considered before it was refused. */
  @IsOptional() @IsBoolean() safetyConsidered?: boolean;
  /** Contact of the manager who approved that something urgent is refused. */
  @IsOptional() @Is('contact') approvedBy?: string;
}
