import type { Addressee } from './gate';

export { armor, type ArmorOptions, armorOctets } from './armor/writer';

/**
 * The start of one recipient's copy: its own wrapped keys, each as the sender framed it, and nobody else's. The encrypted-data packet
 * follows untouched, so the sender's digest and signature still hold; padding and markers of the original are left behind.
 */
export function cutHead(addressees: readonly Addressee[]): Uint8Array {
  return new Uint8Array(Buffer.concat(addressees.map((addressee) => addressee.packet)));
}
