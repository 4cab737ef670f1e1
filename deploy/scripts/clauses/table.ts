import { readFileSync, writeFileSync } from 'node:fs';
import { readTags, rowsOf } from './catalogue';

/**
 * `npm run clauses:table -- <path of the clause catalogue>` writes `docs/clauses-applicability.json`: which rows apply to which
 * agreements. Generated and never edited by hand: whoever doubts a cell corrects the catalogue or the rule in `catalogue.ts`.
 */
const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('say where the clause catalogue is: npm run clauses:table -- <path>');
  process.exitCode = 1;
} else {
  const rows = rowsOf(readFileSync(path, 'utf8'), readTags());
  writeFileSync('docs/clauses-applicability.json', `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]\n`);
  console.log(`docs/clauses-applicability.json: ${rows.length} rows, ${rows.reduce((sum, { agreements }) => sum + agreements.length, 0)} cells`);
}
