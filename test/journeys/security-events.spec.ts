import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { pinnedKeys } from '#envelope/signing-keys';
import { verifyProvenance } from '#envelope/provenance';
import { MINUTE, SECOND } from '#platform/clock';
import { removeEvents } from '#exchange/event-pushes';
import { PUSH_AGAIN } from '#exchange/pushes';
import { EVENT_URI, type EventStreamTold } from '#protocol/event-stream';
import { LIMITS } from '#protocol/limits';
import { reportBreach } from '../world/breaches';
import { type Endpoint, openEndpoint, type Received } from '../world/https-endpoint';
import type { TestPartner } from '../world/partner';
import { eventually, openWorld } from '../world/partnership';
import { CANARY, expectProblem, REFERRAL, Scene } from './referral';

// A partner's own system is told of breaches and revoked keys by security event tokens: a real server over TLS takes them, a library of the standard verifies them.

let scene: Scene;
let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await openEndpoint('events.eastgate.example');
  scene = new Scene(await openWorld({ egress: endpoint.egress }));
});
afterAll(async () => {
  await scene.world.close();
  await endpoint.close();
});
beforeEach(async () => {
  endpoint.answers = { status: 202 };
  endpoint.received.length = 0;
  await scene.sql('delete from waybill.event_stream');
  await scene.sql('delete from waybill.security_event');
});

const PATH = '/v1/event-stream';
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const address = () => `https://${endpoint.host}:${endpoint.port}/events`;
const put = (by: TestPartner, body: unknown) => by.ask('PUT', PATH, json(body), { 'content-type': 'application/json' });
async function listening(by: TestPartner, events = ['breach-notified', 'key-revoked']): Promise<EventStreamTold> {
  const answer = await put(by, { url: address(), events });
  expect(answer.status).toBe(200);
  return answer.json as EventStreamTold;
}
const stream = async (by: TestPartner) => (await by.get(PATH)).json as EventStreamTold;
const rows = () => scene.sql<{ id: string; agency: string; event: string; attempt: number; last: string | null; ended: string | null; settled: boolean }>('select id, agency, event, attempt, last, ended, leased_until is null as settled from waybill.security_event order by id');
const settled = (agency: string, attempt: number) => eventually(async () => (await rows()).find((row) => row.agency === agency && row.attempt === attempt && row.settled));

const claimsIn = ({ body }: Received) => JSON.parse(Buffer.from(body.toString().split('.')[1] ?? '', 'base64url').toString()) as { aud: string };
const audience = (received: Received): string => claimsIn(received).aud;

/** Verifies as any receiver would: the library of the standard, under the keys that the gateway publishes for this alone. */
async function verified(by: TestPartner, body: Buffer) {
  const { issuer, audience } = await stream(by);
  const keys = createLocalJWKSet((await by.get(`${PATH}/keys`)).json as JSONWebKeySet);
  const { payload } = await jwtVerify(body.toString(), keys, { issuer, audience, typ: 'secevent+jwt', currentDate: scene.world.clock.now() });
  return payload as typeof payload & { events: Record<string, Record<string, unknown>> };
}

test('whoever is told of a breach is told by a token as well, ids and codes alone, and a receiver that verifies it finds its own case', async () => {
  const { share } = await scene.send(REFERRAL);
  await listening(scene.school);
  const breach = await reportBreach(scene.world, scene.council, { shares: [share.id] });
  expect(breach.notices.map(({ agency }) => agency)).toContain(scene.school.agency);
  await eventually(async () => endpoint.received.length > 0 && (await stream(scene.school)).waiting === 0);
  const [told] = endpoint.received as [Received];
  expect([told.url, told.headers['content-type'], told.headers['accept']]).toEqual(['/events', 'application/secevent+jwt', 'application/json']);
  const { jti, iat, exp, events } = await verified(scene.school, told.body);
  expect(events).toEqual({ [EVENT_URI['breach-notified']]: { breach: breach.breach, agreement: 'wirral', type: 'wrongly-disclosed', wave: expect.any(String), exercise: false } });
  expect([jti, iat, exp]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), expect.any(Number), undefined]);
  expect((await scene.school.get(`/v1/breaches/${breach.breach}`)).status).toBe(200);
  expect(JSON.stringify(claimsIn(told))).not.toContain(CANARY);
  // Nobody else's system was told: each that was told of the case has its row, and only the school listens.
  expect(new Set(endpoint.received.map(audience))).toEqual(new Set([scene.school.agency]));
});

test('a key that is revoked is told to every party that might seal to it, and to its own agency', async () => {
  for (const each of [scene.council, scene.charity]) await listening(each, ['key-revoked']);
  const { certificate } = scene.trust.keys('health-visitors');
  await scene.world.system.registrar.revokeCertificate(certificate.fingerprint, 'compromised');
  await eventually(() => Promise.resolve(new Set(endpoint.received.map(audience)).size === 2));
  const facts = { agency: scene.trust.agency, contact: 'health-visitors', use: expect.any(String), form: 'openpgp', fingerprint: certificate.fingerprint.toLowerCase(), reason: 'compromised' };
  for (const each of [scene.council, scene.charity]) {
    const own = endpoint.received.find((received) => audience(received) === each.agency);
    expect((await verified(each, own?.body ?? Buffer.alloc(0))).events).toEqual({ [EVENT_URI['key-revoked']]: facts });
  }
  expect((await rows()).map(({ agency }) => agency)).toContain(scene.trust.agency);
});

test('a receiver that finds a token wrong is told again under the same jti; what it says is kept when it is a code of the standard, and nothing else of it', async () => {
  await listening(scene.council);
  endpoint.answers = { status: 400, body: JSON.stringify({ err: 'invalid_key', description: CANARY }) };
  const { json: { token } } = await scene.council.ask('POST', `${PATH}/verification`);
  expect(await settled(scene.council.agency, 1)).toMatchObject({ id: token, last: 'invalid_key' });
  expect(await stream(scene.council)).toMatchObject({ waiting: 1, last: 'invalid_key' });
  endpoint.answers = { status: 400, body: JSON.stringify({ err: CANARY }) };
  scene.world.clock.advance((PUSH_AGAIN.routine[0] as number) + SECOND);
  expect(await settled(scene.council.agency, 2)).toMatchObject({ last: '400', ended: null });
  endpoint.answers = { status: 202 };
  scene.world.clock.advance((PUSH_AGAIN.routine[1] as number) + SECOND);
  expect(await settled(scene.council.agency, 3)).toMatchObject({ ended: 'taken', last: '202' });
  const tokens = await Promise.all(endpoint.received.map(async ({ body }) => (await verified(scene.council, body)).jti));
  expect(tokens).toEqual([token, token, token]);
});

test('what is never taken is given up when its schedule ends, and what is long past is removed', async () => {
  await listening(scene.council);
  endpoint.answers = { status: 500 };
  await scene.council.ask('POST', `${PATH}/verification`);
  for (const [i, wait] of PUSH_AGAIN.routine.entries()) {
    await settled(scene.council.agency, i + 1);
    scene.world.clock.advance(wait + SECOND);
  }
  await eventually(async () => (await rows())[0]?.ended === 'given-up');
  scene.world.clock.advance((LIMITS.pushKept.value + 1) * 24 * 60 * MINUTE);
  expect(await removeEvents({ database: scene.world.system.database('relay'), clock: scene.world.clock })).toBe(1);
  expect(await rows()).toEqual([]);
});

test('what was told before a stream was entered is not told by it, nor what it did not ask for', async () => {
  const { share } = await scene.send(REFERRAL);
  await reportBreach(scene.world, scene.council, { shares: [share.id] });
  scene.world.clock.advance(SECOND);
  await listening(scene.school, ['key-revoked']);
  await reportBreach(scene.world, scene.council, { shares: [share.id] });
  await scene.school.ask('POST', `${PATH}/verification`);
  await eventually(() => Promise.resolve(endpoint.received.length > 0));
  await eventually(async () => (await stream(scene.school)).waiting === 0);
  // Asked for later, a kind is told from then on; what waited of another is not lost by it.
  scene.world.clock.advance(SECOND);
  await listening(scene.school, ['breach-notified']);
  await scene.school.ask('POST', `${PATH}/verification`);
  await eventually(async () => endpoint.received.length > 1 && (await stream(scene.school)).waiting === 0);
  expect(await Promise.all(endpoint.received.map(async ({ body }) => Object.keys((await verified(scene.school, body)).events)))).toEqual([[EVENT_URI.verification], [EVENT_URI.verification]]);
});

test('a token is good for nothing else: under the same keys it is no provenance', async () => {
  await listening(scene.council);
  await scene.council.ask('POST', `${PATH}/verification`);
  await eventually(() => Promise.resolve(endpoint.received.length > 0));
  const own = (await scene.council.get(`${PATH}/keys`)).json;
  expect(await verifyProvenance((endpoint.received[0] as Received).body.toString(), await pinnedKeys(own))).toMatchObject({ ok: false });
  const [published] = (await scene.council.get('/.well-known/jwks.json')).json.keys as { kid: string }[];
  expect(own.keys.map(({ kid }: { kid: string }) => kid)).not.toContain(published?.kid);
});

test('another agency sees, tests and removes none of it, and what is no stream is refused with what to do', async () => {
  await listening(scene.council);
  for (const [method, path] of [['GET', ''], ['DELETE', ''], ['POST', '/verification']] as const) expectProblem(await scene.school.ask(method, `${PATH}${path}`), 404, 'NOT_FOUND');
  for (const url of ['http://x.example/', 'https://127.0.0.1/', 'https://user@x.example/', 'https://x.example:22/']) expectProblem(await put(scene.council, { url, events: ['key-revoked'] }), 422, 'WEBHOOK_URL');
  for (const body of [{ url: address(), events: [] }, { url: address(), events: ['all'] }, { url: 7, events: ['key-revoked'] }]) expectProblem(await put(scene.council, body), 422, 'EVENT_STREAM_INVALID');
  expect((await scene.council.ask('DELETE', PATH)).status).toBe(204);
  expectProblem(await scene.council.get(PATH), 404, 'NOT_FOUND');
  expect((await scene.entries(scene.council.agency, { kind: 'party-changed' })).map(({ change }) => change)).toEqual(expect.arrayContaining(['event-stream-set', 'event-stream-removed']));
});
