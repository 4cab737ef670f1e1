import { Crc24 } from './crc24';
import type { ArmorLabel } from './lines';

/** RFC 9580, 6.2.2: at most 76 characters a line; everybody writes 64, which is 48 octets. */
const LINE_OCTETS = 48;
const LINE = /.{1,64}/g;

export interface ArmorOptions {
  label?: ArmorLabel;
  /** On by default: gpg 2.2 can't read armor without it. RFC 9580, 6.1 forbids it for version 2 data, which gpg 2.2 can't read anyway: there, turn it off. */
  checksum?: boolean;
}

/** Writes armor as the octets arrive, without headers. */
export async function* armor(octets: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, options: ArmorOptions = {}): AsyncGenerator<string> {
  const { label = 'MESSAGE', checksum = true } = options;
  const crc = new Crc24();
  yield `-----BEGIN PGP ${label}-----\n\n`;
  let left: Buffer = Buffer.alloc(0);
  for await (const chunk of octets) {
    if (checksum) crc.add(chunk);
    const held = left.length > 0 ? Buffer.concat([left, chunk]) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const whole = held.length - (held.length % LINE_OCTETS);
    left = Buffer.from(held.subarray(whole));
    if (whole > 0) yield lines(held.subarray(0, whole));
  }
  if (left.length > 0) yield lines(left);
  yield `${checksum ? `=${crc.base64}\n` : ''}-----END PGP ${label}-----\n`;
}

/** Armors octets already in memory. */
export function armorOctets(octets: Uint8Array, options: ArmorOptions = {}): string {
  const { label = 'MESSAGE', checksum = true } = options;
  const crc = new Crc24();
  crc.add(octets);
  return `-----BEGIN PGP ${label}-----\n\n${octets.length > 0 ? lines(Buffer.from(octets)) : ''}${checksum ? `=${crc.base64}\n` : ''}-----END PGP ${label}-----\n`;
}

function lines(octets: Buffer): string {
  return octets.toString('base64').replace(LINE, '$&\n');
}
