import { once } from 'node:events';
import { createInflate, createInflateRaw, type Inflate, type InflateRaw } from 'node:zlib';
import { CompressedDataPacket, type Config, enums } from 'openpgp';
import { type Octets, webStream } from './streams';

/** Its types leave these out. */
interface Compressed {
  algorithm: enums.compression;
  compressed: unknown;
  decompress(config?: Config): Promise<void>;
}

const INFLATING: Partial<Record<enums.compression, () => Inflate | InflateRaw>> = { [enums.compression.zip]: createInflateRaw, [enums.compression.zlib]: createInflate };

const packet = CompressedDataPacket.prototype as unknown as Compressed;
const usual = packet.decompress;

/**
 * sq hides how long something is by octets behind the end of what it compressed, and gpg reads over them. The library leaves inflating to
 * Node's DecompressionStream, which has refused them since Node 24 (nodejs/node#58316), and with them all that sq seals unless told otherwise.
 * Node's older interface reads over them; what comes out is counted by the library as ever.
 */
packet.decompress = async function (this: Compressed, config?: Config): Promise<void> {
  const inflating = INFLATING[this.algorithm];
  if (inflating && this.compressed instanceof ReadableStream) {
    this.compressed = webStream(inflated(this.compressed as unknown as Octets, inflating()));
    this.algorithm = enums.compression.uncompressed;
  }
  return usual.call(this, config);
};

/** The source is read to its end even where the octets end before: only there does it show whether somebody changed them. */
async function* inflated(source: Octets, inflate: Inflate | InflateRaw): Octets {
  let ended = false;
  const over = once(inflate, 'end').then(() => (ended = true));
  over.catch(() => undefined);
  const fed = (async () => {
    for await (const piece of source) if (!ended) await Promise.race([over, written(inflate, piece)]);
    inflate.end();
  })();
  fed.catch((error: unknown) => inflate.destroy(error as Error));
  yield* inflate as Octets;
  await fed;
}

const written = (inflate: Inflate | InflateRaw, piece: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => void inflate.write(piece, (error) => (error ? reject(error) : resolve())));
