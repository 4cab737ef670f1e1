import canonicalize from 'canonicalize';

/**
 * RFC 8785: the one spelling of a JSON value, for octets that we make and that others hash.
 * Throws for what JSON can't say. Several such texts are made for every share, so plain data takes a way that is many times quicker
 * than the library's; whatever is not plain goes to the library, and the tests hold one against the other.
 */
export function canonical(value: unknown): Buffer {
  const text = spelled(value) ?? canonicalize(value);
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

/**
 * The spelling of strings, safe integers, flags, and objects and arrays of them; undefined for what is anything else. RFC 8785, 3.2.3: names in the
 * order of their UTF-16 code units, which is how `sort` compares.
 */
function spelled(value: unknown): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? JSON.stringify(value) : undefined;
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  if (typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return spelledList(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  let text = '{';
  for (const name of Object.keys(value).sort()) {
    const member = name.isWellFormed() ? spelled((value as Record<string, unknown>)[name]) : undefined;
    if (member === undefined) return undefined;
    text += `${text.length > 1 ? ',' : ''}${JSON.stringify(name)}:${member}`;
  }
  return `${text}}`;
}

function spelledList(values: readonly unknown[]): string | undefined {
  let text = '[';
  for (const value of values) {
    const item = spelled(value);
    if (item === undefined) return undefined;
    text += text.length > 1 ? `,${item}` : item;
  }
  return `${text}]`;
}
