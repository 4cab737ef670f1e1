import { existsSync, readFileSync } from 'node:fs';

// A threat model that names a test which is not there proves nothing.

/** Rows of the tables of threats: those with a column "proven by". */
function rowsOf(text: string): { threat: string; proof: string }[] {
  const rows: { threat: string; proof: string }[] = [];
  let column = -1;
  for (const line of text.split('\n')) {
    const cells = line.startsWith('|') ? line.split('|').slice(1, -1).map((cell) => cell.trim()) : [];
    if (cells.length === 0) column = -1;
    else if (cells.includes('proven by')) column = cells.indexOf('proven by');
    else if (column >= 0 && !cells.every((cell) => /^-+$/.test(cell))) rows.push({ threat: cells[0] ?? '', proof: cells[column] ?? '' });
  }
  return rows;
}

const pathsIn = (text: string): string[] => [...text.matchAll(/`((?:test|libs|apps|deploy)\/[A-Za-z0-9/._-]+)`/g)].map(([, path]) => path ?? '');
/** A spec, or a step of the demonstration, which `npm test` runs. */
const isProof = (path: string): boolean => path.endsWith('.spec.ts') || path.startsWith('apps/standalone/demo/');

function faultsOf(text: string): string[] {
  const unproven = rowsOf(text).filter(({ proof }) => !pathsIn(proof).some(isProof)).map(({ threat }) => `no test: ${threat}`);
  return [...unproven, ...pathsIn(text).filter((path) => !existsSync(path)).map((path) => `not there: ${path}`)];
}

test('every threat names a test, and every path that the threat model names is there', () => {
  const text = readFileSync('docs/threat-model.md', 'utf8');
  expect(rowsOf(text).length).toBeGreaterThan(20);
  expect(faultsOf(text)).toEqual([]);
});

test('a row without a test, and a test that is not there, are found', () => {
  const table = (proof: string): string => `| threat | proven by |\n|---|---|\n| reads a share | ${proof} |\n`;
  expect(faultsOf(table('`test/architecture/threat-model.spec.ts`'))).toEqual([]);
  expect(faultsOf(table(''))).toEqual(['no test: reads a share']);
  expect(faultsOf(table('`test/attacks/imagined.spec.ts`'))).toEqual(['not there: test/attacks/imagined.spec.ts']);
});
