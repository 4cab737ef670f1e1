import { ReadableStream } from 'node:stream/web';
import { type FlateStreamHandler, Inflate, Unzlib } from 'fflate';
import { CompressedDataPacket, type Config, enums } from 'openpgp';

/** Its types leave these out. */
interface Compressed {
  algorithm: enums.compression;
  compressed: unknown;
  decompress(config?: Config): Promise<void>;
}

interface Inflating {
  ondata: FlateStreamHandler;
  push(octets: Uint8Array, final?: boolean): void;
}

const INFLATING: Partial<Record<enums.compression, () => Inflating>> = { [enums.compression.zip]: () => new Inflate(), [enums.compression.zlib]: () => new Unzlib() };

const packet = CompressedDataPacket.prototype as unknown as Compressed;
const usual = packet.decompress;

/** As `inflating.ts` does, in whose place a browser has this: its DecompressionStream, too, refuses octets behind the end of what was compressed, by which sq hides how long it is. */
packet.decompress = async function (this: Compressed, config?: Config): Promise<void> {
  const inflating = INFLATING[this.algorithm];
  if (inflating && this.compressed instanceof ReadableStream) {
    this.compressed = inflated(this.compressed as ReadableStream<Uint8Array>, inflating());
    this.algorithm = enums.compression.uncompressed;
  }
  return usual.call(this, config);
};

/** The source is read to its end even where what was compressed ends before: only there does it show whether somebody changed it. */
function inflated(source: ReadableStream<Uint8Array>, inflate: Inflating): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream({
    start: (out) => {
      inflate.ondata = (octets) => octets.length > 0 && out.enqueue(octets);
    },
    pull: async (out) => {
      const { done, value } = await reader.read();
      if (!done) return inflate.push(value, false);
      inflate.push(new Uint8Array(0), true);
      out.close();
    },
  });
}
