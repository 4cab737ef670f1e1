import { isMap, isScalar, LineCounter, type Node, type Pair, parseDocument } from 'yaml';

export interface ProfileError {
  file: string;
  /** Counted from 1. */
  line: number;
  reason: string;
}

/** A YAML text as data, with the line of every place in it. */
export interface Reading {
  value: unknown;
  errors: ProfileError[];
  /** Line of what stands at the path, or of the nearest thing around it. */
  lineOf(path: readonly (string | number)[]): number;
}

/**
 * Reads YAML 1.2 as plain data. No anchors, aliases, merges or tags: what a line says, it says where it stands.
 * A key given twice is an error, because readers differ in which one they keep.
 */
export function readYaml(file: string, text: string): Reading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core', merge: false, uniqueKeys: true, strict: true, prettyErrors: false });
  const errors = [...document.errors, ...document.warnings].map(({ code, message, pos }) => {
    return { file, line: lines.linePos(pos[0]).line, reason: code === 'DUPLICATE_KEY' ? 'duplicate key: it stands above already' : `not YAML as it is read here: ${message}` };
  });
  const lineOf = (path: readonly (string | number)[]) => lines.linePos(offset(document.contents, path)).line;
  let value: unknown;
  if (errors.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: 0 });
    } catch {
      errors.push({ file, line: 1, reason: 'not YAML as it is read here: aliases are not read' });
    }
  }
  return { value, errors, lineOf };
}

function offset(contents: Node | null, path: readonly (string | number)[]): number {
  let node: unknown = contents;
  let found = contents?.range?.[0] ?? 0;
  for (const step of path) {
    const pair: Pair | undefined = isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step)) : undefined;
    const items = (node as { items?: unknown[] } | null)?.items;
    node = pair ? pair.value : typeof step === 'number' ? items?.[step] : undefined;
    const start = ((pair?.key ?? node) as Node | null | undefined)?.range?.[0];
    if (start === undefined) return found;
    found = start;
  }
  return found;
}
