import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { CompactSign, compactVerify } from 'jose';
import { signCompact } from './compact-jws';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');

test('is what the library makes of the same: Ed25519 has one signature for one text', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.string({ maxLength: 20 }), async (payload, kid) => {
    const own = signCompact(payload, { typ: 'share-provenance+jwt', kid, privateKey });
    expect(own).toBe(await new CompactSign(payload).setProtectedHeader({ alg: 'EdDSA', typ: 'share-provenance+jwt', kid }).sign(privateKey));
    const read = await compactVerify(own, publicKey, { algorithms: ['EdDSA'] });
    expect(Buffer.from(read.payload)).toEqual(Buffer.from(payload));
  }), { numRuns: 50 });
});
