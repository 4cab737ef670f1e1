import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, IsOptional } from 'class-validator';
import { Is } from './grammar';

/** Blind indexes under which a share is to be found again: keyed hashes that the controller made with a key of its own (docs/protocol.md). */
export class SubjectIndexed {
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(16) @ArrayUnique() @Is('digest', { each: true }) indexes: string[];
}

export const CONTROL_OUTCOMES = ['passed', 'in-part', 'failed'] as const;

/** That a control was tested (AS-09, AS-10). */
export class ControlTested {
  /** Which: `backup-restore`, `access-list`, and so on. */
  @Is('code') control: string;
  @Is('day') on: string;
  @IsIn(CONTROL_OUTCOMES) outcome: (typeof CONTROL_OUTCOMES)[number];
  /** Directory identifier of whoever tested it. */
  @Is('contact') by: string;
  @IsOptional() @Is('code') role?: string;
  /** By when it is to be tested again. */
  @Is('day') dueAgain: string;
  /** SHA-256 of the report, which stays with the agency. */
  @IsOptional() @Is('digest') evidence?: string;
}

export class Recorded {
  /** Id of the register entry. */
  @Is('uuid') entry: string;
  @Is('digest') leaf: string;
}
