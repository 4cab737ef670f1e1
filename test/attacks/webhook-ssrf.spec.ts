import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { HOUR } from '#platform/clock';
import { ANSWER_OCTETS, Egress, EgressFailed } from '#platform/egress';
import { issue } from '../../libs/envelope/authority';
import { readPool } from '../world/tls';

// A7: whoever may name an address tries to have us ask what lies inside. A server stands inside; it must not be reached, or must learn nothing.

const NAME = 'hooks.partner.example';
let inside: Server;
let [connections, asked] = [0, 0];
let answer: { status: number; headers?: Record<string, string>; octets?: number } = { status: 200 };

beforeAll(async () => {
  const made = await issue(readPool().authority, NAME, { from: new Date(Date.now() - HOUR), until: new Date(Date.now() + HOUR), hosts: [NAME] });
  inside = createServer({ key: made.key, cert: made.certificate }, (_request, response) => {
    asked++;
    response.writeHead(answer.status, answer.headers).end(Buffer.alloc(answer.octets ?? 0));
  });
  inside.on('connection', () => connections++);
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => inside.close(resolve)));
beforeEach(() => {
  [connections, asked] = [0, 0];
  answer = { status: 200 };
});

const port = () => (inside.address() as AddressInfo).port;
const options = () => ({ authorities: readPool().authority.certificate, ports: [port()] });
const url = (host = NAME) => `https://${host}:${port()}/`;
const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'answered', (error: unknown) => (error instanceof EgressFailed ? error.code : String(error)));

test.each(['127.0.0.1', '::ffff:127.0.0.1', '0.0.0.0', '::1', '::', '169.254.169.254', '10.0.0.1', 'fe80::1', '64:ff9b::7f00:1'])('a name that leads to %s reaches nothing', async (address) => {
  const egress = new Egress({ ...options(), resolve: () => Promise.resolve([address]) });
  expect(await codeOf(egress.ask(url()))).toBe('ADDRESS_NOT_ALLOWED');
  expect(connections).toBe(0);
});

test.each(['localhost', '127.0.0.1', '[::1]', '2130706433', '0x7f.1', '127.1', '0177.0.0.1', 'localhost.', '127.0.0.1.', '①②⑦.0.0.1'])('%s is no name of a partner', async (host) => {
  expect(await codeOf(new Egress(options()).ask(url(host)))).toBe('URL_NOT_ALLOWED');
  expect(connections).toBe(0);
});

test('a name that leads elsewhere the second time is asked for once, and the connection goes where it was looked', async () => {
  let looked = 0;
  const egress = new Egress({ ...options(), permit: ['127.0.0.0/8'], resolve: () => Promise.resolve(looked++ === 0 ? ['127.0.0.1'] : ['169.254.169.254']) });
  expect(await codeOf(egress.ask(url()))).toBe('answered');
  expect([looked, connections]).toEqual([1, 1]);
});

test('a server that is not the one named gets nothing, and nothing is made for it', async () => {
  let made = 0;
  const egress = new Egress({ ...options(), permit: ['127.0.0.0/8'], resolve: () => Promise.resolve(['127.0.0.1']) });
  expect(await codeOf(egress.ask(url('other.partner.example'), () => ({ method: 'POST', body: Buffer.from(String(++made)) })))).toBe('NOT_REACHED');
  expect(await codeOf(new Egress({ ...options(), authorities: '', permit: ['127.0.0.0/8'], resolve: () => Promise.resolve(['127.0.0.1']) }).ask(url(), () => ({ method: 'POST', body: Buffer.from(String(++made)) })))).toBe('NOT_REACHED');
  expect([made, asked]).toEqual([0, 0]);
});

test('a redirect to the inside is an answer like any other, and is not followed', async () => {
  answer = { status: 302, headers: { location: 'https://169.254.169.254/latest/meta-data/' } };
  const egress = new Egress({ ...options(), permit: ['127.0.0.0/8'], resolve: () => Promise.resolve(['127.0.0.1']) });
  expect(await egress.ask(url())).toMatchObject({ status: 302 });
  expect([connections, asked]).toEqual([1, 1]);
});

test('an answer without end is not read to its end', async () => {
  answer = { status: 200, octets: ANSWER_OCTETS + 1 };
  const egress = new Egress({ ...options(), permit: ['127.0.0.0/8'], resolve: () => Promise.resolve(['127.0.0.1']) });
  expect(await codeOf(egress.ask(url()))).toBe('ANSWER_TOO_LONG');
});
