import { readEntry } from '#register/entry';
import { csvLine, type Row } from '#register/reports/csv';
import type { ReportOptions } from '#register/reports/report';
import { type ReportKind, REPORTS } from '#register/reports/reports';
import type { RegisterEntry } from './register';

export interface ReportAsked extends ReportOptions {
  kind: ReportKind;
  as: 'csv' | 'json';
  /** First and last day of recording. */
  from?: string | undefined;
  until?: string | undefined;
}

/** A report line by line: CSV with a head, or JSON, one object a line. An entry that was disposed of, or that this version cannot read, is passed over. */
export async function* reportLines(entries: AsyncIterable<RegisterEntry>, { kind, as, from, until, ...options }: ReportAsked): AsyncGenerator<string> {
  const { columns, make } = REPORTS[kind];
  const line = (row: Row): string => (as === 'csv' ? csvLine(columns.map((column) => row[column])) : `${JSON.stringify(Object.fromEntries(columns.flatMap((column) => (row[column] === undefined ? [] : [[column, row[column]]]))))}\n`);
  const report = make(options);
  if (as === 'csv') yield csvLine(columns);
  for await (const { index, leaf, octets } of entries) {
    const entry = octets && readEntry(octets);
    if (!entry) continue;
    const day = entry.at.slice(0, 10);
    if ((from !== undefined && day < from) || (until !== undefined && day > until)) continue;
    for (const row of report.take({ index, leaf, entry })) yield line(row);
  }
  for (const row of report.end()) yield line(row);
}
