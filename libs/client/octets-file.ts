import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Scratch } from '#envelope/scratch';

/** Octets that lie in a file: read when they are needed, and not held. */
export interface OctetsFile {
  path: string;
  size: number;
}

/** Octets read from a file at once: fixed, whatever the file's size. */
const PIECE = 256 * 1024;

export const isFile = (octets: Uint8Array | OctetsFile): octets is OctetsFile => !(octets instanceof Uint8Array);

export const sizeOf = (octets: Uint8Array | OctetsFile): number => (isFile(octets) ? octets.size : octets.length);

/** From one octet on, in pieces. */
export async function* octetsOf(octets: Uint8Array | OctetsFile, from = 0): AsyncGenerator<Uint8Array> {
  if (isFile(octets)) yield* createReadStream(octets.path, { start: from, highWaterMark: PIECE }) as AsyncIterable<Buffer>;
  else for (let at = from; at < octets.length; at += PIECE) yield octets.subarray(at, at + PIECE);
}

/** A file that is being written, and how much of it there is. */
export interface NewFile extends Scratch {
  size: number;
}

/** A new file that nobody else may read; a durable one is on disk when it is closed. @throws Error where there is one of that name */
export async function newFile(path: string, { durable = false } = {}): Promise<NewFile> {
  const file: FileHandle = await open(path, 'wx', 0o600);
  const made: NewFile = {
    size: 0,
    write: async (octets) => {
      for (let at = 0; at < octets.length; ) at += (await file.write(octets, at)).bytesWritten;
      made.size += octets.length;
    },
    close: async () => {
      if (durable) await file.sync();
      await file.close();
    },
    read: () => createReadStream(path, { highWaterMark: PIECE }),
  };
  return made;
}
