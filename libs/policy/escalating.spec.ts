import * as fc from 'fast-check';
import { decided, type DecisionRule, type View } from './escalating';

test.each<[DecisionRule, number, View[], View | undefined]>([
  ['any', 3, [], undefined],
  ['any', 3, ['share'], 'share'],
  ['any', 3, ['do-not-share', 'do-not-share'], undefined],
  ['any', 3, ['do-not-share', 'do-not-share', 'do-not-share'], 'do-not-share'],
  ['majority', 3, ['share'], undefined],
  ['majority', 3, ['share', 'do-not-share', 'share'], 'share'],
  ['majority', 3, ['do-not-share', 'do-not-share'], 'do-not-share'],
  ['majority', 2, ['share', 'do-not-share'], 'do-not-share'],
  ['all', 3, ['share', 'share'], undefined],
  ['all', 3, ['share', 'share', 'share'], 'share'],
  ['all', 3, ['do-not-share'], 'do-not-share'],
])('by %s of %d, %j is %s', (rule, deciders, views, expected) => {
  expect(decided(rule, deciders, views)).toBe(expected);
});

test('when all have spoken it is decided, and whatever was decided stays so with one voice more', () => {
  const view = fc.constantFrom<View>('share', 'do-not-share');
  fc.assert(fc.property(fc.constantFrom<DecisionRule>('any', 'majority', 'all'), fc.array(view, { minLength: 1, maxLength: 7 }), (rule, views) => {
    expect(decided(rule, views.length, views)).toBeDefined();
    for (let i = 0; i < views.length; i++) {
      const early = decided(rule, views.length, views.slice(0, i));
      if (early) expect(decided(rule, views.length, views.slice(0, i + 1))).toBe(early);
    }
  }));
});
