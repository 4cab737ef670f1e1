import { TYPE } from '#envelope/der/tags';
import { header } from '#envelope/der/writer';
import { CASEWORK, expectProblem, HEALTH_VISITORS, Scene } from '../journeys/referral';
import { Openssl } from '../witness/openssl';
import { openWorld } from '../world/partnership';
import { bindSmime, VISITORS_WITHOUT_OPENPGP } from '../world/smime';
import { withFirstPart } from './addressees';
import { issue, type Wish } from './envelope/x509';
import { agreed, agreedKey, ATTRIBUTES, authEnveloped, transported, withOther } from './envelope/cms-forge';

/** What S/MIME programs and liars write that nobody else may open, and somebody could: refused by the gateway, each by its own name. */
const openssl = new Openssl();
const [OWN, CURVE, STRANGER, PARTNER] = [openssl.person('own', 'rsa'), openssl.person('curve', 'P-256'), openssl.person('stranger', 'rsa'), openssl.person('partner', 'P-256')];

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld({ cast: VISITORS_WITHOUT_OPENPGP }));
  for (const person of [OWN, CURVE]) await bindSmime(scene.world, HEALTH_VISITORS, person);
  await bindSmime(scene.world, CASEWORK, PARTNER);
});
afterAll(async () => {
  await scene.world.close();
  openssl.end();
});

const WORDS = 'The child is at 14 Elm Road';
const to = (person: typeof OWN, options: string[]) => ({ ...person, options });
const plan = (urgency: string, ...people: (typeof OWN)[]) => ({ parts: [{ category: 'names', text: WORDS, to: { [HEALTH_VISITORS]: 'assesses-referral' }, sealed: (octets: Buffer) => openssl.encrypted(octets, people) }], manifest: { urgency } });
/** A hundred thousand sequences, each in the other: a reader that calls itself falls over. */
function deep(): Buffer {
  const heads: Uint8Array[] = [];
  for (let length = 0; heads.length < 100_000; length += heads.at(-1)?.length ?? 0) heads.push(header(TYPE.sequence, length));
  return Buffer.concat(heads.reverse());
}

describe('C13: refused by its own code, in an emergency too, and nothing is kept', () => {
  test.each<[string, string, () => Uint8Array]>([
    ['a password beside the certificate', 'PASSWORD_RECIPIENT', () => openssl.encrypted(WORDS, [CURVE], '-aes-256-cbc', ['-pwri_password', 'open sesame'])],
    ['a key that was agreed beforehand', 'AGREED_KEY_RECIPIENT', () => openssl.encrypted(WORDS, [CURVE], '-aes-256-gcm', ['-secretkey', '00'.repeat(32), '-secretkeyid', '01'])],
    ['a recipient of another kind', 'OTHER_RECIPIENT', () => authEnveloped({ recipients: [transported(), withOther] })],
    ['two recipients in one entry', 'RECIPIENTS_TOGETHER', () => authEnveloped({ recipients: [agreed({ keys: [agreedKey(), agreedKey()] })] })],
    ['CBC, which anybody on the way can change (EFAIL)', 'LEGACY_ENCRYPTION', () => openssl.encrypted(WORDS, [OWN], '-aes-256-cbc')],
    ['triple DES', 'LEGACY_ENCRYPTION', () => openssl.encrypted(WORDS, [OWN], '-des3')],
    ['RSA PKCS #1 v1.5, which tells its key to whoever may ask often (Bleichenbacher)', 'LEGACY_ENCRYPTION', () => openssl.encrypted(WORDS, [to(OWN, [])])],
    ['OAEP with SHA-1', 'LEGACY_ENCRYPTION', () => openssl.encrypted(WORDS, [to(OWN, ['-keyopt', 'rsa_padding_mode:oaep'])])],
    ['key agreement with SHA-1', 'LEGACY_ENCRYPTION', () => openssl.encrypted(WORDS, [to(CURVE, [])])],
    ['BER, which can be read in two ways', 'NOT_DER', () => openssl.encrypted(WORDS, [OWN], '-aes-256-gcm', ['-stream'])],
    ['attributes in clear', 'ATTRIBUTES_IN_CLEAR', () => authEnveloped({ after: [ATTRIBUTES] })],
    ['signed and not encrypted', 'SIGNED_OUTSIDE', () => openssl.run('cms', '-sign', '-binary', '-nodetach', '-outform', 'DER', '-in', openssl.file(WORDS), '-signer', OWN.path, '-inkey', OWN.key)],
    ['words in the form of a message', 'PLAINTEXT', () => openssl.run('cms', '-data_create', '-outform', 'DER', '-in', openssl.file(WORDS))],
    ['words behind its end', 'TRAILING_DATA', () => Buffer.concat([openssl.encrypted('x', [OWN]), Buffer.from(WORDS)])],
    ['cut off', 'NOT_CMS', () => openssl.encrypted(WORDS, [OWN]).subarray(0, -1)],
    ['an abyss of sequences', 'NOT_CMS', deep],
  ])('%s: %s', async (_what, code, made) => {
    const octets = made();
    for (const urgency of ['routine', 'emergency']) {
      const answer = await scene.school.submit(withFirstPart(await scene.compose(plan(urgency, OWN)), () => octets));
      expectProblem(answer, 422, code);
      expect(answer.body.toString()).not.toContain('Elm');
    }
    expect(await scene.kept()).toMatchObject({ share: 0, part: 0, chunk: 0, wrapped_key: 0 });
  });

  test('brought as an upload it is refused the same, and dropped', async () => {
    const { upload } = (await scene.school.ask('POST', '/v1/uploads')).json as { upload: string };
    const octets = openssl.encrypted(WORDS, [OWN], '-aes-256-cbc');
    expectProblem(await scene.school.ask('PATCH', `/v1/uploads/${upload}`, octets, { 'content-type': 'application/partial-upload', 'upload-offset': '0' }), 422, 'LEGACY_ENCRYPTION');
    expectProblem(await scene.school.get(`/v1/uploads/${upload}`), 404, 'NOT_FOUND');
    expect(await scene.sql('select from waybill.upload_chunk')).toEqual([]);
  });

  test.each([['a stranger', 'UNKNOWN_ADDRESSEE', STRANGER], ['a partner', 'ADDRESSEE_NOT_PROPOSED', PARTNER]])('C5: %s beside the recipient: %s', async (_who, code, extra) => {
    const answer = await scene.school.submit(await scene.compose(plan('routine', OWN, extra)));
    expectProblem(answer, 422, code);
    expect(answer.json.reasons[0]).toMatchObject({ part: 'part-1', keyId: extra.certificate.names[0] });
    expect(await scene.kept()).toMatchObject({ share: 0, chunk: 0 });
  });

  test('one certificate addressed twice, under two names, could be two texts', async () => {
    const twice = (octets: Buffer): Buffer => openssl.encrypted(octets, [OWN], '-aes-256-gcm', ['-recip', OWN.path, ...OWN.options, '-keyid']);
    const answer = await scene.school.submit(await scene.compose({ parts: [{ category: 'names', text: WORDS, to: { [HEALTH_VISITORS]: 'assesses-referral' }, sealed: twice }] }));
    expectProblem(answer, 422, 'SEVERAL_MESSAGES');
  });
});

test('a certificate that takes the name of another’s key is not bound', async () => {
  const frontDoor = scene.certificates('merebrook-council/front-door').seal[0];
  for (const taken of [frontDoor?.keyId ?? '', frontDoor?.fingerprint ?? '', OWN.certificate.names[1] ?? '']) {
    await expect(bindSmime(scene.world, CASEWORK, issue('namesake', { keyIdentifier: Buffer.from(taken, 'hex') }))).rejects.toMatchObject({ reasons: [{ code: 'KEY_ID_TAKEN' }] });
  }
});

test.each<[string, string, Wish]>([
  ['of a weak key', 'weak', { key: 'rsa2048' }],
  ['on a curve that we do not know', 'weak', { key: 'secp256k1' }],
  ['that ran out', 'expired', { until: new Date('2026-01-01T00:00:00Z') }],
  ['that does not hold yet', 'unverified', { from: new Date('2027-06-01T00:00:00Z') }],
  ['of an authority', 'unverified', { authority: true }],
  ['for signing only', 'unverified', { usage: [0] }],
  ['with a name of a few bits', 'unverified', { keyIdentifier: Buffer.of(1, 2, 3) }],
])('CH-15: a certificate %s is not bound to seal to', async (_what, cause, wish) => {
  await expect(bindSmime(scene.world, CASEWORK, issue('unfit', wish))).rejects.toMatchObject({ reasons: [{ code: 'KEY_NOT_VERIFIED', facts: { cause } }] });
});
