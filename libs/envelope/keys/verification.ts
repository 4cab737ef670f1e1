import { createMessage, enums, type LiteralDataPacket, type SignaturePacket } from 'openpgp';
import { LIMITS } from '#protocol/limits';
import { type Certificate, type KeyInfo, parsedKey } from '../certificates';
import { LIBRARY } from './library';

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
  const full = parsedKey(certificate);
  const signer = [full, ...full.subkeys].find((each) => each.getFingerprint().toUpperCase() === key.fingerprint);
  if (!signer || !packet.created) return false;
  const literal = (await createMessage({ binary: octets })).packets[0] as LiteralDataPacket;
  return packet.verify(signer.keyPacket, enums.signature.binary, literal, packet.created, true, LIBRARY).then(() => true, () => false);
}
