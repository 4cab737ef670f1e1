import { createHmac, type KeyObject, sign } from 'node:crypto';
import { signProvenance, verifyProvenance } from '#envelope/provenance';
import { generateSigningKey, type SigningKey } from '#envelope/signing-keys';
import { CLAIMS } from './forge';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('C15, A11: a provenance is forged or changed', () => {
  let key: SigningKey;
  let attacker: SigningKey;
  let pinned: Map<string, KeyObject>;
  let jws: string;
  beforeAll(async () => {
    [key, attacker] = [await generateSigningKey(), await generateSigningKey()];
    pinned = new Map([[key.kid, key.publicKey]]);
    jws = signProvenance(CLAIMS, key);
  });

  /** A JWS with any header and payload, really signed by the given key. */
  const made = (header: object, by: SigningKey = key, payload = jws.split('.')[1] ?? ''): string => {
    const input = `${encode(header)}.${payload}`;
    return `${input}.${sign(null, Buffer.from(input), by.privateKey).toString('base64url')}`;
  };
  const code = async (forged: string): Promise<string> => {
    const answer = await verifyProvenance(forged, pinned);
    return answer.ok ? 'holds' : answer.code;
  };
  const HEADER = (): object => ({ alg: 'EdDSA', typ: 'share-provenance+jwt', kid: key.kid });

  test('as it was made, it holds', async () => {
    expect(await code(jws)).toBe('holds');
  });

  test('each octet set to each of several others: none is accepted', async () => {
    let accepted = 0;
    for (let at = 0; at < jws.length; at += 1) {
      const octet = jws.charCodeAt(at);
      for (const other of new Set([octet ^ 1, octet ^ 2, octet ^ 32, 0x41, 0x2e, 0x3d])) {
        if (other !== octet && (await code(jws.slice(0, at) + String.fromCharCode(other) + jws.slice(at + 1))) === 'holds') accepted += 1;
      }
    }
    expect(accepted).toBe(0);
  });

  test('the last character of each segment in its other spellings: none is accepted', async () => {
    const segments = jws.split('.');
    for (const [at, segment] of segments.entries()) {
      for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
        const changed = segments.with(at, segment.slice(0, -1) + last).join('.');
        if (changed !== jws) expect(await code(changed)).not.toBe('holds');
      }
    }
    expect(await code(`${jws}=`)).toBe('MALFORMED');
    expect(await code(`${jws}\n`)).toBe('MALFORMED');
    expect(await code(jws.split('.').slice(0, 2).join('.'))).toBe('MALFORMED');
    expect(await code(`${jws}.x`)).toBe('MALFORMED');
  });

  test.each<[string, () => object]>([
    ['alg none', () => ({ ...HEADER(), alg: 'none' })],
    ['alg HS256', () => ({ ...HEADER(), alg: 'HS256' })],
    ['alg Ed25519, its newer name', () => ({ ...HEADER(), alg: 'Ed25519' })],
    ['another typ', () => ({ ...HEADER(), typ: 'register-promise+jwt' })],
    ['no typ', () => ({ ...HEADER(), typ: undefined })],
    ['jku', () => ({ ...HEADER(), jku: 'https://attacker.example/jwks.json' })],
    ['jwk', () => ({ ...HEADER(), jwk: attacker.publicKey.export({ format: 'jwk' }) })],
    ['x5c', () => ({ ...HEADER(), x5c: ['AAAA'] })],
    ['crit', () => ({ ...HEADER(), crit: ['exp'], exp: 1 })],
    ['b64', () => ({ ...HEADER(), b64: false })],
    ['no kid', () => ({ ...HEADER(), kid: undefined })],
    ['a kid that is no text', () => ({ ...HEADER(), kid: [key.kid] })],
  ])('a header with %s is not looked at further, though the pinned key signed it', async (_, header) => {
    expect(await code(made(header()))).toBe('HEADER_NOT_ALLOWED');
  });

  test('unsigned, with alg none', async () => {
    expect(await code(`${encode({ ...HEADER(), alg: 'none' })}.${jws.split('.')[1]}.`)).not.toBe('holds');
  });

  test('the public key taken as an HMAC secret', async () => {
    const input = `${encode({ ...HEADER(), alg: 'HS256' })}.${jws.split('.')[1]}`;
    const mac = createHmac('sha256', key.publicKey.export({ format: 'pem', type: 'spki' })).update(input).digest('base64url');
    expect(await code(`${input}.${mac}`)).toBe('HEADER_NOT_ALLOWED');
  });

  test('signed by another key, under its own name or under ours', async () => {
    expect(await code(made({ ...HEADER(), kid: attacker.kid }, attacker))).toBe('UNKNOWN_KEY');
    expect(await code(made(HEADER(), attacker))).toBe('SIGNATURE_WRONG');
  });

  test('a claim twice, which two readers could read differently', async () => {
    const text = JSON.stringify(CLAIMS).replace('{', '{"share":"another",');
    expect(await code(made(HEADER(), key, Buffer.from(text).toString('base64url')))).toBe('CLAIMS_MALFORMED');
  });

  test('a header with a name twice is what the first reader sees and what we see', async () => {
    const header = JSON.stringify(HEADER()).replace('{', '{"alg":"none",');
    const input = `${Buffer.from(header).toString('base64url')}.${jws.split('.')[1]}`;
    expect(await code(`${input}.${sign(null, Buffer.from(input), key.privateKey).toString('base64url')}`)).toBe('HEADER_NOT_ALLOWED');
  });
});
