import type { Octets } from './keys/streams';

/**
 * The library waits for ever on some of what an attacker may seal (a data packet inside of version 1 data, which it may not hold and does not
 * read past). No step of ours takes a hundredth of this, waiting for octets or for the disk apart, which does not count.
 */
export const STALL_MS = 20_000;

/** Tells work that stands still from work that waits for somebody: for octets that are still to come, or for what it writes. */
export class Stall {
  private waitsForOthers = 0;
  private moved = performance.now();

  constructor(private readonly limitMs = STALL_MS) {}

  async *over(source: Octets): AsyncGenerator<Uint8Array> {
    const reading = source[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.waiting(() => reading.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await reading.return?.();
    }
  }

  /** What `work` comes to; undefined when it stands still. It is left as it is then: nothing of it is heard of again. */
  async guarding<T>(work: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const stalled = new Promise<undefined>((resolve) => {
      timer = setInterval(() => {
        if (this.waitsForOthers === 0 && performance.now() - this.moved > this.limitMs) resolve(undefined);
      }, this.limitMs / 10);
    });
    work.catch(() => undefined);
    return Promise.race([work, stalled]).finally(() => clearInterval(timer));
  }

  /** Waits for somebody else: that is no standing still. */
  async waiting<T>(work: () => T | Promise<T>): Promise<T> {
    this.waitsForOthers++;
    try {
      return await work();
    } finally {
      this.waitsForOthers--;
      this.moved = performance.now();
    }
  }
}
