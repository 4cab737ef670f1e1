import { canonical } from '#envelope/canonical';
import { sha256 } from '#protocol/digest';

export { envelopeOf, type EnvelopePiece, readEnvelope, writeEnvelope } from '#protocol/envelope';

/** One recipient's share, as its digest sees it: what queue and delivery are checked against before a transfer moves. */
export interface ConsignmentParts {
  manifestDigest: string;
  signatureDigest: string;
  /** Digests of this recipient's lines. */
  lines: readonly string[];
  /** Digest of the encrypted-data packet, and of this recipient's wrapped keys before it. */
  parts: readonly { name: string; digest: string; keys: string }[];
}

/** SHA-256 over the RFC 8785 form: it costs nothing more than the digests that acceptance has made anyway. */
export function consignmentDigest(parts: ConsignmentParts): string {
  const sorted = { ...parts, lines: [...parts.lines].sort(), parts: [...parts.parts].sort((a, b) => (a.name < b.name ? -1 : 1)) };
  return sha256(canonical(sorted));
}
