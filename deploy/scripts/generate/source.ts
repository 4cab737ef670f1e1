import { readFileSync } from 'node:fs';
import * as ts from 'typescript';
import { DAY, HOUR, MINUTE, SECOND } from '#platform/clock';
import { LIMITS } from '#protocol/limits';

/** What a constant holds: a number, several, or one for each name. */
export type Quantity = number | readonly number[] | Readonly<Record<string, number>>;

export interface Constant {
  value: Quantity | undefined;
  /** The comment above it: why it is what it is. */
  says: string;
}

const parse = (file: string): ts.SourceFile => ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);

/** The constants of a file's top level by name, as the source has them: nothing need be exported to be documented. */
export function constantsOf(file: string): Map<string, Constant> {
  const found = new Map<string, Constant>();
  for (const statement of parse(file).statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (ts.isIdentifier(name) && initializer) found.set(name.text, { value: quantity(initializer), says: commentOf(statement) });
    }
  }
  return found;
}

/** What is written above each class of a file and above each of its fields: `Manifest`, `Manifest.lines`. */
export function commentsOf(file: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const statement of parse(file).statements) {
    if (!ts.isClassDeclaration(statement) || !statement.name) continue;
    found.set(statement.name.text, commentOf(statement));
    for (const member of statement.members) if (ts.isPropertyDeclaration(member)) found.set(`${statement.name.text}.${member.name.getText()}`, commentOf(member));
  }
  return found;
}

function commentOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node);
  const text = comment && ts.isJSDoc(comment) ? ts.getTextOfJSDocComment(comment.comment) : undefined;
  return (text ?? '').replaceAll(/\s*\n\s*/g, ' ').trim();
}

const KNOWN: Readonly<Record<string, number>> = { SECOND, MINUTE, HOUR, DAY };

function quantity(node: ts.Expression): Quantity | undefined {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node)) return quantity(node.expression);
  if (ts.isArrayLiteralExpression(node)) return whole(node.elements.map(quantity));
  if (!ts.isObjectLiteralExpression(node)) return number(node);
  const entries = node.properties.map((property) => (ts.isPropertyAssignment(property) ? [property.name.getText(), number(property.initializer)] as const : ['', undefined] as const));
  return entries.length > 0 && entries.every(([, value]) => value !== undefined) ? Object.fromEntries(entries) as Record<string, number> : undefined;
}

const whole = (values: (Quantity | undefined)[]): readonly number[] | undefined => (values.length > 0 && values.every((value) => typeof value === 'number') ? values : undefined);

function number(node: ts.Expression): number | undefined {
  if (ts.isNumericLiteral(node) || (ts.isStringLiteral(node) && /^[0-9]+$/.test(node.text))) return Number(node.text);
  if (ts.isParenthesizedExpression(node)) return number(node.expression);
  if (ts.isIdentifier(node)) return KNOWN[node.text];
  const limit = /^LIMITS\.(\w+)\.value$/.exec(node.getText())?.[1];
  if (limit !== undefined && Object.hasOwn(LIMITS, limit)) return LIMITS[limit as keyof typeof LIMITS].value;
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.AsteriskToken) return undefined;
  const [left, right] = [number(node.left), number(node.right)];
  return left === undefined || right === undefined ? undefined : left * right;
}
