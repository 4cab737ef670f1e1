import * as fc from 'fast-check';
import { isLower, type SignalCode, SIGNALS, triageOf } from './triage';

test.each<[SignalCode[], string, SignalCode[]]>([
  [[], 'amber', []],
  [['early-help'], 'green', ['early-help']],
  [['early-help', 'repeat-contact'], 'amber', ['repeat-contact']],
  [['repeat-contact', 'missing', 'under-one'], 'red', ['missing', 'under-one']],
])('%j is %s because of %j', (signals, level, because) => {
  expect(triageOf(signals)).toEqual({ level, because });
});

test('one sign more never makes it less pressing', () => {
  const signal = fc.constantFrom(...(Object.keys(SIGNALS) as SignalCode[]));
  fc.assert(fc.property(fc.array(signal, { minLength: 1 }), signal, (signals, more) => {
    expect(isLower(triageOf([...signals, more]).level, triageOf(signals).level)).toBe(false);
  }));
});
