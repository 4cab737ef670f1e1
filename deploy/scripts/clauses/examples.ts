import type { Agreement } from '#policy/agreement';
import type { Cases, Expected } from '#policy/cases';
import { type Ran, runCases } from '#policy/cases-run';
import { ADMISSION, CONDITIONS } from '#policy/conditions';
import type { AnyCondition } from '#policy/conditions/condition';
import { applied } from '#policy/grounds';
import type { AgreementFolder } from '#partnership/agreements';
import type { Tags } from './catalogue';
import { OTHERWISE } from './parameters';

/** One row under one agreement, as the agreement's own examples show it. */
export interface Cell {
  tag: string;
  row: string;
  agreement: Agreement;
  /** Those of its examples that cite the row. */
  cases: Cases;
}

const tables = (): AnyCondition[][] => [CONDITIONS, ADMISSION] as unknown as AnyCondition[][];
const enforcing = (row: string, agreement: Agreement): AnyCondition[] => tables().flat().filter((condition) => condition.clauses.includes(row) && applied(condition, agreement) !== undefined);

/**
 * The rows that the examples of an agreement show: one of them is refused, or loses something, by a rule that names the row, and one is
 * not told of that rule; or the row stands in `OTHERWISE`, which says what other words of the agreement they must notice.
 */
export function cellsOf(folders: readonly AgreementFolder[], tags: Tags): Cell[] {
  return folders.flatMap(({ id, loading }) => {
    if (!loading.ok || !loading.cases) throw new Error(`${id} does not load`);
    const { agreement, cases } = loading;
    const tag = [...tags.agreements].find(([, agreementId]) => agreementId === id)?.[0] ?? id;
    return [...Map.groupBy(cases.cases, ({ clause }) => clause)].flatMap(([row, of]): Cell[] => {
      const codes = new Set(enforcing(row, agreement).map(({ code }) => code));
      const unmet = of.some(({ rule, expect }) => rule !== undefined && codes.has(rule) && told(expect).includes(rule));
      const met = of.some(({ rule, expect }) => rule === undefined || !told(expect).includes(rule));
      return (unmet && met) || changed(row, agreement).length > 0 ? [{ tag, row, agreement, cases: { ...cases, cases: of } }] : [];
    });
  });
}

/** What can be taken away or said otherwise with none of the examples of the cell coming out otherwise: a weak example, or a rule too many. */
export function unnoticed({ row, agreement, cases }: Cell): string[] {
  const without = enforcing(row, agreement).length === 0 || withoutRow(row, () => noticed(agreement, cases)) ? [] : ['its conditions'];
  return [...without, ...changed(row, agreement).filter(({ said }) => !noticed(said, cases)).map(({ what }) => what)];
}

/** Runs `work` with no condition in the tables that names the row. */
function withoutRow<T>(row: string, work: () => T): T {
  const whole = tables().map((table) => [...table]);
  try {
    for (const table of tables()) table.splice(0, table.length, ...table.filter(({ clauses }) => !clauses.includes(row)));
    return work();
  } finally {
    tables().forEach((table, i) => table.splice(0, table.length, ...(whole[i] ?? [])));
  }
}

/** What is sent to nobody or unprotected is thrown, not decided: that is noticed too. */
function noticed(agreement: Agreement, cases: Cases): boolean {
  let ran: Ran[];
  try {
    ran = runCases(agreement, cases);
  } catch {
    return true;
  }
  return ran.some(({ ok }) => !ok);
}

/** The agreement with other words in the place of each parameter on which the row hangs. */
function changed(row: string, agreement: Agreement): { what: string; said: Agreement }[] {
  return (OTHERWISE[row] ?? []).flatMap(({ parameter, values }) => {
    const term = (agreement.terms as Record<string, { value: unknown } | undefined>)[parameter];
    return values(term?.value as never).map((value) => ({
      what: `${parameter}: ${JSON.stringify(value) ?? 'silence'}`,
      said: { ...agreement, terms: { ...agreement.terms, [parameter]: value === undefined ? undefined : { ...term, value } } } as Agreement,
    }));
  });
}

const told = ({ reasons = [], warnings = [], struckOff = {} }: Expected): string[] => [...reasons, ...warnings, ...Object.values(struckOff).flat()];
