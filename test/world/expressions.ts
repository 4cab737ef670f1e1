import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A regular expression as it stands in a source. */
export interface Found {
  where: string;
  source: string;
  flags: string;
}

/** Every regular expression in a source file: as a literal, or made from a text that has no holes. */
function expressionsIn(file: string): Found[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    const where = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    if (ts.isRegularExpressionLiteral(node)) {
      const [, expression = '', flags = ''] = /^\/([^]*)\/([a-z]*)$/.exec(node.text) ?? [];
      found.push({ where, source: expression, flags });
    } else if (ts.isNewExpression(node) && node.expression.getText() === 'RegExp') {
      const [text] = node.arguments ?? [];
      if (text && ts.isStringLiteralLike(text)) found.push({ where, source: text.text, flags: '' });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The expressions of libs and apps, each once. */
export function ourExpressions(): Found[] {
  const files = ['libs', 'apps'].flatMap((top) => readdirSync(top, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts')).map((name) => join(top, name)));
  return [...new Map(files.flatMap(expressionsIn).map((found) => [`${found.source}/${found.flags}`, found])).values()];
}

/** Texts of so many characters that are written to slow an expression: what stands in it, classes by an example, and pairs of these, over and over, and then what does not fit. */
export function attacksOn({ source }: Found, length: number): string[] {
  const plain = source.replace(/\\[dwsSDWbB]/g, (kind) => ({ '\\d': '0', '\\w': 'a', '\\s': ' ' })[kind] ?? '');
  const characters = [...new Set([...plain.replace(/[\\^$*+?()[\]{}|]/g, ''), 'a', 'A', '0', ' ', '\n', '-', '='])].slice(0, 8);
  const words = source.match(/[A-Za-z0-9 :/"=@.-]{3,}/g) ?? [];
  const pumps = [...characters, ...characters.flatMap((one, i) => characters.slice(i + 1, i + 2).map((other) => one + other)), '-----', '-----END ', '=\r\n', '\r\n', ...words];
  return pumps.flatMap((pump) => ['', ...words.slice(0, 2)].map((start) => `${start}${pump.repeat(Math.ceil(length / pump.length))}`.slice(0, length - 1) + '\u0001'));
}
