import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entryNamed } from '#policy/agreement';
import { loadFolders } from '#partnership/agreements';
import { ORGANISATION_TYPES } from '#policy/vocabulary/organisations';
import { type PartyFile } from './party-file';
import { readParties } from './parties-file';

const MANY = `format: waybill-parties/1
agreement: riverside
parties:
  - { agency: river-police, name: River Police, controller: { id: river-chief-constable, name: Chief Constable of River Police }, types: [police], country: GB, entry: police }
  - { agency: willow-refuge, name: Willow Refuge, controller: { id: willow-refuge, name: Willow Refuge }, types: [voluntary], country: GB, entry: charities }
`;
const faults = (text: string) => {
  const reading = readParties(text);
  return reading.ok ? [] : reading.faults.map(({ pointer, says }) => `${pointer} ${says}`);
};

test('a file of many parties is read as so many parties, each with its entry and without a contact', () => {
  expect(readParties(MANY)).toMatchObject({
    ok: true,
    parties: [{ agency: 'river-police', contacts: [], memberships: [{ agreement: 'riverside', entry: 'police' }] }, { agency: 'willow-refuge', types: ['voluntary'], contacts: [] }],
  });
});

test('it says of each what is on file of its membership', () => {
  const text = MANY.replace('entry: charities', "entry: charities, signed: { role: signatory, on: '2026-10-12', delegated: true }, actsFor: [local-authority], acceptedOn: '2026-10-13'");
  expect(readParties(text)).toMatchObject({ ok: true, parties: [{}, { memberships: [{ agreement: 'riverside', entry: 'charities', signed: { on: '2026-10-12', delegated: true }, actsFor: ['local-authority'], acceptedOn: '2026-10-13' }] }] });
  expect(faults(text.replace('delegated: true', 'delegated: maybe')).join()).toContain('/parties/1/signed/delegated');
});

test('a file of one party is read as one', () => {
  const [, guide = ''] = /```yaml\n([^]*?)```/.exec(readFileSync('docs/enrolment.md', 'utf8')) ?? [];
  expect(readParties(guide)).toMatchObject({ ok: true, parties: [{ agency: 'st-brigid-primary' }] });
});

test.each<[string, string, string, string]>([
  ['an organisation twice', 'willow-refuge, name', 'river-police, name', '/parties names river-police twice'],
  ['an organisation of no type', 'types: [police]', 'types: []', '/parties/0/types'],
  ['a contact, which only the organisation itself can give', 'entry: charities', 'entry: charities, contacts: []', '/parties/1'],
  ['no entry', ', entry: police', '', '/parties/0/entry'],
  ['an unknown format', 'waybill-parties/1', 'waybill-parties/2', '/format'],
])('with %s it is none', (_what, find, replace, told) => {
  expect(faults(MANY.replace(find, replace)).join()).toContain(told);
});

test('what is not YAML is none', () => {
  expect(faults('{')).toEqual([expect.stringContaining('is not YAML')]);
});

describe('the organisations that the deployed agreements name', () => {
  const folder = 'deploy/agreements';
  const all = loadFolders(folder).map(({ id, loading }) => {
    if (!loading.ok) throw new Error(`${id} does not load`);
    const reading = readParties(readFileSync(join(folder, id, 'parties.yaml'), 'utf8'));
    if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
    return { id, agreement: loading.agreement, parties: reading.parties };
  });

  test('every agreement has its file', () => {
    expect(readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory() && !existsSync(join(folder, each.name, 'parties.yaml')))).toEqual([]);
  });

  test.each(all.map((each) => [each.id, each] as const))('%s: each stands under an entry of its list, of a type that the vocabulary and the entry know', (id, { agreement, parties }) => {
    for (const { agency, types, memberships, contacts } of parties) {
      expect([agency, memberships.map((each) => each.agreement), contacts]).toEqual([agency, [id], []]);
      const entry = entryNamed(agreement, memberships[0]?.entry ?? '');
      expect([agency, types.filter((type) => !Object.hasOwn(ORGANISATION_TYPES, type))]).toEqual([agency, []]);
      expect([agency, entry?.types.some((type) => types.includes(type))]).toEqual([agency, true]);
    }
  });

  test('one that stands in several is the same in each', () => {
    const seen = new Map<string, Omit<PartyFile, 'memberships'>>();
    for (const { memberships: _memberships, ...party } of all.flatMap(({ parties }) => parties)) {
      expect(party).toEqual(seen.get(party.agency) ?? party);
      seen.set(party.agency, party);
    }
    expect(seen.size).toBeLessThan(all.reduce((sum, { parties }) => sum + parties.length, 0));
  });

  test('one controller has one name', () => {
    const names = new Map<string, Set<string>>();
    for (const { controller } of all.flatMap(({ parties }) => parties)) names.set(controller.id, (names.get(controller.id) ?? new Set()).add(controller.name));
    expect([...names].filter(([, each]) => each.size > 1)).toEqual([]);
  });
});
