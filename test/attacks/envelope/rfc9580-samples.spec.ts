import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchAddressees } from '#envelope/addressees';
import { readCertificate, standing } from '#envelope/certificates';
import { open, readPrivateKey } from '#envelope/sealing';
import { AT, throughGate, verdict } from './forge';

interface Vectors {
  certificate: { armored: string; fingerprint: string; sealFingerprint: string };
  secretKey: { armored: string };
  samples: { section: string; name: string; armored: string; verdict: string; plaintext?: string }[];
}

const vectors = JSON.parse(readFileSync(join(__dirname, '../../vectors/envelope/rfc9580.json'), 'utf8')) as Vectors;

test.each(vectors.samples.map((sample) => [sample.section, sample.name, sample] as const))('RFC 9580 %s, %s', async (_section, _name, sample) => {
  for (const size of [1, 65_536]) expect(await verdict(sample.armored, { size })).toBe(sample.verdict);
  expect(await verdict(sample.armored.replaceAll('\n', '\r\n'))).toBe(sample.verdict);
});

test('RFC 9580 A.3: the certificate is read, its keys are current, and the A.8 message is addressed to it', async () => {
  const read = await readCertificate(vectors.certificate.armored);
  if (!read.ok) throw new Error(read.problem.code);
  const { certificate } = read;
  expect(certificate.fingerprint).toBe(vectors.certificate.fingerprint);
  expect(certificate.seal.map((key) => [key.fingerprint, key.algorithm, standing(certificate, key, AT)])).toEqual([[vectors.certificate.sealFingerprint, 'x25519', 'current']]);
  expect(certificate.sign.map((key) => key.algorithm)).toEqual(['ed25519']);

  const sealed = vectors.samples.find((sample) => sample.verdict === 'passes');
  const { answer } = await throughGate(sealed?.armored ?? '');
  if (!answer.ok) throw new Error(answer.problem.code);
  const known = (id: string) => (id === vectors.certificate.sealFingerprint ? { recipient: 'wirral-council/front-door', standing: 'current' as const } : undefined);
  expect(matchAddressees(answer.part, known, ['wirral-council/front-door'])).toMatchObject({ ok: true });
  expect(matchAddressees(answer.part, () => undefined, ['wirral-council/front-door'])).toMatchObject({ ok: false });
});

test('RFC 9580 A.4 and A.8: its owner opens it', async () => {
  const sealed = vectors.samples.find((sample) => sample.verdict === 'passes');
  const { out, answer } = await throughGate(sealed?.armored ?? '');
  const packets = answer.ok ? answer.part.addressees.map((addressee) => addressee.packet) : [];
  const opened = await open({ octets: Buffer.concat([...packets, out]), keys: [await readPrivateKey(vectors.secretKey.armored)], manifest: 'm', part: 'part-1', at: AT });
  expect(opened.ok && Buffer.from(opened.octets).toString()).toBe(sealed?.plaintext);
  expect(opened).toMatchObject({ author: 'not-bound' });
});

test('RFC 9580 A.4: a secret key is not taken for a certificate, and it is said why', async () => {
  const read = await readCertificate(vectors.secretKey.armored);
  expect(read).toMatchObject({ ok: false, problem: { detail: expect.stringContaining('secret key') } });
});
