import { createLocalJWKSet, jwtVerify } from 'jose';
import { securityEventKey, securityEventToken } from './security-event';
import { publicKeySet } from './signing-keys';

const KEY = Buffer.alloc(32, 7);
const CLAIMS = { issuer: 'https://gateway.example', audience: 'merebrook-council', token: '01890a5d-ac96-774b-bcce-b302099a8057', at: new Date('2026-03-01T09:00:00.900Z'), event: 'urn:waybill:event:key-revoked', facts: { reason: 'lost' } };
const published = async (key: Buffer) => createLocalJWKSet({ keys: (await publicKeySet([{ publicKey: (await securityEventKey(key)).publicKey, from: new Date(0) }])).keys as never[] });

test('a token is what RFC 8417 asks for, and a library of the standard verifies it', async () => {
  const { payload, protectedHeader } = await jwtVerify(securityEventToken(CLAIMS, await securityEventKey(KEY)), await published(KEY), { issuer: CLAIMS.issuer, audience: CLAIMS.audience, typ: 'secevent+jwt' });
  expect(payload).toEqual({ iss: CLAIMS.issuer, aud: CLAIMS.audience, jti: CLAIMS.token, iat: Date.UTC(2026, 2, 1, 9) / 1_000, events: { [CLAIMS.event]: CLAIMS.facts } });
  expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'secevent+jwt', kid: (await securityEventKey(KEY)).kid });
});

test('gateway and courier work out the same key, and from another key another one', async () => {
  const [one, same, other] = [await securityEventKey(KEY), await securityEventKey(Buffer.from(KEY)), await securityEventKey(Buffer.alloc(32, 8))];
  expect([same.kid, other.kid === one.kid]).toEqual([one.kid, false]);
  await expect(jwtVerify(securityEventToken(CLAIMS, other), await published(KEY))).rejects.toThrow();
});
