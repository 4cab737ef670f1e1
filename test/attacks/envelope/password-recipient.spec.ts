import { packet, party, sealFor, throughGate, verdict } from './forge';

/** Version 4, AES-256, iterated and salted S2K: as gpg --symmetric writes it. */
const PASSWORD = packet(3, Buffer.concat([Buffer.from([4, 9, 3, 8]), Buffer.alloc(8, 1), Buffer.from([255])]));

test('C6: a password beside the named keys would let anybody in who knows it', async () => {
  const sealed = await sealFor([await party('Merseyside Police')], await party('Wirral Council'));
  const { answer, out } = await throughGate(sealed);
  const key = answer.ok ? (answer.part.addressees[0]?.packet ?? sealed) : sealed;
  expect(await verdict(Buffer.concat([PASSWORD, key, out]))).toBe('PASSWORD_RECIPIENT');
  expect(await verdict(Buffer.concat([key, PASSWORD, out]))).toBe('PASSWORD_RECIPIENT');
  expect(await verdict(Buffer.concat([PASSWORD, out]))).toBe('PASSWORD_RECIPIENT');
  expect(await verdict(Buffer.concat([key, out, PASSWORD]))).toBe('SEVERAL_MESSAGES');
});
