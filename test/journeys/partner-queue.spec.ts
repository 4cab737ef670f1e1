import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Channel, ChannelModel, GetMessage } from 'amqplib';
import { type HandedOver, openHandedOver, type PartOpened, type TransferOpened } from '#client/mailbox';
import { readEnvelope } from '#exchange/consignment';
import { envelopeDigest } from '#exchange/delivery';
import { PUSH_AGAIN } from '#exchange/pushes';
import { DAY, SECOND } from '#platform/clock';
import { Egress } from '#platform/egress';
import { MOST_WAITING, deadOf, placeOf } from '#queue/partner-topology';
import { PartnerQueues } from '#queue/partner-queues';
import { BROKER_DELIVERY_LIMIT } from '#queue/topology';
import { type Home, openHome } from '../../apps/cli/home';
import { run } from '../../apps/cli/run';
import { writeHome } from '../../apps/standalone/home';
import type { Issued } from '../../libs/envelope/authority';
import { ADMINISTRATOR, type Node, sharedNode } from '../world/broker';
import { type CaseSystem, startCaseSystem } from '../world/case-system';
import { admitted, connectionAs } from '../world/partner-broker';
import type { TestPartner } from '../world/partner';
import { eventually, openWorld } from '../world/partnership';
import { ownPort } from '../world/ports';
import { readPool } from '../world/tls';
import { CANARY, CASEWORK, expectProblem, FRONT_DOOR, HEALTH_VISITORS, NURSE, REFERRAL, Scene, transferTo } from './referral';

// AMQP direct: what lies ready for a contact is laid on a queue of its own, on a real RabbitMQ over TLS, from which its agency's own system takes it.

let scene: Scene;
let node: Node;
let folder: string;
const opened: { close(): unknown }[] = [];

beforeAll(async () => {
  node = await sharedNode();
  const { authority, broker } = readPool();
  const { certificate, key } = broker['waybill-courier'];
  const partnerBroker = { url: `amqps://localhost:${node.port}`, tls: { ca: authority.certificate, certificate, key } };
  scene = new Scene(await openWorld({ partnerBroker, egress: new Egress({ resolve: () => Promise.resolve([]) }) }));
  folder = mkdtempSync(join(tmpdir(), 'waybill-queue-'));
});
afterAll(async () => {
  for (const each of opened) await each.close();
  await scene.world.close();
  rmSync(folder, { recursive: true, force: true });
});

const holderOf = (recipient: string) => {
  const [agency = '', contact = ''] = recipient.split('/');
  return { agency, contact, place: placeOf({ agency, contact }), partner: scene.world.partner(agency) };
};
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const put = (by: TestPartner, contact: string, body: unknown) => by.ask('PUT', `/v1/webhooks/${contact}`, json(body), { 'content-type': 'application/json' });

const certificates = new Map<string, Issued>();
/** The broker's operator has admitted a contact. @param again what was admitted is no longer as it was */
async function admittedOnce(recipient: string, { again = false } = {}): Promise<Issued> {
  const known = certificates.get(recipient);
  if (known && !again) return known;
  const issued = await admitted(node, holderOf(recipient), known);
  certificates.set(recipient, issued);
  return issued;
}

/** An agency has what lies ready for one of its contacts laid on a queue; the broker's operator has admitted it. */
async function withQueue(recipient: string, { sends = 'envelope', admit = true } = {}): Promise<{ place: string; partner: TestPartner; certificate: Issued | undefined }> {
  const { contact, place, partner } = holderOf(recipient);
  const answer = await put(partner, contact, { way: 'amqp', sends });
  expect([answer.status, answer.json]).toEqual([200, { queue: { broker: `amqps://localhost:${node.port}/${place}`, name: place } }]);
  const certificate = admit ? await admittedOnce(recipient) : undefined;
  return { place, partner, certificate };
}

/** Sends what this contact alone is to know. */
async function send(recipient: string, { manifest = {}, text = `Name: ${CANARY}` }: { manifest?: Record<string, unknown>; text?: string } = {}): Promise<{ id: string; transfer: string }> {
  const need = { [FRONT_DOOR]: 'assesses-referral' }[recipient] ?? 'works-with-person';
  const { share, receipt } = await scene.send({ ...REFERRAL, parts: [{ category: 'names', text, to: { [recipient]: need } }], manifest });
  return { id: share.id, transfer: transferTo(receipt, recipient) };
}

/** The next message of a queue, taken off it with the partner's own certificate. */
async function next(certificate: Issued | undefined, place: string, queue = place): Promise<GetMessage> {
  const connection = await connectionAs(node, certificate as Issued, place);
  try {
    const channel = await connection.createChannel();
    const message = await eventually(() => channel.get(queue).then((got) => got || undefined));
    channel.ack(message);
    await channel.close();
    return message;
  } finally {
    await connection.close();
  }
}

const pushes = (transfer: string) => scene.sql<{ attempt: number; ended: string | null; last: string | null; settled: boolean }>('select attempt, ended, last, leased_until is null as settled from waybill.push where transfer = $1 order by created_at', [transfer]);
const ended = (transfer: string, how: string) => eventually(async () => (await pushes(transfer)).some((push) => push.ended === how));
/** So many attempts have failed: a slow machine may have made more of them by the time at which it is looked. */
const failed = (transfer: string, attempts: number, because: string) => eventually(async () => (await pushes(transfer)).some((push) => push.settled && push.attempt >= attempts && push.last === because));
/** What waits for its next attempt is due. */
const hurry = async (transfer: string): Promise<void> => {
  await scene.sql('update waybill.push set due_at = created_at where transfer = $1 and ended_at is null', [transfer]);
  await scene.sql('update waybill.webhook set rests_until = null');
};
const stateOf = async (partner: TestPartner, transfer: string): Promise<string> => (await partner.get(`/v1/mailbox/${transfer}`)).json.state as string;
/** Looks into a queue, or empties it, as the partner may. */
async function atQueue<T>(recipient: string, look: (channel: Channel, place: string) => Promise<T>): Promise<T> {
  const { place } = holderOf(recipient);
  const connection = await connectionAs(node, await admittedOnce(recipient), place);
  try {
    return await look(await connection.createChannel(), place);
  } finally {
    await connection.close();
  }
}
const ready = (recipient: string): Promise<number> => atQueue(recipient, async (channel, place) => (await channel.checkQueue(place)).messageCount);

/** Whoever administers the broker, let into the virtual host of a test. */
async function administrator(place: string): Promise<ChannelModel> {
  await node.control('set_permissions', '-p', place, ADMINISTRATOR, '.*', '.*', '.*');
  return connectionAs(node, readPool().broker[ADMINISTRATOR], place);
}

async function home(agency: string): Promise<Home> {
  const { agreement, coordinator, system } = scene.world;
  await writeHome(join(folder, agency), scene.world.partner(agency).own, { origin: system.origin, agreement, keys: system.keys, coordinator });
  const io = { out: () => undefined, err: () => undefined, outOctets: () => undefined, watched: false, cwd: folder, env: {}, now: () => scene.world.clock.now() };
  const made = await openHome(io, join(folder, agency));
  opened.push({ close: () => made.partner.connection.close() });
  return made;
}

/** The partner's own microservice at its queue, and what it filed. */
async function caseSystem(recipient: string, certificate: Issued | undefined, file?: CaseSystem['file']): Promise<{ filed: TransferOpened<PartOpened>[]; close(): Promise<void> }> {
  const { agency, place } = holderOf(recipient);
  const filed: TransferOpened<PartOpened>[] = [];
  const { partner } = await home(agency);
  const tls = { ca: readPool().authority.certificate, cert: (certificate as Issued).certificate, key: (certificate as Issued).key };
  const app = await startCaseSystem({ partner, queue: { broker: `amqps://localhost:${node.port}/${place}`, name: place, tls }, file: file ?? ((each) => Promise.resolve(void filed.push(each))) });
  return { filed, close: () => app.close() };
}

const text = (parts: readonly PartOpened[]): string => parts.map(({ octets }) => Buffer.from(octets).toString()).join();

test('from the sender to the recipient’s own system, which opens it and acknowledges it; both registers hold how it went', async () => {
  const { partner, certificate } = await withQueue(FRONT_DOOR);
  const desk = await caseSystem(FRONT_DOOR, certificate);
  const sent = await send(FRONT_DOOR);
  await eventually(async () => (await scene.told(sent.id)).transfers.every(({ state }) => state === 'acknowledged'));
  expect(desk.filed.map(({ copy, parts }) => [copy.told.transfer, text(parts)])).toEqual([[sent.transfer, `Name: ${CANARY}`]]);
  await ended(sent.transfer, 'taken');
  const { server } = readPool();
  for (const controller of [partner.agency, scene.school.agency]) {
    expect(await scene.entries(controller, { kind: 'share-pushed', share: sent.id })).toEqual([
      expect.objectContaining({ transfer: sent.transfer, route: 'amqp', attempt: 1, status: 'confirmed', tls: { version: 'tls-1.3', cipher: expect.any(String), certificate: createHash('sha256').update(new X509Certificate(server.certificate).raw).digest('hex'), authentication: 'pkix' } }),
    ]);
    expect(await scene.entries(controller, { kind: 'share-collected', share: sent.id })).toHaveLength(1);
  }
  await desk.close();
});

test('the message is the sealed envelope; what it is and where it comes from stand in its headers, and nothing of it is in clear', async () => {
  const { place, partner, certificate } = await withQueue(CASEWORK);
  const sent = await send(CASEWORK, { manifest: { urgency: 'urgent' } });
  const { content, properties } = await next(certificate, place);
  const inMailbox = (await partner.get(`/v1/mailbox/${sent.transfer}`)).json;
  expect({ ...properties, headers: properties.headers }).toMatchObject({
    messageId: sent.transfer, type: 'transfer.envelope', deliveryMode: 2,
    headers: { transfer: sent.transfer, share: sent.id, sender: scene.school.agency, contact: 'casework', lane: 'urgent', href: `/v1/mailbox/${sent.transfer}`, digest: expect.stringMatching(/^[0-9a-f]{64}$/), Provenance: inMailbox.provenance },
  });
  const boundary = /^multipart\/mixed; boundary=(\w+)$/.exec(String(properties.contentType))?.[1] ?? '';
  expect(readEnvelope(boundary, content)?.get('part-1')?.equals((await partner.get(`/v1/mailbox/${sent.transfer}/parts/part-1`)).body)).toBe(true);
  expect(envelopeDigest({ boundary, octets: content })).toBe(properties.headers?.['digest']);
  expect(content.includes(CANARY) || JSON.stringify(properties).includes(CANARY)).toBe(false);
  // It ends by itself before its payload must, and its dead letter with it.
  const [row] = await scene.sql<{ payload_until: Date }>('select payload_until from waybill.transfer where id = $1', [sent.transfer]);
  expect(Number(properties.expiration)).toBeLessThanOrEqual(((row as { payload_until: Date }).payload_until.getTime() - scene.world.clock.now().getTime()) - 3 * DAY + 60 * SECOND);
  expect(inMailbox.state).toBe('collected');
});

test('what was tampered with on its way over the broker is not opened: another’s provenance, an octet of the envelope, a piece of it', async () => {
  const { place, certificate } = await withQueue(FRONT_DOOR);
  const { partner } = await home('merebrook-council');
  const messages: HandedOver[] = [];
  for (let i = 0; i < 2; i++) {
    await send(FRONT_DOOR);
    const { content, properties } = await next(certificate, place);
    messages.push({ transfer: String(properties.messageId), contentType: String(properties.contentType), octets: content, provenance: String(properties.headers?.['Provenance']) });
  }
  const [sound, other] = messages as [HandedOver, HandedOver];
  expect(text((await openHandedOver(partner, sound)).parts)).toBe(`Name: ${CANARY}`);
  const flipped = (at: number): Buffer => Buffer.from(sound.octets).fill(Buffer.from([(sound.octets[at] as number) ^ 1]), at, at + 1);
  const tampered: [HandedOver, RegExp][] = [
    [{ ...sound, provenance: other.provenance }, /PROVENANCE_MISMATCH/],
    [{ ...sound, provenance: `${sound.provenance}A` }, /PROVENANCE_NOT_TRUSTED/],
    [{ ...sound, octets: other.octets, contentType: other.contentType }, /PROVENANCE_MISMATCH/],
    [{ ...sound, transfer: other.transfer }, /PROVENANCE_MISMATCH/],
    [{ ...sound, octets: flipped(Buffer.from(sound.octets).indexOf('front-door-referral')) }, /SENDER_NOT_PROVEN|COPY_NOT_WHOLE/],
    [{ ...sound, octets: flipped(sound.octets.length - 80) }, /COPY_NOT_WHOLE|CANNOT_OPEN/],
    [{ ...sound, octets: sound.octets.subarray(0, -1) }, /COPY_NOT_WHOLE/],
    [{ ...sound, contentType: 'multipart/mixed; boundary=elsewhere' }, /COPY_NOT_WHOLE/],
  ];
  for (const [each, code] of tampered) await expect(openHandedOver(partner, each)).rejects.toThrow(code);
});

test('above the limit a reference and a digest are laid there, which its system collects, opens and acknowledges', async () => {
  const { certificate } = await withQueue(FRONT_DOOR);
  const big = `${CANARY} ${'x'.repeat(300 * 1024)}`;
  const sent = await send(FRONT_DOOR, { text: big });
  await ended(sent.transfer, 'taken');
  expect(await stateOf(scene.council, sent.transfer)).toBe('available');
  const desk = await caseSystem(FRONT_DOOR, certificate);
  await eventually(async () => (await scene.told(sent.id)).transfers.every(({ state }) => state === 'acknowledged'));
  expect(desk.filed.map(({ parts }) => text(parts) === big)).toEqual([true]);
  expect(await scene.entries(scene.council.agency, { kind: 'share-pushed', share: sent.id })).toEqual([]);
  await desk.close();
});

test('a reference is ids and codes, and collects nothing', async () => {
  const { place, partner, certificate } = await withQueue(NURSE, { sends: 'reference' });
  const sent = await send(NURSE);
  const { content, properties } = await next(certificate, place);
  expect([properties.messageId, properties.type]).toEqual([sent.transfer, 'transfer.available']);
  expect(JSON.parse(content.toString())).toEqual({ transfer: sent.transfer, share: sent.id, sender: scene.school.agency, contact: 'front-door-nurse', lane: 'routine', href: `/v1/mailbox/${sent.transfer}`, digest: properties.headers?.['digest'] });
  expect(await stateOf(partner, sent.transfer)).toBe('available');
});

test('a queue that nobody admitted is tried as the lane’s table has it, collects nothing, and is filled when it is there; its agency sees why', async () => {
  const { place, partner } = await withQueue(HEALTH_VISITORS, { admit: false });
  const [first, second] = [await send(HEALTH_VISITORS), await send(HEALTH_VISITORS, { manifest: { urgency: 'urgent' } })];
  for (const { transfer } of [first, second]) await failed(transfer, 1, 'NOT_ADMITTED');
  expect((await partner.get('/v1/webhooks')).json.items).toContainEqual(expect.objectContaining({ contact: 'health-visitors', way: 'amqp', waiting: 2, rests: { until: expect.any(String), because: 'NOT_ADMITTED' } }));
  // One is given up after its last attempt, and lies in the mailbox as before.
  for (const [attempt, wait] of PUSH_AGAIN.routine.entries()) {
    await failed(first.transfer, attempt + 1, 'NOT_ADMITTED');
    scene.world.clock.advance(wait + SECOND);
  }
  await ended(first.transfer, 'given-up');
  expect(await stateOf(partner, first.transfer)).toBe('available');
  const certificate = await admittedOnce(HEALTH_VISITORS);
  const third = await send(HEALTH_VISITORS, { manifest: { urgency: 'emergency' } });
  expect((await next(certificate, place)).properties.messageId).toBe(third.transfer);
});

test('a queue that was emptied lost nothing: it all lies in the mailbox, and is laid there again under the same id', async () => {
  const { place, partner, certificate } = await withQueue(CASEWORK);
  const since = scene.world.clock.now().toISOString();
  const sent = await send(CASEWORK);
  await ended(sent.transfer, 'taken');
  await atQueue(CASEWORK, (channel) => channel.purgeQueue(place));
  expect(await ready(CASEWORK)).toBe(0);
  expect((await partner.get(`/v1/mailbox/${sent.transfer}/parts/part-1`)).status).toBe(200);
  expect((await partner.ask('POST', `/v1/webhooks/casework/replay?since=${encodeURIComponent(since)}`)).json).toEqual({ pushes: 1 });
  expect((await next(certificate, place)).properties.messageId).toBe(sent.transfer);
});

test('a queue that goes away in that very moment takes nothing with it: it is tried again, and told from one that is there', async () => {
  const { agency, contact, place } = holderOf(NURSE);
  await withQueue(NURSE);
  const admin = await administrator(place);
  const { authority, broker } = readPool();
  const openQueues = () => new PartnerQueues({ url: `amqps://localhost:${node.port}/`, tls: { ca: authority.certificate, ...broker['waybill-courier'] } });
  const laid = (on: PartnerQueues, before: () => Promise<unknown> = () => Promise.resolve()) => on.lay({ agency, contact }, async () => {
    await before();
    return { id: 'x', type: 'transfer.available', contentType: 'application/json', headers: {}, body: Buffer.from('{}'), at: new Date(), until: new Date(Date.now() + 30 * DAY) };
  });
  const [queues, others] = [openQueues(), openQueues()];
  try {
    expect((await laid(queues)).outcome).toBe('confirmed');
    expect((await laid(queues, async () => (await admin.createChannel()).deleteQueue(place))).outcome).toBe('unroutable');
    await expect(laid(queues)).rejects.toMatchObject({ code: 'NOT_ADMITTED' });
    await admittedOnce(NURSE, { again: true });
    expect((await laid(queues)).outcome).toBe('confirmed');
    // Whoever may not write there is refused there and then, and the next attempt has a line of its own.
    await node.control('set_permissions', '-p', place, 'waybill-courier', '^$', '^$', '^$');
    expect((await laid(others)).outcome).toBe('refused');
    await admittedOnce(NURSE, { again: true });
    expect((await laid(others)).outcome).toBe('confirmed');
  } finally {
    await Promise.all([queues.close(), others.close(), admin.close().catch(() => undefined)]);
  }
});

test('a broker that is not there, or is not the one named, gets nothing, and nothing is made for it; one in clear is not even tried', async () => {
  const { authority, broker } = readPool();
  const tls = { ca: authority.certificate, ...broker['waybill-courier'] };
  let made = 0;
  const fails = (url: string, more: object = {}) => new PartnerQueues({ url, tls: { ...tls, ...more } }).lay(holderOf(NURSE), () => Promise.reject(new Error(`made ${++made}`)));
  for (const [url, more] of [[`amqps://localhost:${await ownPort()}`, {}], [`amqps://127.0.0.1.nip.example:${node.port}`, {}], [`amqps://localhost:${node.port}`, { ca: broker.impostor.certificate }]] as const) {
    await expect(fails(url, more)).rejects.toMatchObject({ name: 'QueueNotReached', code: 'NOT_REACHED' });
  }
  expect(() => new PartnerQueues({ url: `amqp://broker.example:${node.port}`, tls })).toThrow('without TLS');
  expect(made).toBe(0);
});

test('a queue that is full collects nothing: its agency sees that its system does not come', async () => {
  const { place, partner, certificate } = await withQueue(CASEWORK);
  const admin = await administrator(place);
  const channel = await admin.createConfirmChannel();
  for (let i = await ready(CASEWORK); i < MOST_WAITING; i++) channel.publish('', place, Buffer.from(''));
  await channel.waitForConfirms();
  const sent = await send(CASEWORK);
  await failed(sent.transfer, 1, 'FULL');
  expect(await stateOf(partner, sent.transfer)).toBe('available');
  await channel.purgeQueue(place);
  await admin.close().catch(() => undefined);
  await eventually(async () => (await hurry(sent.transfer), (await pushes(sent.transfer))[0]?.ended === 'taken'));
  expect((await next(certificate, place)).properties.messageId).toBe(sent.transfer);
});

test('what its system fails at again and again is its dead letter, which it may read; nothing is acknowledged by it', async () => {
  const { place, partner, certificate } = await withQueue(CASEWORK);
  let tries = 0;
  const desk = await caseSystem(CASEWORK, certificate, () => Promise.reject(new Error(`attempt ${++tries}`)));
  const sent = await send(CASEWORK);
  const dead = await next(certificate, place, deadOf(place));
  expect([dead.properties.messageId, dead.properties.headers?.['x-first-death-reason']]).toEqual([sent.transfer, 'delivery_limit']);
  expect(tries).toBe(BROKER_DELIVERY_LIMIT + 1);
  expect(await stateOf(partner, sent.transfer)).toBe('collected');
  await desk.close();
});

test('a key that was revoked since is looked at when it goes: nothing is laid on the queue, and its sender is told', async () => {
  const { place, partner } = await withQueue(NURSE);
  // Nothing goes before it is revoked.
  await node.control('delete_queue', '-p', place, place);
  const sent = await send(NURSE);
  await failed(sent.transfer, 1, 'NOT_ADMITTED');
  await scene.world.system.registrar.revokeCertificate(partner.keys('front-door-nurse').certificate.fingerprint, 'compromised');
  await admittedOnce(NURSE, { again: true });
  await eventually(async () => (await hurry(sent.transfer), (await pushes(sent.transfer))[0]?.ended === 'overtaken'));
  expect(await ready(NURSE)).toBe(0);
  expect((await scene.told(sent.id)).transfers.map(({ state }) => state)).toEqual(['held']);
});

test('one way at a time: an endpoint becomes a queue and again an endpoint, with a secret of its own; a queue has neither address nor secret', async () => {
  const { contact, partner } = { contact: 'casework', partner: scene.charity };
  const url = 'https://hooks.kingfisher.example/waybill';
  await scene.sql('delete from waybill.webhook where agency = $1', [partner.agency]);
  const first = (await put(partner, contact, { url, sends: 'reference' })).json.secret as string;
  await withQueue(CASEWORK, { admit: false });
  expectProblem(await partner.ask('POST', `/v1/webhooks/${contact}/secret`), 404, 'NOT_FOUND');
  expect((await partner.get('/v1/webhooks')).json.items).toEqual([expect.objectContaining({ contact, way: 'amqp', sends: 'envelope', queue: { broker: expect.stringContaining(placeOf({ agency: partner.agency, contact })), name: placeOf({ agency: partner.agency, contact }) } })]);
  const again = (await put(partner, contact, { way: 'http', url, sends: 'reference' })).json.secret as string;
  expect(again).toMatch(/^whsec_/);
  expect(again).not.toBe(first);
  for (const body of [{ way: 'amqp', url, sends: 'reference' }, { way: 'http', sends: 'reference' }]) expectProblem(await put(partner, contact, body), 422, 'WEBHOOK_URL');
  expectProblem(await put(partner, contact, { way: 'smtp', sends: 'reference' }), 422, 'WEBHOOK_INVALID');
});

test('the command enters a queue and says where it is; the operator’s admits the certificate that bears its name, and no other', async () => {
  await home('merebrook-council');
  const waybill = async (...args: string[]) => {
    const said = { out: '', err: '' };
    const exit = await run(args, { out: (each) => void (said.out += each), err: (each) => void (said.err += each), outOctets: () => undefined, watched: false, cwd: folder, env: { WAYBILL_HOME_DIR: join(folder, 'merebrook-council') }, now: () => scene.world.clock.now() });
    return { exit, ...said };
  };
  const { place } = holderOf(FRONT_DOOR);
  expect(JSON.parse((await waybill('webhook', 'queue', 'front-door', '--json')).out)).toMatchObject({ contact: 'front-door', queue: { name: place, broker: `amqps://localhost:${node.port}/${place}` } });
  expect((await waybill('webhook', 'list')).out).toContain(`front-door  envelope  ${place}`);
  writeFileSync(join(folder, 'relay.pem'), readPool().broker['waybill-relay'].certificate);
  const refused = await waybill('broker', 'admit', FRONT_DOOR, '--certificate', 'relay.pem', '--out', 'relay.json');
  expect([refused.exit, refused.err]).toEqual([2, expect.stringContaining(`its common name is not ${place}`)]);
  expect((await waybill('broker', 'admit', 'front-door', '--certificate', 'relay.pem', '--out', 'relay.json')).err).toContain('is no contact');
  expect(existsSync(join(folder, 'relay.json'))).toBe(false);
});
