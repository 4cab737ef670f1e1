import type { Pins } from '#client/pins';
import { vouch } from '#client/vouching';
import { readCertificate } from '#envelope/certificates';
import { makeStatement, verifyStatement } from '#envelope/key-statement';
import type { CertificateTold, PlanAnswer } from '#protocol/answers';
import { type ContactKeys, newKeys } from '../../apps/standalone/partnership';
import { CASEWORK, FRONT_DOOR, Scene } from '../journeys/referral';
import { openWorld } from '../world/partnership';
import { bindSmime } from '../world/smime';
import { issue } from './envelope/x509';

/** Who runs the database puts a certificate of his own where the front door's was: whatever is sealed to it, he can read. */
let scene: Scene;
let operator: ContactKeys;
beforeAll(async () => {
  scene = new Scene(await openWorld());
  operator = await newKeys('Merebrook Council, Integrated Front Door');
});
afterAll(() => scene.world.close());

/** What every program on the sender's side does before it seals to a key: the co-ordinator's certificate was pinned at enrolment. */
async function judged({ certificate, statement, statementSignature, agency, contact, use }: CertificateTold): Promise<string> {
  const reading = await readCertificate(new Uint8Array(Buffer.from(certificate, 'base64')));
  if (!reading.ok) return reading.problem.code;
  const verdict = await verifyStatement({
    octets: new Uint8Array(Buffer.from(statement, 'base64')), signature: new Uint8Array(Buffer.from(statementSignature, 'base64')),
    coordinator: scene.world.coordinator.certificate, at: scene.world.clock.now(), expected: { agency, contact, use, fingerprint: reading.certificate.fingerprint },
  });
  return verdict.ok ? 'vouched for' : verdict.code;
}

const line = { recipient: { agency: 'merebrook-council', contact: 'front-door' }, part: 'part-1', category: 'names', kind: 'fact', needToKnow: 'assesses-referral' };
async function offered(): Promise<CertificateTold[]> {
  const plan = (await scene.school.post('/v1/share-plans', { manifest: scene.school.manifestOf(), lines: [line] })).json as PlanAnswer;
  const listed = (await scene.school.get('/v1/directory/agencies/merebrook-council/certificates')).json.items as CertificateTold[];
  return [...plan.certificates, ...listed].filter(({ use, contact }) => use === 'seal' && contact === 'front-door');
}
/** As the SDK does, for both forms. */
const vouchedFor = async (told: CertificateTold): Promise<string> => {
  const { coordinator, clock } = scene.world;
  const verdict = await vouch(told, { coordinators: [coordinator.certificate] } as unknown as Pins, { use: 'seal' }, clock.now());
  return verdict.ok ? 'vouched for' : verdict.not.because;
};
const swap = (set: string, values: unknown[]) => scene.sql(`update waybill.certificate set ${set} where agency = 'merebrook-council' and contact = 'front-door' and use = 'seal'`, values);

test('as it stands, the front door’s certificate is vouched for, in the plan and in the directory', async () => {
  const certificates = await offered();
  expect(certificates).toHaveLength(2);
  for (const each of certificates) expect(await judged(each)).toBe('vouched for');
});

test('with other octets under the same name the statement is for another key, and whoever seals does not', async () => {
  const [{ octets }] = await scene.sql<{ octets: Buffer }>(`select octets from waybill.certificate where agency = 'merebrook-council' and use = 'seal'`) as [{ octets: Buffer }];
  await swap('octets = $1', [Buffer.from(operator.certificate.octets)]);
  const certificates = await offered();
  expect(certificates).toHaveLength(2);
  for (const each of certificates) expect(await judged(each)).toBe('STATEMENT_FOR_ANOTHER');
  await swap('octets = $1', [octets]);
});

test('an S/MIME certificate is swapped no better: neither for another, nor into the place of an OpenPGP one', async () => {
  const [nurse, own] = [issue('nurse'), issue('operator')];
  await bindSmime(scene.world, CASEWORK, nurse);
  const served = async (agency: string) => ((await scene.school.get(`/v1/directory/agencies/${agency}/certificates`)).json.items as CertificateTold[]).filter(({ use }) => use === 'seal');
  const [smime] = (await served('kingfisher-families')).filter(({ form }) => form === 'smime');
  expect(smime && (await vouchedFor(smime))).toBe('vouched for');
  await scene.sql('update waybill.certificate set octets = $1 where fingerprint = $2', [own.octets, nurse.certificate.fingerprint]);
  for (const told of (await served('kingfisher-families')).filter(({ form }) => form === 'smime')) expect(await vouchedFor(told)).toBe('STATEMENT_FOR_ANOTHER');
  // The co-ordinator's word for an OpenPGP key, beside octets of another form that claim its fingerprint; and the other way about.
  const [openpgp] = await served('merebrook-council');
  if (!openpgp || !smime) throw new Error('nothing is served');
  expect(await vouchedFor({ ...openpgp, form: 'smime', certificate: own.octets.toString('base64') })).toBe('STATEMENT_FOR_ANOTHER');
  const { form: _form, ...bare } = smime;
  expect(await vouchedFor({ ...bare, certificate: openpgp.certificate })).toBe('STATEMENT_FOR_ANOTHER');
  expect(await vouchedFor(bare)).toBe('NOT_OPENPGP');
});

test('with fingerprint and key IDs swapped too, and a statement signed by the operator, it is signed by nobody who counts', async () => {
  const now = scene.world.clock.now();
  const window = { from: now.toISOString(), until: new Date(now.getTime() + 86_400_000).toISOString() };
  const forged = await makeStatement({ agency: 'merebrook-council', contact: 'front-door', use: 'seal', fingerprint: operator.certificate.fingerprint, ...window }, operator.key);
  await swap('octets = $1, fingerprint = $2, statement = $3, statement_signature = $4', [Buffer.from(operator.certificate.octets), operator.certificate.fingerprint, Buffer.from(forged.octets), Buffer.from(forged.signature)]);
  for (const { keyId, fingerprint } of operator.certificate.seal) await scene.sql('insert into waybill.certificate_key (key_id, key_fingerprint, fingerprint) values ($1, $2, $3)', [keyId, fingerprint, operator.certificate.fingerprint]);
  for (const each of await offered()) {
    expect(each.fingerprint).toBe(operator.certificate.fingerprint);
    expect(await judged(each)).toBe('STATEMENT_NOT_SIGNED');
  }
  // Who seals without looking is let through: the gate knows what the directory says. The check is the sender's own, and must be.
  const share = await scene.compose({ parts: [{ category: 'names', text: 'x', to: { [FRONT_DOOR]: 'assesses-referral' }, sealTo: [operator.certificate] }] });
  expect((await scene.school.submit(share)).status).toBe(202);
});
