import { isStrongPassphrase, newPassphrase, PASSPHRASE_BITS } from './passphrase';

test('CH-04: a passphrase is six different words, strong by the rule, and never twice the same', () => {
  const made = Array.from({ length: 500 }, newPassphrase);
  for (const each of made) expect([each.split(' ').length, new Set(each.split(' ')).size, isStrongPassphrase(each)]).toEqual([6, 6, true]);
  expect(new Set(made).size).toBe(made.length);
});

test('words come from all over the list', () => {
  const words = new Set(Array.from({ length: 1_000 }, newPassphrase).flatMap((each) => each.split(' ')));
  // 6,000 draws of 7,776: four thousand different ones are expected, and a list of a tenth could not give half of that.
  expect(words.size).toBeGreaterThan(3_500);
  expect(PASSPHRASE_BITS).toBeGreaterThan(77);
});

test.each([
  ['nothing', ''],
  ['a password', 'Tr0ub4dor&3'],
  ['five words', 'abacus abdomen ablaze able abnormal'],
  ['one word six times', 'abacus abacus abacus abacus abacus abacus'],
  ['a word that is not of the list', 'abacus abdomen ablaze able abnormal wirral'],
  ['capitals', 'Abacus abdomen ablaze able abnormal abrasion'],
  ['two spaces', 'abacus  abdomen ablaze able abnormal abrasion'],
])('CH-04: %s is not strong', (_what, passphrase) => {
  expect(isStrongPassphrase(passphrase)).toBe(false);
});
