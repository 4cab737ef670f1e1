import type { Row, Tags } from './catalogue';
import type { Covered } from './results';

/** `docs/clauses.md`: for people, the same as `docs/clauses.json`. */
export function markdown(rows: readonly Row[], cells: readonly Covered[], tags: Tags): string {
  const byId = new Map(cells.map((each) => [each.id, each]));
  const columns = [...tags.agreements];
  const lines = [
    '# Clauses and the tests that prove them',
    '',
    'Written by `npm run clauses` from the tests that ran and passed. A number counts the tests whose name cites the row for the agreement;',
    '`0`: the row applies and no test proves it yet; blank: the row does not apply; `*`: the text does not ask for it there, and a test proves it',
    'all the same; `–`: the row applies and asks nothing of the software, so that no test could miss it. E: refused or held, S: prompted or routed, V: recorded.',
    '',
    ...summary(cells, tags),
  ];
  let theme = '';
  for (const row of rows) {
    if (row.theme !== theme) {
      theme = row.theme;
      lines.push('', `## ${theme}`, '', `| row | marks | ${columns.map(([tag]) => tag).join(' | ')} |`, `|---|---|${columns.map(() => '--:|').join('')}`);
    }
    const counts = columns.map(([, agreement]) => {
      const proven = byId.get(row.id)?.agreements[agreement]?.length;
      return proven === undefined ? (row.asksNothing && row.agreements.includes(agreement) ? '–' : '') : `${proven}${row.agreements.includes(agreement) ? '' : '*'}`;
    });
    lines.push(`| ${row.id} | ${row.marks.join(' ')} | ${counts.join(' | ')} |`);
  }
  return `${lines.join('\n')}\n`;
}

/** How many cells there are, and how many a test proves. */
export function summary(cells: readonly Covered[], tags: Tags): string[] {
  const line = (name: string, counts: readonly number[]) => `| ${name} | ${counts.length} | ${counts.filter((count) => count > 0).length} |`;
  const ofAgreement = (id: string) => cells.flatMap(({ agreements }) => (agreements[id] ? [agreements[id].length] : []));
  const ids = [...tags.agreements.values()];
  return ['| agreement | rows | proven |', '|---|--:|--:|', ...ids.map((id) => line(id, ofAgreement(id))), line('all', ids.flatMap(ofAgreement))];
}

export const json = (cells: readonly Covered[]): string => `[\n${cells.map((cell) => `  ${JSON.stringify(cell)}`).join(',\n')}\n]\n`;
