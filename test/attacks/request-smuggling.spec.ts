import { connect } from 'node:tls';
import { readFileSync } from 'node:fs';
import { eventually, openWorld } from '../world/partnership';
import { Scene } from '../journeys/referral';

// A10: two servers in a row that cut one stream of octets into requests at different places let somebody slip a request into another's connection.
// Here: whatever is ambiguous is one request, or none, and the connection is closed over it.

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld({ perSecond: { shares: 1_000, others: 1_000 } }));
});
afterAll(() => scene.world.close());

/** Less than a gateway waits for headers: who hangs up by then does so over what was said. */
const PATIENCE_MS = 8_000;

/** What the gateway answers on one connection, and whether it then hangs up by itself; nobody waits longer than for `enough` answers. */
function said(octets: string, enough = Number.POSITIVE_INFINITY): Promise<{ answers: number[]; closed: boolean }> {
  const { own } = scene.school;
  const { port, keys } = scene.world.system;
  return new Promise((resolve) => {
    let text = '';
    let closed = false;
    const socket = connect({ host: 'localhost', port, cert: own.client.certificate, key: own.client.key, ca: keys.authority.certificate, ALPNProtocols: ['http/1.1'] });
    const answers = (): number[] => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
    const end = (): void => {
      clearTimeout(late);
      socket.destroy();
      resolve({ answers: answers(), closed });
    };
    const late = setTimeout(end, PATIENCE_MS);
    socket.on('secureConnect', () => socket.write(Buffer.from(octets, 'latin1')));
    socket.on('data', (piece: Buffer) => {
      text += piece.toString('latin1');
      if (answers().length >= enough) end();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      closed = true;
      end();
    });
  });
}

/** The request that is to be slipped in: it would show by its own answer, and in the log. */
const HIDDEN = 'GET /v1/register/checkpoint HTTP/1.1\r\nhost: x\r\n\r\n';
const body = '{"a":1}';
const post = (headers: readonly string[], after: string): string => `POST /v1/share-plans HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n${after}`;
const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const LENGTH = `content-length: ${body.length}`;
const CHUNKED = 'transfer-encoding: chunked';

test('as it should be, two requests on one connection are two answers, and the hidden one would be seen', async () => {
  expect((await said(post([LENGTH], body) + HIDDEN, 2)).answers).toHaveLength(2);
  expect((await said(post([CHUNKED], chunked) + HIDDEN, 2)).answers).toHaveLength(2);
});

test.each<[string, string]>([
  ['a length and chunks', post([LENGTH, CHUNKED], `0\r\n\r\n${HIDDEN}`)],
  ['chunks and a length', post([CHUNKED, LENGTH], `0\r\n\r\n${HIDDEN}`)],
  ['a length of all and chunks that end before', post([`content-length: ${5 + HIDDEN.length}`, CHUNKED], `0\r\n\r\n${HIDDEN}`)],
  ['two lengths that differ', post([LENGTH, `content-length: ${body.length + HIDDEN.length}`], body + HIDDEN)],
  ['two lengths that are the same', post([LENGTH, LENGTH], body + HIDDEN)],
  ['two lengths in one header', post([`content-length: ${body.length}, ${body.length + HIDDEN.length}`], body + HIDDEN)],
  ['a length with a sign', post([`content-length: +${body.length}`], body + HIDDEN)],
  ['a length below nought', post(['content-length: -1'], body + HIDDEN)],
  ['a length in hexadecimal', post(['content-length: 0x7'], body + HIDDEN)],
  ['a length in the exponent', post(['content-length: 7e0'], body + HIDDEN)],
  ['a length with a space inside', post(['content-length: 0 7'], body + HIDDEN)],
  ['a length past every number', post([`content-length: ${'9'.repeat(40)}`], body + HIDDEN)],
  ['a space before the colon', post([`content-length : ${body.length}`], body + HIDDEN)],
  ['a header folded over two lines', post(['x-note: a', ` content-length: ${body.length}`], body + HIDDEN)],
  ['a coding folded over two lines', post(['transfer-encoding:', ' chunked'], `0\r\n\r\n${HIDDEN}`)],
  ['a coding that nobody knows', post(['transfer-encoding: xchunked'], chunked + HIDDEN)],
  ['two codings', post([CHUNKED, 'transfer-encoding: identity'], chunked + HIDDEN)],
  ['chunked, and then another coding', post(['transfer-encoding: chunked, identity'], chunked + HIDDEN)],
  ['a coding with a vertical tab', post(['transfer-encoding: \vchunked'], chunked + HIDDEN)],
  ['a coding with a nought', post(['transfer-encoding: chunked\0'], chunked + HIDDEN)],
  ['a chunk whose size is no number', post([CHUNKED], `zz\r\n${body}\r\n0\r\n\r\n${HIDDEN}`)],
  ['a chunk whose size has a sign', post([CHUNKED], `+7\r\n${body}\r\n0\r\n\r\n${HIDDEN}`)],
  ['a chunk whose size has a prefix', post([CHUNKED], `0x7\r\n${body}\r\n0\r\n\r\n${HIDDEN}`)],
  ['a chunk whose size runs over', post([CHUNKED], `10000000000000007\r\n${body}\r\n0\r\n\r\n${HIDDEN}`)],
  ['a chunk that is longer than it says', post([CHUNKED], `3\r\n${body}\r\n0\r\n\r\n${HIDDEN}`)],
  ['chunks ended by a bare line feed', post([CHUNKED], `7\n${body}\n0\n\n${HIDDEN}`)],
  ['a chunk’s extension with a bare line feed', post([CHUNKED], `7;a\n${body}\r\n0\r\n\r\n${HIDDEN}`)],
  ['headers ended by a bare line feed', `POST /v1/share-plans HTTP/1.1\nhost: x\n${LENGTH}\n\n${body}${HIDDEN}`],
  ['a bare carriage return in a header', post([`x-note: a\rcontent-length: ${body.length}`], body + HIDDEN)],
  ['a header without a name', post([': x', LENGTH], body + HIDDEN)],
  ['no host', `POST /v1/share-plans HTTP/1.1\r\n${LENGTH}\r\n\r\n${body}${HIDDEN}`],
  ['a version that does not exist', `POST /v1/share-plans HTTP/1.9\r\nhost: x\r\n${LENGTH}\r\n\r\n${body}${HIDDEN}`],
  ['a request line with two paths', `GET /v1/mailbox /v1/register HTTP/1.1\r\nhost: x\r\n\r\n${HIDDEN}`],
])('A10: %s: one request at most is seen, and then the connection is closed', async (_what, octets) => {
  const { answers, closed } = await said(octets);
  expect([answers.length <= 1, answers.every((status) => status >= 400), closed]).toEqual([true, true, true]);
});

test('A10: an upload that is refused in its middle takes its connection with it: what stands behind it is no request', async () => {
  const form = `--b\r\nContent-Disposition: form-data; name="part-1"\r\n\r\n${HIDDEN}${HIDDEN}`;
  const { answers, closed } = await said(`POST /v1/shares HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 9999\r\n\r\n${form}`);
  expect([answers, closed]).toEqual([[422], true]);
});

test('A10: no request that was hidden reached a route', async () => {
  const asked = async (): Promise<number> => (await scene.school.get('/v1/register/checkpoint')).status;
  expect(await asked()).toBeLessThan(500);
  const lines = await eventually(() => Promise.resolve(readFileSync(scene.world.system.logFile, 'utf8').split('\n').filter((line) => line.includes('/v1/register/checkpoint'))));
  // Those of the control that came with it, if they were refused; no other.
  expect(lines.length).toBeLessThanOrEqual(3);
});
