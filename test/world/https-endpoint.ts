import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Egress } from '#platform/egress';
import { HOUR } from '#platform/clock';
import { issue } from '../../libs/envelope/authority';
import { readPool } from './tls';

/** What came to the endpoint. */
export interface Received {
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A partner's own server over TLS, under a name of its own, and the way out that reaches it. */
export interface Endpoint {
  host: string;
  port: number;
  certificate: string;
  received: Received[];
  /** What it answers from now on. */
  answers: { status: number; headers?: Record<string, string>; body?: string };
  egress: Egress;
  close(): Promise<void>;
}

export async function openEndpoint(host: string): Promise<Endpoint> {
  const { authority } = readPool();
  const made = await issue(authority, host, { from: new Date(Date.now() - HOUR), until: new Date(Date.now() + 24 * HOUR), hosts: [host] });
  const server = createServer({ key: made.key, cert: made.certificate }, (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      endpoint.received.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(pieces) });
      response.writeHead(endpoint.answers.status, endpoint.answers.headers).end(endpoint.answers.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint: Endpoint = {
    host, port, certificate: made.certificate, received: [], answers: { status: 204 },
    egress: new Egress({ permit: ['127.0.0.0/8'], authorities: authority.certificate, ports: [port], resolve: () => Promise.resolve(['127.0.0.1']) }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return endpoint;
}
