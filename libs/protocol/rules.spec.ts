import { plainToInstance } from 'class-transformer';
import { Equals, IsOptional, Validate, validateSync, ValidatorConstraint } from 'class-validator';
import fc from 'fast-check';
import { LINE_CLASSES, PartLine } from './line';
import { Manifest } from './manifest';
import { PlanAsked } from './plan';
import { readAs } from './rules';
import { Statement } from './statement';

const DIGEST = 'a'.repeat(64);
const UUID = '01890a5d-ac96-774b-bcce-b302099a8057';
const recipient = { agency: 'merebrook-council', contact: 'front-door' };
const line = { salt: '0'.repeat(32), recipient };
const manifest = {
  format: 'waybill-manifest/1', id: UUID, sender: { agency: 'st-brigid-primary', role: 'designated-safeguarding-lead' }, gateway: 'https://gateway.example', created: '2026-01-31T09:30:00Z',
  agreement: { id: 'example', version: '1' }, purpose: 'front-door-referral', conditions: ['9(2)(g)', 'sch1-18'], consent: { status: 'obtained', on: '2026-01-30' }, threads: { request: UUID },
  urgency: 'routine', handling: { doNotTellSubject: false }, lines: [DIGEST, 'b'.repeat(64)],
};

/** Every class of the wire that has a quick way, with a value that is as it should be. */
const SOUND: [string, new () => object, Record<string, unknown>][] = [
  ['a manifest', Manifest, manifest],
  ['a line of a part', PartLine, { ...line, part: 'part-1', digest: DIGEST, category: 'names', asOf: '2026-01-30', kind: 'fact' }],
  ['a line about the subject', LINE_CLASSES.subject, { ...line, about: 'subject', reference: 'AB-1234', band: 'under-16' }],
  ['a line about the decision', LINE_CLASSES.decision, { ...line, about: 'decision', decider: 'dsl', role: 'lead', at: '2026-01-31T09:00:00Z', reasons: ['risk-of-harm'], aid: { purposeClear: true, consent: false, identifies: true, lawfulReason: true } }],
  ['a line about who is told', LINE_CLASSES.alsoTold, { ...line, about: 'alsoTold', organisations: ['merebrook-council'] }],
];

const bySlowWay = (shape: new () => object, value: Record<string, unknown>) => {
  const object = plainToInstance(shape, value);
  return validateSync(object, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true }).length === 0 ? object : undefined;
};

test.each(SOUND)('%s that is as it should be takes the quick way', (_what, shape, value) => {
  const read = readAs(shape, value);
  expect(read).toBeInstanceOf(shape);
  expect(read).toEqual(bySlowWay(shape, value));
});

/** A value, bent in one place: another type, a field more, one less, one field in place of another. */
const bent = fc.tuple(fc.constantFrom(...SOUND), fc.nat(), fc.oneof(
  fc.constantFrom<unknown>(undefined, '', 'x', 'Jane', 0, 1, true, [], ['x'], [[]], {}, { agency: 'x' }, [recipient], '2026-02-31', 'a b', 'a\n', UUID.toUpperCase(), [DIGEST, DIGEST], DIGEST),
  fc.jsonValue({ maxDepth: 2 }).filter((value) => value !== null),
), fc.constantFrom('replace', 'inside', 'add', 'remove')).map(([[, shape, value], at, other, how]) => {
  const copy = structuredClone(value);
  const names = Object.keys(copy);
  const name = names[at % names.length] as string;
  const inner = copy[name];
  if (how === 'remove') delete copy[name];
  else if (how === 'add') copy[`field${at % 3}`] = other;
  else if (how === 'inside' && typeof inner === 'object' && inner !== null) (inner as Record<string, unknown>)[Object.keys(inner)[at % Object.keys(inner).length] ?? 'x'] = other;
  else copy[name] = other;
  return { shape, value: copy };
});

test('the quick way reads what class-validator passes, as it does, and nothing else', () =>
  fc.assert(fc.property(bent, ({ shape, value }) => {
    expect(readAs(shape, structuredClone(value))).toEqual(bySlowWay(shape, structuredClone(value)));
  }), { numRuns: 3_000 }));

@ValidatorConstraint({ async: true })
class Later {
  validate = () => Promise.resolve(false);
}

test.each<[string, new () => object, Record<string, unknown>]>([
  ['no rule at all', class {}, {}],
  ['a rule that answers later', (() => {
    class Asked {
      @Validate(Later) a: string;
    }
    return Asked;
  })(), { a: 'x' }],
  ['a rule for some callers only', (() => {
    class Grouped {
      @IsOptional() @Equals('x', { groups: ['some'] }) a?: string;
    }
    return Grouped;
  })(), { a: 'x' }],
  ['lists of objects', Statement, { format: 'waybill-statement/1' }],
  ['objects of no class', PlanAsked, { manifest: 5, lines: [] }],
])('a class with %s is left to class-validator', (_what, shape, value) => {
  expect(readAs(shape, value)).toBeUndefined();
});
