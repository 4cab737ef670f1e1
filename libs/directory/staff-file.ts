import { ArrayNotEmpty, Equals, IsArray, IsBoolean, IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
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

/** What an operator enters of an agency's staff, as the agency reviewed it. */
export class StaffFile {
  @Equals(STAFF_FORMAT) format: typeof STAFF_FORMAT;
  @Is('agency') agency: string;
  @Each(() => StaffMember) staff: StaffMember[];
  /** Who is on duty for which team, from when until when. Replaces what was said of the time from now on, for the teams that it names. */
  @IsOptional() @Each(() => OnDuty) rota?: OnDuty[];
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
  return faults.length + backwards.length > 0 ? { ok: false, faults: [...faults, ...backwards] } : { ok: true, file: reading.value };
}

const twice = (names: readonly string[]): Fault[] => names.filter((name, i) => names.indexOf(name) < i).map((name) => ({ pointer: '/staff', says: `names ${name} twice` }));
