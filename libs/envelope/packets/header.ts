/** How a packet says where it ends (RFC 9580, 4.2). */
export type PacketLength = { kind: 'fixed'; octets: number } | { kind: 'partial'; octets: number } | { kind: 'indeterminate' };

/** The packet type in a header's first octet, or undefined where that octet can't start a packet. */
export function tagOf(octet: number): number | undefined {
  if ((octet & 0x80) === 0) return undefined;
  return (octet & 0x40) !== 0 ? octet & 0x3f : (octet >> 2) & 0x0f;
}

/** Old format, length type 3: no length octets, the packet runs to the end of the input. */
export function isIndeterminate(tagOctet: number): boolean {
  return (tagOctet & 0x43) === 0x03;
}

export interface LengthState {
  value: number;
  added: number;
  missing: number;
}

/** Takes the length octets of one header, one at a time, and says when it has the length. */
export class LengthReader {
  private value = 0;
  private added = 0;
  private missing: number;

  /** `tagOctet` undefined: the length that follows a partial body, which is always in the new format. */
  constructor(tagOctet?: number) {
    const old = tagOctet !== undefined && (tagOctet & 0x40) === 0;
    this.missing = old ? 1 << (tagOctet & 0x03) : 0;
  }

  static resumed(state: LengthState): LengthReader {
    return Object.assign(new LengthReader(), state);
  }

  state(): LengthState {
    return { value: this.value, added: this.added, missing: this.missing };
  }

  take(octet: number): PacketLength | undefined {
    if (this.missing === 0) return this.takeFirst(octet);
    this.value = this.value * 256 + octet;
    this.missing -= 1;
    return this.missing === 0 ? { kind: 'fixed', octets: this.value + this.added } : undefined;
  }

  private takeFirst(octet: number): PacketLength | undefined {
    if (octet < 192) return { kind: 'fixed', octets: octet };
    if (octet >= 224 && octet < 255) return { kind: 'partial', octets: 2 ** (octet & 0x1f) };
    this.missing = octet === 255 ? 4 : 1;
    if (octet < 224) {
      this.value = octet - 192;
      this.added = 192;
    }
    return undefined;
  }
}
