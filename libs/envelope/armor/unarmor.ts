import type { GateProblem } from '../codes';
import { ArmorDecoder } from './decoder';
import type { ArmorLabel } from './lines';

const FIRST_BINARY_OCTET = 0x80;

/** Whether a packet could start with this octet; text never can. */
export function isBinary(octet: number): boolean {
  return octet >= FIRST_BINARY_OCTET;
}

/** Decodes a short object (a certificate, a signature) that may or may not be armored. */
export function unarmor(input: Uint8Array | string, label: ArmorLabel, limits: { maxOctets: number }): { octets: Uint8Array } | { problem: GateProblem } {
  const octets = typeof input === 'string' ? Buffer.from(input, 'utf8') : input;
  if (octets.length > limits.maxOctets * 2) return { problem: { code: 'TOO_LARGE' } };
  if (octets.length > 0 && isBinary(octets[0] ?? 0)) return octets.length > limits.maxOctets ? { problem: { code: 'TOO_LARGE' } } : { octets };
  const decoder = new ArmorDecoder(label, { maxText: limits.maxOctets * 2 });
  const body = decoder.push(octets);
  if (body.problem) return { problem: body.problem };
  const end = decoder.end();
  if (end.problem) return { problem: end.problem };
  return { octets: Buffer.concat([body.octets ?? Buffer.alloc(0), end.octets ?? Buffer.alloc(0)]) };
}
