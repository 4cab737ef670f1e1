import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { AT, FUZZ_RUNS } from '../../test/attacks/envelope/forge';
import { mutatedOctets } from '../../test/attacks/envelope/mutated-octets';
import { extension, issue } from '../../test/attacks/envelope/x509';
import { OID } from './der/oids';
import { element, octetString, oid, sequence } from './der/writer';
import { readSmimeCertificate, smimeStanding } from './smime-certificates';

const pem = (octets: Uint8Array): string => `-----BEGIN CERTIFICATE-----\n${Buffer.from(octets).toString('base64')}\n-----END CERTIFICATE-----\n`;

test('a certificate is read, DER or PEM, with the names by which messages know it', () => {
  const keyIdentifier = Buffer.alloc(20, 0xab);
  const { octets, certificate } = issue('police', { keyIdentifier, emails: ['MASH@police.example'] });
  expect(certificate).toMatchObject({ fingerprint: createHash('sha256').update(octets).digest('hex').toUpperCase(), algorithm: 'P-256', emails: ['mash@police.example'], seals: true, signs: true, weak: false });
  expect([certificate.names.length, certificate.names[0]?.length, certificate.names[1]]).toEqual([2, 64, keyIdentifier.toString('hex').toUpperCase()]);
  for (const input of [pem(octets), Buffer.from(pem(octets))]) expect(readSmimeCertificate(input)).toMatchObject({ ok: true, certificate: { fingerprint: certificate.fingerprint } });
});

test('a certificate renewed over the same key has another name and is the same key', () => {
  const first = issue('police');
  const second = issue('police', { keys: first });
  expect(second.certificate.key).toBe(first.certificate.key);
  expect(second.certificate.names).not.toEqual(first.certificate.names);
});

test.each<[string, object, object]>([
  ['that may agree on keys only', { usage: [4] }, { seals: true, signs: false }],
  ['that may sign only', { usage: [0] }, { seals: false, signs: true }],
  ['of RSA, that may wrap keys only', { key: 'rsa3072', usage: [2] }, { seals: true, signs: false }],
  ['of RSA, whose use is for curves', { key: 'rsa3072', usage: [4] }, { seals: false, signs: false }],
  ['of an authority', { authority: true }, { seals: false, signs: false }],
  ['for servers', { extensions: [extension(OID.extendedKeyUsage, sequence(oid('1.3.6.1.5.5.7.3.1')))] }, { seals: false, signs: false }],
  ['for mail and more', { extensions: [extension(OID.extendedKeyUsage, sequence(oid('1.3.6.1.5.5.7.3.1'), oid(OID.emailProtection)))] }, { seals: true, signs: true }],
  ['with something that must be understood', { extensions: [extension('1.2.3.4', octetString(Buffer.alloc(1)), true)] }, { seals: false, signs: false }],
  ['with something that need not', { extensions: [extension('1.2.3.4', octetString(Buffer.alloc(1)))] }, { seals: true, signs: true }],
  ['of RSA with 2,048 bits', { key: 'rsa2048' }, { weak: true }],
  ['on another curve', { key: 'secp256k1' }, { weak: true }],
  ['signed over SHA-1', { key: 'rsa3072', hash: 'sha1' }, { weak: true }],
])('a certificate %s', (_what, wish, expected) => {
  expect(issue('somebody', wish).certificate).toMatchObject(expected);
});

test('it stands until it has run out, and from when it is good', () => {
  const { certificate } = issue('somebody', { from: new Date('2026-01-01T00:00:00Z'), until: new Date('2027-01-01T00:00:00Z') });
  const at = (day: string): string => smimeStanding(certificate, new Date(day));
  expect([at('2025-12-31T23:59:59Z'), at('2026-01-01T00:00:00Z'), at('2026-12-31T23:59:59Z'), at('2027-01-01T00:00:00Z')]).toEqual(['unverified', 'current', 'current', 'expired']);
  expect(smimeStanding(issue('weak', { key: 'secp256k1' }).certificate, AT)).toBe('weak');
});

test('what is not exactly one certificate is refused', () => {
  const { octets } = issue('somebody');
  expect(() => issue('a name twice', { extensions: [extension(OID.subjectKeyIdentifier, octetString(Buffer.alloc(20, 1)))] })).toThrow(/NOT_CMS|can’t be read/);
  for (const input of ['', 'text', pem(octets) + pem(octets), `words\n${pem(octets)}`, Buffer.concat([octets, Buffer.of(0)]), octets.subarray(0, -1), element(0x31, octets)]) expect(readSmimeCertificate(input)).toMatchObject({ ok: false });
  expect(readSmimeCertificate(Buffer.alloc(40_000, 0x30))).toEqual({ ok: false, problem: { code: 'TOO_LARGE' } });
});

test('whatever arrives, there is an answer and no exception', () => {
  fc.assert(
    fc.property(mutatedOctets([issue('somebody', { emails: ['a@b.example'], usage: [0, 4] }).octets, issue('authority', { authority: true, key: 'rsa3072' }).octets]), (octets) => {
      const read = readSmimeCertificate(octets);
      if (read.ok) expect(smimeStanding(read.certificate, AT)).toMatch(/^(current|expired|unverified|weak)$/);
    }),
    { numRuns: FUZZ_RUNS * 3 },
  );
});
