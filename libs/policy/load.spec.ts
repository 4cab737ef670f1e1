import { createHash } from 'node:crypto';
import { term } from './agreement';
import { loadAgreement } from './load';
import { transit } from './transit';

const PROFILE = `format: waybill-agreement/1
id: example
version: '1.0'
from: 2024-01-01
agreement:
  title: { value: An example, clause: cover }
  subjectGroups: { value: [children], clause: '1' }
  purposes: { value: [{ code: protect, says: protecting a child, clause: '2.1' }], clause: '2' }
  bindingMode: { value: signature, clause: '3' }
  partyList: { value: [{ entry: council, says: the council, kind: named, types: [local-authority] }], clause: '3' }
onward:
  rule: { value: same-purpose-only, clause: '4' }
channel:
  email: { accepted: { value: [encrypted], clause: '5' } }
header:
  provenance: { value: [originator], default: true, because: the text is silent }
  classification: { value: { default: OFFICIAL-SENSITIVE }, clause: '6' }
  alsoTold: { value: never, default: true, because: the text is silent }
controller:
  model: { value: each-controller, clause: '7' }
retention:
  basis: { value: purpose, clause: '8' }
  owner: { value: each-agency, clause: '8' }
  payloadInTransit: { value: { removeOn: acknowledgement, maxDays: 28, remindOnDays: [3, 9] }, default: true, because: the text is silent }
`;
const load = (text: string) => loadAgreement({ file: 'example/agreement.yaml', text });
const errors = (text: string) => {
  const loading = load(text);
  return loading.ok ? [] : loading.errors.map(({ file, line, reason }) => `${file}:${line}: ${reason}`);
};

test('a profile is read as terms with their clauses, and its digest is that of its octets', () => {
  const loading = load(PROFILE);
  if (!loading.ok) throw new Error(JSON.stringify(loading.errors));
  const { agreement } = loading;
  expect(agreement).toMatchObject({ id: 'example', version: '1.0', from: '2024-01-01', supersedes: [], digest: createHash('sha256').update(PROFILE).digest('hex') });
  expect(agreement.terms['onward.rule']).toEqual({ value: 'same-purpose-only', clause: '4' });
  expect(agreement.terms['header.alsoTold']).toMatchObject({ default: true, because: 'the text is silent' });
  expect(term(agreement, 'law.consentStance')).toBeUndefined();
  expect(transit(agreement)).toEqual({ removeOn: 'acknowledgement', maxDays: 28, remindOnDays: [3, 9] });
  expect(() => Object.assign(agreement.terms, { 'min.recipientRule': undefined })).toThrow();
});

test.each<[string, string, string, string]>([
  ['an unknown parameter', 'onward:', 'law:\n  consentStence: { value: seek-first, clause: GR4 }\nonward:', '12: unknown parameter `law.consentStence`'],
  ['an unknown field of a term', "clause: '4' }", "clause: '4', why: because }", '12: unknown parameter `onward.rule.why`'],
  ['an unknown code', 'value: same-purpose-only', 'value: any-purpose', '12: unknown code in onward.rule.value: it must be one of never-outside,'],
  ['an unknown word of the vocabulary', 'types: [local-authority]', 'types: [newspaper]', '10: unknown code in agreement.partyList.value.0.types.0: it must be one of local-authority,'],
  ['a missing value', "rule: { value: same-purpose-only, clause: '4' }", "rule: { clause: '4' }", '12: missing `value` in onward.rule'],
  ['a value without its clause', "rule: { value: same-purpose-only, clause: '4' }", 'rule: { value: same-purpose-only }', '12: missing `clause` in onward.rule'],
  ['a default without its why', 'value: never, default: true, because: the text is silent', 'value: never, default: true', '18: missing `because` in header.alsoTold'],
  ['a clause and a default', 'value: never, default: true, because: the text is silent', 'value: never, clause: x, default: true, because: ours', '18: header.alsoTold has both a clause and `default`'],
  ['a term that every profile states', "  model: { value: each-controller, clause: '7' }", '  {}', '19: missing `model` in controller'],
  ['a wrong type', "version: '1.0'", 'version: 1.0', '3: wrong type: version must be string'],
  ['a wrong type inside', 'maxDays: 28', "maxDays: '28'", '24: wrong type: retention.payloadInTransit.value.maxDays must be integer'],
  ['a wrong form', 'id: example', 'id: An Example', '2: wrong form: id'],
  ['a duplicate key', 'controller:', "header:\n  doubt: { value: true, clause: '9' }\ncontroller:", '19: duplicate key'],
  ['a duplicate key inside a term', "clause: '4' }", "clause: '4', clause: '5' }", '12: duplicate key'],
  ['a duplicate purpose', "clause: '2.1' }]", "clause: '2.1' }, { code: protect, says: again, clause: '2.2' }]", '8: duplicate purpose `protect`'],
  ['a hub whose controller is on no list', "  model: { value: each-controller, clause: '7' }", "  model: { value: each-controller, clause: '7' }\n  hub: { value: { desk: door, entries: [county] }, clause: '7' }", '21: unknown party-list entry `county`'],
  ['a reminder after the end', 'remindOnDays: [3, 9]', 'remindOnDays: [3, 29]', '24: reminders must be ascending and before maxDays'],
  ['an anchor and its alias', 'value: [children]', 'value: &who [children]\n  area: { value: *who, clause: x }', '1: not YAML as it is read here'],
  ['no YAML', 'onward:', 'onward: {', 'not YAML as it is read here'],
])('a profile with %s is refused, with its file, line and reason', (_what, find, replace, told) => {
  expect(PROFILE.split(find).length).toBeGreaterThan(1);
  const found = errors(PROFILE.replace(find, replace));
  expect(found.some((error) => error.startsWith('example/agreement.yaml:') && error.includes(told))).toBe(true);
});

test('all faults of a profile are told at once, in the order of its lines', () => {
  const found = errors(PROFILE.replace('id: example', 'id: An Example').replace('maxDays: 28', 'maxDays: 0').replace('value: never', 'value: sometimes'));
  expect(found.map((error) => Number(error.split(':')[1]))).toEqual([2, 18, 24]);
});

test.each<[string, string, string]>([
  ['a party represented by nobody', 'types: [local-authority] }]', 'types: [local-authority], representedBy: county }]'],
  ['a security profile of nobody', 'onward:', "party:\n  specificSecurityNeeds: { value: { allowed: true, profiles: [{ entry: county, says: none, from: 2024-01-01, terms: {} }] }, clause: '9' }\nonward:"],
  ['a condition for nobody', 'onward:', "law:\n  art9: { value: { list: usual, codes: [9(2)(g)], forEntries: [{ entry: county, codes: [9(2)(h)] }] }, clause: '9' }\nonward:"],
])('%s is told', (_what, find, replace) => {
  expect(errors(PROFILE.replace(find, replace)).join()).toContain('unknown party-list entry `county`');
});

test.each<[string, string, boolean]>([
  ['before its notice is over', 'noticed: 2024-01-15, from: 2024-04-14', false],
  ['when its notice is over', 'noticed: 2024-01-15, from: 2024-04-15', true],
  ['before, as the co-ordinator approved', 'noticed: 2024-01-15, earlyApproved: true, from: 2024-02-01', true],
  ['of which nobody recorded the notice', 'from: 2024-02-01', true],
])('rules of a party’s own that take effect %s', (_what, when, loads) => {
  const [, entry = ''] = /entry: ([a-z-]+)/.exec(PROFILE) ?? [];
  const needs = `party:\n  specificSecurityNeeds: { value: { allowed: true, noticeMonths: 3, profiles: [{ entry: ${entry}, says: some, ${when}, terms: {} }] }, clause: '9' }\nonward:`;
  const found = errors(PROFILE.replace('onward:', needs));
  expect(found).toEqual(loads ? [] : [expect.stringContaining(`rules of \`${entry}\` would hold before 3 months of notice are over`)]);
});

test('a basis for a purpose that is none is told', () => {
  const law = "law:\n  art6: { value: { list: closed, codes: [6(1)(e)], forPurposes: [{ purpose: training, codes: [6(1)(f)] }] }, clause: '9' }\nonward:";
  expect(errors(PROFILE.replace('onward:', law)).join()).toContain('unknown purpose `training`');
});

describe('an agreement with examples', () => {
  const world = "world: { at: '2026-03-10T09:30:00Z', sender: council, manifest: { purpose: protect }, lines: [], parties: {} }\n";
  const goes = '  - { name: goes, clause: PU-01, rule: NO_PURPOSE, expect: { outcome: permitted } }\n';
  const stays = '  - { name: stays, clause: PU-01, rule: NO_PURPOSE, change: { /manifest/urgency: routine }, expect: { outcome: refused, reasons: [NO_PURPOSE] } }\n';
  const loses = '  - { name: loses, clause: PU-01, rule: NO_PURPOSE, expect: { outcome: permitted, struckOff: { council/desk: [NO_PURPOSE] } } }\n';
  const reasons = (cases: string) => {
    const loading = loadAgreement({ file: 'a.yaml', text: PROFILE, cases: { file: 'c.yaml', text: `format: waybill-cases/1\n${world}cases:\n${cases}` } });
    return loading.ok ? [] : loading.errors.map(({ file, line, reason }) => `${file}:${line}: ${reason}`);
  };

  test.each([[goes + stays], [goes + loses]])('loads when each purpose is shown permitted and not', (cases) => {
    expect(reasons(cases)).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['of a share that goes', stays, 'c.yaml:1: no case in which a share for the purpose `protect` is permitted'],
    ['of one that does not', goes, 'c.yaml:1: no case in which a share for the purpose `protect` is refused or loses something'],
    ['of its purpose, but of another', goes.replace('rule:', 'change: { /manifest/purpose: marketing }, rule:') + stays, 'c.yaml:1: no case in which a share for the purpose `protect` is permitted'],
    ['but of an activation', goes.replace('rule:', 'activate: council, rule:') + stays, 'c.yaml:1: no case in which a share for the purpose `protect` is permitted'],
    ['that change the world at all', goes + stays.replace('/manifest/urgency', '/nowhere/urgency'), 'c.yaml:5: /nowhere/urgency leads nowhere in the world of the cases'],
  ])('does not load when there is none %s', (_what, cases, told) => {
    expect(reasons(cases)).toContain(told);
  });
});

test('examples that have changes in common name them once, and their own come after', () => {
  const starts = 'starts: { routine: { /manifest/urgency: routine, /manifest/purpose: marketing } }\n';
  const file = (from: string) => ({ file: 'c.yaml', text: `format: waybill-cases/1
world: { at: '2026-03-10T09:30:00Z', sender: council, manifest: { purpose: protect }, lines: [], parties: {} }
${starts}cases:
  - { name: goes, clause: PU-01, rule: NO_PURPOSE, from: ${from}, change: { /manifest/purpose: protect }, expect: { outcome: permitted } }
  - { name: stays, clause: PU-01, rule: NO_PURPOSE, expect: { outcome: refused, reasons: [NO_PURPOSE] } }
` });
  expect(loadAgreement({ file: 'a.yaml', text: PROFILE, cases: file('routine') })).toMatchObject({ ok: true, cases: { cases: [{ change: { '/manifest/urgency': 'routine', '/manifest/purpose': 'protect' } }, {}] } });
  expect(loadAgreement({ file: 'a.yaml', text: PROFILE, cases: file('nowhere') })).toEqual({ ok: false, errors: [{ file: 'c.yaml', line: 5, reason: 'there is no start `nowhere`' }] });
});

test('examples that are none are told with their own file and line', () => {
  const loading = loadAgreement({ file: 'a.yaml', text: PROFILE, cases: { file: 'c.yaml', text: 'format: waybill-cases/1\nworld: 5\ncases: []\n' } });
  expect(loading).toMatchObject({ ok: false, errors: expect.arrayContaining([{ file: 'c.yaml', line: 2, reason: 'wrong type: world must be object' }]) });
});
