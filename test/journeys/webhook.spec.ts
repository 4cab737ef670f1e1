import { createHash, X509Certificate } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { PUSH_AGAIN } from '#exchange/pushes';
import { readEnvelope } from '#exchange/consignment';
import { HOUR, MINUTE, SECOND } from '#platform/clock';
import { LIMITS } from '#protocol/limits';
import { type Endpoint, openEndpoint, type Received } from '../world/https-endpoint';
import { eventually, openWorld } from '../world/partnership';
import { expectProblem, FRONT_DOOR, REFERRAL, Scene, transferTo } from './referral';

// An agency has an endpoint of its own told: a real server over TLS, judged by the library of the standard.

const HOST = 'hooks.merebrook.example';
let scene: Scene;
let endpoint: Endpoint;

beforeAll(async () => {
  endpoint = await openEndpoint(HOST);
  scene = new Scene(await openWorld({ egress: endpoint.egress }));
});
afterAll(async () => {
  await scene.world.close();
  await endpoint.close();
});
/** Sends a share to the front door, and says under which id and in which transfer. */
async function send(manifest: Record<string, unknown> = {}): Promise<{ id: string; transfer: string }> {
  const { share, receipt } = await scene.send({ ...REFERRAL, manifest });
  return { id: share.id, transfer: transferTo(receipt, FRONT_DOOR) };
}

beforeEach(async () => {
  endpoint.answers = { status: 204 };
  pushed().length = 0;
  await scene.sql('delete from waybill.webhook');
});

const pushed = () => endpoint.received;
const address = () => `https://${HOST}:${endpoint.port}/waybill`;
const [, CONTACT = ''] = FRONT_DOOR.split('/');
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const JSON_TYPE = { 'content-type': 'application/json' };
const put = (body: unknown, by = scene.council, contact = CONTACT) => by.ask('PUT', `/v1/webhooks/${contact}`, json(body), JSON_TYPE);
const enter = async (sends: 'reference' | 'envelope'): Promise<string> => {
  const answer = await put({ url: address(), sends });
  expect(answer.status).toBe(200);
  return answer.json.secret as string;
};
const rows = (share: string) => scene.sql<{ attempt: number; ended: string | null; last: string | null; transfer: string; settled: boolean }>(
  'select p.attempt, p.ended, p.last, p.transfer, p.leased_until is null as settled from waybill.push p join waybill.transfer t on t.id = p.transfer where t.share = $1', [share]);
/** Whether one of its signatures is that of the secret. */
const signedUnder = (secret: string, { headers, body }: Received): boolean =>
  String(headers['webhook-signature']).split(' ').includes(new Webhook(secret).sign(String(headers['webhook-id']), new Date(Number(headers['webhook-timestamp']) * SECOND), body.toString()));
/** An attempt of its push has failed, and all of it is on record. */
const failed = (share: string, attempt: number, status: number) => eventually(async () => (await rows(share)).some((row) => row.settled && row.attempt === attempt && row.last === String(status)));
const taken = (share: string) => eventually(async () => {
  // Looked at once: a push may come to be between two looks.
  const all = await rows(share);
  return all.length > 0 && all.every(({ ended }) => ended === 'taken');
});

test('a reference is told, signed as the standard has it: ids and codes, nothing else; and nothing is collected by it', async () => {
  const secret = await enter('reference');
  const sent = await send();
  await taken(sent.id);
  expect(pushed()).toHaveLength(1);
  const [told] = pushed() as [Received];
  expect(told.url).toBe('/waybill');
  expect(JSON.parse(told.body.toString())).toEqual({
    type: 'transfer.available', timestamp: expect.any(String), data: { transfer: sent.transfer, share: sent.id, sender: scene.school.agency, contact: CONTACT, lane: expect.any(String), href: `/v1/mailbox/${sent.transfer}` },
  });
  expect(signedUnder(secret, told)).toBe(true);
  expect(signedUnder('whsec_' + Buffer.alloc(32).toString('base64'), told)).toBe(false);
  expect((await scene.council.get(`/v1/mailbox/${sent.transfer}`)).json.state).toBe('available');
});

test('the envelope is handed over: what it holds opens, it counts as collected, and both registers hold how the connection was protected', async () => {
  const secret = await enter('envelope');
  const sent = await send();
  await taken(sent.id);
  const [told] = pushed() as [Received];
  expect(signedUnder(secret, told)).toBe(true);
  const { type, data } = JSON.parse(told.body.toString());
  expect(type).toBe('transfer.envelope');
  const pieces = readEnvelope(/boundary=(\w+)/.exec(data.contentType)?.[1] ?? '', Buffer.from(data.envelope, 'base64'));
  const copy = await scene.council.get(`/v1/mailbox/${sent.transfer}/parts/part-1`);
  expect(pieces?.get('part-1')?.equals(copy.body)).toBe(true);
  expect(data.provenance).toBe((await scene.council.get(`/v1/mailbox/${sent.transfer}`)).json.provenance);
  expect((await scene.council.get(`/v1/mailbox/${sent.transfer}`)).json.state).toBe('collected');
  for (const controller of [scene.council.agency, scene.school.agency]) {
    expect((await scene.entries(controller, { kind: 'share-pushed', share: sent.id })).at(-1)).toMatchObject({ transfer: sent.transfer, route: 'webhook', attempt: 1, status: '204', tls: { version: 'tls-1.3', certificate: createHash('sha256').update(new X509Certificate(endpoint.certificate).raw).digest('hex') } });
  }
});

test('while a new secret takes the place of the old one both verify, and afterwards the new one alone', async () => {
  const old = await enter('reference');
  const { json: replaced } = await scene.council.ask('POST', `/v1/webhooks/${CONTACT}/secret`);
  await taken((await send()).id);
  const [first] = pushed() as [Received];
  expect([old, replaced.secret].map((secret: string) => signedUnder(secret, first))).toEqual([true, true]);
  scene.world.clock.advance(LIMITS.webhookOverlap.value * HOUR + SECOND);
  await taken((await send()).id);
  expect([old, replaced.secret].map((secret: string) => signedUnder(secret, pushed().at(-1) as Received))).toEqual([false, true]);
});

test('what is not taken is tried again as the table has it, under the same id; then it is given up, and lies in the mailbox', async () => {
  await enter('reference');
  endpoint.answers = { status: 500 };
  const sent = await send();
  const waits = PUSH_AGAIN.routine;
  for (let attempt = 1; attempt <= waits.length + 1; attempt++) {
    // Settled, not only asked: what is tried again is reckoned from its end.
    await failed(sent.id, attempt, 500);
    expect(pushed()).toHaveLength(attempt);
    // Not before it is due.
    if (attempt <= waits.length) scene.world.clock.advance((waits[attempt - 1] as number) + SECOND);
  }
  await eventually(async () => (await rows(sent.id))[0]?.ended === 'given-up');
  expect(new Set(pushed().map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect((await scene.council.get(`/v1/mailbox/${sent.transfer}`)).json.state).toBe('available');
});

test('an endpoint that does not work rests: what does not press waits with it, what presses does not, and its agency sees why', async () => {
  await enter('reference');
  endpoint.answers = { status: 503, headers: { 'retry-after': '120' } };
  const first = await send();
  await failed(first.id, 1, 503);
  const rests = async () => Date.parse((await scene.council.get('/v1/webhooks')).json.items[0].rests.until as string);
  // It asked for two minutes; our own first wait is of seconds, which a slow machine may use up. The second is of five minutes.
  expect((await rests()) - scene.world.clock.now().getTime()).toBeGreaterThan(MINUTE);
  scene.world.clock.advance(121 * SECOND);
  await failed(first.id, 2, 503);
  expect((await scene.council.get('/v1/webhooks')).json.items).toEqual([expect.objectContaining({ contact: CONTACT, waiting: 1, rests: { until: expect.any(String), because: '503' } })]);
  const until = await rests();
  const second = await send();
  await scene.arrived(scene.council, second.id);
  const third = await send({ urgency: 'emergency' });
  await eventually(async () => (await rows(third.id)).some(({ attempt, settled }) => settled && attempt === 1));
  expect((await rows(second.id))[0]?.attempt).toBe(0);
  // What pressed and failed has a shorter wait of its own: the rest is what it was.
  expect(await rests()).toBe(until);
  endpoint.answers = { status: 200 };
  scene.world.clock.advance(5 * MINUTE + SECOND);
  for (const { id } of [first, second, third]) await taken(id);
  expect((await scene.council.get('/v1/webhooks')).json.items).toEqual([expect.objectContaining({ waiting: 0 })]);
});

test.each([301, 302, 307, 308])('a redirect (%i) is not followed', async (status) => {
  await enter('reference');
  endpoint.answers = { status, headers: { location: `https://${HOST}:${endpoint.port}/elsewhere` } };
  const sent = await send();
  await eventually(async () => (await rows(sent.id))[0]?.last === String(status));
  expect(pushed().map(({ url }) => url)).toEqual(['/waybill']);
});

test('an endpoint that says that it is gone is not asked again', async () => {
  await enter('reference');
  endpoint.answers = { status: 410 };
  const sent = await send();
  await eventually(async () => (await rows(sent.id))[0]?.ended === 'given-up');
  expect(pushed()).toHaveLength(1);
});

test('what was collected meanwhile is not told', async () => {
  await enter('reference');
  endpoint.answers = { status: 500 };
  const sent = await send();
  await failed(sent.id, 1, 500);
  // The next wait is long enough for whatever a slow machine takes to collect.
  scene.world.clock.advance(6 * SECOND);
  await failed(sent.id, 2, 500);
  await scene.council.get(`/v1/mailbox/${sent.transfer}/parts/part-1`);
  await scene.council.state('acknowledged', sent.transfer, { share: sent.id, manifestDigest: (await scene.council.get(`/v1/mailbox/${sent.transfer}`)).json.manifestDigest });
  scene.world.clock.advance(5 * MINUTE + SECOND);
  await eventually(async () => (await rows(sent.id))[0]?.ended === 'overtaken');
  expect(pushed()).toHaveLength(2);
});

test('what became available since an instant is told again when it is asked for', async () => {
  await enter('reference');
  const since = scene.world.clock.now().toISOString();
  const sent = await send();
  await taken(sent.id);
  const answer = await scene.council.ask('POST', `/v1/webhooks/${CONTACT}/replay?since=${encodeURIComponent(since)}`);
  expect([answer.status, answer.json]).toEqual([202, { pushes: expect.any(Number) }]);
  await eventually(async () => pushed().filter(({ body }) => body.includes(sent.id)).length === 2);
  expectProblem(await scene.council.ask('POST', `/v1/webhooks/${CONTACT}/replay?since=yesterday`), 400, 'QUERY_INVALID');
});

test('another agency sees, changes, replays and removes none of it; a contact that is not its own it cannot have told', async () => {
  await enter('reference');
  expect((await scene.school.get('/v1/webhooks')).json).toEqual({ items: [] });
  expectProblem(await put({ url: address(), sends: 'reference' }, scene.school), 404, 'NOT_FOUND');
  for (const [method, path] of [['DELETE', ''], ['POST', '/secret'], ['POST', '/replay?since=2026-01-01T00:00:00Z']] as const) expectProblem(await scene.school.ask(method, `/v1/webhooks/${CONTACT}${path}`), 404, 'NOT_FOUND');
  expect((await scene.council.get('/v1/webhooks')).json.items).toHaveLength(1);
});

test('what is no endpoint is refused with what to do, and a secret is told once', async () => {
  for (const url of ['http://x.example/', 'https://127.0.0.1/', 'https://user@x.example/', 'https://x.example:22/']) expectProblem(await put({ url, sends: 'reference' }), 422, 'WEBHOOK_URL');
  expectProblem(await put({ url: 7, sends: 'all' }), 422, 'WEBHOOK_INVALID');
  await enter('reference');
  expect((await put({ url: address(), sends: 'reference' })).json).toEqual({});
  expect(JSON.stringify((await scene.council.get('/v1/webhooks')).json)).not.toContain('whsec');
  expect((await scene.council.ask('DELETE', `/v1/webhooks/${CONTACT}`)).status).toBe(204);
  expect((await scene.council.get('/v1/webhooks')).json).toEqual({ items: [] });
});
