import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { loadFolders } from '#partnership/agreements';
import type { Case } from '#policy/cases';
import { CONDITIONS } from '#policy/conditions';
import { readTags, type Row, ROWS, rowsOf } from './catalogue';
import { type Cell, cellsOf, unnoticed } from './examples';
import { MUTATIONS } from './mutations';
import { markdown } from './report';
import { covered, type JestResults, misnamed, testsOf } from './results';

const tags = readTags();
const row = (id: string, source: string, differs = '–', must = '[E] refuses', theme = ''): string => `${theme}| ${id} | ${source} | what it asks | ${must} | ${differs} |`;
const padded = (...rows: string[]) => ['## A. Parties & directory (PD)', ...rows, ...Array.from({ length: ROWS - rows.length }, (_, i) => row(`Z${String.fromCharCode(65 + Math.floor(i / 90))}-${String((i % 90) + 10)}`, 'WIR §1'))].join('\n');
const read = (...rows: string[]): Row => rowsOf(padded(...rows), tags)[0] as Row;

test.each<[string, string, string, string[]]>([
  ['the agreements of its source', 'WIR §4.3(9); SOL §5', '–', ['wirral', 'solihull']],
  ['those of which the last column says something', 'WIR §5', '`x`: WIR = must; SOL = record kept; LLR, WOR, NWADCS = silent', ['wirral', 'solihull']],
  ['not one that is said to be silent', 'LLR §2', '`x`: LLR = yes; WOR = –; WIR = none', ['llr']],
  ['one whose rule is that nothing is allowed', 'LLR §3.7', '`x`: LLR; WIR = none stated', ['wirral', 'llr']],
  ['the agreement whose appendix it is', 'LLR App C', 'NPS profile', ['llr']],
  ['all, where none is named', '*(derived)* CH-01–07', '–', ['nwadcs', 'wirral', 'worcestershire', 'solihull', 'llr']],
])('a row applies to %s', (_what, source, differs, agreements) => {
  expect(read(row('PD-01', source, differs)).agreements).toEqual(agreements);
});

test('a row keeps its marks and theme, and none of its text', () => {
  expect(read(row('PD-01', 'WIR §1', '–', '[V] keeps. [E] refuses'))).toEqual({ id: 'PD-01', theme: 'Parties & directory', marks: ['E', 'V'], source: 'WIR §1', agreements: ['wirral'] });
});

test('a row that asks nothing of the software is told as one, and counts neither as proven nor as open', () => {
  const silent: Row = { ...read(row('PD-01', 'WIR §1', '–', '[V] No requirement; it is mentioned.')), id: 'SP-11' };
  expect(silent).toMatchObject({ asksNothing: true, agreements: ['wirral'] });
  expect(covered([silent], [])).toEqual([{ id: 'SP-11', agreements: {} }]);
  expect(markdown([silent], covered([silent], []), tags)).toContain('| SP-11 | V |  | – |  |  |  |');
});

test('a catalogue with a row too few, twice, or without a mark is refused', () => {
  expect(() => rowsOf(row('PD-01', 'WIR §1'), tags)).toThrow('1 rows');
  expect(() => rowsOf(padded(row('PD-01', 'WIR §1'), row('PD-01', 'WIR §1')), tags)).toThrow('281 ids');
  expect(() => rowsOf(padded(row('PD-01', 'WIR §1', '–', 'nothing')), tags)).toThrow('PD-01');
});

test('the committed table holds every row once', () => {
  const rows = JSON.parse(readFileSync('docs/clauses-applicability.json', 'utf8')) as Row[];
  expect(new Set(rows.map(({ id }) => id)).size).toBe(ROWS);
  expect(rows.filter(({ agreements }) => agreements.length === 0)).toEqual([]);
});

const rows: Row[] = [
  { id: 'BR-10', theme: 'Breach', marks: ['E'], source: '', agreements: ['wirral', 'llr'] },
  { id: 'PD-06', theme: 'Parties', marks: ['E', 'S'], source: '', agreements: ['wirral'] },
];
const results = (...tests: [string, string][]): JestResults => ({ testResults: [{ name: '/x/a.spec.ts', assertionResults: tests.map(([fullName, status]) => ({ fullName, status })) }] });

test('a clause is proven by tests that passed, in each agreement they name', () => {
  const tests = testsOf(results(['breach WIR BR-10, PD-06: the owner is told', 'passed'], ['WIR BR-10, LLR BR-10: both', 'passed'], ['LLR BR-10: broken', 'failed'], ['LLR BR-10: later', 'pending'], ['no clause', 'passed']), tags);
  expect(covered(rows, tests)).toEqual([
    { id: 'BR-10', agreements: { wirral: ['WIR BR-10, LLR BR-10: both', 'breach WIR BR-10, PD-06: the owner is told'], llr: ['WIR BR-10, LLR BR-10: both'] } },
    { id: 'PD-06', agreements: { wirral: ['breach WIR BR-10, PD-06: the owner is told'] } },
  ]);
  expect(markdown(rows, covered(rows, tests), tags)).toContain('| BR-10 | E |  | 2 |  |  | 1 |');
});

test('a test that cites a row which is none is told; one that proves a row where the text does not ask for it counts', () => {
  const tests = testsOf(results(['WIR ZZ-99: made up', 'passed'], ['LLR PD-06: not there', 'passed'], ['WIR PD-06: fine', 'passed']), tags);
  expect(misnamed(rows, tests)).toEqual(['"WIR ZZ-99: made up" cites ZZ-99, which is no row of the catalogue']);
  expect(covered(rows, tests)[1]?.agreements).toEqual({ wirral: ['WIR PD-06: fine'], llr: ['LLR PD-06: not there'] });
  expect(markdown(rows, covered(rows, tests), tags)).toContain('| 1* |');
});

describe('what the examples of an agreement notice', () => {
  const cells = cellsOf(loadFolders('deploy/agreements'), tags);
  const cell = (tag: string, id: string): Cell => cells.find((each) => each.tag === tag && each.row === id) as Cell;
  const only = (from: Cell, keep: (each: Case) => boolean): Cell => ({ ...from, cases: { ...from.cases, cases: from.cases.cases.filter(keep) } });

  test('is the rule of a row taken away, if one of them shows it unmet', () => {
    expect(unnoticed(cell('WIR', 'MN-11'))).toEqual([]);
    expect(unnoticed(only(cell('WIR', 'MN-11'), ({ expect: { outcome } }) => outcome === 'permitted'))).toContain('its conditions');
  });

  test('is another word of the agreement, if one of them hangs on it', () => {
    expect(unnoticed(cell('LLR', 'PU-03'))).toEqual([]);
    expect(unnoticed(only(cell('LLR', 'PU-03'), ({ name }) => !name.startsWith('a crime')))).toEqual(['purpose.changeExceptions: ["statutory-obligation","individual-at-risk"]']);
    expect(unnoticed(only(cell('WIR', 'MN-05'), () => false))).toEqual(['min.nonStatutoryRule: "minimum"']);
  });

  test('and the tables are whole again afterwards', () => {
    const before = CONDITIONS.map(({ code, on }) => `${code} ${on}`);
    unnoticed(cell('LLR', 'PU-09'));
    expect(CONDITIONS.map(({ code, on }) => `${code} ${on}`)).toEqual(before);
  });
});

test('every mutation finds its place exactly once', () => {
  for (const { file, find } of Object.values(MUTATIONS).flat()) expect([file, readFileSync(file, 'utf8').split(find).length]).toEqual([file, 2]);
});
