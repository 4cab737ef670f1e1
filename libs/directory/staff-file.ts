import { ArrayNotEmpty, ArrayUnique, Equals, IsArray, IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { parse } from 'yaml';
import { Is, Nested } from '#protocol/grammar';
import { type Fault, shaped } from '#protocol/read';
import { Each } from '#protocol/shapes';
import { STAFF_ROLE_CODES, type StaffRoleCode } from './staff-roles';

export const STAFF_FORMAT = 'waybill-staff/1';

/** What stands for a member of staff in registers and logs: letters and a number of the agency's, so that no name can stand there. */
export const STAFF_ID = /^[a-z]{1,12}-[0-9]{2,8}$/;

/** Trainings that an agreement may ask for (`party.training`). */
export const TRAININGS = {
  'front-door-guidance': 'guidance of the front door on confidentiality and consent',
  'information-sharing': 'training on information sharing',
  'data-protection': 'training on data protection',
} as const;
export type Training = keyof typeof TRAININGS;

class SignIn {
  @Matches(/^https:\/\/[^\s?#]+$/, { message: 'issuer must be the https address of an OpenID provider' }) issuer: string;
  /** `sub` of its tokens. */
  @IsString() @Length(1, 255) subject: string;
}

/** That the organisation checked somebody (AS-02): a day, and until when it holds. What was found stands nowhere. */
class Check {
  @Is('day') on: string;
  @IsOptional() @Is('day') until?: string;
}

class TrainingDone {
  @IsIn(Object.keys(TRAININGS), { message: `kind must be one of ${Object.keys(TRAININGS).join(', ')}` }) kind: Training;
  @Is('day') on: string;
  @IsOptional() @Is('day') until?: string;
}

export class StaffMember {
  @Matches(STAFF_ID, { message: 'staff must be letters and a number, like mc-014, and no name' }) staff: string;
  /** As it is written, with every letter that it has: shown to colleagues, and recorded nowhere. */
  @IsString() @Length(1, 120) name: string;
  @ArrayNotEmpty() @IsIn(STAFF_ROLE_CODES, { each: true, message: `each of roles must be one of ${STAFF_ROLE_CODES.join(', ')}` }) roles: StaffRoleCode[];
  /** Teams for which it works: contacts of the agency. */
  @IsOptional() @IsArray() @Is('contact', { each: true }) contacts?: string[];
  @Nested(() => SignIn) signsIn: SignIn;
  @IsOptional() @Nested(() => Check) check?: Check;
  @IsOptional() @Each(() => TrainingDone) training?: TrainingDone[];
  /** Whether it may sign in with a second factor alone. */
  @IsBoolean() secondFactor: boolean;
  @Is('day') from: string;
  @IsOptional() @Is('day') until?: string;
}

class OnDuty {
  @Is('contact') contact: string;
  @Matches(STAFF_ID, { message: 'staff must be one of the agency’s staff' }) staff: string;
  @Is('instant') from: string;
  @Is('instant') until: string;
}

/** How long something may take: one of these. Hours run through the night. */
class SpanGiven {
  @IsOptional() @IsInt() @Min(1) @Max(1_000) hours?: number;
  @IsOptional() @IsInt() @Min(1) @Max(1_000) workingHours?: number;
  @IsOptional() @IsInt() @Min(1) @Max(100) workingDays?: number;
}

class Targets {
  @IsOptional() @Nested(() => SpanGiven) red?: SpanGiven;
  @IsOptional() @Nested(() => SpanGiven) amber?: SpanGiven;
  @IsOptional() @Nested(() => SpanGiven) green?: SpanGiven;
}

const TIME_OF_DAY = /^([01][0-9]|2[0-3]):[0-5][0-9]$/;

/** When a desk is at work. */
class AtWork {
  /** 1 is Monday. */
  @ArrayNotEmpty() @ArrayUnique() @IsInt({ each: true }) @Min(1, { each: true }) @Max(7, { each: true }) days: number[];
  @Matches(TIME_OF_DAY, { message: 'from must be a time of day, like 09:00' }) from: string;
  @Matches(TIME_OF_DAY, { message: 'to must be a time of day, like 17:00' }) to: string;
}

/** What a desk holds itself to: how long what it found red, amber or green may take, and when it is at work. */
export class DeskTerms {
  @Is('contact') contact: string;
  @IsOptional() @Nested(() => Targets) targets?: Targets;
  @IsOptional() @Nested(() => AtWork) atWork?: AtWork;
}

/** What an operator enters of an agency's staff, as the agency reviewed it. */
export class StaffFile {
  @Equals(STAFF_FORMAT) format: typeof STAFF_FORMAT;
  @Is('agency') agency: string;
  @Each(() => StaffMember) staff: StaffMember[];
  /** Who is on duty for which team, from when until when. Replaces what was said of the time from now on, for the teams that it names. */
  @IsOptional() @Each(() => OnDuty) rota?: OnDuty[];
  /** What its desks hold themselves to, where that is not what most do. */
  @IsOptional() @Each(() => DeskTerms) desks?: DeskTerms[];
}

/** Reads a file of staff, YAML or JSON: every fault at once, each with its place. */
export function readStaff(text: string): { ok: true; file: StaffFile } | { ok: false; faults: readonly Fault[] } {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch {
    return { ok: false, faults: [{ pointer: '', says: 'is not YAML' }] };
  }
  const reading = shaped(StaffFile, { ok: true, value } as Parameters<typeof shaped>[1]);
  if (!reading.ok) return reading;
  const faults = [...twice(reading.value.staff.map(({ staff }) => staff)), ...twice(reading.value.staff.map(({ signsIn }) => `${signsIn.issuer} ${signsIn.subject}`)).map(() => ({ pointer: '/staff', says: 'has two who sign in as one' }))];
  const backwards = (reading.value.rota ?? []).flatMap(({ from, until }, i) => (until > from ? [] : [{ pointer: `/rota/${i}`, says: 'ends before it begins' }]));
  const all = [...faults, ...backwards, ...(reading.value.desks ?? []).flatMap(faultsOfDesk)];
  return all.length > 0 ? { ok: false, faults: all } : { ok: true, file: reading.value };
}

function faultsOfDesk({ targets = {}, atWork }: DeskTerms, i: number): Fault[] {
  const spans = Object.entries(targets).flatMap(([level, span]) => (span !== undefined && Object.values(span).filter((each) => each !== undefined).length !== 1 ? [{ pointer: `/desks/${i}/targets/${level}`, says: 'must be one of hours, workingHours, workingDays' }] : []));
  return [...spans, ...(atWork && atWork.to <= atWork.from ? [{ pointer: `/desks/${i}/atWork`, says: 'ends before it begins' }] : [])];
}

const twice = (names: readonly string[]): Fault[] => names.filter((name, i) => names.indexOf(name) < i).map((name) => ({ pointer: '/staff', says: `names ${name} twice` }));
