import { readFileSync } from 'node:fs';

/** What tags the catalogue and the tests use for the agreements: data, because no code names one. */
export interface Tags {
  /** Tag → agreement id, in the catalogue's order. */
  readonly agreements: ReadonlyMap<string, string>;
  /** Other tags of the catalogue → the tag they count for. */
  readonly also: ReadonlyMap<string, string>;
}

export function readTags(file = 'deploy/agreements/tags.json'): Tags {
  const tags = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { agreement: string; also?: string[] }>;
  const entries = Object.entries(tags);
  return {
    agreements: new Map(entries.map(([tag, { agreement }]) => [tag, agreement])),
    also: new Map(entries.flatMap(([tag, { also = [] }]) => also.map((other): [string, string] => [other, tag]))),
  };
}

export const MARKS = ['E', 'S', 'V'] as const;
export type Mark = (typeof MARKS)[number];

/** One row of the catalogue, without its text. */
export interface Row {
  id: string;
  theme: string;
  /** [E] enforce, [S] support, [V] evidence. */
  marks: Mark[];
  /** Where the agreements say it. */
  source: string;
  agreements: string[];
  /** It permits or mentions something, and there is nothing that a test could see missing. */
  asksNothing?: true;
}

export const ROWS = 282;

/**
 * Reads the rows of the clause catalogue. A row applies to the agreements that its column *Source* names, and to those that its last
 * column says something about: a segment such as `X, Y = silent` says that they say nothing. A row whose source names none applies to all.
 */
export function rowsOf(markdown: string, tags: Tags): Row[] {
  const rows: Row[] = [];
  let theme = '';
  for (const line of markdown.split('\n')) {
    theme = /^## [A-Z]\. (.+?)( \([A-Z]{2}\))?$/.exec(line)?.[1] ?? theme;
    const cells = line.split('|').map((cell) => cell.trim());
    if (cells.length !== 7 || !/^[A-Z]{2}-[0-9]{2}$/.test(cells[1] ?? '')) continue;
    const [, id = '', source = '', , must = '', differs = ''] = cells;
    const marks = MARKS.filter((mark) => must.includes(`[${mark}]`));
    rows.push({ id, theme, marks, source: source.replaceAll('*', ''), agreements: applicable(source, differs, tags), ...(ASKS_NOTHING.test(must) && { asksNothing: true as const }) });
  }
  const ids = new Set(rows.map(({ id }) => id));
  const bad = rows.filter(({ marks }) => marks.length === 0).map(({ id }) => id);
  if (ids.size !== rows.length || rows.length !== ROWS || bad.length > 0) {
    throw new Error(`the catalogue has ${rows.length} rows (${ids.size} ids), not ${ROWS}; without a mark: ${bad.join(' ') || 'none'}`);
  }
  return rows;
}

const ASKS_NOTHING = /\] No requirement\b/;
const SILENT = /^\**(silent|not applicable|none\b(?! stated)|[–-](\s|$)|no\b)/;

function applicable(source: string, differs: string, tags: Tags): string[] {
  const own = tagsIn(source, tags);
  if (own.size === 0) return [...tags.agreements.values()];
  const said = differs.split(/[;.](?=\s|$)/).flatMap((segment) => {
    const [, after] = segment.split(/=(.*)/s);
    return after !== undefined && SILENT.test(after.trim()) ? [] : [...tagsIn(segment, tags)];
  });
  const all = new Set([...own, ...said]);
  return [...tags.agreements].filter(([tag]) => all.has(tag)).map(([, id]) => id);
}

function tagsIn(text: string, tags: Tags): Set<string> {
  const found = new Set([...tags.agreements.keys()].filter((tag) => new RegExp(`\\b${tag}\\b`).test(text)));
  for (const [other, tag] of tags.also) if (new RegExp(`\\b${other}\\b`).test(text)) found.add(tag);
  return found;
}
