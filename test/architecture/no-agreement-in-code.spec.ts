import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The agreement decides, not the code: what an agreement says stands in its folder, and no source knows that there is such an agreement.

/** Ids of the deployed agreements and of those to come, and the places they are named after. */
const ids = [...readdirSync('deploy/agreements', { withFileTypes: true }).filter((each) => each.isDirectory()).map(({ name }) => name), ...tagged()];
const NAMES = [...new Set([...ids, 'nwadcs', 'wirral', 'worcestershire', 'solihull', 'leicester', 'rutland', 'merseyside'])];
/** Too short to be looked for inside other words. */
const WORDS = NAMES.filter((name) => name.length < 5);
const PATTERN = new RegExp([...NAMES.filter((name) => !WORDS.includes(name)), ...WORDS.map((word) => `(?<![a-z])${word}(?![a-z])`)].join('|'), 'i');

function tagged(): string[] {
  const tags = JSON.parse(readFileSync('deploy/agreements/tags.json', 'utf8')) as Record<string, { agreement: string }>;
  return Object.values(tags).map(({ agreement }) => agreement);
}

/** Sources, but not specs: a test may speak of an agreement by its name. */
function sourcesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.filter((each) => each.isFile() && /\.(ts|mts|cts|js|mjs|cjs|json|sql|njk|html)$/.test(each.name) && !each.name.endsWith('.spec.ts')).map((each) => join(each.parentPath, each.name));
}

function namingAnAgreement(folders: readonly string[]): string[] {
  return folders.flatMap(sourcesUnder).flatMap((file) =>
    readFileSync(file, 'utf8').split('\n').flatMap((line, i) => (PATTERN.test(line) || PATTERN.test(file) ? [`${file}:${i + 1}`] : [])),
  );
}

test('no source of the product names an agreement', () => {
  expect(sourcesUnder('libs').length).toBeGreaterThan(50);
  expect(namingAnAgreement(['apps', 'libs', 'deploy/scripts'])).toEqual([]);
});

test.each([
  "if (agreement.id === 'wirral') return 72;",
  'const worcestershireRules = [];',
  "  case 'llr':",
  '// Solihull wants this',
  'export class NwadcsNotification {}',
])('a source with `%s` is found', (line) => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-planted-'));
  try {
    mkdirSync(join(folder, 'rooms'));
    writeFileSync(join(folder, 'rooms', 'planted.ts'), `export {};\n${line}\n`);
    writeFileSync(join(folder, 'rooms', 'planted.spec.ts'), line);
    expect(namingAnAgreement([folder])).toEqual([join(folder, 'rooms', 'planted.ts:2')]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a word that only looks like one is not', () => {
  expect(['// fillrate', 'const controllers = 1;', 'a squirrel'].filter((line) => PATTERN.test(line))).toEqual([]);
});
