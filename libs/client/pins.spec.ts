import { generateKeyPairSync } from 'node:crypto';
import { generateKeyPair } from '#envelope/sealing';
import { readCertificate } from '#envelope/certificates';
import { publicKeySet } from '#envelope/signing-keys';
import { emptyRoot, leafHash } from '#register/merkle';
import { signCheckpoint } from '#register/checkpoint';
import { vkeyOf } from '#register/vkey';
import { Pins, type PinsFile } from './pins';

const ORIGIN = 'gateway.example/register/school';
const log = generateKeyPairSync('ed25519');
const gateway = generateKeyPairSync('ed25519');
let file: PinsFile;
beforeAll(async () => {
  const { certificate } = await generateKeyPair({ name: 'Co-ordinator', algorithm: 'curve25519-legacy' });
  const read = await readCertificate(certificate);
  if (!read.ok) throw new Error(read.problem.code);
  file = {
    format: 'waybill-pins/1', gateway: 'https://gateway.example', gatewayKeys: (await publicKeySet([{ publicKey: gateway.publicKey, from: new Date(0) }])).keys, logKeys: [vkeyOf(ORIGIN, log.publicKey)],
    coordinators: [{ fingerprint: read.certificate.fingerprint, certificate: Buffer.from(certificate).toString('base64') }],
  };
});

test.each<[string, (pins: PinsFile) => unknown]>([
  ['format', (pins) => ({ ...pins, format: 'x' })],
  ['gatewayKeys', (pins) => ({ ...pins, gatewayKeys: [] })],
  ['gatewayKeys', (pins) => ({ ...pins, gatewayKeys: pins.gatewayKeys.map((key) => ({ ...key, kid: 'another' })) })],
  ['gatewayKeys', (pins) => ({ ...pins, gatewayKeys: 'x' })],
  ['logKeys', (pins) => ({ ...pins, logKeys: ['x'] })],
  ['coordinators', (pins) => ({ ...pins, coordinators: [] })],
  ['coordinators', (pins) => ({ ...pins, coordinators: pins.coordinators.map((each) => ({ ...each, fingerprint: 'A'.repeat(40) })) })],
  ['coordinators', (pins) => ({ ...pins, coordinators: [{ fingerprint: '', certificate: '' }] })],
])('refuses pins whose %s are not sound, and says which', async (place, change) => {
  await expect(Pins.of(change(file) as PinsFile)).rejects.toMatchObject({ code: 'PINS_INVALID', facts: { place } });
});

test('a contact’s first key is noted, another one is told, and is known from then on', async () => {
  const pins = await Pins.of(file);
  const key = { agency: 'council', contact: 'front-door', use: 'seal' as const, fingerprint: 'A' };
  expect(pins.notice(key)).toBeUndefined();
  expect(pins.notice(key)).toBeUndefined();
  expect(pins.notice({ ...key, use: 'sign' })).toBeUndefined();
  expect(pins.notice({ ...key, fingerprint: 'B' })).toMatchObject({ fingerprint: 'B', before: ['A'] });
  const later = await Pins.of(pins.toFile());
  expect(later.notice({ ...key, fingerprint: 'B' })).toBeUndefined();
  expect(later.notice({ ...key, fingerprint: 'C' })).toMatchObject({ before: ['A', 'B'] });
  expect(pins.notice({ ...key, agency: '__proto__' })).toBeUndefined();
});

test('a checkpoint is held only if it is signed by the pinned key and later than the one before', async () => {
  const pins = await Pins.of(file);
  const at = (size: number, key = log) => signCheckpoint({ origin: ORIGIN, size, root: size === 0 ? emptyRoot() : leafHash(Buffer.from(String(size))) }, key);
  for (const note of [at(2), at(1), at(3, gateway), 'x']) pins.hold(note);
  expect(pins.checkpoint).toBe(at(2));
  pins.hold(at(4));
  expect(pins.checkpoint).toBe(at(4));
});
