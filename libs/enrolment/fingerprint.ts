import { sha256 } from '#protocol/digest';

/** Ten groups of four: what two people read to each other without losing their place. 160 bits of the SHA-256, more than anybody can search. */
const GROUPS = 10;

/** What is read out by telephone for a file: `1A2B 3C4D …`. */
export const fingerprintOf = (octets: Uint8Array): string => grouped(sha256(octets).slice(0, GROUPS * 4));

/** Any fingerprint in groups of four, as it is shown. */
export const grouped = (hex: string): string => hex.toUpperCase().match(/.{1,4}/g)?.join(' ') ?? '';

/** Whether what somebody typed is this fingerprint: case, spaces and dashes do not count, and nothing may be left out. */
export function sameFingerprint(typed: string, fingerprint: string): boolean {
  const [one, other] = [typed, fingerprint].map((each) => each.replace(/[\s:-]/g, '').toUpperCase());
  return one === other && one !== '';
}
