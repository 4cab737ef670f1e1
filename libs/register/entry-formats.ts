/**
 * What a value of an entry may look like. There is no format for text: an entry is read by people who may not read the share,
 * so it holds codes, ids, digests, numbers and instants, and a name has nowhere to stand.
 */
export const FORMATS = {
  agency: { says: 'an organisation of the directory', example: 'merebrook-council', grammar: /^[a-z0-9][a-z0-9-]{1,62}$/ },
  contact: { says: 'a contact of the directory, by its id', example: 'front-door', grammar: /^[a-z0-9][a-z0-9-]{1,62}$/ },
  agreement: { says: 'an agreement of the directory', example: 'example', grammar: /^[a-z0-9][a-z0-9-]{0,31}$/ },
  version: { says: 'the version of an agreement', example: '2.03', grammar: /^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$/ },
  clause: { says: 'a numbered or named place of an agreement, as its profile has it', example: '§4.3(10)', grammar: /^§?[A-Za-z0-9][A-Za-z0-9.()-]{0,31}$/ },
  code: { says: 'a code of the vocabulary or of the software', example: 'art6-1-e', grammar: /^[A-Za-z0-9][A-Za-z0-9_().-]{0,63}$/ },
  role: { says: 'the role of a person, never the name', example: 'duty-social-worker', grammar: /^[a-z][a-z0-9]*(?:-[a-z0-9]+){0,7}$/ },
  part: { says: 'a part of a share', example: 'part-1', grammar: /^part-[1-9][0-9]?$/ },
  reference: { says: 'a pseudonymous reference: initials and a case number', example: 'AB-1234', grammar: /^[A-Z]{1,4}[ -]?[A-Z0-9/-]{1,24}$/ },
  uuid: { says: 'an id made by software', example: '01890a5d-ac96-774b-bcce-b302099a8057', grammar: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/ },
  instant: { says: 'an instant, UTC', example: '2026-03-02T09:15:00.250Z', grammar: /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{3})?Z$/ },
  day: { says: 'a day', example: '2026-03-02', grammar: /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/ },
  month: { says: 'a month', example: '2026-03', grammar: /^[0-9]{4}-(?:0[1-9]|1[0-2])$/ },
  digest: { says: 'a SHA-256, hexadecimal', example: 'e3b0c442…', grammar: /^[0-9a-f]{64}$/ },
  fingerprint: { says: 'the fingerprint of a key or certificate, hexadecimal', example: 'd1a66e1a…', grammar: /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/ },
  keyId: { says: 'the id of a key, hexadecimal', example: 'b4c2a1d0e9f83716', grammar: /^[0-9a-f]{16}$/ },
  count: { says: 'how many, or how large in octets', example: '42', grammar: 'count' },
  flag: { says: 'true or false', example: 'true', grammar: 'flag' },
} as const satisfies Record<string, { says: string; example: string; grammar: RegExp | 'count' | 'flag' }>;

export type Format = keyof typeof FORMATS;
export type ValueOf<F extends Format> = F extends 'count' ? number : F extends 'flag' ? boolean : string;

/** Whether `value` is written as `format` asks. */
export function fits(format: Format, value: unknown): boolean {
  const { grammar } = FORMATS[format];
  if (grammar === 'count') return Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);
  if (grammar === 'flag') return typeof value === 'boolean';
  if (typeof value !== 'string' || !grammar.test(value)) return false;
  if (format === 'instant' || format === 'day') return isOnCalendar(value);
  return !COULD_HOLD_A_PERSON.has(format) || !identifiesAPerson(value);
}

/** `value` when it may be recorded as `format`: for what a stranger declared and we refuse, which must be recordable whatever it says. */
export const ifFits = (format: Format, value: string | undefined): string | undefined => (fits(format, value) ? value : undefined);

/** The formats in which somebody in a hurry could write what must not stand here. */
const COULD_HOLD_A_PERSON: ReadonlySet<Format> = new Set(['code', 'reference', 'contact', 'agency', 'role']);

const DAY = /(?<![0-9])(?:(?:19|20)[0-9]{2}[-/.]?(?:0[1-9]|1[0-2])[-/.]?(?:0[1-9]|[12][0-9]|3[01])|(?:0?[1-9]|[12][0-9]|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:19|20)[0-9]{2})(?![0-9])/;
const POSTCODE = /(?<![A-Z0-9])[A-Z]{1,2}[0-9][0-9A-Z]?[ -]?[0-9][A-Z]{2}(?![A-Z0-9])/i;

/** Ten digits are an NHS number or a telephone; a date may be a birthday; a postcode is a handful of doors. */
function identifiesAPerson(value: string): boolean {
  if (!/[0-9]/.test(value)) return false;
  return value.replace(/[^0-9]/g, '').length >= 10 || DAY.test(value) || POSTCODE.test(value);
}

function isOnCalendar(value: string): boolean {
  const at = new Date(value);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value.replace('Z', ''));
}
