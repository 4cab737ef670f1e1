import { enums, type AnyKeyPacket, type SignaturePacket } from 'openpgp';
import { type FullKey, LIBRARY } from './library';

type Subkey = FullKey['subkeys'][number];

/** RFC 9580, 5.2.3.31: these say that a key went out of use, not that it fell into other hands, and count from their own date. */
const SOFT = new Set<number>([enums.reasonForRevocation.keySuperseded, enums.reasonForRevocation.keyRetired, enums.reasonForRevocation.userIDInvalid]);

/** Certifications of the key by itself, newest first: over user IDs, or for version 6 over the key. A revoked user ID gives none. */
export async function ownCertifications(key: FullKey): Promise<SignaturePacket[]> {
  if (key.keyPacket.version === 6) return directSignatures(key);
  const found: SignaturePacket[] = [];
  for (const { userID, selfCertifications, revocationSignatures } of key.users) {
    if (!userID) continue;
    const data = { userID, key: key.keyPacket };
    const revoked = await holding(revocationSignatures, key.keyPacket, enums.signature.certRevocation, data);
    if (revoked.length === 0) found.push(...(await holding(selfCertifications, key.keyPacket, enums.signature.certGeneric, data)));
  }
  return found.sort(newestFirst);
}

export function directSignatures(key: FullKey): Promise<SignaturePacket[]> {
  return holding(key.directSignatures, key.keyPacket, enums.signature.key, { key: key.keyPacket });
}

export function bindings(key: FullKey, subkey: Subkey): Promise<SignaturePacket[]> {
  return holding(subkey.bindingSignatures, key.keyPacket, enums.signature.subkeyBinding, { key: key.keyPacket, bind: subkey.keyPacket });
}

/** Whether the subkey has agreed to belong to this key; else anybody could claim another's signing key (RFC 9580, 5.2.1.9). */
export async function backSignature(key: FullKey, subkey: Subkey, binding: SignaturePacket): Promise<SignaturePacket | undefined> {
  const back = binding.embeddedSignature;
  if (back?.signatureType !== enums.signature.keyBinding) return undefined;
  const [held] = await holding([back], subkey.keyPacket, enums.signature.keyBinding, { key: key.keyPacket, bind: subkey.keyPacket });
  return held;
}

/** From when the key, or one of its subkeys, is revoked; undefined if it isn't. In milliseconds. */
export async function revokedFrom(key: FullKey, subkey?: Subkey): Promise<number | undefined> {
  const own = await holding(key.revocationSignatures, key.keyPacket, enums.signature.keyRevocation, { key: key.keyPacket });
  const both = { key: key.keyPacket, bind: subkey?.keyPacket };
  const subs = await holding(subkey?.revocationSignatures ?? [], key.keyPacket, enums.signature.subkeyRevocation, both);
  const from = [...own, ...subs].map((revocation) => (SOFT.has(revocation.reasonForRevocationFlag ?? 0) ? made(revocation) : Number.NEGATIVE_INFINITY));
  return from.length > 0 ? Math.min(...from) : undefined;
}

export function made(signature: SignaturePacket): number {
  return signature.created?.getTime() ?? Number.POSITIVE_INFINITY;
}

function newestFirst(one: SignaturePacket, other: SignaturePacket): number {
  return made(other) - made(one);
}

/** Those that verify, judged at their own date: which of them counts on a given day is asked later. */
async function holding(signatures: SignaturePacket[], by: AnyKeyPacket, type: enums.signature, data: object): Promise<SignaturePacket[]> {
  const found: SignaturePacket[] = [];
  for (const signature of signatures) {
    const held = await signature.verify(by, type, data, signature.created ?? undefined, false, LIBRARY).then(() => true, () => false);
    if (held) found.push(signature);
  }
  return found.sort(newestFirst);
}
