import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { HOUR } from '#platform/clock';
import { admission, deadOf, type Holder, placeOf } from '#queue/partner-topology';
import { queueOf } from '#queue/topology';
import { issue, type Issued, makeAuthority } from '../../libs/envelope/authority';
import { type Node, sharedNode } from '../world/broker';
import { admitted, connectionAs } from '../world/partner-broker';
import { readPool } from '../world/tls';

// A partner has a queue of its own on the broker, and a certificate for it; it tries what else it may do there.

const [DESK, SECOND, OTHER]: readonly [Holder, Holder, Holder] = [{ agency: 'harbour-trust', contact: 'desk' }, { agency: 'harbour-trust', contact: 'second-desk' }, { agency: 'quay-school', contact: 'office' }];
const [OWN, COURIER] = [placeOf(DESK), 'waybill-courier'] as const;
let node: Node;
const certificates = new Map<string, Issued>();

beforeAll(async () => {
  node = await sharedNode();
  certificates.set(COURIER, readPool().broker[COURIER]);
  for (const holder of [DESK, SECOND, OTHER]) certificates.set(placeOf(holder), await admitted(node, holder));
});

/** The broker closes the connection in place of opening a virtual host. */
const NO_ENTRY = /NOT.ALLOWED|ConnectionClose/;
/** Whoever has a certificate, in a virtual host. */
const as = (user: string, vhost: string): Promise<ChannelModel> => connectionAs(node, certificates.get(user) as Issued, vhost);
const failure = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: { code?: number; message: string }) => (error.code === 403 || /ACCESS.REFUSED/.test(error.message) ? 'refused' : error.message));
/** What becomes of an attempt on the broker itself. A channel does not survive a refusal. */
async function tried(user: string, vhost: string, work: (channel: ConfirmChannel) => Promise<unknown>): Promise<string> {
  const connection = await as(user, vhost);
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => undefined);
  return failure(work(channel)).finally(() => connection.close().catch(() => undefined));
}
const published = (exchange: string, key: string) => async (channel: ConfirmChannel) => {
  channel.publish(exchange, key, Buffer.from('forged'));
  await channel.waitForConfirms();
  // A refused publication closes the channel, which shows at the next question.
  await channel.checkExchange('amq.direct');
};

test('it reads its own queue, and what its consumer failed at', async () => {
  for (const queue of [OWN, deadOf(OWN)]) {
    expect(await tried(OWN, OWN, (channel) => channel.get(queue, { noAck: true }))).toBe('done');
    expect(await tried(OWN, OWN, (channel) => channel.consume(queue, () => undefined))).toBe('done');
  }
});

test.each([['another contact of its own agency', placeOf(SECOND)], ['another agency', placeOf(OTHER)], ['the house itself', 'waybill'], ['nobody', '/']])('it does not come into the virtual host of %s, and so sees no queue there', async (_, vhost) => {
  expect(await failure(as(OWN, vhost))).toMatch(NO_ENTRY);
});

test('another partner’s certificate does not come to its queue, nor that of another contact of the same agency', async () => {
  for (const holder of [SECOND, OTHER]) expect(await failure(as(placeOf(holder), OWN))).toMatch(NO_ENTRY);
});

test('in its own virtual host there is nothing to see but its own: no queue of anybody else’s, and no lane', async () => {
  for (const queue of [placeOf(SECOND), placeOf(OTHER), queueOf('emergency')]) expect(await tried(OWN, OWN, (channel) => channel.checkQueue(queue))).toMatch(/NOT.FOUND/);
  expect((await node.control('list_queues', '-p', OWN, 'name', '--no-table-headers')).trim().split('\n').sort()).toEqual([OWN, deadOf(OWN)].sort());
});

test('it publishes to no exchange, not even onto its own queue', async () => {
  for (const [exchange, key] of [['', OWN], ['', deadOf(OWN)], ['amq.direct', 'x'], ['amq.topic', 'x'], ['amq.fanout', 'x'], ['amq.headers', 'x']] as const) {
    expect([exchange, await tried(OWN, OWN, published(exchange, key))]).toEqual([exchange, expect.stringMatching(/refused|closed/)]);
  }
  expect(await tried(OWN, OWN, (channel) => channel.get(OWN, { noAck: true }).then((message) => expect(message).toBe(false)))).toBe('done');
});

test('it declares, binds and deletes nothing', async () => {
  const attempts: ((channel: ConfirmChannel) => Promise<unknown>)[] = [
    (channel) => channel.assertQueue(`${OWN}.mine`, { durable: true }),
    (channel) => channel.assertQueue('', { exclusive: true }),
    (channel) => channel.assertExchange(`${OWN}.mine`, 'direct'),
    (channel) => channel.deleteQueue(OWN),
    (channel) => channel.deleteQueue(deadOf(OWN)),
    (channel) => channel.deleteExchange('amq.direct'),
    (channel) => channel.bindQueue(OWN, 'amq.direct', 'x'),
    (channel) => channel.unbindQueue(OWN, 'amq.direct', 'x'),
    (channel) => channel.bindExchange('amq.direct', 'amq.topic', 'x'),
  ];
  for (const attempt of attempts) expect(await tried(OWN, OWN, attempt)).toBe('refused');
});

test('a certificate of the same name by another authority is nobody’s', async () => {
  const validity = { from: new Date(Date.now() - HOUR), until: new Date(Date.now() + HOUR) };
  const forged = await issue(await makeAuthority('Waybill test authority', validity), OWN, validity);
  expect(await failure(connectionAs(node, forged, OWN))).toMatch(/unknown ca|decrypt error|bad certificate|closed|ECONNRESET|EPIPE/i);
});

test('it has so many connections and no more', async () => {
  const connections = await Promise.all(Array.from({ length: 8 }, () => as(OWN, OWN)));
  const ninth = await failure(as(OWN, OWN));
  await Promise.all(connections.map((connection) => connection.close()));
  expect(ninth).toMatch(NO_ENTRY);
});

test('the courier lays messages there, and can read, empty, declare and delete nothing', async () => {
  expect(await tried(COURIER, OWN, published('', OWN))).toBe('done');
  const attempts: ((channel: ConfirmChannel) => Promise<unknown>)[] = [
    (channel) => channel.get(OWN), (channel) => channel.get(deadOf(OWN)), (channel) => channel.consume(OWN, () => undefined), (channel) => channel.purgeQueue(OWN), (channel) => channel.deleteQueue(OWN),
    (channel) => channel.assertQueue(`${OWN}.mine`, { durable: true }), (channel) => channel.bindQueue(OWN, 'amq.direct', 'x'),
  ];
  for (const attempt of attempts) expect(await tried(COURIER, OWN, attempt)).toBe('refused');
  expect(await tried(OWN, OWN, (channel) => channel.get(OWN, { noAck: true }).then((message) => expect(message).not.toBe(false)))).toBe('done');
});

test('what is admitted twice is as it was: no queue is lost by it', async () => {
  expect(await tried(COURIER, OWN, published('', OWN))).toBe('done');
  await admitted(node, DESK, certificates.get(OWN));
  expect(await tried(OWN, OWN, (channel) => channel.get(OWN, { noAck: true }).then((message) => expect(message).not.toBe(false)))).toBe('done');
  expect(JSON.stringify(admission(DESK, OWN))).not.toMatch(/administrator|management|"\.\*"/);
});
