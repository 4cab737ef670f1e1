import { readFileSync } from 'node:fs';
import type { Term } from '#policy/agreement';
import { PARAMETER_NAMES, type ParameterName } from '#policy/parameters';
import { loadFolder } from '#partnership/agreements';

/** What we added to what the agreements speak of. Always a default. */
const OURS: readonly ParameterName[] = ['header.alsoTold', 'onward.scope', 'min.secondDecider', 'request.answerWithin', 'refusal.decision', 'refusal.stages', 'suspension.renewal'];
/** What a row of the catalogue asks for, and its list of parameters does not name. */
const OF_ROWS: readonly ParameterName[] = ['min.thirdParties', 'header.source', 'onward.outside', 'access.storage', 'request.onBehalf', 'controller.joint', 'party.attests', 'access.devices'];

/** By parameter, for each agreement in the order of `IDS`: `t` the text says it, `d` a default of ours, `p` a party's security profile alone says it, `-` silence. */
const SAID = JSON.parse(readFileSync('test/clauses/parameters.json', 'utf8')) as Record<ParameterName, string>;
const IDS = ['nwadcs', 'wirral', 'worcestershire', 'solihull', 'llr'] as const;

const agreements = Object.fromEntries(
  IDS.map((id) => {
    const loading = loadFolder(`deploy/agreements/${id}`);
    if (!loading.ok) throw new Error(JSON.stringify(loading.errors));
    return [id, loading.agreement];
  }),
);
const termsOf = (id: string) => agreements[id]?.terms as NonNullable<(typeof agreements)[string]>['terms'];
const mark = (term: Term<unknown> | undefined): string => (term === undefined ? '-' : term.default ? 'd' : 't');

test('the parameters are the 151 of the catalogue and those of ours, no more and no fewer', () => {
  expect(Object.keys(SAID)).toHaveLength(151);
  expect([...PARAMETER_NAMES].sort()).toEqual([...Object.keys(SAID), ...OURS, ...OF_ROWS].sort());
});

test.each(IDS.map((id, i) => [id, i] as const))('%s: its profile speaks where its text does, and fills no other silence than those listed', (id, i) => {
  const terms = termsOf(id);
  const sharpened = Object.keys(Object.assign({}, ...(terms['party.specificSecurityNeeds']?.value.profiles ?? []).map((profile) => profile.terms)) as object);
  const listed = Object.entries(SAID).map(([name, marks]) => [name, marks[i]]);
  const stands = Object.keys(SAID).map((name) => {
    const found = mark(terms[name as ParameterName]);
    return [name, found === '-' && sharpened.includes(name) ? 'p' : found];
  });
  expect(stands).toEqual(listed);
  expect(OURS.map((name) => mark(terms[name])).filter((found) => found === 't')).toEqual([]);
});

describe('who is party', () => {
  const list = (id: string) => termsOf(id)['agreement.partyList'].value;
  const kinds = (id: string) => list(id).reduce<Record<string, number>>((counted, { kind }) => ({ ...counted, [kind]: (counted[kind] ?? 0) + 1 }), {});

  test.each<[string, Record<string, number>]>([
    ['nwadcs', { coordinator: 1, named: 1, category: 3 }],
    ['wirral', { 'statutory-partner': 3, named: 14, category: 10, mixed: 1 }],
    ['worcestershire', { coordinator: 1, named: 25, represented: 10 }],
    ['solihull', { 'statutory-partner': 3, consulted: 12 }],
    ['llr', { named: 28 }],
  ])('%s: as its text lists them', (id, expected) => {
    expect(kinds(id)).toEqual(expected);
  });

  test('twenty-nine lines are signed, ten of them for a sector whose bodies come in as represented', () => {
    expect(list('worcestershire').reduce((sum, { signatures = 0 }) => sum + signatures, 0)).toBe(29);
    const signing = list('worcestershire').filter(({ represents }) => represents !== undefined);
    expect(signing.map(({ entry, represents }) => [represents, entry])).toEqual(list('worcestershire').filter(({ kind }) => kind === 'represented').map(({ entry, representedBy }) => [entry, representedBy]));
    expect(signing).toHaveLength(10);
  });
});

// Nobody inherits what is wrong in how a text was drafted. What a decision shows stands in the cases of the profile; here is what none shows.
describe('what the drafting of the texts would lead to, and does not', () => {
  test('the regions hold the United Kingdom beside the EEA', () => {
    for (const id of ['wirral', 'solihull']) expect(termsOf(id)['transfer.regions']).toMatchObject({ value: { regions: ['UK', 'EEA'] }, because: expect.any(String) });
  });

  test('the first review comes after twelve months, each later one after twenty-four, and the profile says that it can be read otherwise', () => {
    expect(termsOf('llr')['agreement.reviewCycle']).toMatchObject({ value: { firstMonths: 12, everyMonths: 24 }, because: expect.any(String) });
  });

  test('what two appendices say differently stands as two periods, and none is stretched', () => {
    const periods = termsOf('worcestershire')['retention.periods']?.value ?? [];
    expect(Object.fromEntries(periods.map(({ what, months, atOnce }) => [what, months ?? (atOnce ? 0 : undefined)]))).toMatchObject({
      'training-completion': 24, 'training-registers': 24, 'training-electronic-record': 36, 'contractor-contacts': 0, 'contract-files': 72,
    });
  });

  test('the markings of the old scheme are read and never given', () => {
    expect(termsOf('worcestershire')['header.classification'].value).toMatchObject({ default: 'OFFICIAL-SENSITIVE', legacy: ['PROTECT', 'RESTRICTED'] });
  });

  test('those who had part in a share are told of its breach, and all only where all are three', () => {
    expect(termsOf('wirral')['breach.notifyOthers']).toMatchObject({ value: { whom: 'involved' }, default: true });
    expect(termsOf('solihull')['breach.notifyOthers']).toMatchObject({ value: { whom: 'all' } });
  });

  test('Schedule 8 stands beside law enforcement, and among no conditions of Schedule 1 or Article 9', () => {
    const terms = termsOf('llr');
    expect(terms['law.lawEnforcement']?.value).toEqual(['sch8-4']);
    expect([...(terms['law.sch1']?.value.codes ?? []), ...(terms['law.art9']?.value.codes ?? [])].filter((code) => code.startsWith('sch8'))).toEqual([]);
  });

  test('what the text leaves empty is empty', () => {
    expect(termsOf('nwadcs')['notification.reviewInterval']).toBeUndefined();
    expect(termsOf('llr')['breach.contactTable']?.value).toEqual(['breach-post']);
  });
});
