import { Buffer } from 'buffer';

// Where the package does less than Node, on which everything else is written and tried. It knows every encoding of Node's but this one (RFC 4648, section 5), in which signed texts are written.
const [usualFrom, usualToString] = [Buffer.from.bind(Buffer) as (...given: unknown[]) => Buffer, Buffer.prototype.toString as (this: Buffer, ...given: unknown[]) => string];

Buffer.from = ((value: unknown, ...more: unknown[]) => usualFrom(value, ...(more[0] === 'base64url' ? ['base64'] : more))) as typeof Buffer.from;
Buffer.prototype.toString = function (this: Buffer, ...given: unknown[]) {
  return given[0] === 'base64url' ? usualToString.call(this, 'base64').replaceAll('+', '-').replaceAll('/', '_').split('=', 1).join('') : usualToString.call(this, ...given);
} as typeof Buffer.prototype.toString;

// Node's compares with any octets; the package's with its own kind alone.
const usualEquals = Buffer.prototype.equals;
Buffer.prototype.equals = function (this: Buffer, other: Uint8Array) {
  return usualEquals.call(this, Buffer.isBuffer(other) ? other : Buffer.from(other));
};

globalThis.Buffer ??= Buffer;

export { Buffer };

/** WHATWG Streams, `ReadableStream.from`: not every browser has it yet. */
const streams = ReadableStream as unknown as { from?: (source: AsyncIterable<unknown>) => ReadableStream<unknown> };
streams.from ??= (source) => {
  const reading = source[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (out) => {
      const next = await reading.next();
      if (next.done) out.close();
      else out.enqueue(next.value);
    },
    cancel: async (reason) => void (await reading.return?.(reason)),
  }, { highWaterMark: 0 });
};
