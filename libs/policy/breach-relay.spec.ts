import { profiles } from '../../test/world/profiles';
import { breachRules, contactOrder, gradeOf } from './breach-relay';

const all = profiles().map(({ agreement }) => [agreement.id, breachRules(agreement)] as const);
const rulesOf = (id: string) => new Map(all).get(id)!;

test.each(all)('%s: what it says of a breach stands on its clause, on a law, or is marked as ours', (_id, rules) => {
  for (const { standing } of Object.values(rules)) expect(standing).toEqual({ on: expect.stringMatching(/^(clause|statute|default)$/), says: expect.stringMatching(/.+/) });
});

test('the hours are the law’s where a text gives none, and never longer', () => {
  expect(all.map(([id, { hours }]) => [id, hours.value, hours.standing.on])).toEqual(expect.arrayContaining([['llr', 72, 'clause'], ['wirral', 72, 'statute'], ['nwadcs', 72, 'statute']]));
});

test('posts are tried in the order of the agreement; out of hours whoever is on call comes first', () => {
  expect(contactOrder(rulesOf('llr'), { working: true })).toEqual(['breach-post', 'spoc', 'responsible-manager', 'responsible-person', 'coordinator']);
  expect(contactOrder(rulesOf('worcestershire'), { working: true })).toEqual(['data-protection-officer', 'nominated-post-holder', 'breach-post', 'spoc', 'responsible-manager', 'day-to-day-post', 'coordinator']);
  for (const [, rules] of all) expect(contactOrder(rules, { working: false })[0]).toBe('emergency-duty');
});

test('the grid grades by how bad it would be and how likely it is; the worst is never less than high', () => {
  expect([[1, 1], [2, 3], [3, 5], [4, 5], [5, 1]].map(([severity = 1, likelihood = 1]) => gradeOf({ severity, likelihood }))).toEqual(['low', 'medium', 'high', 'very-high', 'high']);
  for (let severity = 1; severity <= 5; severity++) for (let likelihood = 2; likelihood <= 5; likelihood++) expect(ORDER.indexOf(gradeOf({ severity, likelihood }))).toBeGreaterThanOrEqual(ORDER.indexOf(gradeOf({ severity, likelihood: likelihood - 1 })));
});
const ORDER = ['low', 'medium', 'high', 'very-high'];
