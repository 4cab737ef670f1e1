import { createMessage, enums, type LiteralDataPacket, type SignaturePacket } from 'openpgp';
import { LIMITS } from '#protocol/limits';
import { type Certificate, type KeyInfo, parsedKey } from '../certificates';
import { LIBRARY } from './library';
import { inTurn, type Octets, webStream } from './streams';

/** Clocks differ; the wire bears with a manifest's own date as far. */
export const AHEAD_MS = LIMITS.createdAhead.value * 1000;

const STRONG = new Set<number>([enums.hash.sha256, enums.hash.sha384, enums.hash.sha512, enums.hash.sha3_256, enums.hash.sha3_512]);

/** A signature over a binary document, of type 0x00. */
export function isBinaryDocument(packet: SignaturePacket): boolean {
  return packet.signatureType === enums.signature.binary;
}

export function isStrong(packet: SignaturePacket): boolean {
  return STRONG.has(packet.hashAlgorithm ?? 0);
}

/** The key that the signature names, if it is one of the certificate's that sign. Where it gives a fingerprint too, that must fit. */
export function namedSigner(packet: SignaturePacket, certificate: Certificate): KeyInfo | undefined {
  const keyId = issuerOf(packet);
  const fingerprint = packet.issuerFingerprint && Buffer.from(packet.issuerFingerprint).toString('hex').toUpperCase();
  return certificate.sign.find((key) => key.keyId === keyId && (!fingerprint || key.fingerprint === fingerprint));
}

export function issuerOf(packet: SignaturePacket): string {
  return packet.issuerKeyID.toHex().toUpperCase();
}

/** Whether the signature is over these octets. Dates are the caller's to judge: the library is given the signature's own. */
export async function holds(packet: SignaturePacket, certificate: Certificate, key: KeyInfo, octets: Uint8Array): Promise<boolean> {
  return verifies(packet, certificate, key, await literalOf(octets));
}

/** The same for octets as they come, of which no more than one piece is held. */
export async function holdsOver(packet: SignaturePacket, certificate: Certificate, key: KeyInfo, octets: Octets): Promise<boolean> {
  const nothing = await literalOf(new Uint8Array(0));
  const hashing = packet as HashingPacket;
  // The library hashes a literal's octets through a clone of them, which nobody else would read: we hand it what it would have hashed.
  const signed = inTurn([hashing.salt ?? new Uint8Array(0)], octets, [hashing.signatureData, hashing.calculateTrailer(nothing, true)]);
  hashing.hashed = await hashing.hash(enums.signature.binary, nothing, webStream(signed)).then(wholeOf).catch(() => undefined);
  return hashing.hashed !== undefined && verifies(packet, certificate, key, nothing);
}

/** Its types leave these out: what is hashed after the octets, and the digest where it is known already. */
type HashingPacket = SignaturePacket & {
  salt: Uint8Array | null;
  signatureData: Uint8Array;
  hashed?: Uint8Array | undefined;
  calculateTrailer(data: LiteralDataPacket, detached: boolean): Uint8Array;
  hash(type: number, data: LiteralDataPacket, toHash: unknown): Promise<Octets | Uint8Array>;
};

async function wholeOf(digest: Octets | Uint8Array): Promise<Uint8Array> {
  if (digest instanceof Uint8Array) return digest;
  const pieces: Uint8Array[] = [];
  for await (const piece of digest) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

const literalOf = async (octets: Uint8Array): Promise<LiteralDataPacket> => (await createMessage({ binary: octets })).packets[0] as LiteralDataPacket;

async function verifies(packet: SignaturePacket, certificate: Certificate, key: KeyInfo, literal: LiteralDataPacket): Promise<boolean> {
  const full = parsedKey(certificate);
  const signer = [full, ...full.subkeys].find((each) => each.getFingerprint().toUpperCase() === key.fingerprint);
  if (!signer || !packet.created) return false;
  return packet.verify(signer.keyPacket, enums.signature.binary, literal, packet.created, true, LIBRARY).then(() => true, () => false);
}
