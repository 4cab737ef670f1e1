import { readSealedOctets } from '#envelope/gate';
import type { Composed } from '../world/partner';
import { FRONT_DOOR, type Scene } from '../journeys/referral';

// What the attacks on addressees have in common: a share of the school to the front door, one of whose parts is not what it should be.

/** The share with its first part bent. What stands before the encrypted data may change without its digest changing. */
export function withFirstPart(share: Composed, bend: (octets: Buffer) => Uint8Array): Composed {
  return { ...share, parts: new Map([...share.parts].map(([name, octets]) => [name, name === 'part-1' ? bend(Buffer.from(octets)) : octets])) };
}

export const ONE_PART = { parts: [{ category: 'names', text: 'The child is at 14 Elm Road', to: { [FRONT_DOOR]: 'assesses-referral' } }] };

/** Key IDs that a copy is addressed to, as anybody can see. */
export async function addressedTo(copy: Uint8Array): Promise<string[]> {
  const read = await readSealedOctets(copy, { maxOctets: 1_000_000, maxAddressees: 50 });
  if (!read.ok) throw new Error(read.problem.code);
  return read.part.addressees.map(({ keyId = '' }) => keyId);
}

export const frontDoorKey = (scene: Scene): string => scene.certificates(FRONT_DOOR).seal[0]?.keyId ?? '';

/** Where the encrypted data begin: past the wrapped keys, each under two octets of header. */
export function dataAt(octets: Uint8Array): number {
  let at = 0;
  while (octets[at] === 0xc1) at += 2 + (octets[at + 1] ?? 0);
  return at;
}
