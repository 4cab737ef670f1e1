import { randomBytes } from 'node:crypto';

/** A UUID of version 7 (RFC 9562). */
export function uuid7(at: Date): string {
  const octets = randomBytes(16);
  octets.writeUIntBE(at.getTime(), 0, 6);
  octets[6] = ((octets[6] as number) & 0x0f) | 0x70;
  octets[8] = ((octets[8] as number) & 0x3f) | 0x80;
  const hex = octets.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** 128 random bits, lower-case hexadecimal: the salt of a line. */
export const salt = (): string => randomBytes(16).toString('hex');

/** A digest of nothing at all, to pad with. */
export const noDigest = (): string => randomBytes(32).toString('hex');
