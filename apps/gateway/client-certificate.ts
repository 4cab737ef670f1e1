import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { digestOfKey } from '#envelope/authority-keys';
import { Refusal } from '#platform/refusal';

/** Connections that a pinned proxy holds to its own listener. Only on these does a Client-Cert header speak for anybody. */
const THROUGH_PROXY = new WeakSet<TLSSocket>();

export const markAsProxy = (socket: TLSSocket): unknown => THROUGH_PROXY.add(socket);

/** What of a request says who is asking. */
interface Presenting {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  raw: { socket: unknown };
}

/**
 * SHA-256 of the public key that the caller proved to have, lower hex: to us in the handshake, or to the pinned proxy, which says so in the
 * header of RFC 9440. undefined: none was presented. @throws Refusal CLIENT_CERT_HEADER where only a stranger could have written the header,
 * CLIENT_CERT_INVALID where the proxy's is not one
 */
export function presentedKey({ headers, raw }: Presenting): string | undefined {
  const socket = raw.socket as TLSSocket;
  const header = headers['client-cert'];
  if (THROUGH_PROXY.has(socket)) return header === undefined ? undefined : keyInHeader(header);
  if (header !== undefined || headers['client-cert-chain'] !== undefined) throw new Refusal({ code: 'CLIENT_CERT_HEADER' });
  return keyInHandshake(socket);
}

/** One handshake, one certificate: hashed once for a connection. */
const KEYS = new WeakMap<TLSSocket, string | null>();

export function keyInHandshake(socket: TLSSocket): string | undefined {
  const known = KEYS.get(socket);
  if (known !== undefined) return known ?? undefined;
  const certificate = socket.getPeerX509Certificate?.();
  const spki = certificate ? digestOfKey(certificate.publicKey) : null;
  KEYS.set(socket, spki);
  return spki ?? undefined;
}

/** RFC 8941, 3.3.5: a byte sequence and nothing else. Two headers come joined by a comma, and are not one. */
const BYTE_SEQUENCE = /^:([A-Za-z0-9+/]+={0,2}):$/;

function keyInHeader(header: string | string[]): string {
  const [, base64 = ''] = BYTE_SEQUENCE.exec(typeof header === 'string' ? header : '') ?? [];
  const der = Buffer.from(base64, 'base64');
  try {
    const certificate = new X509Certificate(der);
    // Node also reads PEM, and passes over what follows: one certificate has one spelling.
    if (der.toString('base64') === base64 && certificate.raw.equals(der)) return digestOfKey(certificate.publicKey);
  } catch {
    // Told below: whatever it is, it is no certificate.
  }
  throw new Refusal({ code: 'CLIENT_CERT_INVALID' });
}
