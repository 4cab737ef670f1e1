import { GATE_CODES } from '#envelope/codes';
import { armorOctets } from '#envelope/cutting';
import { signDetached } from '#envelope/signatures';
import { MINUTE } from '#platform/clock';
import { bind, newKeys, type ContactKeys } from '../../apps/standalone/partnership';
import { data2, packet, wrappedKey, wrappedKey6 } from '../attacks/envelope/forge';
import type { Composed, SharePlan } from '../world/partner';
import { openWorld } from '../world/partnership';
import { bending, type Bend, first, part } from './bent';
import { CASEWORK, FRONT_DOOR, REFERRAL, Scene } from './referral';

let scene: Scene;
/** Of somebody whom the directory does not know; of the front door and of the school, no longer to be used. */
let stranger: ContactKeys;
let formerSeal: ContactKeys;
let formerSign: ContactKeys;
beforeAll(async () => {
  scene = new Scene(await openWorld());
  [stranger, formerSeal, formerSign] = [await newKeys('Stranger'), await newKeys('Front door, before'), await newKeys('School, before')];
  const { system, coordinator, clock } = scene.world;
  const window = { from: clock.now(), until: new Date(clock.now().getTime() + 90 * 24 * 60 * MINUTE) };
  await bind(system.registrar, coordinator, { agency: 'merebrook-council', contact: 'front-door', use: 'seal', certificate: formerSeal.certificate, ...window });
  await bind(system.registrar, coordinator, { agency: 'st-brigid-primary', contact: 'safeguarding-lead', use: 'sign', certificate: formerSign.certificate, ...window });
  await system.registrar.revokeCertificate(formerSeal.certificate.fingerprint, 'superseded');
  await system.registrar.revokeCertificate(formerSign.certificate.fingerprint, 'superseded');
});
afterAll(() => scene.world.close());
// Ten malformed uploads a minute have an entry each; the rest are counted.
beforeEach(() => scene.world.clock.advance(MINUTE));

const { refused } = bending(() => scene);

describe('parts', () => {
  test.each<[string, string, Bend]>([
    ['one is missing', 'PART_MISSING', part('part-2', undefined)],
    ['one is there that no line names', 'PART_UNEXPECTED', (share) => part('part-3', share.parts.get('part-1'))(share)],
    ['two are each in the other one’s place', 'DIGEST_MISMATCH', (share) => ({ ...share, parts: new Map([['part-1', share.parts.get('part-2') as Uint8Array], ['part-2', share.parts.get('part-1') as Uint8Array]]) })],
  ])('where %s are refused with %s', async (_what, code, bend) => {
    await refused(await bend(await scene.compose()), 422, code);
  });

  /** The keys that a part is sealed to, other than those of its lines. */
  const sealedTo = (...to: (() => ContactKeys)[]): (() => Promise<Composed>) => () => scene.compose(sealTo(to.map((keys) => keys().certificate)));
  const sealTo = (certificates: SharePlan['parts'][number]['sealTo'], to: SharePlan['parts'][number]['to'] = { [FRONT_DOOR]: 'assesses-referral' }): SharePlan => ({ parts: [{ ...REFERRAL.parts[0], category: 'names', text: 'x', to, ...(certificates ? { sealTo: certificates } : {}) }] });
  const bent = (bend: Bend) => async () => bend(await scene.compose());
  const frontDoor = () => scene.council.keys('front-door');
  const keyId = () => frontDoor().certificate.seal[0]?.keyId ?? '';
  const withSignature = (signature: (share: Composed) => Promise<Uint8Array>): (() => Promise<Composed>) => async () => {
    const share = await scene.compose();
    return { ...share, signature: await signature(share) };
  };

  /** Every code of the gate, each by something that a program or an attacker could send. */
  const GATE: readonly [keyof typeof GATE_CODES, string, () => Promise<Composed>][] = [
    ['NOT_OPENPGP', 'random octets', bent(part('part-1', Buffer.alloc(600, 0xff)))],
    ['NOT_OPENPGP', 'nothing', bent(part('part-1', Buffer.alloc(0)))],
    ['NOT_OPENPGP', 'half a message', bent(first((octets) => octets.subarray(0, octets.length - 20)))],
    ['NOT_OPENPGP', 'a certificate', bent((share) => part('part-1', frontDoor().certificate.octets)(share))],
    ['NOT_OPENPGP', 'a text', bent(part('part-1', Buffer.from('The child came to school without a coat.')))],
    ['PLAINTEXT', 'a literal packet', bent(part('part-1', packet(11, Buffer.from('b\0\0\0\0\0The child'))))],
    ['SIGNED_OUTSIDE', 'a one-pass signature', bent(part('part-1', packet(4, Buffer.alloc(13, 3))))],
    ['COMPRESSED_OUTSIDE', 'a compressed packet', bent(part('part-1', packet(8, Buffer.alloc(40, 1))))],
    ['LEGACY_ENCRYPTION', 'data without integrity protection', bent(() => scene.compose().then((share) => part('part-1', Buffer.concat([wrappedKey(keyId()), packet(9, Buffer.alloc(90, 1))]))(share)))],
    ['LIBREPGP_AEAD', 'data in the LibrePGP form', bent((share) => part('part-1', Buffer.concat([wrappedKey(keyId()), packet(20, Buffer.alloc(90, 1))]))(share))],
    ['PASSWORD_RECIPIENT', 'a password beside the key', bent(first((octets) => Buffer.concat([packet(3, Buffer.from([4, 9, 3, 8, 1, 2, 3, 4, 5, 6, 7, 8, 96])), octets])))],
    ['HIDDEN_RECIPIENT', 'an addressee without a name', bent(first((octets) => Buffer.concat([wrappedKey('0000000000000000'), octets])))],
    ['HIDDEN_RECIPIENT', 'data for whoever can open it', bent(part('part-1', packet(18, data2())))],
    ['UNKNOWN_ADDRESSEE', 'a stranger', sealedTo(frontDoor, () => stranger)],
    ['ADDRESSEE_NOT_PROPOSED', 'a partner for whom it is not', sealedTo(frontDoor, () => scene.charity.keys())],
    ['RECIPIENT_NOT_ADDRESSED', 'one recipient of two', () => scene.compose(sealTo([frontDoor().certificate], { [FRONT_DOOR]: 'assesses-referral', [CASEWORK]: 'works-with-person' }))],
    ['SEVERAL_MESSAGES', 'one message after another', bent(first((octets) => Buffer.concat([octets, octets])))],
    ['TEXT_AROUND_ARMOR', 'a letter around it', bent(first((octets) => Buffer.concat([Buffer.from(armorOctets(octets)), Buffer.from('\r\nYours, the safeguarding lead\r\n')])))],
    ['TRAILING_DATA', 'a literal packet behind it', bent(first((octets) => Buffer.concat([octets, packet(11, Buffer.from('b\0\0\0\0\0x'))])))],
    ['KEY_NOT_VERIFIED', 'a key that was revoked', sealedTo(frontDoor, () => formerSeal)],
    ['KEY_NOT_VERIFIED', 'a signature by a key that was revoked', withSignature((share) => signDetached({ octets: share.manifest, key: formerSign.key }))],
    ['DIGEST_MISMATCH', 'one octet different', bent(first((octets) => Buffer.from(octets).fill((octets.at(-1) as number) ^ 1, octets.length - 1)))],
    ['TOO_LARGE', 'more wrapped keys than we take', bent(part('part-1', Buffer.concat([...Array.from({ length: 201 }, () => wrappedKey('AAAAAAAAAAAAAAAA')), packet(18, Buffer.alloc(90, 1))])))],
    ['TOO_LARGE', 'a length past the limit', bent((share) => part('part-1', Buffer.concat([wrappedKey(keyId()), Buffer.from([0xd2, 0xff, 0x7f, 0xff, 0xff, 0xff, 1]), Buffer.alloc(900, 1)]))(share))],
    ['SIGNATURE_MISSING', 'an empty signature', withSignature(() => Promise.resolve(Buffer.alloc(0)))],
    ['SIGNATURE_MISSING', 'what is no signature', withSignature(() => Promise.resolve(Buffer.from('signed, the head teacher')))],
    ['SIGNATURE_MISSING', 'two signatures', withSignature(({ signature }) => Promise.resolve(Buffer.concat([signature, signature])))],
    ['SIGNATURE_WRONG_KEY', 'a signature of the recipient', withSignature(({ manifest }) => signDetached({ octets: manifest, key: frontDoor().key }))],
    ['SIGNATURE_WRONG_KEY', 'a signature of a stranger', withSignature(({ manifest }) => signDetached({ octets: manifest, key: stranger.key }))],
    ['SIGNATURE_OTHER_BYTES', 'a signature over other octets', withSignature(({ manifest }) => signDetached({ octets: Buffer.concat([manifest, Buffer.from('\n')]), key: scene.school.keys().key }))],
    ['OUT_OF_ORDER', 'a part that is not named as one', bent((share) => ({ ...share, parts: new Map([['letter', share.parts.get('part-1') as Uint8Array]]) }))],
  ];

  test.each(GATE)('%s over HTTP: %s', async (code, _what, made) => {
    await refused(await made(), GATE_CODES[code].status, code);
  });

  test('no code of the gate is without a case', () => {
    expect(new Set(GATE.map(([code]) => code))).toEqual(new Set(Object.keys(GATE_CODES)));
  });

  test('a key of version 6 before data of version 1 is refused: it could open nothing', async () => {
    await refused(await part('part-1', Buffer.concat([wrappedKey6('AB'.repeat(32)), packet(18, Buffer.alloc(90, 1))]))(await scene.compose()), 422, 'NOT_OPENPGP');
  });

  test('all reasons are told at once, each with the part and the recipient that it is about', async () => {
    const plan: SharePlan = { parts: [{ category: 'names', text: 'x', to: { [FRONT_DOOR]: 'assesses-referral', [CASEWORK]: 'works-with-person' }, sealTo: [stranger.certificate] }] };
    const { reasons } = await refused(await scene.compose(plan), 422, 'UNKNOWN_ADDRESSEE');
    expect(reasons).toEqual([
      expect.objectContaining({ code: 'UNKNOWN_ADDRESSEE', part: 'part-1', keyId: stranger.certificate.seal[0]?.keyId }),
      ...[FRONT_DOOR, CASEWORK].map((recipient) => expect.objectContaining({ code: 'RECIPIENT_NOT_ADDRESSED', part: 'part-1', recipient })),
    ]);
  });
});
