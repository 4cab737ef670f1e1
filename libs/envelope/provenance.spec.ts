import { generateSigningKey, type SigningKey } from './signing-keys';
import { type ProvenanceClaims, signProvenance, verifyProvenance } from './provenance';
import { CLAIMS, DIGEST } from '../../test/attacks/envelope/forge';

describe('provenance', () => {
  let key: SigningKey;
  beforeAll(async () => {
    key = await generateSigningKey();
  });

  test('says what was signed, to who pinned the key', async () => {
    const claims = { ...CLAIMS, previous: { digest: DIGEST, issuer: 'https://other.example' } };
    const jws = signProvenance(claims, key);
    expect(await verifyProvenance(jws, new Map([[key.kid, key.publicKey]]))).toEqual({ ok: true, claims, kid: key.kid });
    expect(JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString())).toEqual({ alg: 'EdDSA', typ: 'share-provenance+jwt', kid: key.kid });
  });

  test('is not verified by a key that was not pinned', async () => {
    const other = await generateSigningKey();
    const jws = signProvenance(CLAIMS, key);
    expect(await verifyProvenance(jws, new Map([[other.kid, other.publicKey]]))).toEqual({ ok: false, code: 'UNKNOWN_KEY' });
    expect(await verifyProvenance(jws, new Map([[key.kid, other.publicKey]]))).toEqual({ ok: false, code: 'SIGNATURE_WRONG' });
  });

  test.each<[string, object]>([
    ['a claim missing', { clause: undefined }],
    ['a claim too many', { subject: 'Jane' }],
    ['a digest in capitals', { manifestDigest: DIGEST.toUpperCase() }],
    ['a date without a zone', { created: '2026-03-02T09:30:00' }],
    ['an empty purpose', { purpose: '' }],
    ['a part without digest', { parts: [{ name: 'part-1' }] }],
    ['free text', { clause: 'x'.repeat(300) }],
    ['a structure in the handling block', { handling: { note: { text: 'x' } } }],
  ])('is not made with %s', async (_, change) => {
    expect(() => signProvenance({ ...CLAIMS, ...change } as ProvenanceClaims, key)).toThrow('malformed');
  });

  test('is at most 6 KB', async () => {
    const lines = Array.from({ length: 80 }, () => DIGEST);
    expect(() => signProvenance({ ...CLAIMS, lines }, key)).toThrow('6144');
    expect(await verifyProvenance('x'.repeat(6145), new Map())).toEqual({ ok: false, code: 'TOO_LONG' });
  });
});
