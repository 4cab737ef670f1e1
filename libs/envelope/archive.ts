import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';

/** Files as a plain zip, to hand to somebody: nothing in it is encrypted. Every file bears the same time. */
export async function makeArchive(files: ReadonlyMap<string, Uint8Array>, at: Date): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, extendedTimestamp: false, lastModDate: at, keepOrder: true });
  for (const [name, octets] of files) await writer.add(name, new Uint8ArrayReader(octets));
  return writer.close();
}
