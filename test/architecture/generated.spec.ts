import { readFileSync } from 'node:fs';
import { ARTEFACTS } from '../../deploy/scripts/generate/artefacts';
import { unlisted } from '../../deploy/scripts/generate/limits';
import { openTestDatabase, type TestDatabase } from '../world/database';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

/** The first line that differs, with its number: what a reviewer looks for in a file of thousands. */
function drift(committed: string, made: string): string | undefined {
  if (committed === made) return undefined;
  const [was, is] = [committed.split('\n'), made.split('\n')];
  const at = is.findIndex((line, i) => line !== was[i]);
  const line = at === -1 ? is.length : at;
  return `line ${line + 1} is ${JSON.stringify(was[line] ?? '')} and would be ${JSON.stringify(is[line] ?? '')}: run \`npm run generate\` and look at what it changed`;
}

test.each(Object.entries(ARTEFACTS))('%s is what its sources say', async (path, make) => {
  expect(drift(readFileSync(path, 'utf8'), await make(db.owner))).toBeUndefined();
});

test('a file that was edited by hand is told by its first differing line', () => {
  expect(drift('a\nb\n', 'a\nc\n')).toMatch(/^line 2 is "b" and would be "c": run `npm run generate`/);
  expect(drift('a\nb\n', 'a\n')).toMatch(/^line 2 is "b" and would be ""/);
  expect(drift('a\n', 'a\n')).toBeUndefined();
});

test('no limit stands in the sources that docs/limits.md does not tell, with its reason: list it in deploy/scripts/generate/limits.ts', () => {
  expect(unlisted()).toEqual([]);
});
