import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { addressed, type Line, type PartLine } from '#protocol/line';
import { type Agreement, term } from './agreement';
import type { World } from './cases';
import { change, proposed } from './cases-run';
import { decide } from './decide';
import type { Decision, Proposal } from './decision';
import { loadAgreement } from './load';
import { PARAMETER_NAMES, PARAMETERS, type ParameterName } from './parameters';
import type { JsonSchema, Shape } from './parameters/shape';
import { PROFILE_FORMAT } from './schema';
import { CATEGORIES } from './vocabulary/categories';
import { GATEWAYS } from './vocabulary/gateways';
import { ARTICLE_9, LAWFUL_BASES } from './vocabulary/lawful-bases';
import { SCHEDULE_1 } from './vocabulary/schedules';

// Profiles that nobody wrote: any values that the schema admits. What holds of all of them holds of a sixth agreement.

const read = (file: string) => ({ file, text: readFileSync(`deploy/agreements/wirral/${file}`, 'utf8') });
const loading = loadAgreement({ ...read('agreement.yaml'), cases: read('cases.yaml') });
if (!loading.ok || !loading.cases) throw new Error('the profile does not load');
const { world } = loading.cases;
const base = loading.agreement;

/** Names that must lead somewhere in the profile, and a day that is long enough before any other. */
const LEADS: Readonly<Record<string, string>> = { entry: 'schools-and-colleges', representedBy: 'schools-and-colleges', purpose: 'front-door-referral', noticed: '2010-01-01' };

/** Any value of a schema, as far as the shapes of parameters use it. */
function valueOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  switch (schema['type']) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: Number(schema['minimum'] ?? 0), max: 60 });
    case 'string':
      return textOf(schema['pattern'] as string | undefined);
    case 'array':
      return fc.uniqueArray(valueOf(schema['items'] as JsonSchema), { minLength: 1, maxLength: 4, selector: (value) => JSON.stringify(value) });
    case 'object': {
      const required = schema['required'] as string[];
      const properties = Object.entries(schema['properties'] as Record<string, JsonSchema>).map(([name, inner]) => [name, name in LEADS ? fc.constant(LEADS[name]) : valueOf(inner)] as const);
      const termLike = 'if' in schema;
      return fc.record(Object.fromEntries(termLike ? properties.filter(([name]) => name === 'value' || name === 'clause') : properties), { requiredKeys: termLike ? undefined : required });
    }
    default:
      throw new Error(`a schema that no profile is made of: ${JSON.stringify(schema).slice(0, 200)}`);
  }
}

const SAMPLES = ['regulator-assurance', 'local-authority', 'police', 'schools-and-colleges', 'front-door-referral', 'integrated-front-door', 'learning', 'how-much'];
const DAYS = ['2020-01-01', '2025-06-01'];

function textOf(pattern: string | undefined): fc.Arbitrary<string> {
  const samples = [...SAMPLES, ...DAYS, '3.5', 'GR7', '2024', 'Any words.'].filter((sample) => pattern === undefined || new RegExp(pattern).test(sample));
  return samples.length > 0 ? fc.constantFrom(...samples) : fc.stringMatching(new RegExp(pattern as string));
}

type TermWritten = { value: unknown; clause: string } | { value: unknown; default: true; because: string };

/** What keeps the parties of the example in any agreement: who they are, and something that they can be sealed with. */
const KEPT: readonly ParameterName[] = ['agreement.partyList', 'channel.email.accepted', 'request.hub', 'controller.hub', 'retention.payloadInTransit', 'party.scopeLimit', 'agreement.purposes'];

const someTerm = (name: ParameterName): fc.Arbitrary<TermWritten> => {
  const shape: Shape<unknown> = PARAMETERS[name];
  const value = KEPT.includes(name) ? fc.constant(term(base, name)) : valueOf(shape.schema);
  return fc.tuple(value, fc.boolean()).map(([found, silent]) => (silent ? { value: found, default: true, because: 'the text is silent' } : { value: found, clause: '§9' }));
};

type Written = Partial<Record<ParameterName, TermWritten>>;
const ALWAYS = PARAMETER_NAMES.filter((name) => 'required' in PARAMETERS[name] || KEPT.includes(name));

const someOf = (names: readonly ParameterName[], most: number): fc.Arbitrary<Written> =>
  fc.subarray([...names], { maxLength: most }).chain((chosen) => fc.record(Object.fromEntries(chosen.map((name) => [name, someTerm(name)]))) as fc.Arbitrary<Written>);

/** All that every profile states, and any of the rest. */
const someTerms: fc.Arbitrary<Written> = fc.tuple(fc.record(Object.fromEntries(ALWAYS.map((name) => [name, someTerm(name)]))) as fc.Arbitrary<Written>, someOf(PARAMETER_NAMES.filter((name) => !ALWAYS.includes(name)), 60))
  .map(([always, some]) => ({ ...always, ...some }));

function written(terms: Partial<Record<ParameterName, TermWritten>>): string {
  const profile: Record<string, unknown> = { format: PROFILE_FORMAT, id: 'wirral', version: world.manifest['version'] ?? base.version, from: '2020-01-01' };
  for (const [name, value] of Object.entries(terms)) {
    const path = name.split('.');
    const last = path.pop() as string;
    const at = path.reduce<Record<string, unknown>>((inside, step) => (inside[step] ??= {}) as Record<string, unknown>, profile);
    at[last] = value;
  }
  return stringify(profile, { aliasDuplicateObjects: false });
}

/** The agreement of the examples with some of its terms as anybody might have written them: much of what is shared under it goes. */
const someProfile: fc.Arbitrary<Agreement> = someOf(PARAMETER_NAMES.filter((name) => !KEPT.includes(name)), 6).map((terms) => ({ ...base, terms: { ...base.terms, ...terms } as Agreement['terms'] }));

const FRONT_DOOR = { agency: 'wirral-council', contact: 'front-door' };
const POLICE = { agency: 'merseyside-police', contact: 'public-protection' };
const CLUB = { agency: 'harbour-juniors', contact: 'welfare-officer' };
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const someLine: fc.Arbitrary<Partial<PartLine>> = fc.record({
  recipient: fc.constantFrom(FRONT_DOOR, POLICE, CLUB), part: fc.constantFrom('part-1', 'part-2', 'part-3'), category: fc.constantFrom(...Object.keys(CATEGORIES)),
  needToKnow: maybe(fc.constant('protects-from-harm')), kind: maybe(fc.constantFrom('fact', 'opinion')), justification: maybe(fc.constant('shows-risk')), asOf: maybe(fc.constantFrom('2020-01-01', '2026-03-01')),
  confidence: maybe(fc.constantFrom('confirmed', 'doubtful')), source: maybe(fc.constantFrom('own-record', 'third-party', 'intelligence-service')), severalPeople: maybe(fc.boolean()), exceptional: maybe(fc.boolean()),
}) as fc.Arbitrary<Partial<PartLine>>;

const someChanges: fc.Arbitrary<Record<string, unknown>> = fc.record({
  '/manifest/urgency': fc.constantFrom('emergency', 'urgent', 'routine'), '/manifest/lawfulBasis': fc.constantFrom('6(1)(d)', '6(1)(e)', ...Object.keys(LAWFUL_BASES)),
  '/manifest/conditions': fc.uniqueArray(fc.constantFrom(...Object.keys(ARTICLE_9), ...Object.keys(SCHEDULE_1)), { maxLength: 4 }), '/manifest/legalGateway': fc.constantFrom(...Object.keys(GATEWAYS)),
  '/manifest/consent': fc.constantFrom({ status: 'obtained' }, { status: 'not-sought', reason: 'puts-child-at-risk' }, { status: 'refused', reason: 'prevents-harm' }), '/manifest/subjects': fc.constantFrom(['children'], ['adults-at-risk']),
  '/manifest/accuracy': fc.constant(null), '/lines/4/risk': fc.constant(null), '/lines/4/reasons': fc.constantFrom(['public-interest'], ['basis-explained', 'condition-explained']), '/parties/harbour-juniors/country': fc.constantFrom('GB', 'US'),
  '/lines/3/band': fc.constantFrom('under-16', '16-17', 'adult', 'adult-lacking-capacity'), '/manifest/onStrikeOff': fc.constant('refuse'), '/parties/merseyside-police/memberships/0/status': fc.constantFrom('held', 'consulted', 'suspended'),
}, { requiredKeys: [] });

const share = (changes: Record<string, unknown>, lines: readonly Partial<Line>[]) => (agreement: Agreement) =>
  proposed(agreement, change({ ...world, lines: [...world.lines, ...lines] as World['lines'] }, changes));
const decided = (agreement: Agreement, changes: Record<string, unknown>, lines: readonly Partial<Line>[]): Decision => {
  const { parties, proposal } = share(changes, lines)(agreement);
  return decide(agreement, parties, proposal);
};
const reached = (decision: Decision): string[] => (decision.outcome === 'permitted' ? decision.transfers.map(({ recipient }) => addressed(recipient)).sort() : []);
const sent = ({ lines }: Proposal, decision: Decision): string[] => (decision.outcome === 'permitted' ? decision.transfers.flatMap((transfer) => transfer.lines.map((i) => JSON.stringify(lines[i]))).sort() : []);

test('five hundred profiles that nobody wrote load, and decide any share without error, the same way twice', () => {
  fc.assert(fc.property(someTerms, someChanges, fc.array(someLine, { maxLength: 6 }), (terms, changes, lines) => {
    const read = loadAgreement({ file: 'generated.yaml', text: written(terms) });
    if (!read.ok) throw new Error(JSON.stringify(read.errors.slice(0, 3)));
    const { agreement } = read;
    const decision = decided(agreement, changes, lines);
    expect(decided(agreement, changes, lines)).toEqual(decision);
    for (const { pointer, standing, says, next } of decision.outcome === 'refused' ? decision.reasons : []) expect([pointer, standing.says, says, next].every((each) => typeof each === 'string' && each.length > 0)).toBe(true);
  }), { numRuns: 500 });
});

test('under any profile, one more category or line never reaches one more recipient', () => {
  let permitted = 0;
  fc.assert(fc.property(someProfile, someChanges, fc.array(someLine, { maxLength: 5 }), someLine, (agreement, changes, lines, more) => {
    const before = reached(decided(agreement, changes, lines));
    permitted += Math.sign(before.length);
    // Whoever the line itself is for may be reached by it.
    const allowed = [...before, addressed(more.recipient as PartLine['recipient'])];
    const after = reached(decided(agreement, changes, [...lines, { ...more, part: 'part-9' }]));
    expect(after.filter((to) => !allowed.includes(to))).toEqual([]);
  }), { numRuns: 500 });
  expect(permitted).toBeGreaterThan(50);
});

test('under any profile, the order of the lines never matters', () => {
  fc.assert(fc.property(someProfile, someChanges, fc.array(someLine, { minLength: 1, maxLength: 5 }), fc.nat(), (agreement, changes, lines, turn) => {
    const { parties, proposal } = share(changes, lines)(agreement);
    const at = turn % proposal.lines.length;
    const turned = { ...proposal, lines: [...proposal.lines.slice(at), ...proposal.lines.slice(0, at)].reverse() };
    const [one, other] = [decide(agreement, parties, proposal), decide(agreement, parties, turned)];
    expect(other.outcome).toBe(one.outcome);
    expect(sent(turned, other)).toEqual(sent(proposal, one));
    const codes = (decision: Decision) => (decision.outcome === 'refused' ? decision.reasons.map(({ code }) => code) : []).sort();
    expect(codes(other)).toEqual(codes(one));
  }), { numRuns: 300 });
});

describe('a stricter parameter never permits what a laxer one refused', () => {
  /** The same in two strengths: the laxer first. */
  const STRENGTHS: [ParameterName, unknown, unknown][] = [
    ['law.art6', { list: 'usual', codes: ['6(1)(e)'] }, { list: 'closed', codes: ['6(1)(e)'] }],
    ['law.art9', { list: 'closed', codes: ['9(2)(g)', '9(2)(c)'] }, { list: 'closed', codes: ['9(2)(g)'] }],
    ['law.sch1', { list: 'usual', codes: ['sch1-18'] }, { list: 'closed', codes: ['sch1-18'] }],
    ['law.offenceData', { list: 'usual', codes: ['sch1-18'] }, { list: 'closed', codes: ['sch1-18'] }],
    ['law.gatewayCheck', 'record', 'enforce'],
    ['law.consentStance', 'with-or-without', 'seek-first'],
    ['law.consentWithdrawal', 'any-time', 'delete'],
    ['law.informSubject', 'privacy-notice', 'where-safe'],
    ['law.informSubject', 'where-safe', 'where-safe-and-provider'],
    ['law.noConsentReasons', ['puts-child-at-risk', 'prevents-harm'], ['puts-child-at-risk']],
    ['decision.checklist', ['how-much'], ['how-much', 'never-asked']],
    ['record.content', ['what', 'why'], ['what', 'why', 'how']],
    ['dpia.rule', 'before-signing', 'must-high-risk'],
    ['agreement.subjectGroups', ['children', 'responsible-adults', 'adults-at-risk'], ['children']],
    ['agreement.consultedMayReceive', true, false],
    ['purpose.prohibited', ['learning'], ['learning', 'front-door-referral']],
    ['min.dataCategories', { list: 'any' }, { list: 'any', eachJustified: true }],
    ['min.dataCategories', { list: 'any' }, { list: 'listed', codes: ['names', 'health'] }],
    ['min.nonStatutoryRule', 'none', 'minimum'],
    ['min.secondDecider', { overRecipients: 9 }, { overRecipients: 1 }],
    ['header.factOpinion', 'in-meetings', 'each-item'],
    ['header.accuracy', 'each-controller', 'supplier-confirms'],
    ['header.historical', { explain: true, afterMonths: 60 }, { explain: true, afterMonths: 6 }],
    ['transfer.regions', { regions: ['UK', 'EEA'] }, { regions: ['UK'] }],
    ['party.requiredContacts', [{ post: 'spoc', reach: 'email-or-telephone' }], [{ post: 'spoc', reach: 'email-and-telephone' }]],
  ];

  test.each(STRENGTHS)('%s: %j, and then %j', (name, lax, strict) => {
    let permittedAtAll = 0;
    fc.assert(fc.property(someProfile, someChanges, fc.array(someLine, { maxLength: 4 }), (agreement, changes, lines) => {
      const saying = (value: unknown): Agreement => ({ ...agreement, terms: { ...agreement.terms, [name]: { value, clause: '§9' } } });
      const [laxer, stricter] = [saying(lax), saying(strict)];
      const { parties, proposal } = share(changes, lines)(laxer);
      const permitted = sent(proposal, decide(laxer, parties, proposal));
      permittedAtAll += Math.sign(permitted.length);
      expect(sent(proposal, decide(stricter, parties, proposal)).filter((line) => !permitted.includes(line))).toEqual([]);
    }), { numRuns: 100 });
    expect(permittedAtAll).toBeGreaterThan(5);
  });
});
