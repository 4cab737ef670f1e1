import { Equals, IsInt, IsOptional, IsString } from 'class-validator';
import { Is } from './grammar';
import { Base64, Each } from './shapes';

// What the gateway answers about copies that are kept: to whoever keeps them, and to nobody else.

/** How long one copy is kept. */
export class RetentionItem {
  @Is('uuid') transfer: string;
  @Is('uuid') share: string;
  @Is('agency') sender: string;
  @Is('agreement') agreement: string;
  /** What of the agreement's periods it is. */
  @Is('code') what: string;
  /** Of the agreement, of the agency's own policy, or without an end. */
  @IsOptional() @IsInt() months?: number;
  @IsOptional() @Is('code') from?: string;
  @IsOptional() @Equals(true) indefinite?: true;
  @IsOptional() @Is('day') startedOn?: string;
  /** Absent: what starts its time has not happened, or it has no end. */
  @IsOptional() @Is('day') dueOn?: string;
  /** When the agency is asked whether keeping it is still justified. */
  @Is('day') reviewOn: string;
  @IsOptional() @Is('instant') heldAt?: string;
  @IsOptional() @Is('instant') disposedAt?: string;
}

export class RetentionPage {
  @Each(() => RetentionItem) items: RetentionItem[];
  @IsOptional() @IsString() next?: string;
}

export class RetentionStatementTold {
  @Is('code') kind: string;
  @Is('instant') at: string;
  @Base64() statement: string;
  @Base64() signature: string;
}

export class RetentionTold extends RetentionItem {
  @Each(() => RetentionStatementTold) statements: RetentionStatementTold[];
}
