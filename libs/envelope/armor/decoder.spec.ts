import { armorOctets } from './writer';
import { Crc24 } from './crc24';
import { MESSAGE, verdict } from '../../../test/attacks/envelope/forge';

const TEXT = armorOctets(MESSAGE, { checksum: false });
const BEGIN = '-----BEGIN PGP MESSAGE-----';
const END = '-----END PGP MESSAGE-----';

function checksum(octets: Uint8Array): string {
  const crc = new Crc24();
  crc.add(octets);
  return `=${crc.base64}`;
}

test('the checksum is that of RFC 9580, 6.1', () => {
  expect(checksum(new Uint8Array(0))).toBe('=twTO');
  // The published check value of CRC-24/OPENPGP over "123456789" is 21CF02.
  expect(checksum(Buffer.from('123456789'))).toBe(`=${Buffer.from('21cf02', 'hex').toString('base64')}`);
});

test.each<[string, string]>([
  ['as we write it for version 2', TEXT],
  ['with CRLF', TEXT.replaceAll('\n', '\r\n')],
  ['with a checksum', armorOctets(MESSAGE)],
  ['with headers', TEXT.replace('\n\n', '\nVersion: GnuPG v2\nComment: made by hand\nComment:\n\n')],
  ['with blank lines around', `\n \r\n${TEXT}\n\t\r\n`],
  ['with blanks at the ends of lines, as mail leaves them', TEXT.replaceAll('\n', ' \n')],
  ['without a last newline', TEXT.trimEnd()],
  ['on one long line', `${BEGIN}\n\n${MESSAGE.toString('base64')}\n${END}\n`],
])('takes armor %s', async (_, text) => {
  for (const size of [1, 5, 65_536]) expect(await verdict(text, { size })).toBe('passes');
});

test.each<[string, string, string]>([
  ['TEXT_AROUND_ARMOR', 'text before', `Dear colleague,\n${TEXT}`],
  ['TEXT_AROUND_ARMOR', 'a blank before BEGIN', ` ${TEXT}`],
  ['TEXT_AROUND_ARMOR', 'text after', `${TEXT}Kind regards`],
  ['TEXT_AROUND_ARMOR', 'text after END and no newline any more', `${TEXT.trimEnd()}Kind regards`],
  ['TEXT_AROUND_ARMOR', 'one octet after END and no newline any more', `${TEXT.trimEnd()}\x7f`],
  ['SEVERAL_MESSAGES', 'a second block behind END and no newline before it or after', `${TEXT.trimEnd()} ${TEXT.trimEnd()}`],
  ['TEXT_AROUND_ARMOR', 'text long after', `${TEXT}${'\n'.repeat(20_000)}Kind regards`],
  ['TEXT_AROUND_ARMOR', 'text where headers are', TEXT.replace('\n\n', '\nthe child is at 14 Elm Road\n\n')],
  ['TEXT_AROUND_ARMOR', 'text after END on its line', TEXT.replace(END, `${END} canary`).replace(/$/, '')],
  ['SEVERAL_MESSAGES', 'two blocks', TEXT + TEXT],
  ['SEVERAL_MESSAGES', 'two blocks with text between', `${TEXT}and\n${TEXT}`],
  ['SIGNED_OUTSIDE', 'a cleartext signature', TEXT.replace(BEGIN, '-----BEGIN PGP SIGNED MESSAGE-----')],
  ['NOT_OPENPGP', 'a signature block', TEXT.replace(BEGIN, '-----BEGIN PGP SIGNATURE-----')],
  ['NOT_OPENPGP', 'a certificate block', TEXT.replace(BEGIN, '-----BEGIN PGP PUBLIC KEY BLOCK-----')],
  ['NOT_OPENPGP', 'a part of a split message', TEXT.replace(BEGIN, '-----BEGIN PGP MESSAGE, PART 1/2-----')],
  ['NOT_OPENPGP', 'BEGIN in small letters', TEXT.replace(BEGIN, '-----begin pgp message-----')],
  ['NOT_OPENPGP', 'another END', TEXT.replace(END, '-----END PGP SIGNATURE-----')],
  ['NOT_OPENPGP', 'no END', TEXT.replace(END, '')],
  ['NOT_OPENPGP', 'no blank line', TEXT.replace('\n\n', '\n')],
  ['NOT_OPENPGP', 'a wrong checksum', TEXT.replace(END, `=AAAA\n${END}`)],
  ['NOT_OPENPGP', 'a checksum that is none', TEXT.replace(END, `=AAA\n${END}`)],
  ['NOT_OPENPGP', 'a character that is not base64', TEXT.replace(/(?<=\n\n..)./, '*')],
  ['NOT_OPENPGP', 'the URL alphabet', TEXT.replace(/(?<=\n\n..)./, '_')],
  ['NOT_OPENPGP', 'padding in the middle', TEXT.replace(/(?<=\n\n....)/, '==\n')],
  ['NOT_OPENPGP', 'a character too few', TEXT.replace(/(?<=\n\n..)./, '')],
  ['NOT_OPENPGP', 'nothing between BEGIN and END', `${BEGIN}\n\n${END}\n`],
  ['NOT_OPENPGP', 'headers without end', `${BEGIN}\n${'Comment: x\n'.repeat(5000)}`],
  ['NOT_OPENPGP', 'a byte order mark', `\u{feff}${TEXT}`],
])('refuses with %s: %s', async (code, _, text) => {
  for (const size of [1, 5, 65_536]) expect(await verdict(text, { size })).toBe(code);
});

test('a long head in single octets comes to an end', async () => {
  for (const head of ['\n'.repeat(16_000) + TEXT, `${BEGIN}\n${'C: x\n'.repeat(3000)}\n`, 'x\n'.repeat(9000)]) expect(await verdict(head, { size: 1 })).toBeDefined();
});
