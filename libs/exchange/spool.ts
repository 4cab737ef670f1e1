import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { PartProblem } from '#envelope/cms-codes';
import { type Part, readPart } from '#envelope/parts';
import { LIMITS } from '#protocol/limits';

/** A sealed part that went through the gate and waits for the decision: a small one in memory, a large one on disk. */
export type SpooledPart = Part & Octets;

interface Octets {
  /** What every copy has alike, as the sender framed it; absent where it lies on disk. */
  octets?: Buffer;
  /** The same in chunks of at most a megabyte. */
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
  basket(): Basket {
    return new Basket(join(this.folder, randomBytes(12).toString('hex')));
  }
}

export class Basket {
  private count = 0;
  private made: Promise<unknown> | undefined;
  /** What this share may still keep in memory: as much as its envelope may have on the queue. */
  private room: number = LIMITS.inlineEnvelope.value;

  constructor(private readonly folder: string) {}

  /** Streams one part through the gate; memory stays bounded whatever its size. */
  async receive(source: AsyncIterable<Uint8Array>): Promise<{ ok: true; part: SpooledPart } | { ok: false; problem: PartProblem }> {
    const kept = new Kept(this.room, () => this.file());
    try {
      const result = await readPart(source, { maxOctets: LIMITS.part.value, maxAddressees: LIMITS.addressees.value, sink: (chunk) => kept.take(chunk) });
      if (!result.ok) return result;
      if (!kept.spilled) this.room -= kept.size;
      return { ok: true, part: { ...result.part, ...kept.part() } };
    } finally {
      await kept.close();
    }
  }

  empty(): Promise<void> {
    return this.made ? rm(this.folder, { recursive: true, force: true }) : Promise.resolve();
  }

  private async file(): Promise<{ path: string; file: FileHandle }> {
    await (this.made ??= mkdir(this.folder, { mode: 0o700 }));
    const path = join(this.folder, String(this.count++));
    return { path, file: await open(path, 'wx', 0o600) };
  }
}

/** One part on its way in: in memory while there is room, from then on in a file. */
class Kept {
  size = 0;
  private pieces: Uint8Array[] = [];
  private onDisk: { path: string; file: FileHandle } | undefined;

  constructor(private readonly room: number, private readonly open: () => Promise<{ path: string; file: FileHandle }>) {}

  get spilled(): boolean {
    return this.onDisk !== undefined;
  }

  take(chunk: Uint8Array): void | Promise<void> {
    this.size += chunk.length;
    if (this.size > this.room) return this.spill(chunk);
    // The gate's chunks are views of its own memory.
    this.pieces.push(Buffer.from(chunk));
  }

  part(): Octets {
    const { onDisk } = this;
    if (onDisk) return { chunks: () => inChunks(createReadStream(onDisk.path, { highWaterMark: LIMITS.chunk.value })) };
    const octets = Buffer.concat(this.pieces);
    return { octets, chunks: () => inChunks(Readable.from([octets])) };
  }

  async close(): Promise<void> {
    await this.onDisk?.file.close();
  }

  private async spill(chunk: Uint8Array): Promise<void> {
    this.onDisk ??= await this.open();
    for (const piece of [...this.pieces, chunk]) await this.onDisk.file.write(piece);
    this.pieces = [];
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
