import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readTags, type Row } from './catalogue';
import { mutated, mutatedExamples } from './mutate';
import { json, markdown, summary } from './report';
import { covered, misnamed, readResults, testsOf } from './results';

const RESULTS = '.waybill/test/results.json';

/**
 * `npm run clauses [-- results.json …]` writes `docs/clauses.json` and `docs/clauses.md` from the tests that really ran and passed.
 * `--check` writes nothing and fails where the committed files differ. `--mutate [ROW …]` takes away what enforces each proven [E] row
 * and fails where no test that names the row notices. `--examples [ROW …]` does so for what the examples of the agreements show, in
 * seconds and with no test results.
 */
async function main(args: readonly string[]): Promise<number> {
  const rows = JSON.parse(readFileSync('docs/clauses-applicability.json', 'utf8')) as Row[];
  const tags = readTags();
  const only = args.filter((arg) => /^[A-Z]{2}-[0-9]{2}$/.test(arg));
  if (args.includes('--examples')) return told(mutatedExamples(only, tags));
  const named = args.filter((arg) => arg.endsWith('.json'));
  const tests = testsOf(readResults(named.length > 0 ? named : [RESULTS]), tags);
  const faults = misnamed(rows, tests);
  const cells = covered(rows, tests);

  if (args.includes('--mutate')) faults.push(...(await mutated(rows, tests, only, tags)));
  else {
    for (const [file, text] of [['docs/clauses.json', json(cells)], ['docs/clauses.md', markdown(rows, cells, tags)]] as const) {
      if (!args.includes('--check')) writeFileSync(file, text);
      else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) faults.push(`${file} is not what the tests show: run npm run clauses and commit it`);
    }
    console.log(summary(cells, tags).join('\n'));
  }
  return told(faults);
}

function told(faults: readonly string[]): number {
  for (const fault of faults) console.error(fault);
  return faults.length === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
