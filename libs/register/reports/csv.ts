/** What a cell holds. */
export type Cell = string | number | boolean | undefined;
export type Row = Readonly<Record<string, Cell>>;

/**
 * One line of CSV (RFC 4180). A spreadsheet reads a cell that begins like a formula as one, whoever wrote it: such a cell gets an apostrophe before it (A9),
 * also where white space or a quotation mark stands in between.
 */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`;

function cellOf(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number' && cell >= 0) return String(cell);
  const text = String(cell);
  const safe = startsFormula(text) ? `'${text}` : text;
  return /[",\r\n\t']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const BEGINS: ReadonlySet<string> = new Set(['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠']);

function startsFormula(text: string): boolean {
  const first = text.trimStart().replace(/^["']/, '').trimStart()[0];
  return (first !== undefined && BEGINS.has(first)) || /^[\t\r\n]/.test(text);
}
