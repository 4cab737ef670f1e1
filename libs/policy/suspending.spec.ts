import { profile, profiles } from '../../test/world/profiles';
import { type Suspending, suspendingUnmet } from './suspending';

const SOUND: Suspending = { agreement: profile('llr').agreement, party: true, real: true, standing: false, before: 0, writing: true, evidence: true };
const codes = (change: Partial<Suspending>): string[] => suspendingUnmet({ ...SOUND, ...change }).map(({ code }) => code);

test('the agreement that gives its parties the right is suspended by one of them; all others by nobody', () => {
  expect(profiles().filter(({ agreement }) => codes({ agreement }).length === 0).map(({ agreement }) => agreement.id)).toEqual(['llr']);
  for (const { agreement } of profiles()) if (agreement.id !== 'llr') expect(codes({ agreement })).toContain('NO_RIGHT_TO_SUSPEND');
});

test.each<[string, Partial<Suspending>]>([
  ['NO_RIGHT_TO_SUSPEND', { party: false }], ['NOTHING_BREACHED', { real: false }], ['SUSPENDED_ALREADY', { standing: true }], ['SUSPENSION_NOT_RENEWED', { before: 1 }],
  ['SUSPENDED_WITHOUT_WRITING', { writing: false }], ['SUSPENDED_WITHOUT_EVIDENCE', { evidence: false }],
])('refuses with %s', (code, change) => {
  expect(codes(change)).toEqual([code]);
});

test('all that is unmet is told at once', () => {
  expect(codes({ writing: false, evidence: false, standing: true })).toHaveLength(3);
});

test('an agreement that lets it be given again lets it be given once', () => {
  const { agreement } = SOUND;
  const again = { ...agreement, terms: { ...agreement.terms, 'suspension.renewal': { value: 'once' as const, clause: '1' } } };
  expect([codes({ agreement: again, before: 1 }), codes({ agreement: again, before: 2 })]).toEqual([[], ['SUSPENSION_NOT_RENEWED']]);
});
