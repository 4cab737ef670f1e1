import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ADMISSION, CONDITIONS } from '#policy/conditions';
import type { Row, Tags } from './catalogue';
import { type Mutation, MUTATIONS } from './mutations';
import { type JestResults, type Test, testsOf } from './results';

/*
 * Does a test that says it proves a clause notice when the clause is no longer enforced? For each row that is marked [E], or stands in
 * MUTATIONS, and that a passed test names: copy the sources to a temporary folder, take the row's conditions out of the tables
 * (mutate.setup.ts) and apply its entry of MUTATIONS, run the spec files that name the row, and ask that a test naming it fails.
 * A spec file that no longer starts proves nothing: only a test that ran and failed counts. For a row of several agreements one
 * failing test of each is asked. The working copy is never touched, and production has no switch: the patch is a jest setup file.
 */

const COPIED = ['apps', 'libs', 'test', 'deploy', 'docs', 'package.json', 'tsconfig.json'];

export async function mutated(rows: readonly Row[], tests: readonly Test[], only: readonly string[], tags: Tags): Promise<string[]> {
  const proven = rows.filter(({ id, marks }) => (marks.includes('E') || id in MUTATIONS) && (only.length === 0 || only.includes(id)) && tests.some((test) => test.passed && names(test, id)));
  // Saying that nothing survived is no news where nothing was tried.
  if (proven.length === 0) return ['no [E] row is proven by a test that passed: there is nothing to take away'];
  const copy = mkdtempSync(join(tmpdir(), 'waybill-mutation-'));
  const faults: string[] = [];
  try {
    for (const name of COPIED) if (existsSync(name)) cpSync(name, join(copy, name), { recursive: true });
    symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'));
    for (const { id } of proven) {
      const found = await survived(id, tests.filter((test) => names(test, id)), copy, tags);
      console.log(`${found.length === 0 ? ' noticed ' : ' SURVIVED'} ${id}`);
      faults.push(...found);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  console.log(`${proven.length} rows, ${faults.length} faults`);
  return faults;
}

const names = ({ proves }: Test, id: string): boolean => proves.some((cell) => cell.endsWith(` ${id}`));

async function survived(id: string, tests: readonly Test[], copy: string, tags: Tags): Promise<string[]> {
  const conditions = [...CONDITIONS, ...ADMISSION].filter(({ clauses }) => (clauses as readonly string[]).includes(id));
  const mutations = MUTATIONS[id] ?? [];
  if (conditions.length + mutations.length === 0) return [`${id}: nothing is known that enforces it; add it to deploy/scripts/clauses/mutations.ts`];
  const undo = mutations.map((mutation) => applied(mutation, copy));
  try {
    const files = [...new Set(tests.map(({ file }) => relative(process.cwd(), file)))];
    const failed = testsOf(await jest(copy, files, id), tags).filter((test) => !test.passed && names(test, id));
    const agreements = new Set(tests.flatMap(({ proves }) => proves.filter((cell) => cell.endsWith(` ${id}`))));
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

function jest(copy: string, files: readonly string[], id: string): Promise<JestResults> {
  const output = join(copy, 'results.json');
  rmSync(output, { force: true });
  const args = [
    '--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join('node_modules', 'jest', 'bin', 'jest.js'), '-c', join('test', 'jest.config.cjs'),
    '--setupFiles', join(copy, 'deploy', 'scripts', 'clauses', 'mutate.setup.ts'), '--testNamePattern', `\\b${id}\\b`, '--json', '--outputFile', output, '--runTestsByPath', ...files,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: copy, stdio: 'ignore', env: { ...process.env, WAYBILL_WITHOUT_CLAUSE: id } });
    child.once('error', reject);
    child.once('exit', () => {
      if (existsSync(output)) resolve(JSON.parse(readFileSync(output, 'utf8')) as JestResults);
      else reject(new Error(`${id}: the tests did not start without it`));
    });
  });
}
