import { existsSync, readFileSync } from 'node:fs';
import type { Row, Tags } from './catalogue';

/** What jest's `--json --outputFile` writes, as far as it is read here. */
export interface JestResults {
  testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
}

export interface Test {
  name: string;
  file: string;
  passed: boolean;
  /** `<agreement id> BR-10`: what its name says it proves. */
  proves: string[];
}

export function readResults(paths: readonly string[]): JestResults {
  const missing = paths.filter((path) => !existsSync(path));
  if (missing.length > 0) throw new Error(`no test results in ${missing.join(', ')}: run npm test first`);
  return { testResults: paths.flatMap((path) => (JSON.parse(readFileSync(path, 'utf8')) as JestResults).testResults) };
}

/** Every test that ran and says which clause it proves: `TAG CLAUSE-ID …` in its full name, several ids after one tag with or without commas, scenarios among them, several tags. */
export function testsOf({ testResults }: JestResults, tags: Tags): Test[] {
  const cites = new RegExp(`\\b(${[...tags.agreements.keys()].join('|')})((?:,? (?:S[0-9]{1,2}|[A-Z]{2}-[0-9]{2}))+)`, 'g');
  return testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults.flatMap(({ fullName, status }) => {
      const proves = [...fullName.matchAll(cites)].flatMap(([, tag = '', ids = '']) => (ids.match(/[A-Z]{2}-[0-9]{2}/g) ?? []).map((id) => `${tags.agreements.get(tag)} ${id}`));
      // A test that was skipped proves nothing, and fails nothing.
      return proves.length > 0 && (status === 'passed' || status === 'failed') ? [{ name: fullName, file, passed: status === 'passed', proves: [...new Set(proves)] }] : [];
    }),
  );
}

export interface Covered {
  id: string;
  /** Agreement to which the row applies, or where a test proves it all the same → names of the tests that prove it there. */
  agreements: Record<string, string[]>;
}

/** A row for every clause, with the tests that passed. */
export function covered(rows: readonly Row[], tests: readonly Test[]): Covered[] {
  const names = new Map<string, Set<string>>();
  for (const { name, passed, proves } of tests) {
    if (passed) for (const cell of proves) names.set(cell, (names.get(cell) ?? new Set()).add(name));
  }
  // What one agreement asks for the gateway may do under every other: where a test proves that, it counts there too.
  const all = [...new Set([...rows.flatMap(({ agreements }) => agreements), ...[...names.keys()].map((cell) => cell.split(' ')[0] ?? '')])];
  return rows.map(({ id, agreements, asksNothing }) => {
    const shown = all.filter((agreement) => (!asksNothing && agreements.includes(agreement)) || names.has(`${agreement} ${id}`));
    return { id, agreements: Object.fromEntries(shown.map((agreement) => [agreement, [...(names.get(`${agreement} ${id}`) ?? [])].sort()])) };
  });
}

/** Tests whose name cites a row that does not exist. */
export function misnamed(rows: readonly Row[], tests: readonly Test[]): string[] {
  const ids = new Set(rows.map(({ id }) => id));
  return tests.flatMap(({ name, proves }) => {
    const cited = proves.map((cell) => cell.split(' ')[1] ?? '');
    return cited.filter((id) => !ids.has(id)).map((id) => `"${name}" cites ${id}, which is no row of the catalogue`);
  });
}
