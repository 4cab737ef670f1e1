import type { GateProblem } from '../codes';
import { TAG } from './tags';

const KEY_MATERIAL: GateProblem = { code: 'NOT_OPENPGP', detail: 'this is a key or a certificate, not a message' };

/** What each packet means where the wrapped keys stand; a type that is not here is refused as not ours. */
const BEFORE: Record<number, GateProblem> = {
  [TAG.skesk]: { code: 'PASSWORD_RECIPIENT' },
  [TAG.symmetricallyEncrypted]: { code: 'LEGACY_ENCRYPTION', detail: 'encrypted without integrity protection' },
  [TAG.librePgpAead]: { code: 'LIBREPGP_AEAD' },
  [TAG.literal]: { code: 'PLAINTEXT' },
  [TAG.compressed]: { code: 'COMPRESSED_OUTSIDE' },
  [TAG.signature]: { code: 'SIGNED_OUTSIDE' },
  [TAG.onePassSignature]: { code: 'SIGNED_OUTSIDE' },
  [TAG.secretKey]: KEY_MATERIAL,
  [TAG.publicKey]: KEY_MATERIAL,
  [TAG.secretSubkey]: KEY_MATERIAL,
  [TAG.publicSubkey]: KEY_MATERIAL,
  [TAG.userId]: KEY_MATERIAL,
};

/** A second message starts with one of these. */
const ANOTHER_MESSAGE = new Set<number>([TAG.pkesk, TAG.skesk, TAG.seipd, TAG.symmetricallyEncrypted, TAG.librePgpAead]);

/** Marker and padding must be ignored wherever they stand (RFC 9580, 5.8 and 5.14); we ignore them and hand them to nobody. */
export function refusedBefore(tag: number | undefined, anyAddressee: boolean): GateProblem | undefined {
  if (tag === undefined) return { code: 'NOT_OPENPGP' };
  if (tag === TAG.pkesk || tag === TAG.marker || tag === TAG.padding) return undefined;
  // Encrypted data with no wrapped key at all can be opened by somebody, whom it does not name.
  if (tag === TAG.seipd) return anyAddressee ? undefined : { code: 'HIDDEN_RECIPIENT', detail: 'no wrapped session key' };
  return BEFORE[tag] ?? { code: 'NOT_OPENPGP', detail: 'a packet that a message does not have' };
}

/** After the encrypted data only padding may stand. */
export function refusedAfter(tag: number | undefined): GateProblem | undefined {
  if (tag === TAG.padding) return undefined;
  return { code: tag !== undefined && ANOTHER_MESSAGE.has(tag) ? 'SEVERAL_MESSAGES' : 'TRAILING_DATA' };
}
