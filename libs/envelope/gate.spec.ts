import { createHash } from 'node:crypto';
import { armorOctets } from './cutting';
import { readSealed, readSealedOctets } from './gate';
import { data2, DATA_1, KEY_A, KEY_B, LIMITS, MESSAGE, packet, partialPacket, pieces, throughGate, verdict, wrappedKey, wrappedKey6, wrappedKeyBody } from '../../test/attacks/envelope/forge';

const SEALED = packet(18, DATA_1);
const V6_KEY = '12C83F1E706F6308FE151A417743A1F033790E93E9978488D1DB378DA9930885';
const LONG = Buffer.concat([Buffer.from([1]), Buffer.alloc(4000, 3)]);

const join = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);

test.each<[string, Buffer]>([
  ['one addressee', MESSAGE],
  ['two addressees', join(wrappedKey(KEY_A), wrappedKey(KEY_B), SEALED)],
  ['a wrapped key in the old format', join(wrappedKey(KEY_A, 'old'), SEALED)],
  ['lengths of five octets', join(wrappedKey(KEY_A, 'new-5'), packet(18, DATA_1, 'new-5'))],
  ['partial lengths', join(wrappedKey(KEY_A), partialPacket(18, LONG, [9, 9, 10, 1, 0]))],
  ['partial lengths with nothing left for the last', join(wrappedKey(KEY_A), partialPacket(18, Buffer.concat([Buffer.from([1]), Buffer.alloc(511)]), [9]))],
  ['a marker packet before', join(packet(10, Buffer.from('PGP')), MESSAGE)],
  ['padding before and after', join(packet(21, Buffer.alloc(40)), MESSAGE, packet(21, Buffer.alloc(0)), packet(21, Buffer.alloc(900)))],
  ['version 2 with OCB', join(wrappedKey6(V6_KEY), packet(18, data2()))],
  ['version 2 with GCM, to a version 4 key', join(wrappedKey6('00'.repeat(19) + '01'), packet(18, data2(7, 3)))],
])('passes with %s', async (_, octets) => {
  expect(await verdict(octets)).toBe('passes');
});

test.each<[string, string, Uint8Array | string]>([
  ['NOT_OPENPGP', 'nothing at all', ''],
  ['NOT_OPENPGP', 'text', 'Dear colleague, the child is well.'],
  ['NOT_OPENPGP', 'a PDF', '%PDF-1.7\n'],
  ['NOT_OPENPGP', 'a certificate', join(packet(6, Buffer.alloc(40)))],
  ['NOT_OPENPGP', 'an unknown packet', join(packet(40, Buffer.alloc(4)), MESSAGE)],
  ['NOT_OPENPGP', 'a wrapped key of version 2', join(packet(1, Buffer.concat([Buffer.from([2]), wrappedKeyBody(KEY_A).subarray(1)])), SEALED)],
  ['NOT_OPENPGP', 'octets after a wrapped key', join(packet(1, join(wrappedKeyBody(KEY_A), Buffer.from('canary'))), SEALED)],
  ['NOT_OPENPGP', 'a wrapped key in partial lengths', join(partialPacket(1, Buffer.alloc(600, 3), [9]), SEALED)],
  ['NOT_OPENPGP', 'a wrapped key of an unknown algorithm', join(packet(1, wrappedKeyBody(KEY_A, 99)), SEALED)],
  ['NOT_OPENPGP', 'a wrapped key of 9,000 octets', join(packet(1, Buffer.alloc(9000, 3)), SEALED)],
  ['NOT_OPENPGP', 'an empty wrapped key', join(packet(1, Buffer.alloc(0)), SEALED)],
  ['NOT_OPENPGP', 'a marker that says something', join(packet(10, Buffer.from('Jan')), MESSAGE)],
  ['NOT_OPENPGP', 'a first partial length under 512', join(wrappedKey(KEY_A), partialPacket(18, LONG, [8]))],
  ['NOT_OPENPGP', 'an indeterminate length', join(Buffer.from([0x80 | (1 << 2) | 3]), wrappedKeyBody(KEY_A))],
  ['NOT_OPENPGP', 'encrypted data of version 3', join(wrappedKey(KEY_A), packet(18, Buffer.concat([Buffer.from([3]), Buffer.alloc(99)])))],
  ['NOT_OPENPGP', 'encrypted data too short to be any', join(wrappedKey(KEY_A), packet(18, Buffer.from([1, 2, 3])))],
  ['NOT_OPENPGP', 'encrypted data shorter than its tag', join(wrappedKey(KEY_A), packet(18, DATA_1.subarray(0, 40)))],
  ['NOT_OPENPGP', 'a version 6 key before version 1 data', join(wrappedKey6(V6_KEY), SEALED)],
  ['NOT_OPENPGP', 'a version 3 key before version 2 data', join(wrappedKey(KEY_A), packet(18, data2()))],
  ['NOT_OPENPGP', 'version 2 with an unknown mode', join(wrappedKey6(V6_KEY), packet(18, data2(9, 9)))],
  ['NOT_OPENPGP', 'version 2 with chunks of 2^23 octets', join(wrappedKey6(V6_KEY), packet(18, data2(9, 2, 17)))],
  ['NOT_OPENPGP', 'a message cut short', MESSAGE.subarray(0, -1)],
  ['NOT_OPENPGP', 'wrapped keys and nothing else', wrappedKey(KEY_A)],
  ['PLAINTEXT', 'a literal packet', packet(11, Buffer.from('b\0\0\0\0\0canary'))],
  ['COMPRESSED_OUTSIDE', 'a compressed packet', packet(8, Buffer.from([0, 1, 2]))],
  ['SIGNED_OUTSIDE', 'a one-pass signature', packet(4, Buffer.alloc(13))],
  ['SIGNED_OUTSIDE', 'a signature', join(packet(2, Buffer.alloc(80)), MESSAGE)],
  ['LEGACY_ENCRYPTION', 'data without integrity protection', join(wrappedKey(KEY_A), packet(9, Buffer.alloc(90)))],
  ['LEGACY_ENCRYPTION', 'version 2 with EAX', join(wrappedKey6(V6_KEY), packet(18, data2(9, 1)))],
  ['LEGACY_ENCRYPTION', 'version 2 with Camellia', join(wrappedKey6(V6_KEY), packet(18, data2(13)))],
  ['LEGACY_ENCRYPTION', 'a session key wrapped with ElGamal', join(packet(1, wrappedKeyBody(KEY_A, 16)), SEALED)],
  ['LIBREPGP_AEAD', 'a LibrePGP data packet', join(wrappedKey(KEY_A), packet(20, Buffer.alloc(90)))],
  ['PASSWORD_RECIPIENT', 'a password beside a key', join(wrappedKey(KEY_A), packet(3, Buffer.alloc(13)), SEALED)],
  ['HIDDEN_RECIPIENT', 'an all-zero key ID', join(wrappedKey('0000000000000000'), SEALED)],
  ['HIDDEN_RECIPIENT', 'an all-zero key ID among others', join(wrappedKey(KEY_A), wrappedKey('0000000000000000'), SEALED)],
  ['HIDDEN_RECIPIENT', 'a version 6 key without a fingerprint', join(packet(1, join(Buffer.from([6, 0, 25]), Buffer.alloc(32), Buffer.from([1, 1]))), packet(18, data2()))],
  ['HIDDEN_RECIPIENT', 'no wrapped key', SEALED],
  ['SEVERAL_MESSAGES', 'a second message', join(MESSAGE, MESSAGE)],
  ['SEVERAL_MESSAGES', 'a second data packet', join(MESSAGE, SEALED)],
  ['TRAILING_DATA', 'a literal after', join(MESSAGE, packet(11, Buffer.from('canary')))],
  ['TRAILING_DATA', 'text after', join(MESSAGE, Buffer.from('canary'))],
  ['TRAILING_DATA', 'a marker after', join(MESSAGE, packet(10, Buffer.from('PGP')))],
  ['TRAILING_DATA', 'padding cut short', join(MESSAGE, packet(21, Buffer.alloc(9)).subarray(0, -1))],
])('refuses with %s: %s', async (code, _, octets) => {
  expect(await verdict(octets)).toBe(code);
  expect(await verdict(octets, { size: 1 })).toBe(code);
});

test('what the recipients are told to hash is what the sender framed, octet for octet, and only that comes out', async () => {
  const framed = partialPacket(18, LONG, [9, 10, 2]);
  for (const size of [1, 7, 512, 65_536]) {
    const { answer, out } = await throughGate(join(packet(10, Buffer.from('PGP')), wrappedKey(KEY_A), framed, packet(21, Buffer.alloc(30))), { size });
    expect(out.equals(framed)).toBe(true);
    expect(answer).toMatchObject({ ok: true, part: { digest: createHash('sha256').update(framed).digest('hex'), size: framed.length, seipdVersion: 1 } });
  }
});

test('each addressee comes with its own packet as it was framed', async () => {
  const { answer } = await throughGate(join(wrappedKey(KEY_A, 'old'), wrappedKey(KEY_B, 'new-5'), SEALED), { size: 3 });
  const addressees = answer.ok ? answer.part.addressees : [];
  expect(addressees.map(({ keyId, version }) => [keyId, version])).toEqual([[KEY_A, 3], [KEY_B, 3]]);
  expect(addressees.map((addressee) => Buffer.from(addressee.packet))).toEqual([wrappedKey(KEY_A, 'old'), wrappedKey(KEY_B, 'new-5')]);
});

test('a version 6 addressee is named by its fingerprint', async () => {
  const { answer } = await throughGate(join(wrappedKey6(V6_KEY), packet(18, data2())));
  expect(answer).toMatchObject({ part: { seipdVersion: 2, addressees: [{ version: 6, fingerprint: V6_KEY }] } });
});

test('nothing beyond the limits is taken, and it is said before the octets come', async () => {
  expect(await verdict(MESSAGE, { maxOctets: MESSAGE.length })).toBe('passes');
  expect(await verdict(MESSAGE, { maxOctets: MESSAGE.length - 1 })).toBe('TOO_LARGE');
  const announced = join(wrappedKey(KEY_A), Buffer.from([0xd2, 255, 0x40, 0, 0, 0]));
  expect(await verdict(announced)).toBe('TOO_LARGE');
  expect(await verdict(join(wrappedKey(KEY_A), wrappedKey(KEY_B), SEALED), { maxAddressees: 1 })).toBe('TOO_LARGE');
  expect(await verdict('\n'.repeat(300_000), { maxOctets: 1000 })).not.toBe('passes');
  expect(await verdict(armorOctets(MESSAGE) + '\n'.repeat(300_000), { maxOctets: 1000 })).toBe('TOO_LARGE');
});

test('a source that never ends is left after its limit', async () => {
  let given = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield join(wrappedKey(KEY_A), Buffer.from([0xd2, 224 + 12, 1]));
    for (;;) {
      given += 1;
      yield Buffer.alloc(4096, 224 + 12);
    }
  }
  const answer = await readSealed(endless(), { ...LIMITS, sink: () => undefined });
  expect(answer).toEqual({ ok: false, problem: { code: 'TOO_LARGE' } });
  expect(given).toBeLessThan(300);
});

test('the sink is waited for, so a slow disk slows the sender and does not fill memory', async () => {
  let writing = 0;
  const sink = async (): Promise<void> => {
    expect((writing += 1)).toBe(1);
    await new Promise(setImmediate);
    writing -= 1;
  };
  expect((await readSealed(pieces(MESSAGE, 10), { ...LIMITS, sink })).ok).toBe(true);
});

test('a fault of the disk or of the connection is thrown: it says nothing of the sender', async () => {
  const full = (): Promise<void> => Promise.reject(new Error('ENOSPC'));
  await expect(readSealed(pieces(MESSAGE, 10), { ...LIMITS, sink: full })).rejects.toThrow('ENOSPC');
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield MESSAGE.subarray(0, 10);
    throw new Error('ECONNRESET');
  }
  await expect(readSealed(broken(), { ...LIMITS, sink: () => undefined })).rejects.toThrow('ECONNRESET');
});

test('octets in memory give their data packet back', async () => {
  const read = await readSealedOctets(MESSAGE, LIMITS);
  expect(read.ok && Buffer.from(read.data).equals(SEALED)).toBe(true);
  expect(await readSealedOctets(SEALED, LIMITS)).toMatchObject({ ok: false });
});
