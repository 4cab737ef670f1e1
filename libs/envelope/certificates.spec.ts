import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Certificate, type KeyInfo, readCertificate, standing } from './certificates';
import { generateKeyPair } from './sealing';
import { AT, certificateFrom, FUZZ_RUNS, packet, party } from '../../test/attacks/envelope/forge';

interface Vector {
  name: string;
  at: string;
  verdict: { seal: string[]; sign: string[] } | { code: string; cause?: string };
  armored: string;
}

const { certificates } = JSON.parse(readFileSync(join(__dirname, '../../test/vectors/envelope/certificates.json'), 'utf8')) as { certificates: Vector[] };

test.each(certificates.map((vector) => [vector.name, vector] as const))('certificate: %s', async (_, { armored, at, verdict }) => {
  const read = await readCertificate(armored);
  if (!read.ok) {
    const { code, cause } = read.problem;
    expect({ code, cause }).toEqual(verdict);
    return;
  }
  const { certificate } = read;
  const how = (key: KeyInfo): string => standing(certificate, key, new Date(at));
  expect({ seal: certificate.seal.map(how), sign: certificate.sign.map(how) }).toEqual(verdict);
});

test('a certificate says its names, dates and algorithms in plain data', async () => {
  const { certificate } = await party('Riverside Trust', { expiresAfter: 3600 });
  const [key] = certificate.seal;
  expect(certificate.userIds).toEqual(['Riverside Trust']);
  expect(certificate.fingerprint).toMatch(/^[0-9A-F]{40}$/);
  expect(key).toEqual({
    keyId: expect.stringMatching(/^[0-9A-F]{16}$/),
    fingerprint: expect.stringMatching(/^[0-9A-F]{40}$/),
    algorithm: 'curve25519Legacy',
    created: '2025-03-02T09:30:00.000Z',
    expires: '2025-03-02T10:30:00.000Z',
    revoked: false,
    weak: false,
  });
  expect(JSON.parse(JSON.stringify(certificate))).not.toHaveProperty('key');
});

test('a key expires on its second, and not before', async () => {
  const { certificate } = await party('x', { expiresAfter: 3600 });
  const [key] = certificate.sign;
  const how = (instant: string): string => (key ? standing(certificate, key, new Date(instant)) : 'none');
  expect([how('2025-03-02T09:29:59Z'), how('2025-03-02T09:30:00Z'), how('2025-03-02T10:29:59Z'), how('2025-03-02T10:30:00Z')]).toEqual(['unverified', 'current', 'current', 'expired']);
});

test('a key of another certificate is unverified in this one', async () => {
  const [one, other] = [await party('one'), await party('other')];
  for (const key of other.certificate.seal) expect(standing(one.certificate, key, AT)).toBe('unverified');
});

test('rsa3072 is made as it is named', async () => {
  const { certificate } = await party('x', { algorithm: 'rsa3072' });
  expect([...certificate.seal, ...certificate.sign].map(({ algorithm }) => algorithm)).toEqual(['rsa3072', 'rsa3072']);
});

describe('what is not exactly one public certificate', () => {
  let certificate: Certificate;
  let secret: Uint8Array;
  beforeAll(async () => {
    const pair = await generateKeyPair({ name: 'x', algorithm: 'curve25519-legacy' });
    certificate = await certificateFrom(pair.certificate);
    secret = pair.privateKey;
  });

  test.each<[string, string, () => Uint8Array | string]>([
    ['NOT_OPENPGP', 'nothing', () => ''],
    ['NOT_OPENPGP', 'text', () => 'my key is under the mat'],
    ['NOT_OPENPGP', 'a secret key', () => secret],
    ['NOT_OPENPGP', 'a user ID first', () => packet(13, Buffer.from('x'))],
    ['NOT_OPENPGP', 'half a certificate', () => certificate.octets.subarray(0, -10)],
    ['SEVERAL_MESSAGES', 'two certificates', () => Buffer.concat([certificate.octets, certificate.octets])],
    ['TRAILING_DATA', 'a certificate and a literal packet', () => Buffer.concat([certificate.octets, packet(11, Buffer.from('canary'))])],
    ['KEY_NOT_VERIFIED', 'a bare key', () => certificate.octets.subarray(0, 53)],
    ['TOO_LARGE', 'a certificate swollen by packets', () => Buffer.concat([certificate.octets, ...Array.from({ length: 500 }, () => packet(13, Buffer.from('x')))])],
    ['TOO_LARGE', 'a megabyte', () => Buffer.concat([certificate.octets, packet(21, Buffer.alloc(1_000_000))])],
  ])('%s: %s', async (code, _, input) => {
    const read = await readCertificate(input());
    expect(read.ok ? 'read' : read.problem.code).toBe(code);
  });

  test('no octet of a certificate can be changed to make another key of it', async () => {
    const known = new Set([...certificate.seal, ...certificate.sign].map(({ fingerprint }) => fingerprint));
    await fc.assert(
      fc.asyncProperty(fc.nat(certificate.octets.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = Uint8Array.from(certificate.octets);
        changed[at] = (changed[at] ?? 0) ^ flip;
        const read = await readCertificate(changed);
        if (!read.ok) return;
        const current = [...read.certificate.seal, ...read.certificate.sign].filter((key) => standing(read.certificate, key, new Date()) === 'current');
        for (const { fingerprint } of current) expect(known).toContain(fingerprint);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
