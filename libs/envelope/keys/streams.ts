import { ReadableStream } from 'node:stream/web';

/** Octets as they come, in pieces of any size. */
export type Octets = AsyncIterable<Uint8Array>;

/** For the library, which reads web streams. Pulled piece by piece: whoever reads slowly is waited for. */
export const webStream = (source: Octets): ReadableStream<Uint8Array> => ReadableStream.from(owned(source)) as ReadableStream<Uint8Array>;

/** Node's buffers may be views of a pool that others write to; the library keeps what it is given. */
async function* owned(source: Octets): AsyncGenerator<Uint8Array> {
  for await (const piece of source) if (piece.length > 0) yield new Uint8Array(piece);
}

export async function* inTurn(...sources: (Octets | Iterable<Uint8Array>)[]): AsyncGenerator<Uint8Array> {
  for (const source of sources) yield* source;
}
