import { fingerprintOf, grouped, sameFingerprint } from './fingerprint';

const FILE = Buffer.from('an enrolment');
const FINGERPRINT = fingerprintOf(FILE);

test('a fingerprint is ten groups of four', () => expect(FINGERPRINT).toMatch(/^([0-9A-F]{4} ){9}[0-9A-F]{4}$/));

test.each([FINGERPRINT.toLowerCase(), FINGERPRINT.replaceAll(' ', ''), FINGERPRINT.replaceAll(' ', '-'), ` ${FINGERPRINT}\n`])('typed as it is heard, it is the same', (typed) => {
  expect(sameFingerprint(typed, FINGERPRINT)).toBe(true);
});

test.each(['', ' ', FINGERPRINT.slice(0, 4), FINGERPRINT.slice(0, -1), `${FINGERPRINT}0`, FINGERPRINT.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))])('anything less or else is another', (typed) => {
  expect(sameFingerprint(typed, FINGERPRINT)).toBe(false);
});

test('nothing is never the same as nothing', () => expect(sameFingerprint(' ', '')).toBe(false));
test('any fingerprint is shown in groups', () => expect(grouped('abcdef0123')).toBe('ABCD EF01 23'));
