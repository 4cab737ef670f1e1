import { TYPE } from './tags';

/** A header for contents of so many octets, in as few octets as it takes. */
export function header(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(tag, 0x80 | octets.length, ...octets);
}

export function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(contents);
  return Buffer.concat([header(tag, body.length), body]);
}

export const sequence = (...contents: readonly Uint8Array[]): Uint8Array => element(TYPE.sequence, ...contents);
export const octetString = (octets: Uint8Array): Uint8Array => element(TYPE.octetString, octets);
/** Of one octet below 128: versions and lengths. */
export const small = (value: number): Uint8Array => element(TYPE.integer, Uint8Array.of(value));

/** X.690, 11.6: the members of a set stand in the order of their octets. */
export const setOf = (...members: readonly Uint8Array[]): Uint8Array => element(TYPE.set, ...members.toSorted((one, other) => Buffer.compare(one, other)));

export function oid(dotted: string): Uint8Array {
  const [top = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  const octets = [top * 40n + second, ...rest].flatMap((arc) => {
    const digits = [Number(arc & 0x7fn)];
    for (let left = arc >> 7n; left > 0n; left >>= 7n) digits.unshift(Number(left & 0x7fn) | 0x80);
    return digits;
  });
  return element(TYPE.oid, Uint8Array.from(octets));
}
