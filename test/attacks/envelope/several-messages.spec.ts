import { armorOctets } from '#envelope/cutting';
import { DATA_1, KEY_A, MESSAGE, packet, party, sealFor, throughGate, verdict, wrappedKey } from './forge';

/** Only the first message would be looked at; the second could be for anybody. */
test('C2: a second message behind the first is refused, in whatever form', async () => {
  const [sender, police, stranger] = [await party('Wirral Council'), await party('Merseyside Police'), await party('Stranger')];
  const [one, other] = [Buffer.from(await sealFor([police], sender)), Buffer.from(await sealFor([stranger], sender))];
  expect(await verdict(Buffer.concat([one, other]))).toBe('SEVERAL_MESSAGES');
  expect(await verdict(armorOctets(Buffer.concat([one, other])))).toBe('SEVERAL_MESSAGES');
  expect(await verdict(armorOctets(one) + armorOctets(other))).toBe('SEVERAL_MESSAGES');
  expect(await verdict(armorOctets(one) + other.toString('latin1'))).not.toBe('passes');
  expect(await verdict(Buffer.concat([one, packet(21, Buffer.alloc(300)), other]))).toBe('SEVERAL_MESSAGES');
});

test('C2: a second wrapped key after the data, or second data after the keys, is refused', async () => {
  expect(await verdict(Buffer.concat([MESSAGE, wrappedKey(KEY_A)]))).toBe('SEVERAL_MESSAGES');
  expect(await verdict(Buffer.concat([MESSAGE, packet(18, DATA_1)]))).toBe('SEVERAL_MESSAGES');
});

test('C2: of the second message nothing is let out', async () => {
  const { out } = await throughGate(Buffer.concat([MESSAGE, MESSAGE]), { size: 10 });
  expect(out.equals(packet(18, DATA_1))).toBe(true);
});
