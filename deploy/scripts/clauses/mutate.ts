import 'reflect-metadata';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { loadFolders } from '#partnership/agreements';
import { ADMISSION, CONDITIONS } from '#policy/conditions';
import { cellsOf, unnoticed } from './examples';
import { OTHERWISE } from './parameters';
import type { Row, Tags } from './catalogue';
import { type Mutation, MUTATIONS } from './mutations';
import { type JestResults, type Test, testsOf } from './results';

/*
 * Does a test that says it proves a clause notice when the clause is no longer enforced? Asked of each row that is marked [E], or stands
 * in MUTATIONS or OTHERWISE, for each agreement under which a passed test names it.
 *
 * What the policy room decides is asked here, in this process and in seconds: with the row's conditions out of the tables, or other
 * words in the agreement, one of the agreement's examples must come out otherwise (examples.ts). What is left, and whatever stands in
 * MUTATIONS, goes the long way: copy the sources to a temporary folder, take the row's conditions out of the tables (mutate.setup.ts)
 * and apply its entry of MUTATIONS, run the spec files that name the row, and ask that for each agreement a test naming it fails.
 * A spec file that no longer starts proves nothing: only a test that ran and failed counts. The working copy is never touched, and
 * production has no switch: the patch is a jest setup file.
 */

const COPIED = ['apps', 'libs', 'test', 'deploy', 'docs', 'package.json', 'tsconfig.json'];

/** The half that needs no test to have run: every row that the examples show. */
export function mutatedExamples(only: readonly string[], tags: Tags): string[] {
  const cells = cellsOf(loadFolders('deploy/agreements'), tags).filter(({ row }) => only.length === 0 || only.includes(row));
  const faults = cells.flatMap((cell) => unnoticed(cell).map((what) => `${cell.agreement.id} ${cell.row}: no example notices without ${what}`));
  console.log(`${cells.length} rows of agreements by their examples, ${faults.length} faults`);
  return cells.length === 0 ? ['no row is shown by an example: there is nothing to take away'] : faults;
}

export async function mutated(rows: readonly Row[], tests: readonly Test[], only: readonly string[], tags: Tags): Promise<string[]> {
  const asked = rows.filter(({ id, marks }) => (marks.includes('E') || id in MUTATIONS || id in OTHERWISE) && (only.length === 0 || only.includes(id)) && tests.some((test) => test.passed && names(test, id)));
  // Saying that nothing survived is no news where nothing was tried.
  if (asked.length === 0) return ['no [E] row is proven by a test that passed: there is nothing to take away'];
  const faultsOfExamples = mutatedExamples(asked.map(({ id }) => id), tags);
  const byExamples = new Set(cellsOf(loadFolders('deploy/agreements'), tags).map(({ agreement, row }) => `${agreement.id} ${row}`));
  const left = (id: string): boolean => id in MUTATIONS || tests.some(({ passed, proves }) => passed && proves.some((cell) => cell.endsWith(` ${id}`) && !byExamples.has(cell)));
  const proven = asked.filter(({ id }) => left(id));
  return [...faultsOfExamples, ...(await theLongWay(proven, tests, byExamples, tags))];
}

async function theLongWay(proven: readonly Row[], tests: readonly Test[], byExamples: ReadonlySet<string>, tags: Tags): Promise<string[]> {
  const copy = mkdtempSync(join(tmpdir(), 'waybill-mutation-'));
  const faults: string[] = [];
  try {
    for (const name of COPIED) if (existsSync(name)) cpSync(name, join(copy, name), { recursive: true });
    // Compiled once, of the sources as they are: what a mutation leaves unused would not compile, and the tests run from the sources.
    for (const name of ['node_modules', 'dist']) symlinkSync(join(process.cwd(), name), join(copy, name));
    for (const { id } of proven) {
      const found = await survived(id, tests.filter((test) => names(test, id)), byExamples, copy, tags);
      console.log(`${found.length === 0 ? ' noticed ' : ' SURVIVED'} ${id}`);
      faults.push(...found);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  console.log(`${proven.length} rows by their tests, ${faults.length} faults`);
  return faults;
}

const names = ({ proves }: Test, id: string): boolean => proves.some((cell) => cell.endsWith(` ${id}`));

async function survived(id: string, tests: readonly Test[], byExamples: ReadonlySet<string>, copy: string, tags: Tags): Promise<string[]> {
  const conditions = [...CONDITIONS, ...ADMISSION].filter(({ clauses }) => (clauses as readonly string[]).includes(id));
  const mutations = MUTATIONS[id] ?? [];
  if (conditions.length + mutations.length === 0) return [`${id}: nothing is known that enforces it; add it to deploy/scripts/clauses/mutations.ts`];
  const undo = mutations.map((mutation) => applied(mutation, copy));
  try {
    const files = [...new Set(tests.map(({ file }) => relative(process.cwd(), file)))];
    const results = await jest(copy, files, id);
    if (!results) return [`${id}: the tests did not start without it`];
    const failed = testsOf(results, tags).filter((test) => !test.passed && names(test, id));
    const agreements = new Set(tests.flatMap(({ proves }) => proves.filter((cell) => cell.endsWith(` ${id}`) && !byExamples.has(cell))));
    if (agreements.size === 0 && failed.length === 0) return [`${id}: what enforces it was taken away, and no test that names it failed`];
    return [...agreements].filter((cell) => !failed.some(({ proves }) => proves.includes(cell))).map((cell) => `${cell}: what enforces it was taken away, and no test that names it failed`);
  } finally {
    undo.forEach((restore) => restore());
  }
}

function applied({ file, find, replace }: Mutation, copy: string): () => void {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(find).length !== 2) throw new Error(`a mutation of ${file} looks for a text that stands there ${text.split(find).length - 1} times, not once`);
  writeFileSync(path, text.replace(find, () => replace));
  return () => writeFileSync(path, text);
}

/** Undefined where they did not start. */
function jest(copy: string, files: readonly string[], id: string): Promise<JestResults | undefined> {
  const output = join(copy, 'results.json');
  rmSync(output, { force: true });
  const args = [
    '--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join('node_modules', 'jest', 'bin', 'jest.js'), '-c', join('test', 'jest.config.cjs'),
    '--setupFiles', join(copy, 'deploy', 'scripts', 'clauses', 'mutate.setup.ts'), '--testNamePattern', `\\b${id}\\b`, '--json', '--outputFile', output, '--runTestsByPath', ...files,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: copy, stdio: 'ignore', env: { ...process.env, WAYBILL_WITHOUT_CLAUSE: id } });
    child.once('error', reject);
    child.once('exit', () => resolve(existsSync(output) ? (JSON.parse(readFileSync(output, 'utf8')) as JestResults) : undefined));
  });
}
