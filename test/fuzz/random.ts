/** Numbers that look random and are the same again for the same seed and index: a counter, mixed as MurmurHash3 ends. */
export class Random {
  private count: number;

  constructor(seed: number, index: number) {
    this.count = mix(mix(seed) ^ index);
  }

  private word(): number {
    this.count = (this.count + 0x9e3779b9) | 0;
    return mix(this.count) >>> 0;
  }

  /** A whole number from 0, below `end`. */
  below(end: number): number {
    return end <= 1 ? 0 : this.word() % end;
  }

  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)] as T;
  }

  octets(length: number): Buffer {
    const octets = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; at += 4) {
      const word = this.word();
      for (let i = 0; i < 4 && at + i < length; i += 1) octets[at + i] = (word >>> (8 * i)) & 0xff;
    }
    return octets;
  }
}

function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
