import { ArrayMaxSize, ArrayMinSize, ArrayUnique, Equals, IsArray, IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { Is, Nested } from './grammar';
import { LIMITS } from './limits';
import { Address } from './line';
import { AgreementCited } from './manifest';

// A data breach in codes: what happened in words travels as a share with `threads.breach`, sealed to those who may read it.

export const BREACH_REPORT_FORMAT = 'waybill-breach-report/1';
export const BREACH_STATEMENT_FORMAT = 'waybill-breach-statement/1';

const KNOWN_OR_NOT = ['yes', 'no', 'unknown'] as const;
export type KnownOrNot = (typeof KNOWN_OR_NOT)[number];

const Codes = (): PropertyDecorator => (target, property) => {
  for (const decorate of [IsOptional(), IsArray(), ArrayMinSize(1), ArrayMaxSize(LIMITS.breachCodes.value), ArrayUnique(), Is('code', { each: true })]) decorate(target, property);
};
const Agencies = (): PropertyDecorator => (target, property) => {
  for (const decorate of [IsOptional(), IsArray(), ArrayMaxSize(LIMITS.recipients.value), ArrayUnique(), Is('agency', { each: true })]) decorate(target, property);
};
const Number_ = (): PropertyDecorator => (target, property) => {
  for (const decorate of [IsOptional(), IsInt(), Min(0), Max(1_000_000_000)]) decorate(target, property);
};

/** What the regulator asks of a breach, as far as it is known. A later phase says more. */
export class BreachFacts {
  @IsOptional() @IsIn(KNOWN_OR_NOT) cyber?: KnownOrNot;
  @Codes() causes?: string[];
  /** Measures that were in place before. */
  @Codes() before?: string[];
  @Codes() data?: string[];
  @Codes() subjects?: string[];
  /** Personal data records; people who could be affected: the most it can be, where it is not known. */
  @Number_() records?: number;
  @Number_() people?: number;
  @Codes() consequences?: string[];
  @IsOptional() @Is('code') likelihood?: string;
  @IsOptional() @IsIn(KNOWN_OR_NOT) highRisk?: KnownOrNot;
  /** Of a cyber incident: what of the data is affected. */
  @IsOptional() @IsArray() @ArrayMaxSize(3) @ArrayUnique() @IsIn(['confidentiality', 'integrity', 'availability'], { each: true }) affected?: ('confidentiality' | 'integrity' | 'availability')[];
  @IsOptional() @Is('code') impact?: string;
  @IsOptional() @Is('code') recovery?: string;
  /** Whether the member of staff had training in data protection in the last two years. */
  @IsOptional() @IsIn(KNOWN_OR_NOT) trained?: KnownOrNot;
  /** What was done since, and what will be. */
  @Codes() taken?: string[];
  @Codes() proposed?: string[];
  @IsOptional() @Is('day') proposedBy?: string;
  @Codes() othersTold?: string[];
}

/** The first report of a breach, signed. Its id is the case's. */
export class BreachReported {
  @Equals(BREACH_REPORT_FORMAT) format: typeof BREACH_REPORT_FORMAT;
  @Is('uuid7') id: string;
  /** The first question: could anyone come to harm because of it? Not known counts as yes. */
  @IsIn(KNOWN_OR_NOT) harm: KnownOrNot;
  /** The agency that holds the case of whoever could come to harm. */
  @IsOptional() @Is('agency') caseHolder?: string;
  @Nested(() => Address) by: Address;
  /** Role of the person. */
  @Is('code') role: string;
  /** Origin of the gateway that it is for. */
  @Is('origin') gateway: string;
  @Is('instant') at: string;
  @Nested(() => AgreementCited) agreement: AgreementCited;
  @Is('code') type: string;
  /** It nearly happened, and did not. */
  @IsOptional() @IsBoolean() nearMiss?: boolean;
  /** Nothing happened: it is tried who is told, and how soon. */
  @IsOptional() @IsBoolean() exercise?: boolean;
  @IsOptional() @Is('instant') happenedAt?: string;
  @Is('instant') foundAt: string;
  /** When whoever reports had reasonable certainty: from then on its own clock runs. */
  @Is('instant') awareAt: string;
  @Is('code') foundBy: string;
  /** The agency where it happened; absent: whoever reports. */
  @IsOptional() @Is('agency') where?: string;
  /** Shares of the register that are affected. */
  @IsArray() @ArrayMaxSize(LIMITS.breachShares.value) @ArrayUnique() @Is('uuid', { each: true }) shares: string[];
  /** Whose information it was, and who received it, beyond what follows from the shares. */
  @Agencies() owners?: string[];
  @Agencies() recipients?: string[];
  @IsOptional() @Nested(() => BreachFacts) facts?: BreachFacts;
}

/** What a party can state about a breach; each is kept octet for octet and shown to everybody in the case. */
export const BREACH_STATEMENT_KINDS = {
  read: 'somebody of the party has read the notice; from when on it knows, its own clock runs',
  phase: 'more is known: a further submission',
  protected: 'what was done for whoever could come to harm, by whom and when',
  assessed: 'whose information it is assessed the risk',
  graded: 'how severe a party finds it',
  'grade-fixed': 'the grade that stands, with its reasons',
  threshold: 'whether the regulator is told, with the reasons either way',
  reported: 'the regulator was told',
  'not-notifier': 'another controller tells the regulator: this one looked, and leaves it to that',
  subjects: 'whether the people concerned are told, by whom, and if not why',
  'assistance-asked': 'one party asks another for help, by when',
  'assistance-given': 'help was given',
  offence: 'it may be an offence: the police are told, and evidence is kept',
  'hold-lifted': 'evidence need no longer be kept',
  finding: 'what a party found, and what it changes',
  'deletion-asked': 'whoever received something by mistake is asked to delete it',
  'deletion-confirmed': 'whoever received something by mistake says what became of it',
  outcome: 'the case ends: what came of it, for all who had a part in it',
  acknowledged: 'a party has taken note of the outcome',
  suspended: 'a party suspends the agreement, in writing and with evidence',
  met: 'representatives met about a suspension, and what they resolved',
  resumed: 'whoever suspended the agreement ends that',
} as const;
export type BreachStatementKind = keyof typeof BREACH_STATEMENT_KINDS;

/** When a child is told: who holds parental responsibility, and whether that is the danger. */
export class ChildConsidered {
  @Is('code') responsibility: string;
  @IsBoolean() isTheRisk: boolean;
}

/** What a first report, made of its first question alone, left open. Said in a phase by whoever reported it: whoever has a part by it is told as if it had stood there. */
export class BreachScope {
  @IsOptional() @Is('code') type?: string;
  @IsOptional() @Is('instant') happenedAt?: string;
  @IsOptional() @Is('instant') foundAt?: string;
  @IsOptional() @Is('code') foundBy?: string;
  @IsOptional() @Is('agency') where?: string;
  /** The agency that holds the case of whoever could come to harm. */
  @IsOptional() @Is('agency') caseHolder?: string;
  /** Besides those that were named before. */
  @IsOptional() @IsArray() @ArrayMaxSize(LIMITS.breachShares.value) @ArrayUnique() @Is('uuid', { each: true }) shares?: string[];
  @Agencies() owners?: string[];
  @Agencies() recipients?: string[];
}

export class BreachStated {
  @Equals(BREACH_STATEMENT_FORMAT) format: typeof BREACH_STATEMENT_FORMAT;
  @Is('uuid7') id: string;
  @IsIn(Object.keys(BREACH_STATEMENT_KINDS)) kind: BreachStatementKind;
  @Is('uuid') breach: string;
  @Nested(() => Address) by: Address;
  @Is('code') role: string;
  @Is('origin') gateway: string;
  @Is('instant') at: string;
  @IsOptional() @Is('code') outcome?: string;
  @Codes() reasons?: string[];
  /** Of `read`, and of a `phase` with its scope: when the controller had reasonable certainty, where that was before. */
  @IsOptional() @Is('instant') awareAt?: string;
  /** 1 to 5 each: the grid is ours. */
  @IsOptional() @IsInt() @Min(1) @Max(5) severity?: number;
  @IsOptional() @IsInt() @Min(1) @Max(5) likelihood?: number;
  /** What the law asks first. */
  @IsOptional() @Is('code') risk?: string;
  /** Whether the agreement's own threshold is met. */
  @IsOptional() @IsBoolean() agreementMet?: boolean;
  @IsOptional() @Is('instant') reportedAt?: string;
  /** The regulator's own reference. */
  @IsOptional() @Is('reference') reference?: string;
  @Codes() delay?: string[];
  /** By whom people are told. */
  @IsOptional() @Is('agency') told?: string;
  @IsOptional() @Is('code') ground?: string;
  @IsOptional() @Nested(() => ChildConsidered) child?: ChildConsidered;
  /** Whom help is asked of, and by when. */
  @IsOptional() @Is('agency') of?: string;
  @IsOptional() @Is('instant') dueAt?: string;
  /** The statement that asked for what is given. */
  @IsOptional() @Is('uuid') answers?: string;
  @Codes() done?: string[];
  @IsOptional() @Is('code') doneBy?: string;
  @IsOptional() @Is('instant') doneAt?: string;
  /** Of a share that went wrong: the transfer. */
  @IsOptional() @Is('uuid') transfer?: string;
  /** The share in this case that holds it in writing, sealed; and one that holds the evidence. */
  @IsOptional() @Is('uuid') inWriting?: string;
  @IsOptional() @Is('uuid') evidence?: string;
  /** Of a meeting: whose representatives were there. */
  @Agencies() attended?: string[];
  @IsOptional() @Nested(() => BreachFacts) facts?: BreachFacts;
  @IsOptional() @Nested(() => BreachScope) scope?: BreachScope;
}
