import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readPool } from '../../test/world/tls';
import { Connection, type ConnectionOptions } from './connection';
import { form } from './form';

type Answering = (request: IncomingMessage, response: ServerResponse, times: number) => void;

let server: Server;
let origin: string;
let answering: Answering;
let asked = 0;
const tls = readPool();
beforeAll(async () => {
  server = createServer({ key: tls.server.key, cert: tls.server.certificate, ca: tls.authority.certificate, requestCert: true, rejectUnauthorized: true }, (request, response) => answering(request, response, (asked += 1)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => (asked = 0));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const [client] = tls.clients;
function connection(change: Partial<ConnectionOptions> = {}): Connection {
  return new Connection({ gateway: origin, ca: tls.authority.certificate, certificate: client?.certificate ?? '', key: client?.key ?? '', tryAgainAfter: [5, 5], times: { explanation: 100 }, ...change });
}

async function outcome(act: Answering, change: Partial<ConnectionOptions> = {}, octets?: Uint8Array): Promise<unknown> {
  answering = act;
  const connected = connection(change);
  const asking = connected.json({ path: '/v1/x', ...(octets ? { method: 'POST' as const, body: form([{ name: 'part-1', octets }]) } : {}) });
  return asking.catch((error: { code?: string }) => error.code).finally(() => connected.close());
}

const problem = (response: ServerResponse, status: number, code: string, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
  response.end(JSON.stringify({ code, title: 'No.', next: 'Do otherwise.', reasons: [{ code, says: 'No.', next: 'Do otherwise.', clauses: ['MN-02'] }], instance: 'urn:uuid:1' }));
};

test('asks with the client certificate and reads the answer', async () => {
  expect(await outcome((request, response) => response.end(JSON.stringify({ authorised: (request.socket as unknown as { authorized: boolean }).authorized })))).toEqual({ authorised: true });
});

test('a refusal is told with its code, reasons and next step', async () => {
  answering = (_, response) => problem(response, 422, 'NOBODY_LEFT');
  await expect(connection().json({ path: '/' })).rejects.toMatchObject({ name: 'GatewayProblem', code: 'NOBODY_LEFT', status: 422, next: 'Do otherwise.', reasons: [{ code: 'NOBODY_LEFT', clauses: ['MN-02'] }], instance: 'urn:uuid:1' });
  expect(asked).toBe(1);
});

test('whatever else answers in the gateway’s place is told by its status', async () => {
  expect(await outcome((_, response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'))).toBe('HTTP_502');
  expect(await outcome((_, response) => void response.writeHead(302, { location: 'https://elsewhere.example/' }).end())).toBe('HTTP_302');
  expect(asked).toBe(2);
});

test('what was not decided, and what broke off, is asked again with the same octets', async () => {
  const octets = Buffer.alloc(100_000, 7);
  const bodies: Buffer[] = [];
  const answer: Answering = (request, response, times) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => {
      bodies.push(Buffer.concat(pieces));
      if (times === 1) problem(response, 503, 'UNDECIDED', { 'retry-after': '5' });
      else if (times === 2) request.socket.destroy();
      else response.end('{"done":true}');
    });
  };
  expect(await outcome(answer, {}, octets)).toEqual({ done: true });
  expect(bodies).toHaveLength(3);
  expect(bodies.every((body) => body.includes(octets))).toBe(true);
});

test('and given up after that', async () => {
  expect(await outcome((request) => void request.socket.destroy())).toBe('UNREACHABLE');
  expect(asked).toBe(3);
  expect(await outcome(() => undefined, { times: { idle: 50 }, tryAgainAfter: [] })).toBe('UNREACHABLE');
});

test('a gateway that refuses halfway through an upload is heard', async () => {
  const answer: Answering = (request, response) => {
    request.once('data', () => {
      response.setHeader('connection', 'close');
      problem(response, 422, 'DIGEST_MISMATCH');
    });
  };
  expect(await outcome(answer, { times: { explanation: 10_000 } }, Buffer.alloc(40_000_000, 1))).toBe('DIGEST_MISMATCH');
  expect(asked).toBe(1);
});

test('an answer that is no JSON, or without end, is no answer', async () => {
  expect(await outcome((_, response) => void response.end('{"a":'))).toBe('ANSWER_INVALID');
  const endless: Answering = (_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, 0x20)));
    };
    response.on('drain', more);
    more();
  };
  expect(await outcome(endless)).toBe('ANSWER_INVALID');
});

test('a server of another authority, or of another name, is not the gateway', async () => {
  expect(await outcome(() => undefined, { ca: client?.certificate ?? '' })).toBe('TLS_NOT_TRUSTED');
  const elsewhere = new Connection({ gateway: origin.replace('localhost', '127.0.0.2'), ca: tls.authority.certificate, certificate: client?.certificate ?? '', key: client?.key ?? '', tryAgainAfter: [] });
  answering = (_, response) => response.end('{}');
  await expect(elsewhere.json({ path: '/' })).rejects.toMatchObject({ code: expect.stringMatching(/TLS_NOT_TRUSTED|UNREACHABLE/) });
  expect(asked).toBe(0);
});

test('nobody listening is told apart', async () => {
  await expect(connection({ gateway: 'https://localhost:1', tryAgainAfter: [] }).json({ path: '/' })).rejects.toMatchObject({ code: 'UNREACHABLE', facts: { cause: 'ECONNREFUSED' } });
});

test('a form tells no file name and says how far it is', async () => {
  const seen: [string, number][] = [];
  const body = form([{ name: 'manifest', octets: Buffer.from('{}') }, { name: 'part-1', octets: Buffer.alloc(700_000) }], (field, sent) => seen.push([field, sent]));
  const pieces: Uint8Array[] = [];
  for await (const piece of body.octets()) pieces.push(piece);
  const octets = Buffer.concat(pieces);
  expect(octets).toHaveLength(body.size);
  expect([seen[0], seen.at(-1)]).toEqual([['manifest', 2], ['part-1', 700_000]]);
  expect(octets.toString('latin1')).not.toContain('filename');
  expect(octets.toString('latin1').indexOf('name="manifest"')).toBeLessThan(octets.toString('latin1').indexOf('name="part-1"'));
});
