/** Seeded: the same seed makes the same choices, on every machine (xorshift32, Marsaglia 2003). */
export class Chance {
  private state: number;

  constructor(seed: number) {
    // Neighbouring seeds must not make neighbouring choices.
    this.state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) || 1;
    for (let i = 0; i < 8; i++) this.below(2);
  }

  /** 0 up to, but not including, `end`. */
  below(end: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return (x >>> 0) % end;
  }

  /** Happens once in `times`, on average. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  of<T>(things: readonly T[]): T {
    return things[this.below(things.length)] as T;
  }
}
