// What Node has and a browser has not. Nothing that the reader does reaches it; what did would end here.

const absent = (): never => {
  throw new Error('a browser has none of this');
};

export { absent as createReadStream, absent as createWriteStream, absent as mkdtemp, absent as open, absent as rename, absent as rm, absent as stat, absent as join, absent as dirname, absent as tmpdir, absent as setTimeout, absent as spawn, absent as resolve, absent as inflateSync };
export const ReadableStream = globalThis.ReadableStream;
