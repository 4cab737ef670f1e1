import { randomBytes } from 'node:crypto';

let last = 0n;

/** A UUID of version 7 (RFC 9562), increasing within the process: index pages fill in order. */
export function uuid7(at: number = Date.now()): string {
  const random = BigInt(`0x${randomBytes(9).toString('hex')}`) & ((1n << 68n) - 1n);
  let value = (BigInt(at) << 80n) | (random << 6n >> 6n);
  if (value <= last) value = last + 1n + (random & 0xffffn);
  last = value;
  const hex = value.toString(16).padStart(32, '0');
  const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
