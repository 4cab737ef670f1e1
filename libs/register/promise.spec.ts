import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { CompactSign, exportJWK, UnsecuredJWT, type CompactJWSHeaderParameters, type JWK } from 'jose';
import { leafHash } from './merkle';
import { INTEGRATION_LIMIT_S, isOverdue, PROMISE_TYPE, signPromise, thumbprint, verifyPromise } from './promise';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const at = new Date('2026-03-02T09:15:00.250Z');
const given = { iss: 'https://gateway.example', log: 'gateway.example/register/wirral-council', leaf: leafHash(Buffer.from('x')), at };
let jwk: JWK;
let kid: string;
let jws: string;

beforeAll(async () => {
  jwk = await exportJWK(publicKey);
  kid = await thumbprint(publicKey);
  jws = signPromise(given, { privateKey, kid });
});

const resigned = async (header: CompactJWSHeaderParameters, payload: unknown, key = privateKey): Promise<string> =>
  new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader(header).sign(key);

test('a promise names the log and the leaf and is due within a day', async () => {
  const verdict = await verifyPromise(jws, [await exportJWK(stranger.publicKey), jwk]);
  const iat = Math.floor(at.getTime() / 1000);
  expect(verdict).toEqual({
    ok: true,
    promise: { iss: given.iss, log: given.log, leaf: given.leaf.toString('hex'), iat, integrateBy: iat + INTEGRATION_LIMIT_S },
  });
});

test('a promise is overdue a second after its time, and not before', () => {
  const promise = { iss: '', log: '', leaf: '', iat: 0, integrateBy: 1_000 };
  expect(isOverdue(promise, new Date(1_000_000))).toBe(false);
  expect(isOverdue(promise, new Date(1_001_000))).toBe(true);
});

test.each<[string, (payload: object) => Promise<string> | string]>([
  ['NOT_A_JWS', () => 'a.b.c'],
  ['NOT_A_JWS', () => ''],
  ['WRONG_ALGORITHM', () => new UnsecuredJWT({ ...given, leaf: 'x', at: 'x' }).encode()],
  ['WRONG_TYPE', (payload) => resigned({ alg: 'EdDSA', kid }, payload)],
  ['WRONG_TYPE', (payload) => resigned({ alg: 'EdDSA', typ: 'share-provenance+jwt', kid }, payload)],
  ['KEY_IN_HEADER', async (payload) => resigned({ alg: 'EdDSA', typ: PROMISE_TYPE, kid, jwk: await exportJWK(privateKey) }, payload)],
  ['KEY_IN_HEADER', (payload) => resigned({ alg: 'EdDSA', typ: PROMISE_TYPE, kid, jku: 'https://gateway.example/jwks.json' }, payload)],
  ['KEY_IN_HEADER', (payload) => resigned({ alg: 'EdDSA', typ: PROMISE_TYPE, kid, x5c: ['MIIB'] }, payload)],
  ['UNKNOWN_KEY', (payload) => resigned({ alg: 'EdDSA', typ: PROMISE_TYPE }, payload)],
  ['UNKNOWN_KEY', async (payload) => resigned({ alg: 'EdDSA', typ: PROMISE_TYPE, kid: await thumbprint(stranger.publicKey) }, payload, stranger.privateKey)],
  ['SIGNATURE_WRONG', (payload) => resigned({ alg: 'EdDSA', typ: PROMISE_TYPE, kid }, payload, stranger.privateKey)],
  ['MALFORMED', (payload) => resigned({ alg: 'EdDSA', typ: PROMISE_TYPE, kid }, { ...payload, integrateBy: 4_000_000_000 })],
  ['MALFORMED', (payload) => resigned({ alg: 'EdDSA', typ: PROMISE_TYPE, kid }, { ...payload, note: 'and more' })],
  ['MALFORMED', (payload) => resigned({ alg: 'EdDSA', typ: PROMISE_TYPE, kid }, { ...payload, leaf: 'LEAF' })],
])('refuses a promise: %s', async (fault, make) => {
  const payload = JSON.parse(Buffer.from(jws.split('.')[1] as string, 'base64url').toString()) as object;
  expect(await verifyPromise(await make(payload), [jwk])).toEqual({ ok: false, fault });
});

test('the kid is judged by what the pinned key is, not by the kid that is pinned beside it', async () => {
  const forged = await resigned({ alg: 'EdDSA', typ: PROMISE_TYPE, kid }, {}, stranger.privateKey);
  expect(await verifyPromise(forged, [{ ...(await exportJWK(stranger.publicKey)), kid }])).toEqual({ ok: false, fault: 'UNKNOWN_KEY' });
});

test('no single character of a promise can be changed', () =>
  fc.assert(
    fc.asyncProperty(fc.nat(), fc.constantFrom('A', 'b', '0', '-', '.', '='), async (position, character) => {
      const i = position % jws.length;
      fc.pre(jws[i] !== character);
      expect((await verifyPromise(jws.slice(0, i) + character + jws.slice(i + 1), [jwk])).ok).toBe(false);
    }),
  ));
