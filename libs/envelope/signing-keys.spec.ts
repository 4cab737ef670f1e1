import { generateKeyPairSync } from 'node:crypto';
import { generateSigningKey, pinnedKeys, publicKeySet, signingKey, thumbprint } from './signing-keys';

const FROM = new Date('2026-01-01T00:00:00Z');
const UNTIL = new Date('2026-07-01T00:00:00Z');

test('a key is named by its RFC 7638 thumbprint, which RFC 8037, appendix A.3 gives for its sample', async () => {
  const set = { keys: [{ kty: 'OKP' as const, crv: 'Ed25519' as const, x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k', alg: 'EdDSA' as const, use: 'sig' as const, nbf: 0 }] };
  expect([...(await pinnedKeys(set)).keys()]).toEqual(['kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k']);
});

test('a set shows public parts and windows only', async () => {
  const [old, current] = [await generateSigningKey(), await generateSigningKey()];
  const set = await publicKeySet([{ publicKey: old.publicKey, from: FROM, until: UNTIL }, { publicKey: current.publicKey, from: UNTIL }]);
  expect(set.keys).toEqual([
    { kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: old.kid, alg: 'EdDSA', use: 'sig', nbf: FROM.getTime() / 1000, exp: UNTIL.getTime() / 1000 },
    { kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: current.kid, alg: 'EdDSA', use: 'sig', nbf: UNTIL.getTime() / 1000 },
  ]);
  expect([...(await pinnedKeys(set, new Date(UNTIL.getTime() - 1000))).keys()]).toEqual([old.kid]);
  expect([...(await pinnedKeys(set, UNTIL)).keys()]).toEqual([current.kid]);
  expect((await pinnedKeys(set)).size).toBe(2);
});

test('a key under another’s name is left out', async () => {
  const [one, other] = [await generateSigningKey(), await generateSigningKey()];
  const set = await publicKeySet([{ publicKey: one.publicKey, from: FROM }]);
  expect((await pinnedKeys({ keys: set.keys.map((key) => ({ ...key, kid: other.kid })) })).size).toBe(0);
});

test('a stored key is taken up again, and only Ed25519 is a signing key', async () => {
  const made = await generateSigningKey();
  expect((await signingKey(made.privateKey)).kid).toBe(made.kid);
  await expect(thumbprint(generateKeyPairSync('ed448').publicKey)).rejects.toThrow('Ed25519');
});
