import { IsIn, IsOptional, IsString } from 'class-validator';
import { Base64, Each } from './shapes';
import { ANSWERS, type AnswerGiven } from './asks';
import { Is, Nested } from './grammar';
import { Address } from './line';
import { AgreementCited, URGENCIES, type Urgency } from './manifest';
import { SenderTold } from './answers';

// What the gateway answers about information requests. As in the other answers, a reader passes over fields that it does not know.

/** A request as it is listed: the most pressing first, and of these the oldest. */
export class RequestItem {
  /** The id of the transfer in which it was put: under this `threads.request` answers it. */
  @Is('uuid') request: string;
  @Is('uuid7') share: string;
  @Nested(() => SenderTold) requester: SenderTold;
  @Nested(() => Address) holder: Address;
  @Is('code') type: string;
  @IsOptional() @Is('code') purpose?: string;
  @IsIn(URGENCIES) urgency: Urgency;
  @Is('code') lane: string;
  /** One of docs/states.md. */
  @Is('code') state: string;
  @Is('instant') openedAt: string;
  /** From then on it counts as unanswered, which is never refused. */
  @IsOptional() @Is('instant') dueAt?: string;
  @IsOptional() @Is('instant') unansweredSince?: string;
  @IsOptional() @Is('instant') closedAt?: string;
  /** How pressing whoever was asked found it. */
  @IsOptional() @IsIn(['red', 'amber', 'green']) triage?: 'red' | 'amber' | 'green';
}

export class RequestPage {
  @Each(() => RequestItem) items: RequestItem[];
  /** Ask again with `?after=` this; absent on the last page. */
  @IsOptional() @IsString() next?: string;
}

/** One category that was asked, and what became of it. */
export class CategoryTold {
  @Is('code') category: string;
  /** Absent: not answered yet. */
  @IsOptional() @IsIn(ANSWERS) answer?: AnswerGiven;
  /** The share that answers it, or the decision not to share. */
  @IsOptional() @Is('uuid') by?: string;
  @IsOptional() @Is('instant') at?: string;
}

/** What a party stated about a request. Octets in base64. */
export class RequestStatementTold {
  @Is('code') kind: string;
  @Is('agency') agency: string;
  @Is('instant') at: string;
  @Base64() statement: string;
  /** Its detached OpenPGP signature. */
  @Base64() signature: string;
}

/** One thread: what was asked, and all that came of it. */
export class RequestTold extends RequestItem {
  @Nested(() => AgreementCited) agreement: AgreementCited;
  @Each(() => CategoryTold) categories: CategoryTold[];
  @Each(() => RequestStatementTold) statements: RequestStatementTold[];
  /** Who looks at a refusal, and who decides about one that was escalated. */
  @Is('agency', { each: true }) reviewers: string[];
  @Is('agency', { each: true }) deciders: string[];
}
