import { ADMISSION, CONDITIONS } from '#policy/conditions';

/**
 * Run by jest before each spec file, only when `npm run clauses -- --mutate` starts it with `--setupFiles`: takes away the conditions that
 * name the row in `WAYBILL_WITHOUT_CLAUSE`. Nothing else reads that variable; no process of the product loads this file.
 */
const row = process.env['WAYBILL_WITHOUT_CLAUSE'];
for (const table of [CONDITIONS, ADMISSION] as unknown as { clauses: readonly string[] }[][]) {
  const kept = table.filter(({ clauses }) => row === undefined || !clauses.includes(row));
  table.splice(0, table.length, ...kept);
}
