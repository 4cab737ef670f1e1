import { type Config, decrypt, readMessage, type SignaturePacket, verify } from 'openpgp';
import { ArmorDecoder } from './armor/decoder';
import './keys/inflating';
import { LIBRARY } from './keys/library';
import { type Octets, webStream } from './keys/streams';
import { tagOf } from './packets/header';
import { TAG } from './packets/tags';
import { type PrivateKey, unwrapKey } from './private-keys';
import type { Scratch } from './scratch';
import { Stall } from './stalling';

/** What came out, and who signed it; nobody has looked at the signatures yet. */
export interface Contents {
  contents: Scratch;
  signatures: SignaturePacket[];
}

interface Unsealing {
  keys: readonly PrivateKey[];
  maxOctets: number;
  scratch: () => Promise<Scratch>;
  /** For tests, which cannot wait as long. */
  stallMs?: number;
}

const ARMORED = '-----BEGIN PGP MESSAGE-----';
const TOO_LARGE = Symbol('more octets than may come out');

/** Decrypts a message as it comes. Its integrity holds when this returns; if it does not, nothing that was written counts. */
export async function unsealed(message: Octets, options: Unsealing): Promise<Contents | 'CANNOT_OPEN' | 'TOO_LARGE'> {
  const stall = new Stall(options.stallMs);
  return (await stall.guarding(decrypted(stall.over(message), { ...options, stall }))) ?? 'CANNOT_OPEN';
}

type Guarded = Unsealing & { stall: Stall };

async function decrypted(message: Octets, options: Guarded): Promise<Contents | 'CANNOT_OPEN' | 'TOO_LARGE'> {
  // The library would otherwise hold all of version 1 data until it is authenticated; ours waits in a scratch.
  const config = { ...LIBRARY, maxDecompressedMessageSize: options.maxOctets, allowUnauthenticatedStream: true };
  try {
    const read = await readMessage({ binaryMessage: webStream(message) as never, config });
    const outer = await written(await decrypt({ message: read, decryptionKeys: options.keys.map(unwrapKey), format: 'binary', config }), options);
    return outer.signatures.length > 0 ? outer : ((await signedInside(outer.contents, options, config)) ?? outer);
  } catch (error) {
    return isBomb(error) ? 'TOO_LARGE' : 'CANNOT_OPEN';
  }
}

/** `gpg --sign` and then `gpg --encrypt` seal a signed message as a file: it is taken out, so that its reader sees the file and who signed it. */
async function signedInside(outer: Scratch, options: Guarded, config: Config): Promise<Contents | undefined> {
  const form = await formOf(outer);
  if (!form) return undefined;
  try {
    const message = await readMessage({ binaryMessage: webStream(form === 'armored' ? unarmored(outer.read(), options.maxOctets) : outer.read()) as never, config });
    const inner = await written(await verify({ message, verificationKeys: [], format: 'binary', config }), options);
    return inner.signatures.length > 0 ? inner : undefined;
  } catch (error) {
    if (isBomb(error)) throw error;
    return undefined;
  }
}

async function formOf(contents: Scratch): Promise<'armored' | 'binary' | undefined> {
  let start = Buffer.alloc(0);
  for await (const piece of contents.read()) {
    start = Buffer.concat([start, piece.subarray(0, ARMORED.length)]);
    if (start.length >= ARMORED.length) break;
  }
  if (start.subarray(0, ARMORED.length).toString('latin1') === ARMORED) return 'armored';
  const tag = tagOf(start[0] ?? 0);
  return tag === TAG.onePassSignature || tag === TAG.compressed || tag === TAG.signature ? 'binary' : undefined;
}

async function* unarmored(source: Octets, maxOctets: number): Octets {
  const decoder = new ArmorDecoder('MESSAGE', { maxText: maxOctets * 2 });
  const step = ({ octets, problem }: ReturnType<ArmorDecoder['push']>): Uint8Array => {
    if (problem) throw new Error('what looked like an armored message is none');
    return octets ?? new Uint8Array(0);
  };
  for await (const piece of source) yield step(decoder.push(piece));
  yield step(decoder.end());
}

interface Decrypted {
  data: unknown;
  signatures: { signature: Promise<{ packets: SignaturePacket[] }> }[];
}

/** Writes what comes out to a scratch; its signatures are there when all of it has come. */
async function written({ data, signatures }: Decrypted, { maxOctets, scratch, stall }: Guarded): Promise<Contents> {
  const kept = signatures.map(({ signature }) => signature);
  // They fail with the data, which tell it first.
  for (const each of kept) each.catch(() => undefined);
  const contents = await scratch();
  let size = 0;
  try {
    for await (const piece of data as Octets) {
      size += piece.length;
      if (size > maxOctets) throw TOO_LARGE;
      await stall.waiting(() => contents.write(piece));
    }
  } finally {
    await stall.waiting(() => contents.close());
  }
  const packets = await Promise.all(kept.map(async (signature) => (await signature).packets[0]));
  return { contents, signatures: packets.filter((packet) => packet !== undefined) };
}

const isBomb = (error: unknown): boolean => error === TOO_LARGE || String(error).includes('Maximum decompressed message size exceeded');
