import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GateProblem } from '#envelope/codes';
import { readSealed, type SealedPart } from '#envelope/gate';
import { LIMITS } from '#protocol/limits';

/** A sealed part that went through the gate and waits on disk for the decision. */
export interface SpooledPart extends SealedPart {
  /** The encrypted-data packet as the sender framed it, in chunks of at most a megabyte. */
  chunks(): AsyncIterable<Buffer>;
}

/** A basket's name: 96 random bits. */
const BASKET = /^[0-9a-f]{24}$/;

/** Ciphertext on its way in: a folder that nobody else may enter, emptied at each start and after each share. */
export class Spool {
  private constructor(private readonly folder: string) {}

  static async open(folder: string): Promise<Spool> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Only what is a basket: a folder named by mistake keeps what else is in it.
    for (const left of await readdir(folder)) if (BASKET.test(left)) await rm(join(folder, left), { recursive: true, force: true });
    return new Spool(folder);
  }

  /** A place for one share's parts. `empty` it whatever came of the share. */
  async basket(): Promise<Basket> {
    const folder = join(this.folder, randomBytes(12).toString('hex'));
    await mkdir(folder, { mode: 0o700 });
    return new Basket(folder);
  }
}

export class Basket {
  private count = 0;

  constructor(private readonly folder: string) {}

  /** Streams one part through the gate onto the disk; memory stays bounded whatever its size. */
  async receive(source: AsyncIterable<Uint8Array>): Promise<{ ok: true; part: SpooledPart } | { ok: false; problem: GateProblem }> {
    const path = join(this.folder, String(this.count++));
    const file = await open(path, 'wx', 0o600);
    try {
      const result = await readSealed(source, {
        maxOctets: LIMITS.part.value,
        maxAddressees: LIMITS.addressees.value,
        sink: async (chunk) => void (await file.write(chunk)),
      });
      if (!result.ok) return result;
      return { ok: true, part: { ...result.part, chunks: () => inChunks(createReadStream(path, { highWaterMark: LIMITS.chunk.value })) } };
    } finally {
      await file.close();
    }
  }

  empty(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** A read stream may hand out less than it was asked for; rows are filled. */
async function* inChunks(source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let kept: Buffer[] = [];
  let size = 0;
  for await (const piece of source) {
    kept.push(piece);
    size += piece.length;
    if (size < LIMITS.chunk.value) continue;
    yield Buffer.concat(kept);
    kept = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(kept);
}
