import { type Config, decrypt, readMessage, type SignaturePacket, verify } from 'openpgp';
import { LIMITS } from '#protocol/limits';
import { unarmor } from './armor/unarmor';
import { type Certificate, type KeyInfo, stood } from './certificates';
import type { GateProblem } from './codes';
import { readSealedOctets } from './gate';
import { LIBRARY, PART_NOTATION, partBinding } from './keys/library';
import { AHEAD_MS, holds, isBinaryDocument, isStrong, namedSigner } from './keys/verification';
import { tagOf } from './packets/header';
import { TAG } from './packets/tags';
import { type PrivateKey, unwrapKey } from './private-keys';

/** `NOT_SEALED`: the gate would not have let it through (see `problem`). `BOUND_TO_ANOTHER`: its author sealed it as another part or for another share. */
export type OpenCode = 'NOT_SEALED' | 'CANNOT_OPEN' | 'TOO_LARGE' | 'AUTHOR_MISMATCH' | 'BOUND_TO_ANOTHER';

/** `bound`: the author signed it as this part of this manifest. `not-bound`: what is inside doesn't say so; a reader must be told. */
export type Opened =
  | { ok: true; octets: Uint8Array; author: 'bound' | 'not-bound'; /** fingerprint of the author's key that signed, if one did */ signedBy?: string }
  | { ok: false; code: OpenCode; problem?: GateProblem };

const ARMORED = '-----BEGIN PGP MESSAGE-----';
/** All of it is held in memory, several times over. */
const LARGEST = 128 * 1024 * 1024;

/**
 * Opens one part with our own keys and says whose word it is. A part that its author made for another share, or that somebody else than
 * the sender signed, is refused and nothing of it is given: passed on, it would read as the sender's own. Never inflates beyond `maxOctets`.
 */
export async function open(options: {
  octets: Uint8Array;
  keys: readonly PrivateKey[];
  author?: Certificate;
  manifest: string;
  part: string;
  at: Date;
  maxOctets?: number;
}): Promise<Opened> {
  const maxOctets = options.maxOctets ?? LARGEST;
  const gated = await readSealedOctets(options.octets, { maxOctets, maxAddressees: LIMITS.addressees.value });
  if (!gated.ok) return { ok: false, code: gated.problem.code === 'TOO_LARGE' ? 'TOO_LARGE' : 'NOT_SEALED', problem: gated.problem };
  const message = [...gated.part.addressees.map((addressee) => addressee.packet), gated.data];
  const opened = await decrypted(Buffer.concat(message), { keys: options.keys, maxOctets });
  if (typeof opened === 'string') return { ok: false, code: opened };
  const author = await authorOf(opened, options);
  return author.ok ? { ...author, octets: opened.octets } : author;
}

interface Contents {
  octets: Uint8Array;
  signatures: SignaturePacket[];
}

async function decrypted(octets: Uint8Array, options: { keys: readonly PrivateKey[]; maxOctets: number }): Promise<Contents | 'CANNOT_OPEN' | 'TOO_LARGE'> {
  const config = { ...LIBRARY, maxDecompressedMessageSize: options.maxOctets };
  try {
    const message = await readMessage({ binaryMessage: new Uint8Array(octets), config });
    const outer = await contents(await decrypt({ message, decryptionKeys: options.keys.map(unwrapKey), format: 'binary', config }));
    return outer.signatures.length > 0 ? outer : ((await signedInside(outer.octets, config)) ?? outer);
  } catch (error) {
    return isBomb(error) ? 'TOO_LARGE' : 'CANNOT_OPEN';
  }
}

/** `gpg --sign` and then `gpg --encrypt` seal a signed message as a file: it is taken out, so that its reader sees the file and who signed it. */
async function signedInside(octets: Uint8Array, config: Config): Promise<Contents | undefined> {
  const tag = tagOf(octets[0] ?? 0);
  const armored = Buffer.from(octets.subarray(0, ARMORED.length)).toString('latin1') === ARMORED;
  if (!armored && tag !== TAG.onePassSignature && tag !== TAG.compressed && tag !== TAG.signature) return undefined;
  const unarmored = armored ? unarmor(octets, 'MESSAGE', { maxOctets: config.maxDecompressedMessageSize }) : { octets };
  if ('problem' in unarmored) return undefined;
  try {
    const message = await readMessage({ binaryMessage: new Uint8Array(unarmored.octets), config });
    const inner = await contents(await verify({ message, verificationKeys: [], format: 'binary', config }));
    return inner.signatures.length > 0 ? inner : undefined;
  } catch (error) {
    if (isBomb(error)) throw error;
    return undefined;
  }
}

async function contents({ data, signatures }: { data: Uint8Array; signatures: { signature: Promise<{ packets: SignaturePacket[] }> }[] }): Promise<Contents> {
  const packets = await Promise.all(signatures.map(async ({ signature }) => (await signature).packets[0]));
  return { octets: data, signatures: packets.filter((packet) => packet !== undefined) };
}

function isBomb(error: unknown): boolean {
  return String(error).includes('Maximum decompressed message size exceeded');
}

/** A binding that differs counts against the part even where the signature can't be checked. */
async function authorOf(
  { octets, signatures }: Contents,
  options: { author?: Certificate; manifest: string; part: string; at: Date },
): Promise<{ ok: true; author: 'bound' | 'not-bound'; signedBy?: string } | { ok: false; code: OpenCode }> {
  const binding = partBinding(options.manifest, options.part);
  const named = signatures.map(({ rawNotations }) => rawNotations.filter(({ name }) => name === PART_NOTATION));
  if (named.flat().some(({ value }) => Buffer.from(value).toString('utf8') !== binding)) return { ok: false, code: 'BOUND_TO_ANOTHER' };
  if (!options.author || signatures.length === 0) return { ok: true, author: 'not-bound' };
  const { author, at } = options;
  const signers = await Promise.all(signatures.map((packet) => signerOf(packet, { octets, author, at })));
  const [signer] = signers;
  if (!signer || signers.includes(undefined)) return { ok: false, code: 'AUTHOR_MISMATCH' };
  return { ok: true, author: named.every((notations) => notations.length > 0) ? 'bound' : 'not-bound', signedBy: signer.fingerprint };
}

/** The author's own key, good when it signed; one that was revoked because it fell into other hands never was. */
async function signerOf(packet: SignaturePacket, { octets, author, at }: { octets: Uint8Array; author: Certificate; at: Date }): Promise<KeyInfo | undefined> {
  const key = namedSigner(packet, author);
  if (!key || !packet.created || packet.created.getTime() > at.getTime() + AHEAD_MS || !isBinaryDocument(packet) || !isStrong(packet)) return undefined;
  return stood(author, key, packet.created) === 'current' && (await holds(packet, author, key, octets)) ? key : undefined;
}
