import { SECRET_KEY } from '../armor/lines';
import type { GateProblem } from '../codes';
import { packetsOf } from '../packets/list';
import { TAG } from '../packets/tags';

const SECRET = new Set<number>([TAG.secretKey, TAG.secretSubkey]);
const OF_A_CERTIFICATE = new Set<number>([TAG.publicSubkey, TAG.userId, TAG.userAttribute, TAG.signature, TAG.trust, TAG.marker, TAG.padding]);
/** Each self-signature costs a verification; a certificate swollen by strangers' signatures should be sent without them. */
const MOST_PACKETS = 500;

/** Why these octets are not exactly one public certificate, by its packets alone. */
export function wrongShape(octets: Uint8Array): GateProblem | undefined {
  const packets = packetsOf(octets);
  if (!packets || packets.length === 0) return { code: 'NOT_OPENPGP' };
  if (packets.some(({ tag }) => SECRET.has(tag))) return { code: 'NOT_OPENPGP', detail: SECRET_KEY };
  if (packets[0]?.tag !== TAG.publicKey) return { code: 'NOT_OPENPGP', detail: 'this is not a certificate' };
  if (packets.slice(1).some(({ tag }) => tag === TAG.publicKey)) return { code: 'SEVERAL_MESSAGES', detail: 'more than one certificate' };
  if (packets.slice(1).some(({ tag }) => !OF_A_CERTIFICATE.has(tag))) return { code: 'TRAILING_DATA' };
  if (packets.length <= MOST_PACKETS) return undefined;
  return { code: 'TOO_LARGE', detail: 'export it without other people’s signatures: gpg --export-options export-minimal' };
}
