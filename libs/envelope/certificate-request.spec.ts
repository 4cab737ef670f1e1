import { createPrivateKey } from 'node:crypto';
import forge from 'node-forge';
import { issueClient, makeAuthority, renewAuthority, validityOf } from './authority';
import { lockKey, makeRequest, ownsKey, readOutsideCertificate, readRequest, type RequestMade, signWithTls, verifyWithTls } from './certificate-request';

let made: RequestMade;
beforeAll(async () => (made = await makeRequest('any name')));

test('a request that was made is read: its key, and nothing else of it', () => {
  expect(readRequest(made.request)).toMatchObject({ ok: true, presented: { spki: made.spki } });
  expect(made.request).not.toContain('\r');
});

test('a request whose name was changed after it was signed is refused', () => {
  const der = Buffer.from(made.request.replace(/-----[^-]+-----/g, ''), 'base64');
  der.write('all', der.indexOf('any name'));
  expect(readRequest(`-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`)).toEqual({ ok: false, problem: 'NOT_SIGNED_BY_ITSELF' });
});

test('a short key is weak', () => {
  const { privateKey, publicKey } = forge.pki.rsa.generateKeyPair(1_024);
  const request = forge.pki.createCertificationRequest();
  request.publicKey = publicKey;
  request.setSubject([{ name: 'commonName', value: 'x' }]);
  request.sign(privateKey, forge.md.sha256.create());
  expect(readRequest(forge.pki.certificationRequestToPem(request))).toEqual({ ok: false, problem: 'WEAK' });
});

test.each([['nothing', () => ''], ['two', () => made.request + made.request], ['a key beside it', () => made.request + made.key], ['something else', () => made.key], ['text', () => '-----BEGIN CERTIFICATE REQUEST-----\nx\n-----END CERTIFICATE REQUEST-----']])('%s is not one request', (_what, pem) => {
  expect(readRequest(pem())).toEqual({ ok: false, problem: 'NOT_ONE' });
});

test('what one signs with a TLS key another verifies, over these octets and no others', () => {
  const reading = readRequest(made.request);
  const publicKey = reading.ok ? reading.presented.publicKey : '';
  const signature = signWithTls(Buffer.from('octets'), made.key);
  expect(verifyWithTls(Buffer.from('octets'), signature, publicKey)).toBe(true);
  expect(verifyWithTls(Buffer.from('others'), signature, publicKey)).toBe(false);
  expect(verifyWithTls(Buffer.from('octets'), '', publicKey)).toBe(false);
});

test('a locked key is its owner’s with the passphrase, and nobody’s without', () => {
  const locked = lockKey(made.key, 'open sesame');
  expect(ownsKey(locked, made.spki, 'open sesame')).toBe(true);
  expect(ownsKey(locked, made.spki)).toBe(false);
  expect(() => createPrivateKey(locked)).toThrow();
});

test('the authority issues for a key that it never saw, and its renewed certificate keeps key and name', async () => {
  const from = new Date();
  const until = new Date(from.getTime() + 86_400_000);
  const authority = await makeAuthority('authority', { from, until });
  const reading = readRequest(made.request);
  const certificate = issueClient(authority, 'st-brigid-primary', { publicKey: reading.ok ? reading.presented.publicKey : '', from, until });
  expect(readOutsideCertificate(certificate)).toMatchObject({ ok: true, presented: { spki: made.spki } });
  const later = new Date(until.getTime() + 86_400_000);
  const renewed = renewAuthority(authority, { from, until: later });
  expect(Math.abs(validityOf(renewed.certificate).until.getTime() - later.getTime())).toBeLessThan(1_000);
  expect(forge.pki.certificateFromPem(renewed.certificate).verify(forge.pki.certificateFromPem(certificate))).toBe(true);
});
