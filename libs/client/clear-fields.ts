import { hidesIdentifier } from '#protocol/grammar';
import type { Line } from '#protocol/line';
import { bare, nameParts, spellings, type SubjectKnown, words } from './subject';

export type Identifier = 'name' | 'date of birth' | 'NHS number' | 'postcode' | 'what looks like a date, an NHS number or a postcode';

/** A field that is not sealed and would tell who the person is. Never the value: it goes to screens and logs. */
export interface NamedInClear {
  /** JSON pointer, into the manifest, or behind `/lines/<n>` into a line. */
  field: string;
  holds: Identifier;
}

/**
 * What a field is made of, by its name; any other is compared as strictly as a reference.
 * `fixed`: numbers, days, digests and words of a closed list, which nobody chooses. `identifier`: names of the directory, where one
 * name in common means nothing (a head teacher may be called as a child is) and a whole name does. `code`: words of a vocabulary.
 */
const FIELDS: Readonly<Record<string, 'fixed' | 'identifier' | 'code'>> = {
  ...all('fixed', ['format', 'id', 'gateway', 'created', 'version', 'urgency', 'classification', 'status', 'on', 'expires', 'request', 'previous', 'supersedes', 'meeting', 'onStrikeOff', 'salt', 'digest', 'part', 'kind', 'asOf', 'scannedOn', 'confidence', 'source', 'about', 'band', 'at', 'wordsDigest', 'subjects', 'evidence', 'provider', 'view', 'risk', 'impactAssessment', 'decidedAt', 'discussedOn', 'share', 'sealed', 'proposal', 'coverSheetConfirmedAt', 'envelopeMarking', 'cipher', 'certificate', 'proofs', 'policy', 'channel', 'neededBy', 'checkedOn', 'answer']),
  ...all('identifier', ['agency', 'contact', 'agreement', 'organisations', 'parties', 'decider', 'secondDecider', 'approver', 'approvedBy']),
  ...all('code', ['purpose', 'lawfulBasis', 'conditions', 'legalGateway', 'role', 'reason', 'reasons', 'by', 'method', 'category', 'needToKnow', 'justification', 'purposes', 'categories', 'doubt', 'sourceKind', 'historical', 'atRisk', 'checklist', 'harmToldOtherwise', 'identityNeeded', 'ground', 'outside', 'commissionedBy', 'how', 'addressCheckedBy', 'noAlternative', 'type', 'checkedBy', 'item']),
};

/**
 * Every field in clear that would tell who the person is (MN-06, MN-07), found on the sender's own machine before anything is sent: the
 * gateway can't look for names that it must not know. Case and accents do not count; of a name, each part of three letters or more does.
 * @param known codes that stand in a vocabulary, so that a child called Grace or Will can be referred at all
 */
export function clearFieldsHiding(subject: SubjectKnown, manifest: object, lines: readonly Partial<Line>[], known: ReadonlySet<string> = new Set()): NamedInClear[] {
  const { lines: _digests, ...rest } = manifest as Record<string, unknown>;
  const texts = [...textsIn(rest, ''), ...lines.flatMap((line, i) => [...textsIn(line, `/lines/${i}`)])];
  const tests = testsOf(subject);
  return texts.flatMap(({ field, name, text }) => {
    const made = FIELDS[name];
    if (made === 'fixed' || (made === 'code' && known.has(text))) return [];
    const found = tests[made ?? 'free'](text);
    return found.map((holds) => ({ field, holds }));
  });
}

/** What of the person a text says, of what the sender knows: for what is sealed, and yet is to say of nobody who it is. */
export const tellsOf = (subject: SubjectKnown, text: string): Identifier[] => testsOf(subject).code(text);

type Test = (text: string) => Identifier[];

function testsOf(subject: SubjectKnown): Record<'identifier' | 'code' | 'free', Test> {
  const names = nameParts(subject);
  const days = (subject.born ?? []).flatMap(spellings);
  const numbers = (subject.nhsNumbers ?? []).map(bare).filter((number) => number.length > 0);
  const postcodes = (subject.postcodes ?? []).map(bare).filter((postcode) => postcode.length > 0);
  const within = (text: string, wanted: readonly string[]) => wanted.some((each) => bare(text).includes(each));
  const told = (...found: [boolean, Identifier][]) => found.flatMap(([is, what]) => (is ? [what] : []));
  const numbersIn = (text: string): [boolean, Identifier][] => [[within(text, days), 'date of birth'], [within(text, numbers), 'NHS number'], [within(text, postcodes), 'postcode']];
  const anyPart = (text: string) => words(text).some((word) => names.flat().includes(word));
  const wholeName = (text: string) => names.some((parts) => parts.length > 1 && parts.every((part) => words(text).includes(part)));
  return {
    identifier: (text) => told([wholeName(text), 'name'], ...numbersIn(text)),
    code: (text) => told([anyPart(text), 'name'], ...numbersIn(text)),
    free: (text) => {
      const found = told([within(text, names.flat()), 'name'], ...numbersIn(text));
      // Somebody else's date or postcode has no place in a reference either.
      return found.length === 0 && hidesIdentifier(text) ? ['what looks like a date, an NHS number or a postcode'] : found;
    },
  };
}

function* textsIn(value: unknown, pointer: string, name = ''): Generator<{ field: string; name: string; text: string }> {
  if (typeof value === 'string') yield { field: pointer, name, text: value };
  else if (Array.isArray(value)) for (const [i, each] of value.entries()) yield* textsIn(each, `${pointer}/${i}`, name);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) yield* textsIn(each, `${pointer}/${key}`, pointer === '/agreement' && key === 'id' ? 'agreement' : key);
  }
}

function all<T extends string>(made: T, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, made]));
}
