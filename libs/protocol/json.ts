import { visit } from 'jsonc-parser';
import { LIMITS } from './limits';

export type JsonProblem = 'not-utf8' | 'byte-order-mark' | 'not-json' | 'duplicate-key' | 'forbidden-key' | 'too-deep' | 'unsafe-number' | 'lone-surrogate' | 'null';

export type JsonReading = { ok: true; value: unknown } | { ok: false; problem: JsonProblem; pointer: string };

/** Names that every object has already: with some a text could reach its prototype, and what reads it into a class passes over the others unseen. */
const FORBIDDEN = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

/**
 * Reads JSON as the wire allows it: UTF-8 without mark, no duplicate key, safe integers only, no null (what is not there is left out), depth at most 8.
 * `JSON.parse` judges the grammar; the walk finds what it lets pass. Why not `JSON.parse` alone: of two equal keys it keeps the
 * last, another reader the first, and the signed octets would mean two things.
 */
export function readJson(octets: Uint8Array): JsonReading {
  if (octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf) return { ok: false, problem: 'byte-order-mark', pointer: '' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return { ok: false, problem: 'not-utf8', pointer: '' };
  }
  return readJsonText(text);
}

export function readJsonText(text: string): JsonReading {
  if (nestsBeyond(text, LIMITS.depth.value)) return { ok: false, problem: 'too-deep', pointer: '' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'not-json', pointer: '' };
  }
  const found = isPlain(value) && JSON.stringify(value) === text ? undefined : fault(text);
  return found ? { ok: false, ...found } : { ok: true, value };
}

/**
 * Whether nothing in a value is what the walk looks for. Where such a value is also spelled as `JSON.stringify` spells it, the text has
 * no second key, no other number and no other escape: most programs write JSON so, and the walk is spared.
 */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0);
  if (typeof value !== 'object') return true;
  if (value === null) return false;
  if (Array.isArray(value)) return value.every(isPlain);
  return Object.entries(value).every(([name, member]) => !FORBIDDEN.has(name) && name.isWellFormed() && isPlain(member));
}

/** Counted before parsing, so that a deep text never reaches a recursive parser. */
function nestsBeyond(text: string, depth: number): boolean {
  let level = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 0x5c) i++;
      else if (c === 0x22) quoted = false;
    } else if (c === 0x22) quoted = true;
    else if (c === 0x7b || c === 0x5b) {
      if (++level > depth) return true;
    } else if (c === 0x7d || c === 0x5d) level--;
  }
  return false;
}

function fault(text: string): { problem: JsonProblem; pointer: string } | undefined {
  const keys: Set<string>[] = [];
  let found: { problem: JsonProblem; pointer: string } | undefined;
  const note = (problem: JsonProblem, path: readonly (string | number)[]) => {
    found ??= { problem, pointer: path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('') };
  };
  visit(text, {
    onObjectBegin: () => void keys.push(new Set()),
    onObjectEnd: () => void keys.pop(),
    onObjectProperty: (name, _offset, _length, _line, _column, path) => {
      const seen = keys.at(-1);
      // The name itself may be hostile: only the place of the object is told.
      if (seen?.has(name)) note('duplicate-key', path());
      if (FORBIDDEN.has(name)) note('forbidden-key', path());
      if (!name.isWellFormed()) note('lone-surrogate', path());
      seen?.add(name);
    },
    onLiteralValue: (value: unknown, offset, length, _line, _column, path) => {
      if (value === null) note('null', path());
      if (typeof value === 'string' && !value.isWellFormed()) note('lone-surrogate', path());
      if (typeof value === 'number' && (!Number.isSafeInteger(value) || !/^-?[0-9]+$/.test(text.slice(offset, offset + length)) || Object.is(value, -0))) {
        note('unsafe-number', path());
      }
    },
  });
  return found;
}
