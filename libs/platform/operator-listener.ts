import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Settings } from './config';
import type { Readiness } from './health';

/** Where a process tells its operator how it is. Plain HTTP, on this machine unless told otherwise, and never where partners come in. */
export const operatorSettings = <const Port extends string>(port: Port) =>
  ({
    WAYBILL_METRICS_HOST: { says: 'address for health and metrics; no partner may reach it', example: '127.0.0.1', kind: 'text', otherwise: '127.0.0.1' },
    WAYBILL_METRICS_PORT: { says: 'port for health and metrics', example: port, kind: 'port', otherwise: port },
  }) as const satisfies Settings;

export interface OperatorListener {
  port: number;
  stop(): Promise<void>;
}

interface Told {
  readiness: Readiness;
  metrics: { text(): Promise<string> };
}

const JSON_TYPE = 'application/json';
/** The text format that every Prometheus reads. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const ROUTES: Readonly<Record<string, (told: Told) => Promise<{ status: number; type: string; body: string }>>> = {
  '/health/live': () => Promise.resolve({ status: 200, type: JSON_TYPE, body: '{"status":"live"}' }),
  '/health/ready': async ({ readiness }) => {
    const { ready, conditions } = await readiness.look();
    return { status: ready ? 200 : 503, type: JSON_TYPE, body: JSON.stringify({ status: ready ? 'ready' : 'not-ready', conditions }) };
  },
  '/metrics': async ({ metrics }) => ({ status: 200, type: METRICS_TYPE, body: await metrics.text() }),
};

/** @throws Error when the port is taken */
export async function openOperatorListener(listen: { host: string; port: number }, told: Told): Promise<OperatorListener> {
  const server = createServer((request, response) => void answer(request, response, told));
  server.headersTimeout = 5_000;
  server.requestTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, told: Told): Promise<void> {
  const path = request.url?.split('?', 1)[0] ?? '';
  const route = Object.hasOwn(ROUTES, path) && request.method === 'GET' ? ROUTES[path] : undefined;
  try {
    const { status, type, body } = route ? await route(told) : { status: 404, type: JSON_TYPE, body: '{"status":"not-found"}' };
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
  } catch {
    response.writeHead(500).end();
  }
}
