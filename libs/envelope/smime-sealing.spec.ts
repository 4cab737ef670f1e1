import { constants, privateDecrypt } from 'node:crypto';
import fc from 'fast-check';
import { throughPartGate } from '../../test/attacks/envelope/cms-forge';
import { AT, FUZZ_RUNS } from '../../test/attacks/envelope/forge';
import { mutatedOctets } from '../../test/attacks/envelope/mutated-octets';
import { issue, type Issued, newKey } from '../../test/attacks/envelope/x509';
import { readSmimeIdentity } from './smime-identity';
import { openSmime } from './smime-opening';
import { NotSealedSmime, sealSmime } from './smime-sealing';

const BOUND = { manifest: 'manifest-a', part: 'part-1' };
const WORDS = Buffer.from('canary: the child is at 14 Elm Road');

let council: Issued;
let police: Issued;
let trust: Issued;
let sealed: Buffer;
beforeAll(() => {
  council = issue('Wirral Council', { key: 'P-256' });
  police = issue('Merseyside Police', { key: 'rsa3072' });
  trust = issue('Trust', { key: 'P-384' });
  sealed = Buffer.from(sealSmime({ octets: WORDS, to: [police.certificate, trust.certificate], signer: council.identity, ...BOUND, at: AT }));
});

const opening = (octets: Uint8Array, who: Issued, more: object = {}) => openSmime({ octets, identities: [who.identity], author: [{ certificate: council.certificate }], ...BOUND, at: AT, ...more });

test('each recipient opens it, and learns whose word it is and that it is bound to this part', () => {
  for (const who of [police, trust]) {
    const opened = opening(sealed, who);
    expect(opened).toMatchObject({ ok: true, author: 'bound', signedBy: council.certificate.fingerprint });
    expect(opened.ok && Buffer.from(opened.octets).equals(WORDS)).toBe(true);
  }
  expect(sealed.toString('latin1')).not.toMatch(/canary|manifest-a|Wirral/);
});

test('nobody else opens it', () => {
  expect(opening(sealed, council)).toEqual({ ok: false, code: 'CANNOT_OPEN' });
  // The same names over another key: a stranger who has himself issued what looks like the certificate.
  const stranger = issue('Merseyside Police', { keys: newKey('P-256') });
  expect(opening(sealed, { ...stranger, identity: { ...stranger.identity, certificate: police.certificate } })).toEqual({ ok: false, code: 'CANNOT_OPEN' });
});

test.each<[string, object, string]>([
  ['for another part', { part: 'part-2' }, 'BOUND_TO_ANOTHER'],
  ['for another share', { manifest: 'manifest-b' }, 'BOUND_TO_ANOTHER'],
  ['with no sender to hold it to', { author: undefined }, 'not-bound'],
])('opened %s it says so', (_what, more, expected) => {
  const opened = opening(sealed, police, more);
  expect(opened.ok ? opened.author : opened.code).toBe(expected);
});

test('the word of somebody else than the sender is refused', () => {
  expect(opening(sealed, police, { author: [{ certificate: trust.certificate }] })).toEqual({ ok: false, code: 'AUTHOR_MISMATCH' });
});

test('an author’s certificate that has run out since still speaks for what it signed before, and never for what it signed after', () => {
  const later = new Date('2029-01-01T00:00:00Z');
  expect(opening(sealed, police, { at: later })).toMatchObject({ ok: true, author: 'bound' });
  const late = issue('Late', { until: new Date('2026-01-01T00:00:00Z') });
  const octets = sealSmime({ octets: WORDS, to: [police.certificate], signer: late.identity, ...BOUND, at: AT });
  expect(opening(octets, police, { author: [{ certificate: late.certificate }] })).toEqual({ ok: false, code: 'AUTHOR_MISMATCH' });
});

test.each<[string, object, string]>([
  ['has run out', { until: new Date('2026-01-01T00:00:00Z') }, 'expired'],
  ['is not yet good', { from: new Date('2027-01-01T00:00:00Z') }, 'unverified'],
  ['is of RSA with 2,048 bits', { key: 'rsa2048' }, 'weak'],
  ['is on a curve that we do not admit', { key: 'secp256k1' }, 'weak'],
  ['may only sign', { usage: [0] }, 'unverified'],
  ['is an authority’s', { authority: true, usage: [5, 4] }, 'unverified'],
])('nothing is sealed to a certificate that %s', (_what, wish, cause) => {
  const { certificate } = issue('Reader', wish);
  const attempt = () => sealSmime({ octets: WORDS, to: [police.certificate, certificate], signer: council.identity, ...BOUND, at: AT });
  expect(attempt).toThrow(NotSealedSmime);
  try {
    attempt();
  } catch (error) {
    expect((error as NotSealedSmime).problems).toEqual([{ code: 'KEY_NOT_VERIFIED', cause, keyId: certificate.fingerprint }]);
  }
});

test('nothing is sealed to nobody', () => {
  expect(() => sealSmime({ octets: WORDS, to: [], signer: council.identity, ...BOUND })).toThrow(NotSealedSmime);
});

test('the key is wrapped with OAEP over SHA-256, and each sealing has its own', async () => {
  const wrapped = async (): Promise<Buffer> => {
    const { answer } = await throughPartGate(sealSmime({ octets: WORDS, to: [police.certificate], signer: council.identity, ...BOUND, at: AT }));
    return answer.ok ? Buffer.from(answer.part.addressees[0]?.packet.subarray(-384) ?? []) : Buffer.alloc(0);
  };
  const [one, other] = await Promise.all([wrapped(), wrapped()]);
  const open = (octets: Buffer): Buffer => privateDecrypt({ key: police.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, octets);
  expect([open(one).length, open(one).equals(open(other))]).toEqual([32, false]);
});

test('more than may come in is not opened', () => {
  expect(opening(sealed, police, { maxOctets: sealed.length - 1 })).toMatchObject({ ok: false, code: 'TOO_LARGE' });
});

test('whatever is changed, there is an answer, and what opens is what was sealed', () => {
  fc.assert(
    fc.property(mutatedOctets([sealed], 2), (octets) => {
      const opened = opening(octets, trust);
      if (opened.ok) expect([Buffer.from(opened.octets).equals(WORDS), opened.author]).toEqual([true, 'bound']);
    }),
    { numRuns: FUZZ_RUNS * 3 },
  );
});

test('no bit of the sealed content or its tag can be flipped', async () => {
  const { answer } = await throughPartGate(sealed);
  const from = sealed.length - (answer.ok ? answer.part.size : 0);
  for (let at = from; at < sealed.length; at += 7) {
    const bent = Buffer.from(sealed);
    bent[at] = (bent[at] ?? 0) ^ (1 << (at % 8));
    expect(opening(bent, trust).ok).toBe(false);
  }
});

test('a key that is not the certificate’s is no identity; a locked one needs its passphrase', () => {
  const pem = (octets: Uint8Array): string => `-----BEGIN CERTIFICATE-----\n${Buffer.from(octets).toString('base64')}\n-----END CERTIFICATE-----\n`;
  const key = council.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  expect(() => readSmimeIdentity({ certificates: pem(trust.octets), key })).toThrow(/not the certificate’s/);
  expect(() => readSmimeIdentity({ certificates: '', key })).toThrow(/no certificate/);
  const locked = council.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }) as string;
  expect(readSmimeIdentity({ certificates: pem(council.octets), key: locked, passphrase: 'open sesame' }).certificate.fingerprint).toBe(council.certificate.fingerprint);
  expect(() => readSmimeIdentity({ certificates: pem(council.octets), key: locked })).toThrow();
});
