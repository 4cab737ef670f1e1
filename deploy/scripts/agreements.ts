import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ran, runCases, unshown } from '#policy/cases-run';
import { profileSchema } from '#policy/schema';
import { type AgreementFolder, loadFolders } from '#partnership/agreements';

/**
 * `npm run agreements [-- --write] [-- folder]`: loads every agreement, runs its examples, prints a table.
 * Fails on a profile that does not load, an example that comes out otherwise, a rule that is not shown both met and unmet,
 * and a committed schema that is not the one of the parameter table (`--write` writes it).
 */
function main(args: readonly string[]): number {
  const root = args.find((arg) => !arg.startsWith('--')) ?? join('deploy', 'agreements');
  const folders = loadFolders(root);
  const faults = [...schemaFaults(join(root, 'agreement.schema.json'), args.includes('--write')), ...folders.flatMap(report)];
  if (folders.length === 0) faults.push(`${root} holds no agreement`);
  for (const fault of faults) console.error(fault);
  return faults.length === 0 ? 0 : 1;
}

function report({ id, loading }: AgreementFolder): string[] {
  if (!loading.ok) return loading.errors.map(({ file, line, reason }) => `${file}:${line}: ${reason}`);
  const { agreement, cases } = loading;
  console.log(`\n${id} ${agreement.version}  ${agreement.digest}  ${Object.keys(agreement.terms).length} terms, ${Object.values(agreement.terms).filter((term) => term?.default).length} of them ours`);
  if (!cases) return [`${id}: there are no cases`];
  const ran = runCases(agreement, cases);
  for (const each of ran) console.log(row(each));
  const faults = ran.filter(({ ok }) => !ok).map((each) => `${cases.file}:${each.case.line}: "${each.case.name}" ${mismatch(each)}`);
  console.log(`${ran.length - faults.length} of ${ran.length} cases as expected`);
  return [...faults, ...unshown(agreement, cases).map((rule) => `${cases.file}: ${rule}`)];
}

const row = ({ case: { name, clause, rule }, got, ok }: Ran): string => `${ok ? '  ok  ' : ' FAIL '} ${clause}  ${(rule ?? '').padEnd(30)} ${got.outcome.padEnd(13)} ${name}`;

const mismatch = ({ case: { expect }, got, impossible }: Ran): string =>
  impossible === undefined ? `came out otherwise:\n  expected ${JSON.stringify(expect)}\n  got      ${JSON.stringify(got)}` : `could not stand on the wire: ${impossible}`;

function schemaFaults(file: string, write: boolean): string[] {
  const schema = `${JSON.stringify(profileSchema(), undefined, 2)}\n`;
  if (write) writeFileSync(file, schema);
  // A folder of somebody else's agreements need not hold a copy.
  if (!existsSync(file)) return file.startsWith('deploy') ? [`${file} is missing: run with --write`] : [];
  return readFileSync(file, 'utf8') === schema ? [] : [`${file} is not the schema of the parameter table: run with --write`];
}

process.exitCode = main(process.argv.slice(2));
