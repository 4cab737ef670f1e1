import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, request, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { TestPartner } from '../world/partner';
import { readPool } from '../world/tls';

/** What the reader's own host sends along, as docs/deployment.md asks of whoever hosts it. */
export const READER_HEADERS = {
  'content-security-policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src blob:; connect-src https:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff', 'cross-origin-opener-policy': 'same-origin',
};
const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json' };

export interface Origin {
  origin: string;
  /** Paths that were asked for. */
  asked: string[];
  close(): Promise<void>;
}

async function serve(answer: (request: IncomingMessage, respond: (status: number, headers: Record<string, string>, body: Buffer) => void) => void): Promise<Origin> {
  const { server } = readPool();
  const asked: string[] = [];
  const listener = createServer({ key: server.key, cert: server.certificate } satisfies ServerOptions, (incoming, response) => {
    asked.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    answer(incoming, (status, headers, body) => response.writeHead(status, headers).end(body));
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return { origin: `https://localhost:${(listener.address() as AddressInfo).port}`, asked, close: () => new Promise((resolve) => (listener.closeAllConnections(), listener.close(() => resolve()))) };
}

/** The reader's files, as they are built, on an origin of their own. */
export const hostReader = (change: (file: string, octets: Buffer) => Buffer = (_, octets) => octets): Promise<Origin> =>
  serve(({ url = '/' }, respond) => {
    const file = url === '/' ? 'index.html' : url.slice(1).split('?')[0] ?? '';
    if (!/^[a-z.]+$/.test(file) || !existsSync(join('dist/reader', file))) return respond(404, {}, Buffer.alloc(0));
    return respond(200, { ...READER_HEADERS, 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }, change(file, readFileSync(join('dist/reader', file))));
  });

/** Passes what the reader asks on to the gateway, as a recipient's own system does that hosts the reader itself; `bend` is somebody on the way. */
export function passOn(who: TestPartner, gateway: URL, readerOrigin: string, bend: (path: string, octets: Buffer) => Buffer = (_, octets) => octets): Promise<Origin> {
  return serve((incoming, respond) => {
    const cors = { 'access-control-allow-origin': readerOrigin, 'access-control-allow-methods': 'GET, PUT', 'access-control-allow-headers': 'content-type, waybill-page', vary: 'origin' };
    if (incoming.method === 'OPTIONS') return respond(204, cors, Buffer.alloc(0));
    const passed = request({ host: gateway.hostname, port: gateway.port, method: incoming.method, path: incoming.url, agent: who.agent, headers: { ...(incoming.headers['content-type'] ? { 'content-type': incoming.headers['content-type'] } : {}), ...(incoming.headers['content-length'] ? { 'content-length': incoming.headers['content-length'] } : {}) } }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => respond(answer.statusCode ?? 502, { ...cors, 'content-type': String(answer.headers['content-type'] ?? '') }, bend(incoming.url ?? '', Buffer.concat(pieces))));
    });
    return incoming.pipe(passed);
  });
}
