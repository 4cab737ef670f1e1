import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsObject, Matches, ValidateBy, ValidateNested, type ValidationOptions } from 'class-validator';
import { nests } from './rules';

/**
 * The shapes of every value that stands in clear on the wire. None admits free text: a value is a code from a list, an
 * identifier of the directory, a digest or an instant. What a grammar cannot tell (is this code in the list?) the policy room decides.
 */
export const GRAMMAR = {
  agency: /^[a-z0-9][a-z0-9-]{1,62}$/,
  contact: /^[a-z0-9][a-z0-9-]{1,62}$/,
  agreement: /^[a-z0-9][a-z0-9-]{0,31}$/,
  version: /^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$/,
  /** `front-door-referral`, `6(1)(e)`, `9(2)(g)`, `sch1-18` */
  code: /^[a-z0-9][a-z0-9().-]{0,63}$/,
  part: /^part-[1-9][0-9]?$/,
  /** SHA-256, lower-case hexadecimal. */
  digest: /^[0-9a-f]{64}$/,
  /** 128 random bits, lower-case hexadecimal. */
  salt: /^[0-9a-f]{32}$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  /** RFC 9562, version 7. */
  uuid7: /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  /** UTC, to the second or the millisecond. */
  instant: /^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\.[0-9]{3})?Z$/,
  day: /^(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]$/,
  /** An origin without path: `https://gateway.example` */
  origin: /^https:\/\/[a-z0-9][a-z0-9.-]{0,252}(:[0-9]{1,5})?$/,
  reference: /^[A-Z]{1,4}[ -]?[A-Z0-9/-]{1,24}$/,
  /** E.164. */
  telephone: /^\+[1-9][0-9]{7,14}$/,
} as const satisfies Record<string, RegExp>;

export type Grammar = keyof typeof GRAMMAR;

/** A string of the named shape. */
export function Is(shape: Grammar, options: ValidationOptions = {}): PropertyDecorator {
  const each = options.each ? 'each value of $property' : '$property';
  const told = { message: `${each} must be a ${shape}, like ${EXAMPLES[shape]}`, ...options };
  const matches = Matches(GRAMMAR[shape], told);
  if (shape !== 'day' && shape !== 'instant') return matches;
  return (target, property) => {
    for (const decorate of [matches, ValidateBy({ name: 'isOnCalendar', validator: { validate: isOnCalendar } }, told)]) decorate(target, property);
  };
}

/** 31 February has the shape of a day and is none; no register writes it down. */
export function isOnCalendar(value: unknown): boolean {
  const at = new Date(typeof value === 'string' ? value : Number.NaN);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(String(value).replace('Z', ''));
}

/** One object of a class. `ValidateNested` alone lets an array of them pass. */
export function Nested(shape: () => new () => object): PropertyDecorator {
  return (target, property) => {
    for (const decorate of [IsObject(), ValidateNested(), Type(shape), nests(shape)]) decorate(target, property);
  };
}

const EXAMPLES: Record<Grammar, string> = {
  agency: 'st-brigid-primary',
  contact: 'front-door',
  agreement: 'an agreement id of the directory',
  version: '2.03',
  code: 'front-door-referral',
  part: 'part-1',
  digest: '64 lower-case hexadecimal digits',
  salt: '32 lower-case hexadecimal digits',
  uuid: '01890a5d-ac96-774b-bcce-b302099a8057',
  uuid7: '01890a5d-ac96-774b-bcce-b302099a8057 (version 7)',
  instant: '2026-01-31T09:30:00Z',
  day: '2026-01-31',
  origin: 'https://gateway.example',
  reference: 'AB-1234',
  telephone: '+441514960000',
};

const NHS_NUMBER = /(?<![0-9])[0-9]{3}[ /-]?[0-9]{3}[ /-]?[0-9]{4}(?![0-9])/;
const DATE = /(?<![0-9])([0-3]?[0-9][/-][01]?[0-9][/-]([0-9]{2}|[0-9]{4})|(19|20)[0-9]{2}[/-]?[01][0-9][/-]?[0-3][0-9]|[0-3][0-9][01][0-9](19|20)[0-9]{2})(?![0-9])/;
const POSTCODE = /(?<![A-Z0-9])[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}(?![A-Z0-9])/;

/** Whether a reference hides an identifier of a person: an NHS number, a date or a postcode (MN-06, MN-07). */
export function hidesIdentifier(reference: string): boolean {
  const spaced = reference.replaceAll('/', ' ').replaceAll('-', ' ');
  return NHS_NUMBER.test(reference) || DATE.test(reference) || POSTCODE.test(spaced) || POSTCODE.test(reference.replace(/^[A-Z]{1,4}[ -]/, ''));
}
