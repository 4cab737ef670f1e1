/** The checksum of RFC 9580, section 6.1, in octets that arrive in pieces. */
export class Crc24 {
  private value = 0xb704ce;

  add(octets: Uint8Array): void {
    let value = this.value;
    for (let at = 0; at < octets.length; at += 1) value = ((value << 8) ^ (TABLE[((value >>> 16) ^ (octets[at] as number)) & 0xff] as number)) & 0xffffff;
    this.value = value;
  }

  get base64(): string {
    return Buffer.from([this.value >>> 16, (this.value >>> 8) & 0xff, this.value & 0xff]).toString('base64');
  }
}

const TABLE = Int32Array.from({ length: 256 }, (_, octet) => {
  let value = octet << 16;
  for (let bit = 0; bit < 8; bit += 1) value = (value & 0x800000) !== 0 ? (value << 1) ^ 0x864cfb : value << 1;
  return value & 0xffffff;
});
