import { becauseOf, ENDS_A_KEY, lacksOf } from './custody';

test('a mailbox lacks a second person, a recovery key, a new key: each is told for itself, and nothing where all is well', () => {
  expect(lacksOf({ people: 2, recovery: true, spoilt: false })).toEqual([]);
  expect(lacksOf({ people: 1, recovery: true, spoilt: false })).toEqual(['second-custodian']);
  expect(lacksOf({ people: 3, recovery: false, spoilt: false })).toEqual(['recovery']);
  expect(lacksOf({ people: 0, recovery: false, spoilt: true })).toEqual(['second-custodian', 'recovery', 'new-key']);
});

test.each([
  ['given', 'made', 'nothing'], ['given', 'forgotten', 're-wrap'], ['given', 'lost-locked', 're-wrap'], ['given', 'recovered', 're-wrap'],
  ['taken', 'left', 'new-key'], ['taken', 'other-post', 'new-key'], ['taken', 'lost-open', 'new-key'], ['taken', 'destroyed', 'nothing'],
] as const)('of a key that is %s because %s follows: %s', (kind, because, follows) => {
  expect(becauseOf({ kind, because })?.follows).toBe(follows);
  expect(kind === 'taken' && ENDS_A_KEY.includes(because)).toBe(follows === 'new-key');
});

test.each(['left', 'toString', 'because-i-say-so'])('nobody is given a key because of %s', (because) => {
  expect(becauseOf({ kind: 'given', because })).toBeUndefined();
});
