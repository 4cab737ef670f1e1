import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { Is } from './grammar';
import { Each } from './shapes';

/** One reason of a refusal. Facts in codes, ids and numbers may stand beside: `cause`, `recipient`, `keyId`, `part`, `clauses`. */
export class ProblemReason {
  @Matches(/^[A-Z][A-Z0-9_]{2,63}$/) code: string;
  @IsString() says: string;
  /** What to do next. */
  @IsString() next: string;
  /** RFC 6901, into what was sent. */
  @IsOptional() @IsString() pointer?: string;
}

/** RFC 9457, `application/problem+json`. The first reason stands in front; all of them stand in `reasons`. Nothing that was sent is repeated. */
export class Problem {
  @Matches(/^urn:waybill:problem:[A-Z][A-Z0-9_]{2,63}$/) type: string;
  @IsString() title: string;
  @IsInt() @Min(400) @Max(599) status: number;
  /** For programs. */
  @Matches(/^[A-Z][A-Z0-9_]{2,63}$/) code: string;
  @IsString() detail: string;
  /** For people: what to do next. */
  @IsString() next: string;
  @IsOptional() @IsString() pointer?: string;
  /** Names this answer in our log. */
  @Matches(/^urn:uuid:[0-9a-f-]{36}$/) instance: string;
  /** Our clock, for a sender whose own is wrong. */
  @Is('instant') serverTime: string;
  @Each(() => ProblemReason) reasons: ProblemReason[];
}
