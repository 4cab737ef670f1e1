import { createHash } from 'node:crypto';
import { ArmorDecoder, type Unarmored } from './armor/decoder';
import { isBinary } from './armor/unarmor';
import type { GateProblem } from './codes';
import { PacketWalk } from './packets/walk';
import type { Addressee } from './packets/session-key';

export type { Addressee } from './packets/session-key';

/** What the gate has established of one part. It proves structure and labels; whether the ciphertext is honest only its recipient can see. */
export interface SealedPart {
  /** Lower hex SHA-256 over the encrypted-data packet as the sender framed it, from its tag octet to its last. */
  digest: string;
  /** How many octets that packet has. */
  size: number;
  seipdVersion: 1 | 2;
  addressees: Addressee[];
}

export interface GateOptions {
  /** Of the decoded message. Armored input may be half as long again. */
  maxOctets: number;
  maxAddressees: number;
  /** Gets the octets of the encrypted-data packet and no other. What it got is worthless if the answer is a refusal. */
  sink: (chunk: Uint8Array) => void | Promise<void>;
}

const ARMOR_OVERHEAD = 1.5;
const ARMOR_LINES = 65_536;

/**
 * Reads one part, binary or armored, against an allow-list of packets, and passes its encrypted data on as it arrives. Opens nothing,
 * holds no more than one chunk and the wrapped keys, and stops at the first fault. Only the source and the sink can make it throw.
 */
export async function readSealed(
  source: AsyncIterable<Uint8Array>,
  options: GateOptions,
): Promise<{ ok: true; part: SealedPart } | { ok: false; problem: GateProblem }> {
  const walk = new PacketWalk(options);
  const digest = createHash('sha256');
  let size = 0;
  let decode: ArmorDecoder | undefined;
  let started = false;

  const take = async ({ octets, problem }: Unarmored): Promise<GateProblem | undefined> => {
    if (!octets || octets.length === 0) return problem;
    const step = walk.push(octets);
    if (step.problem) return step.problem;
    if (step.sealed) {
      digest.update(step.sealed);
      size += step.sealed.length;
      const written = options.sink(step.sealed);
      if (written) await written;
    }
    return problem;
  };

  for await (const chunk of source) {
    if (chunk.length === 0) continue;
    if (!started && !isBinary(chunk[0] ?? 0)) decode = new ArmorDecoder('MESSAGE', { maxText: Math.ceil(options.maxOctets * ARMOR_OVERHEAD) + ARMOR_LINES });
    started = true;
    const problem = await take(decode ? decode.push(chunk) : { octets: chunk });
    if (problem) return { ok: false, problem };
  }
  const problem = (decode && (await take(decode.end()))) ?? walk.end();
  if (problem) return { ok: false, problem };
  if (!walk.seipdVersion) throw new Error('a walk that ended well has met the encrypted data');
  return { ok: true, part: { digest: digest.digest('hex'), size, seipdVersion: walk.seipdVersion, addressees: walk.addressees } };
}

/** The same for octets already in memory; gives back the encrypted data too. */
export async function readSealedOctets(
  octets: Uint8Array,
  limits: Omit<GateOptions, 'sink'>,
): Promise<{ ok: true; part: SealedPart; data: Uint8Array } | { ok: false; problem: GateProblem }> {
  const pieces: Uint8Array[] = [];
  const read = await readSealed(oneChunk(octets), { ...limits, sink: (piece) => void pieces.push(piece) });
  return read.ok ? { ...read, data: Buffer.concat(pieces) } : read;
}

async function* oneChunk(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  yield octets;
}
