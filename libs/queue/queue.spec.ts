import { isOutage } from '#platform/outage';
import { halving, Failed } from './halving';
import { LANES } from './lanes';
import { reconnectAfter } from './broker';
import { definitions, DEAD, PERMISSIONS, queueOf, USERS } from './topology';
import { read, written } from './wire';

const FILLING = { digest: 'a'.repeat(64), provenance: 'e30.e30.x', until: new Date('2026-03-01T00:00:00.000Z'), envelope: { boundary: 'b'.repeat(32), octets: Buffer.from('sealed') } };
const ROW = { id: '0198f7d0-11aa-4c21-8f0e-6f2f7f0e9b55', transfer: '0198f7d0-11aa-4c21-8f0e-6f2f7f0e9b56', lane: 'emergency', attempt: 0 } as const;
const AT = new Date('2026-02-01T00:00:00.000Z');

test('one bad message fails by itself and never its neighbours, in the order in which they came', async () => {
  const tried: number[] = [];
  const results = await halving([1, 2, 3, 4, 5, 6, 7], (some) => {
    tried.push(some.length);
    return some.includes(6) ? Promise.reject(new Error('six')) : Promise.resolve(some.map((n) => n * 10));
  });
  expect(results.map((each) => (each instanceof Failed ? (each.error as Error).message : each))).toEqual([10, 20, 30, 40, 50, 'six', 70]);
  expect(tried).toEqual([7, 3, 4, 2, 2, 1, 1]);
});

test('an outage is nobody’s fault: all of it is tried again, and nobody is blamed', async () => {
  for (const error of [{ code: '57P01' }, { code: '08006' }, { code: '53300' }, { code: 'ECONNREFUSED' }, new Error('Connection terminated unexpectedly'),
    new Error('Client has encountered a connection error and is not queryable'), new Error('Query runner already released. Cannot run queries anymore.')]) {
    expect(isOutage(error)).toBe(true);
    let times = 0;
    await expect(halving([1, 2], () => (times++, Promise.reject(error as Error)))).rejects.toBe(error);
    expect(times).toBe(1);
  }
  for (const error of [{ code: '23505' }, { code: '40P01' }, new Error('poison'), undefined]) expect(isOutage(error)).toBe(false);
});

test('a message says on the wire what it is: ids, digest and provenance in headers, the sealed envelope as its body', () => {
  const { body, options } = written(ROW, FILLING, AT);
  expect(options).toMatchObject({ messageId: ROW.id, type: 'transfer.due', persistent: true, mandatory: true, contentType: 'multipart/mixed', expiration: 28 * 86_400_000 });
  expect(options.headers).toMatchObject({ transfer: ROW.transfer, attempt: 1, digest: FILLING.digest, Provenance: FILLING.provenance, boundary: FILLING.envelope.boundary });
  expect(read('emergency', { properties: options as never, content: body })).toEqual({ ...ROW, kind: 'transfer.due', attempt: 1, ...FILLING });
});

test('above the limit the body is empty and the digest stands for it; what has outlived its time lives a second', () => {
  const { envelope: _, ...large } = FILLING;
  const { body, options } = written(ROW, large, new Date('2027-01-01T00:00:00.000Z'));
  expect([body.length, options.expiration]).toEqual([0, 1_000]);
  expect(read('emergency', { properties: options as never, content: body })).not.toHaveProperty('envelope');
  expect(written(ROW, { ...large, until: new Date('2030-01-01T00:00:00.000Z') }, AT).options.expiration).toBe(4_294_967_295);
});

test.each([['no id', { messageId: undefined }], ['an id that is none', { messageId: 'x' }], ['no headers', { headers: undefined }]])('%s: it is not one of ours', (_, properties) => {
  const { options } = written(ROW, FILLING, AT);
  expect(read('routine', { properties: { ...options, ...properties } as never, content: Buffer.alloc(0) })).toBeUndefined();
});

test('pauses before a reconnection grow to ten seconds, and any part of them is as likely', () => {
  expect([0, 1, 2, 5, 6, 20].map((failures) => reconnectAfter(failures, () => 1))).toEqual([500, 1_000, 2_000, 10_000, 10_000, 10_000]);
  expect(reconnectAfter(20, () => 0)).toBe(0);
  expect(reconnectAfter(3, () => 0.5)).toBe(2_000);
});

test('every lane is declared durable over a quorum, with a delivery limit and dead letters at least once; nobody who serves may declare', () => {
  const { queues, bindings, users, permissions } = definitions() as { queues: { name: string; durable: boolean; arguments: object }[]; bindings: { source: string; destination: string; routing_key: string }[]; users: object[]; permissions: object[] };
  for (const lane of LANES) {
    expect(queues.find(({ name }) => name === queueOf(lane))).toMatchObject({ durable: true, arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 20, 'x-overflow': 'reject-publish', 'x-dead-letter-strategy': 'at-least-once' } });
    expect(bindings.filter(({ routing_key }) => routing_key === lane).map(({ source, destination }) => [source, destination])).toEqual([['waybill', queueOf(lane)], [DEAD, DEAD]]);
  }
  expect(users).toEqual(Object.values(USERS).map((name) => expect.objectContaining({ name, password_hash: '', tags: [] })));
  expect(permissions.every((each) => (each as { configure: string }).configure === '^$')).toBe(true);
  const may = (pattern: string, name: string): boolean => new RegExp(pattern).test(name);
  for (const lane of LANES) expect([may(PERMISSIONS.courier.read, queueOf(lane)), may(PERMISSIONS.relay.read, queueOf(lane)), may(PERMISSIONS.relay.write, queueOf(lane))]).toEqual([true, false, false]);
  expect(may(PERMISSIONS.courier.read, 'waybill.routine.other') || may(PERMISSIONS.courier.read, DEAD) || may(PERMISSIONS.relay.read, 'waybillxdead')).toBe(false);
});
