import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { spkisOf } from '#envelope/authority-keys';
import { LIMITS } from '#protocol/limits';
import { keyInHandshake, markAsProxy } from './client-certificate';

export interface ProxyOptions {
  port: number;
  /** PEM of the proxy's certificate. Two while it is being replaced: each is pinned by its public key. */
  certificate: string;
}

export interface ProxyListener {
  port: number;
  stop(): Promise<void>;
}

/**
 * The second door, for a proxy that ends TLS for partners. Whoever else comes is hung up on before a request is read: names and issuer of its
 * certificate count for nothing, its public key is pinned. It must take away any Client-Cert header that a partner sends and write its own.
 */
export async function startProxyListener(
  { port, certificate }: ProxyOptions,
  { host, tls, serve }: { host: string; tls: { key: string; certificate: string }; serve: (request: IncomingMessage, response: ServerResponse) => void },
): Promise<ProxyListener> {
  const pinned = new Set(spkisOf(certificate));
  const server = createServer({ key: tls.key, cert: tls.certificate, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2', requestTimeout: LIMITS.uploadTotal.value, headersTimeout: LIMITS.headersTimeout.value }, serve);
  // Before Node's own listener begins to read from it.
  server.prependListener('secureConnection', (socket) => {
    if (pinned.has(keyInHandshake(socket) ?? '')) markAsProxy(socket);
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return { port: (server.address() as AddressInfo).port, stop: () => stopped(server) };
}

async function stopped(server: Server): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), LIMITS.drain.value);
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeIdleConnections();
  });
  clearTimeout(deadline);
}
