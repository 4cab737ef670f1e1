import { readJson } from '#protocol/json';

/** An object in the wire's own strict JSON; undefined where the octets are anything else. */
export function readObject(octets: Uint8Array, limits: { maxOctets: number }): Record<string, unknown> | undefined {
  if (octets.length > limits.maxOctets) return undefined;
  const read = readJson(octets);
  if (!read.ok || typeof read.value !== 'object' || read.value === null || Array.isArray(read.value)) return undefined;
  return read.value as Record<string, unknown>;
}
