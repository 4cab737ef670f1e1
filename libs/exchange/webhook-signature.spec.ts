import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { secretOf, signaturesOf } from './webhook-signature';

// Judged by the reference library of the standard.

const key = randomBytes(32);
const now = new Date();
const at = Math.floor(now.getTime() / 1_000);
const sent = { id: 'msg_1', at, body: Buffer.from('{"type":"transfer.available"}') };
const headers = (secrets: readonly string[]) => ({ 'webhook-id': sent.id, 'webhook-timestamp': String(at), 'webhook-signature': signaturesOf(secrets, sent) });

test('what is signed under two secrets verifies under either, and under no other', () => {
  const [old, current] = [secretOf(key, 'a', 1), secretOf(key, 'a', 2)];
  for (const secret of [old, current]) expect(new Webhook(secret).verify(sent.body, headers([old, current]))).toEqual({ type: 'transfer.available' });
  for (const other of [secretOf(key, 'b', 1), secretOf(key, 'a', 3), secretOf(randomBytes(32), 'a', 1)]) expect(() => new Webhook(other).verify(sent.body, headers([old, current]))).toThrow('No matching signature');
});

test('one octet more or less, another id or another time does not verify', () => {
  const secret = secretOf(key, 'a', 1);
  const of = headers([secret]);
  expect(() => new Webhook(secret).verify(Buffer.concat([sent.body, Buffer.from(' ')]), of)).toThrow();
  expect(() => new Webhook(secret).verify(sent.body, { ...of, 'webhook-id': 'msg_2' })).toThrow();
  expect(() => new Webhook(secret).verify(sent.body, { ...of, 'webhook-timestamp': String(at + 1) })).toThrow();
});
