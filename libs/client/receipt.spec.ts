import { generateKeyPair } from '#envelope/sealing';
import { readCertificate } from '#envelope/certificates';
import { generateSigningKey, publicKeySet, type SigningKey } from '#envelope/signing-keys';
import type { Receipt } from '#protocol/answers';
import { sha256 } from '#protocol/digest';
import { signPromise } from '#register/promise';
import { vkeyOf } from '#register/vkey';
import { Pins } from './pins';
import { verifyReceipt } from './receipt';

const GATEWAY = 'https://gateway.example';
const LOG = 'gateway.example/register/school';
const AT = new Date('2026-03-02T09:30:00Z');
const LEAF = Buffer.alloc(32, 7);
const SHARE = { share: '01890a5d-ac96-774b-bcce-b302099a8057', manifestDigest: sha256('manifest') };

let key: SigningKey;
let other: SigningKey;
let pins: Pins;
beforeAll(async () => {
  [key, other] = [await generateSigningKey(), await generateSigningKey()];
  const { certificate } = await generateKeyPair({ name: 'Co-ordinator', algorithm: 'curve25519-legacy' });
  const read = await readCertificate(certificate);
  if (!read.ok) throw new Error(read.problem.code);
  pins = await Pins.of({
    format: 'waybill-pins/1', gateway: GATEWAY, gatewayKeys: (await publicKeySet([{ publicKey: key.publicKey, from: new Date(0) }])).keys, logKeys: [vkeyOf(LOG, other.publicKey)],
    coordinators: [{ fingerprint: read.certificate.fingerprint, certificate: Buffer.from(certificate).toString('base64') }],
  });
});

async function receipt(promised: Partial<Parameters<typeof signPromise>[0]> = {}, by = key, change: Partial<Receipt> = {}): Promise<Receipt> {
  const promise = signPromise({ iss: GATEWAY, log: LOG, leaf: LEAF, at: AT, ...promised }, by);
  return { format: 'waybill-receipt/1', ...SHARE, acceptedAt: AT.toISOString(), transfers: [], struckOff: [], warnings: [], register: { log: LOG, entry: SHARE.share, leaf: LEAF.toString('hex'), promise }, ...change };
}

test('a receipt by the gateway for what was sent is taken', async () => {
  await expect(verifyReceipt(await receipt(), SHARE, pins)).resolves.toMatchObject(SHARE);
});

test.each<[string, string, () => Promise<Receipt>]>([
  ['another share', 'share', () => receipt({}, key, { share: '01890a5d-ac96-774b-bcce-b302099a8058' })],
  ['another manifest', 'manifestDigest', () => receipt({}, key, { manifestDigest: sha256('x') })],
  ['a promise by another key', 'register/promise', () => receipt({}, other)],
  ['a promise by another gateway', 'register/promise', () => receipt({ iss: 'https://other.example' })],
  ['a promise of another entry', 'register/promise', () => receipt({ leaf: Buffer.alloc(32, 8) })],
  ['a promise in somebody else’s register', 'register/log', async () => {
    const log = 'gateway.example/register/council';
    const given = await receipt({ log });
    return { ...given, register: { ...given.register, log } };
  }],
  ['no promise', 'register/promise', async () => receipt({}, key, { register: { log: LOG, entry: '', leaf: '', promise: '' } })],
  ['nothing in it', 'format', () => Promise.resolve({} as Receipt)],
])('a receipt with %s is refused, with the place', async (_, place, make) => {
  await expect(verifyReceipt(await make(), SHARE, pins)).rejects.toMatchObject({ code: 'RECEIPT_NOT_TRUSTED', kind: 'trust', facts: { place } });
});
