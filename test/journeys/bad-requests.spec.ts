import { Agent } from 'node:https';
import { connect } from 'node:tls';
import { uuid7 } from '#platform/ids';
import { newClient } from '../../apps/standalone/partnership';
import { type Answer, ask } from '../world/partner';
import { openWorld } from '../world/partnership';
import { expectProblem, FRONT_DOOR, Scene, transferTo } from './referral';

let scene: Scene;
let transfer: string;
beforeAll(async () => {
  scene = new Scene(await openWorld());
  const { share, receipt } = await scene.send();
  transfer = transferTo(receipt, FRONT_DOOR);
  await scene.arrived(scene.council, share.id);
});
afterAll(() => scene.world.close());

const BAD_IDS = ['1', 'x', '01890a5d-ac96-774b-bcce-b302099a805', `${uuid7()}0`, uuid7().toUpperCase(), 'null', '%00', '..%2f..%2fetc%2fpasswd', "'%20or%201=1--", '%F0%9F%98%80', 'a'.repeat(128)];
const BY_ID = ['/v1/shares/{id}', '/v1/mailbox/{id}', '/v1/mailbox/{id}/manifest', '/v1/mailbox/{id}/signature', '/v1/mailbox/{id}/lines', '/v1/mailbox/{id}/envelope', '/v1/mailbox/{id}/parts/part-1', '/v1/register/entries/{id}/proof'];

describe('a path', () => {
  test.each(BY_ID)('%s with what is no id, or names nothing, finds nothing', async (path) => {
    for (const id of [...BAD_IDS, uuid7()]) expectProblem(await scene.council.get(path.replace('{id}', id)), 404, 'NOT_FOUND');
  });

  test.each(['part-0', 'part-100', 'part-7', 'manifest', 'part-1%2f..%2fpart-2', '__proto__'])('of a part named %s finds nothing, and collects nothing', async (name) => {
    expectProblem(await scene.council.get(`/v1/mailbox/${transfer}/parts/${name}`), 404, 'NOT_FOUND');
    expect((await scene.council.get(`/v1/mailbox/${transfer}`)).json.state).toBe('available');
  });

  test.each(['/v1/directory/agencies/no_such/certificates', '/v1/directory/agencies/A/certificates', '/', '/v1', '/v1/nothing', '/v1/shares', '/v1/mailbox/', '/admin', '/.env', '/v1/register/merebrook-council'])(
    '%s leads nowhere', async (path) => {
      expectProblem(await scene.council.get(path), 404, 'NOT_FOUND');
    },
  );

  test.each([['a lone percent sign', '%'], ['no octet', '%zz'], ['no end', 'a'.repeat(4_000)], ['half a character', '%E0%A4%A']])('with %s in it is refused as a problem, and not repeated', async (_what, end) => {
    const path = `/v1/mailbox/${end}`;
    const answer = await scene.council.get(path);
    expectProblem(answer, 404, 'NOT_FOUND');
    // But for the id of the problem, which is random and may hold anything.
    expect(answer.body.toString().replace(answer.json.instance, '')).not.toMatch(/%|aaaa/);
  });

  test.each<[string, string]>([
    ['DELETE', '/v1/mailbox/{id}'], ['PUT', '/v1/shares/{id}'], ['PATCH', '/v1/shares/{id}'], ['DELETE', '/v1/register/entries/{id}'], ['POST', '/v1/register/entries'], ['PUT', '/v1/register/checkpoint'],
    ['POST', '/v1/mailbox/{id}/acknowledged'], ['PUT', '/v1/mailbox/{id}/recalled'], ['PUT', '/v1/shares/{id}/recall'], ['GET', '/v1/share-plans'], ['TRACE', '/v1/mailbox'], ['OPTIONS', '/v1/mailbox'],
  ])('is not to be had with %s %s', async (method, path) => {
    const { status, json } = await scene.council.ask(method, path.replace('{id}', transfer));
    expect([status, json.code]).toEqual([404, 'NOT_FOUND']);
  });

  test('asked for with HEAD collects nothing: no octet was served', async () => {
    await scene.council.ask('HEAD', `/v1/mailbox/${transfer}/parts/part-1`);
    await scene.council.ask('HEAD', `/v1/mailbox/${transfer}/envelope`);
    expect((await scene.council.get(`/v1/mailbox/${transfer}`)).json.state).toBe('available');
  });
});

describe('a query', () => {
  const cursor = (text: string): string => Buffer.from(text).toString('base64url');
  test.each([
    '/v1/mailbox?limit=0', '/v1/mailbox?limit=-1', '/v1/mailbox?limit=x', '/v1/mailbox?limit=1e2', '/v1/mailbox?limit=', '/v1/mailbox?limit=5&limit=6', '/v1/mailbox?limit=1000',
    '/v1/mailbox?after=%27', '/v1/mailbox?after=', `/v1/mailbox?after=${'a'.repeat(129)}`, '/v1/mailbox?after=aGVsbG8',
    `/v1/mailbox?after=${cursor(`1_2026-02-31T00:00:00.000Z_${uuid7()}`)}`, `/v1/mailbox?after=${cursor(`1_2026-02-01T00:00:00.000Z_${'-'.repeat(36)}`)}`, `/v1/mailbox?after=${cursor(`1_9999999-01-01T00:00:00_${uuid7()}`)}`,
    '/v1/mailbox?contact=Front%20Door', '/v1/mailbox?contact=', '/v1/mailbox?contact=a&contact=b',
    '/v1/directory/agencies?limit=x', '/v1/directory/agencies?after=%00', '/v1/register/entries?after=x', '/v1/register/entries?limit=101x', '/v1/register/entries?after=-1',
    '/v1/register/consistency', '/v1/register/consistency?from=1', '/v1/register/consistency?from=x&to=2', '/v1/register/consistency?from=1&to=99999999999999999999',
  ])('%s is refused with the parameter', async (path) => {
    const answer = await scene.council.get(path);
    expectProblem(answer, 400, 'QUERY_INVALID');
    expect(answer.json.pointer).toMatch(/^\/(limit|after|contact|from|to)$/);
  });

  test('that asks for more than a page gets a page', async () => {
    const { status, json } = await scene.council.get('/v1/mailbox?limit=999');
    expect([status, json.items.length]).toEqual([200, 1]);
  });
});

describe('a plan', () => {
  const manifest = (): Record<string, unknown> => scene.school.manifestOf();
  const line = { recipient: { agency: 'merebrook-council', contact: 'front-door' }, part: 'part-1', category: 'names', kind: 'fact', needToKnow: 'assesses-referral' };
  const json = { 'content-type': 'application/json' };

  test.each<[string, number, string, () => string | Buffer]>([
    ['no JSON', 400, 'JSON_INVALID', () => '{'],
    ['a key twice', 400, 'JSON_INVALID', () => '{"manifest":{},"manifest":{}}'],
    ['__proto__', 400, 'JSON_INVALID', () => '{"__proto__":{"polluted":1}}'],
    ['a mark', 400, 'JSON_INVALID', () => '\ufeff{}'],
    ['nine levels', 400, 'JSON_INVALID', () => '['.repeat(9)],
    ['octets that are no text', 400, 'JSON_INVALID', () => Buffer.from([0x7b, 0xff])],
    ['a list', 422, 'PLAN_INVALID', () => '[]'],
    ['no lines', 422, 'PLAN_INVALID', () => JSON.stringify({ manifest: manifest(), lines: [] })],
    ['lines that are texts', 422, 'PLAN_INVALID', () => JSON.stringify({ manifest: manifest(), lines: ['x'] })],
    ['a field that nobody knows', 422, 'PLAN_INVALID', () => JSON.stringify({ manifest: manifest(), lines: [line], dryRun: false })],
    ['another sender', 422, 'WRONG_SENDER', () => JSON.stringify({ manifest: { ...manifest(), sender: { agency: 'merebrook-council', contact: 'front-door' } }, lines: [line] })],
    ['an agreement that is not ours', 422, 'NO_COMMON_AGREEMENT', () => JSON.stringify({ manifest: { ...manifest(), agreement: { id: 'borrowed', version: '1' } }, lines: [line] })],
  ])('with %s is refused, and leaves no entry', async (_what, status, code, body) => {
    const before = await scene.counted('share-refused');
    expectProblem(await scene.school.ask('POST', '/v1/share-plans', Buffer.from(body()), json), status, code);
    expect(await scene.counted('share-refused')).toEqual(before);
  });

  test('as a form, or as nothing, is refused', async () => {
    expectProblem(await scene.school.form('POST', '/v1/share-plans', []), 422, 'PLAN_INVALID');
    expectProblem(await scene.school.ask('POST', '/v1/share-plans'), 422, 'PLAN_INVALID');
  });
});

describe('whoever asks', () => {
  const as = (client: { certificate: string; key: string } | undefined, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> => {
    const agent = new Agent({ ca: scene.world.system.keys.authority.certificate, ...(client ? { cert: client.certificate, key: client.key } : {}) });
    return ask(agent, scene.world.system.port, method, path, undefined, headers).finally(() => agent.destroy());
  };

  test.each(['/v1/mailbox', '/v1/register/entries', '/v1/register/export', '/v1/directory/agencies', '/v1/shares/x'])('without a certificate has no %s', async (path) => {
    expectProblem(await as(undefined, path), 401, 'CERTIFICATE_REQUIRED');
  });

  test.each(['/.well-known/jwks.json', '/health/live', '/health/ready'])('without a certificate has %s', async (path) => {
    expect((await as(undefined, path)).status).toBe(200);
  });

  test('with a certificate that the directory does not know is refused, whatever names stand in it', async () => {
    const { own } = scene.council;
    const impostor = await newClient(scene.world.system.keys.authority, own.plan, scene.world.clock.now());
    expectProblem(await as(impostor, '/v1/mailbox'), 403, 'CERTIFICATE_UNKNOWN');
  });

  test.each<[string, Record<string, string>]>([['client-cert', { 'client-cert': ':AA==:' }], ['client-cert-chain', { 'client-cert-chain': ':AA==:' }]])('with a %s header is refused, with a certificate and without', async (_name, headers) => {
    expectProblem(await as(scene.council.own.client, '/v1/mailbox', headers), 400, 'CLIENT_CERT_HEADER');
    expectProblem(await as(undefined, '/v1/mailbox', headers), 400, 'CLIENT_CERT_HEADER');
    expectProblem(await as(undefined, '/health/live', headers), 400, 'CLIENT_CERT_HEADER');
  });

  test('is judged at each request: a certificate revoked in between is refused over the same connection, and over a resumed session', async () => {
    const { own } = scene.trust;
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: scene.world.system.keys.authority.certificate, cert: own.client.certificate, key: own.client.key });
    const get = () => ask(agent, scene.world.system.port, 'GET', '/v1/mailbox');
    expect((await get()).status).toBe(200);
    const [socket] = Object.values(agent.freeSockets).flat();
    await scene.world.system.registrar.revokeClient(own.client.spki, 'lost');
    expectProblem(await get(), 403, 'CERTIFICATE_UNKNOWN');
    expect(Object.values(agent.freeSockets).flat()[0]).toBe(socket);
    for (const each of Object.values(agent.freeSockets).flat()) each?.destroy();
    expectProblem(await get(), 403, 'CERTIFICATE_UNKNOWN');
    agent.destroy();
    expect((await scene.entries('eastgate-health', { kind: 'key-revoked' })).at(-1)).toMatchObject({ use: 'client', fingerprint: own.client.spki, reason: 'lost' });
  });

  test('with a certificate past its window, or of an agency that has left, is refused', async () => {
    const { spki } = scene.charity.own.client;
    await scene.sql(`update waybill.client_certificate set until_at = $2 where spki = $1`, [spki, new Date(scene.world.clock.now().getTime() + 500)]);
    scene.world.clock.advance(1_000);
    expectProblem(await scene.charity.get('/v1/mailbox'), 403, 'CERTIFICATE_UNKNOWN');
    await scene.sql(`update waybill.client_certificate set until_at = $2 where spki = $1`, [spki, new Date(scene.world.clock.now().getTime() + 900_000)]);
    expect((await scene.charity.get('/v1/mailbox')).status).toBe(200);
    await scene.sql(`update waybill.agency set until_at = from_at + interval '1 microsecond' where id = 'kingfisher-families'`);
    expectProblem(await scene.charity.get('/v1/mailbox'), 403, 'CERTIFICATE_UNKNOWN');
    await scene.sql(`update waybill.agency set until_at = null where id = 'kingfisher-families'`);
  });

  test.each<[string, string]>([['is no HTTP', 'hello\r\n\r\n'], ['has a header that is too long', `GET /health/live HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`], ['says two lengths', 'POST /v1/shares HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabc']])(
    'and %s is answered shortly and told nothing', async (_what, text) => {
      const socket = connect({ host: 'localhost', port: scene.world.system.port, ca: scene.world.system.keys.authority.certificate, servername: 'localhost' }, () => void socket.write(text));
      socket.on('error', () => undefined);
      let answer = '';
      socket.on('data', (data: Buffer) => (answer += data.toString()));
      await new Promise((resolve) => socket.once('close', resolve));
      expect(answer).toMatch(/^(HTTP\/1\.1 4|$)/);
      expect(answer).not.toMatch(/stack|node_modules|aaaa/);
    },
  );
});

test('what is answered is not to be kept by any cache', async () => {
  expect((await scene.council.get('/v1/mailbox')).headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'strict-transport-security': expect.stringContaining('max-age') });
});
