import { createMessage, readSignature, sign, type SignaturePacket } from 'openpgp';
import { unarmor } from './armor/unarmor';
import { type Certificate, type KeyInfo, standing } from './certificates';
import type { GateProblem, KeyCause } from './codes';
import { LIBRARY } from './keys/library';
import { AHEAD_MS, holds, isBinaryDocument, isStrong, issuerOf, namedSigner } from './keys/verification';
import { packetsOf } from './packets/list';
import { TAG } from './packets/tags';
import { type PrivateKey, unwrapKey } from './private-keys';

const LARGEST = 32_768;

type Refused = { ok: false; problem: GateProblem };

/**
 * Verifies exactly one detached binary signature over `octets`, by a key that is among `certificates` and current at `at`, the moment
 * of receipt. Who the certificates belong to is the caller's to know.
 */
export async function verifyDetached(options: {
  octets: Uint8Array;
  signature: Uint8Array | string;
  certificates: readonly Certificate[];
  at: Date;
}): Promise<{ ok: true; fingerprint: string; keyFingerprint: string } | Refused> {
  const read = await readOne(options.signature);
  if (!('packet' in read)) return { ok: false, problem: read };
  const { packet } = read;
  const found = signerOf(packet, options.certificates);
  if (!found) return { ok: false, problem: { code: 'SIGNATURE_WRONG_KEY', keyId: issuerOf(packet) } };
  const { certificate, key } = found;
  const problem = untimely(packet, found, options.at);
  if (problem) return { ok: false, problem };
  if (!(await holds(packet, certificate, key, options.octets))) return { ok: false, problem: { code: 'SIGNATURE_OTHER_BYTES', keyId: key.keyId } };
  return { ok: true, fingerprint: certificate.fingerprint, keyFingerprint: key.fingerprint };
}

/** Makes a detached binary signature, as `gpg --detach-sign` does. Without `at` it is dated now. */
export async function signDetached(options: { octets: Uint8Array; key: PrivateKey; at?: Date }): Promise<Uint8Array> {
  const message = await createMessage({ binary: options.octets });
  const dated = options.at ? { date: options.at } : {};
  return (await sign({ message, signingKeys: unwrapKey(options.key), detached: true, format: 'binary', config: LIBRARY, ...dated })) as unknown as Uint8Array;
}

async function readOne(signature: Uint8Array | string): Promise<{ packet: SignaturePacket } | GateProblem> {
  const missing = (detail: string): GateProblem => ({ code: 'SIGNATURE_MISSING', detail });
  if (signature.length === 0) return missing('it is empty');
  const unarmored = unarmor(signature, 'SIGNATURE', { maxOctets: LARGEST });
  if ('problem' in unarmored) return missing('it is not one OpenPGP signature');
  const packets = packetsOf(unarmored.octets);
  if (packets?.length !== 1 || packets[0]?.tag !== TAG.signature) return missing('it is not exactly one signature packet');
  const packet = await readSignature({ binarySignature: new Uint8Array(unarmored.octets), config: LIBRARY }).then((read) => read.packets[0], () => undefined);
  if (!packet?.created) return missing('it can’t be read, or is of a kind that we do not know');
  if (!isBinaryDocument(packet)) return missing('it is not a signature over a binary document (type 0x00)');
  if (!isStrong(packet)) return missing('its hash is weaker than SHA-256');
  return { packet };
}

function signerOf(packet: SignaturePacket, certificates: readonly Certificate[]): { certificate: Certificate; key: KeyInfo } | undefined {
  for (const certificate of certificates) {
    const key = namedSigner(packet, certificate);
    if (key) return { certificate, key };
  }
  return undefined;
}

function untimely(packet: SignaturePacket, { certificate, key }: { certificate: Certificate; key: KeyInfo }, at: Date): GateProblem | undefined {
  const { keyId } = key;
  const stands = standing(certificate, key, at);
  if (stands !== 'current') return { code: 'KEY_NOT_VERIFIED', cause: stands, keyId };
  const made = packet.created?.getTime() ?? Number.POSITIVE_INFINITY;
  const refused = (cause: KeyCause, detail: string): GateProblem => ({ code: 'KEY_NOT_VERIFIED', cause, keyId, detail });
  if (made > at.getTime() + AHEAD_MS) return refused('unverified', 'the signature is dated in the future: check the clock');
  if (made < Date.parse(key.created)) return refused('unverified', 'the signature is older than its key');
  return packet.getExpirationTime() <= at ? refused('expired', 'the signature has expired') : undefined;
}
