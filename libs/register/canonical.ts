import canonicalize from 'canonicalize';

/**
 * RFC 8785: the one spelling of a JSON value, for octets that we make and that others hash.
 * Throws for what JSON can't say. An entry is made for every party of every share, so plain data takes a way that is five times
 * quicker than the library's; whatever is not plain goes to the library, and the tests hold one against the other.
 */
export function canonical(value: unknown): Buffer {
  const text = isPlain(value) ? JSON.stringify(ordered(value)) : canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return Buffer.from(text);
}

/** Reads octets that claim to be canonical JSON. Undefined when they are spelled in any other way, so a duplicate key or a second reading can't hide in them. */
export function readCanonical(octets: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets));
    return canonical(value).equals(octets) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Names that JavaScript keeps in the order in which they were set; those that look like numbers it puts first. */
const NAME = /^[A-Za-z][A-Za-z0-9]*$/;

/** Objects and arrays of safe integers, flags and well-formed strings, under names that stay in order. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object') return typeof value === 'boolean' || Number.isSafeInteger(value);
  if (value === null) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const name of Object.keys(value)) {
    if (!NAME.test(name) || name === 'toJSON' || !isPlain((value as Record<string, unknown>)[name])) return false;
  }
  return true;
}

function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(ordered);
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value).sort()) copy[name] = ordered((value as Record<string, unknown>)[name]);
  return copy;
}
