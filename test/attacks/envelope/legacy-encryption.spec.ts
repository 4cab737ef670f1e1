import { packet, party, sealFor, throughGate, verdict } from './forge';

/** EFAIL and its kin: data whose protection is taken away can be changed on the way without anybody seeing it. */
test('C3: protected data turned into unprotected data is refused', async () => {
  const { answer, out } = await throughGate(await sealFor([await party('Merseyside Police')], await party('Wirral Council'), 'x'.repeat(500)));
  const key = answer.ok ? (answer.part.addressees[0]?.packet ?? out) : out;
  const ciphertext = out.subarray(4);
  expect(await verdict(Buffer.concat([key, packet(9, ciphertext)]))).toBe('LEGACY_ENCRYPTION');
  expect(await verdict(Buffer.concat([key, packet(9, ciphertext, 'old')]))).toBe('LEGACY_ENCRYPTION');
  expect(await verdict(Buffer.concat([key, packet(20, ciphertext)]))).toBe('LIBREPGP_AEAD');
});
