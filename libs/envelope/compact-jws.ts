import { type KeyObject, sign } from 'node:crypto';

/** RFC 8037: Ed25519 under the name that verifiers expect. */
const ALGORITHM = 'EdDSA';

/**
 * Signs as a compact JWS (RFC 7515, 7.1). Three and more are made for a share, each in the time that handing it to another thread would take:
 * so not by the library, which does that. The library verifies, here and at whoever checks us.
 */
export function signCompact(payload: Uint8Array, { typ, kid, privateKey }: { typ: string; /** RFC 7638 thumbprint. */ kid: string; /** Ed25519. */ privateKey: KeyObject }): string {
  const signed = `${base64url(JSON.stringify({ alg: ALGORITHM, typ, kid }))}.${base64url(payload)}`;
  return `${signed}.${base64url(sign(null, Buffer.from(signed), privateKey))}`;
}

const base64url = (octets: Uint8Array | string): string => (typeof octets === 'string' ? Buffer.from(octets) : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)).toString('base64url');
