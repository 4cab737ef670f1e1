import { isIndeterminate, LengthReader, tagOf } from './header';

/** The packets of a short object in memory, with definite lengths and no octet left over; undefined where it is anything else. */
export function packetsOf(octets: Uint8Array): { tag: number; body: Uint8Array }[] | undefined {
  const packets: { tag: number; body: Uint8Array }[] = [];
  for (let at = 0; at < octets.length; ) {
    const tagOctet = octets[at] ?? 0;
    const tag = tagOf(tagOctet);
    if (tag === undefined || isIndeterminate(tagOctet)) return undefined;
    at += 1;
    const reader = new LengthReader(tagOctet);
    let length = undefined as ReturnType<LengthReader['take']>;
    while (!length) {
      const octet = octets[at];
      if (octet === undefined) return undefined;
      length = reader.take(octet);
      at += 1;
    }
    if (length.kind !== 'fixed' || at + length.octets > octets.length) return undefined;
    packets.push({ tag, body: octets.subarray(at, at + length.octets) });
    at += length.octets;
  }
  return packets;
}
