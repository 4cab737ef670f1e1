import { type AddressInfo, createConnection as dial, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { type ChannelModel, connect } from 'amqplib';
import { silent } from '#platform/log';
import { Broker } from '#queue/broker';
import { LANES } from '#queue/lanes';
import { brokerOf, PARTNER_BROKER_SETTINGS, partnerBrokerOf, requireProtected } from '#queue/settings';
import { DEAD, EXCHANGE, queueOf } from '#queue/topology';
import { sharedNode } from '../world/broker';
import { eventually } from '../world/partnership';
import { readPool } from '../world/tls';
import { type User, Wire } from './stage';

/** Somebody has a process's certificate, or none, and speaks AMQP. */
let wire: Wire;
beforeAll(async () => {
  wire = await Wire.open(await sharedNode());
});

const TLS = { ca: 'ca', certificate: 'certificate', key: 'key' };
const FILES = { WAYBILL_BROKER_CA_FILE: 'ca', WAYBILL_BROKER_CERTIFICATE_FILE: 'certificate', WAYBILL_BROKER_KEY_FILE: 'key' };

test.each(['amqp://broker.internal/waybill', 'amqp://10.0.0.4:5672/waybill', 'amqp://localhost.evil.example/waybill', 'amqp://127.0.0.1@broker.internal/waybill', 'http://localhost:15672', 'not a url'])('CH-08: %s is refused, by the settings and by whoever would connect', (url) => {
  expect(() => brokerOf({ WAYBILL_BROKER_URL: url, ...FILES })).toThrow(/WAYBILL_BROKER_URL/);
  expect(() => requireProtected({ url, tls: TLS })).toThrow(/without TLS/);
  expect(() => new Broker({ address: { url, tls: TLS }, log: silent, up: () => Promise.resolve() })).toThrow(/without TLS/);
});

test('plain amqp serves this machine alone; amqps wants all three files; without a broker nothing is asked for', () => {
  expect(brokerOf({ WAYBILL_BROKER_URL: 'amqp://localhost:5672/waybill' })).toEqual({ url: 'amqp://localhost:5672/waybill' });
  expect(brokerOf({ WAYBILL_BROKER_URL: 'amqps://b/waybill', ...FILES })).toEqual({ url: 'amqps://b/waybill', tls: TLS });
  expect(brokerOf({})).toBeUndefined();
  for (const url of ['amqps://relay:secret@b/waybill', 'amqps://relay@b/waybill']) expect(() => brokerOf({ WAYBILL_BROKER_URL: url, ...FILES })).toThrow('it holds a user or a password');
  expect(() => brokerOf(FILES)).toThrow(/WAYBILL_BROKER_CA_FILE: it is set, and there is no WAYBILL_BROKER_URL/);
  for (const name of Object.keys(FILES)) expect(() => brokerOf({ WAYBILL_BROKER_URL: 'amqps://b/waybill', ...FILES, [name]: undefined })).toThrow(`${name}: it is not set`);
  expect(() => requireProtected({ url: 'amqps://broker.internal/waybill' })).toThrow(/without TLS/);
});

test('the broker of partners’ queues is held to the same, under its own settings; its address names no virtual host', () => {
  const url = 'amqps://broker.example:5671';
  const files = { WAYBILL_PARTNER_BROKER_CA_FILE: 'ca', WAYBILL_PARTNER_BROKER_CERTIFICATE_FILE: 'certificate', WAYBILL_PARTNER_BROKER_KEY_FILE: 'key' };
  expect(partnerBrokerOf({ WAYBILL_PARTNER_BROKER_URL: url, ...files })).toEqual({ url, tls: TLS });
  expect([partnerBrokerOf({}), partnerBrokerOf({ WAYBILL_BROKER_URL: 'amqps://b/waybill', ...FILES })]).toEqual([undefined, undefined]);
  expect(() => partnerBrokerOf({ WAYBILL_PARTNER_BROKER_URL: 'amqp://broker.example', ...files })).toThrow('WAYBILL_PARTNER_BROKER_URL: the broker would be reached without TLS');
  for (const name of Object.keys(files)) expect(() => partnerBrokerOf({ WAYBILL_PARTNER_BROKER_URL: url, ...files, [name]: undefined })).toThrow(`${name}: it is not set`);
  const { faultsOf } = PARTNER_BROKER_SETTINGS.WAYBILL_PARTNER_BROKER_URL;
  expect([url, `${url}/`].map((text) => faultsOf(text))).toEqual([[], []]);
  for (const text of [`${url}/waybill`, 'amqp://broker.example', 'amqps://relay@broker.example', `${url}?heartbeat=0`, 'broker.example']) expect(faultsOf(text)).toHaveLength(1);
});

const plain = (options: object): Promise<ChannelModel> => {
  const connecting = connect(`amqps://localhost:${wire.node.port}/${wire.vhost}`, { ca: [readPool().authority.certificate], ...options } as object) as Promise<ChannelModel>;
  return connecting.then((connection) => (connection.on('error', () => undefined), connection));
};
const certificateOf = ({ certificate, key }: { certificate: string; key: string }) => ({ cert: certificate, key });
const refusal = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: Error) => error.message);

test('the broker takes nobody without a certificate, or with one of another authority, or in clear', async () => {
  expect(await refusal(plain({}))).toMatch(/certificate required|handshake failure|closed|ECONNRESET|EPIPE/i);
  expect(await refusal(wire.connect('impostor'))).toMatch(/unknown ca|decrypt error|bad certificate|closed|ECONNRESET|EPIPE/i);
  expect(await refusal(Promise.resolve(connect(`amqp://guest:guest@localhost:${wire.node.port}/${wire.vhost}`)))).toMatch(/closed|ECONNRESET|EPIPE|parse/i);
});

test('a certificate of the right authority whose name is nobody’s is refused, and so is a password', async () => {
  expect(await refusal(plain({ ...certificateOf(readPool().clients[0] as never), credentials: { mechanism: 'EXTERNAL', response: () => Buffer.from('') } }))).toMatch(/ACCESS.REFUSED|403|closed|ECONNRESET/i);
  // Who has the relay's certificate and claims to be another is told that this is not spoken here.
  expect(await refusal(plain(certificateOf(readPool().broker['waybill-relay'])))).toMatch(/mechanism|SASL|PLAIN/i);
});

test('a broker that is not ours is not spoken to: its certificate must be of the authority that we were given, for the host that we asked for', async () => {
  const { broker, server } = readPool();
  const other = { ...wire.address('waybill-relay'), tls: { ca: server.certificate, certificate: broker['waybill-relay'].certificate, key: broker['waybill-relay'].key } };
  // The same broker, under an address that is not in its certificate.
  const elsewhere = createServer((socket) => void pipeline(socket, dial(wire.node.port, '127.0.0.1'), socket, () => undefined));
  const port = await new Promise<number>((resolve) => elsewhere.listen(0, '127.0.0.2', () => resolve((elsewhere.address() as AddressInfo).port)));
  const renamed = { ...wire.address('waybill-relay'), url: `amqps://127.0.0.2:${port}/${wire.vhost}` };
  for (const address of [other, renamed]) {
    const said: string[] = [];
    const up = jest.fn();
    const one = new Broker({ address, log: { write: (_, event, fields) => void said.push(`${event} ${fields?.code}`) }, up });
    one.open();
    await eventually(() => Promise.resolve(said.length > 0));
    await one.close();
    expect([said[0], up.mock.calls.length]).toEqual([expect.stringMatching(/^broker\.unreachable (ERR_TLS_CERT_ALTNAME_INVALID|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/), 0]);
  }
  elsewhere.close();
});

/** What each may do and may not, tried on the broker itself. The code that it answers with; a channel does not survive it. */
const tried = (user: User, work: (channel: Awaited<ReturnType<ChannelModel['createConfirmChannel']>>) => Promise<unknown>): Promise<string> =>
  wire.with(async (connection) => {
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => undefined);
    return work(channel).then(() => 'done', (error: { code?: number; message: string }) => (error.code === 403 || /ACCESS_REFUSED/.test(error.message) ? 'refused' : error.message));
  }, user);

const [RELAY, COURIER] = ['waybill-relay', 'waybill-courier'] as const;
const published = (exchange: string, key: string) => async (channel: Parameters<Parameters<typeof tried>[1]>[0]) => {
  channel.publish(exchange, key, Buffer.from(''), {});
  await channel.waitForConfirms();
  // A refused publication closes the channel, which shows at the next question.
  await channel.checkExchange('amq.direct');
};

test('the courier consumes the four lanes and can do nothing else', async () => {
  for (const lane of LANES) expect(await tried(COURIER, (channel) => channel.get(queueOf(lane), { noAck: true }))).toBe('done');
  expect(await tried(COURIER, (channel) => channel.get(DEAD))).toBe('refused');
  for (const [exchange, key] of [[EXCHANGE, 'emergency'], [DEAD, 'routine'], ['', queueOf('routine')], ['amq.direct', 'x']] as const) expect([exchange, await tried(COURIER, published(exchange, key))]).toEqual([exchange, expect.stringMatching(/refused|closed/)]);
  expect(await tried(COURIER, (channel) => channel.purgeQueue(DEAD))).toBe('refused');
});

test('the relay publishes and reads dead letters, and can do nothing else', async () => {
  expect(await tried(RELAY, published(EXCHANGE, 'nowhere'))).toBe('done');
  expect(await tried(RELAY, (channel) => channel.get(DEAD, { noAck: true }))).toBe('done');
  for (const lane of LANES) {
    expect(await tried(RELAY, (channel) => channel.get(queueOf(lane)))).toBe('refused');
    expect(await tried(RELAY, (channel) => channel.consume(queueOf(lane), () => undefined))).toBe('refused');
    expect(await tried(RELAY, (channel) => channel.purgeQueue(queueOf(lane)))).toBe('refused');
  }
  for (const [exchange, key] of [[DEAD, 'routine'], ['', queueOf('routine')]] as const) expect([exchange, await tried(RELAY, published(exchange, key))]).toEqual([exchange, expect.stringMatching(/refused|closed/)]);
});

test.each([RELAY, COURIER])('%s declares, binds and deletes nothing', async (user) => {
  expect(await tried(user, (channel) => channel.assertQueue('waybill.mine', { durable: true }))).toBe('refused');
  expect(await tried(user, (channel) => channel.assertExchange('waybill.mine', 'direct'))).toBe('refused');
  expect(await tried(user, (channel) => channel.deleteQueue(queueOf('routine')))).toBe('refused');
  expect(await tried(user, (channel) => channel.deleteExchange(EXCHANGE))).toBe('refused');
  expect(await tried(user, (channel) => channel.bindQueue(queueOf('routine'), DEAD, 'routine'))).toBe('refused');
  expect(await tried(user, (channel) => channel.assertQueue('', { exclusive: true }))).toBe('refused');
});

test('nobody of ours reaches another virtual host', async () => {
  const other = await Wire.open(wire.node);
  await wire.node.control('clear_permissions', '-p', other.vhost, RELAY);
  expect(await refusal(other.connect(RELAY))).toMatch(/NOT_ALLOWED|ConnectionClose/);
});
