import { random } from './random';

/** Bits of a UUIDv7 that are not time, version or variant (RFC 9562, 5.7): twelve and sixty-two. */
const FREE = 74n;
const LOW = 62n;

let last = { at: -1, free: 0n };

/**
 * A UUID of version 7 (RFC 9562). Those made for one millisecond increase in the order in which they are made, so that pages of an
 * index fill in order and a list by id is a list by time.
 */
export function uuid7(at: number = Date.now()): string {
  // The first of a millisecond leaves the upper half free for those that follow it.
  const free = at === last.at ? last.free + 1n + randomBits(16) : randomBits(Number(FREE) - 1);
  last = { at, free };
  const value = (BigInt(at) << 80n) | (0x7n << 76n) | ((free >> LOW) << 64n) | (0x2n << LOW) | (free & ((1n << LOW) - 1n));
  const hex = value.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const randomBits = (bits: number): bigint => BigInt(`0x${random(Math.ceil(bits / 8)).toString('hex')}`) & ((1n << BigInt(bits)) - 1n);
