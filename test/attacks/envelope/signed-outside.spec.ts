import { armorOctets } from '#envelope/cutting';
import { signDetached } from '#envelope/signatures';
import { AT, packet, party, sealFor, verdict } from './forge';

const ONE_PASS = packet(4, Buffer.concat([Buffer.from([3, 0, 10, 22]), Buffer.alloc(8, 1), Buffer.from([1])]));
const LITERAL = packet(11, Buffer.concat([Buffer.from([0x62, 0]), Buffer.alloc(4), Buffer.from('canary')]));

/** A signature outside tells everybody on the way who wrote; what is signed and not encrypted is in clear. */
test('C1: what is signed on the outside is refused, encrypted or not', async () => {
  const sender = await party('Wirral Council');
  const sealed = await sealFor([await party('Merseyside Police')], sender);
  const signature = await signDetached({ octets: sealed, key: sender.key, at: AT });
  for (const signed of [Buffer.concat([ONE_PASS, LITERAL, signature]), Buffer.concat([signature, LITERAL]), Buffer.concat([signature, sealed]), Buffer.concat([ONE_PASS, sealed, signature])]) {
    expect(await verdict(signed)).toBe('SIGNED_OUTSIDE');
    expect(await verdict(armorOctets(signed))).toBe('SIGNED_OUTSIDE');
  }
  expect(await verdict(Buffer.concat([sealed, signature]))).toBe('TRAILING_DATA');
  expect(await verdict(`-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${armorOctets(sealed)}`)).toBe('SIGNED_OUTSIDE');
});
