import { parse, stringify } from 'yaml';
import { readFileSync } from 'node:fs';
import { readParty } from './party-file';

/** As the guide shows it. */
const [, GUIDE = ''] = /```yaml\n([^]*?)```/.exec(readFileSync('docs/enrolment.md', 'utf8')) ?? [];

test('the party of the guide is one', () => {
  expect(readParty(GUIDE)).toMatchObject({ ok: true, party: { agency: 'st-brigid-primary', contacts: [{ contact: 'safeguarding-lead' }, { contact: 'head-teacher' }] } });
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each row bends another place
test.each<[string, (party: any) => unknown]>([
  ['/format', (party) => (party.format = 'waybill-party/2')],
  ['/agency', (party) => (party.agency = 'St Brigid')],
  ['/controller', (party) => delete party.controller],
  ['/types', (party) => (party.types = [])],
  ['/country', (party) => (party.country = 'England')],
  ['/publicAuthority', (party) => (party.publicAuthority = 'academy')],
  ['/contacts/0/kind', (party) => (party.contacts[0].kind = 'pigeon')],
  ['/contacts/0/telephone', (party) => (party.contacts[0].telephone = '0151 496 0201')],
  ['/contacts/0/verifiedOn', (party) => (party.contacts[0].verifiedOn = '2026-02-31')],
  ['/contacts/1', (party) => (party.contacts[1].name = 'a person')],
  ['/contacts', (party) => party.contacts.push(party.contacts[0])],
  ['/memberships/0/entry', (party) => delete party.memberships[0].entry],
  ['/memberships/0/signed/delegated', (party) => (party.memberships[0].signed = { role: 'signatory', on: '2026-10-12' })],
  ['/memberships/0/signed', (party) => (party.memberships[0].signed = { role: 'signatory', on: '2026-10-12', delegated: true, name: 'a person' })],
  ['/memberships/0/acceptedOn', (party) => (party.memberships[0].acceptedOn = 'yes')],
  ['/memberships/0/actsFor', (party) => (party.memberships[0].actsFor = ['parish-council'])],
  ['/memberships/0/transferSafeguards', (party) => (party.memberships[0].transferSafeguards = true)],
  ['/contacts/0/cjsm', (party) => (party.contacts[0].cjsm = 'yes')],
  ['/contacts/0/approvedOn', (party) => (party.contacts[0].approvedOn = '2026-02-31')],
])('a fault at %s is told with its place, and without the value', (pointer, bend) => {
  const party = parse(GUIDE) as object;
  bend(party);
  const reading = readParty(stringify(party, { aliasDuplicateObjects: false }));
  expect(reading.ok ? [] : reading.faults.map((fault) => fault.pointer)).toContain(pointer);
});

test('what agreements ask of a party beside its posts is read as it stands', () => {
  const party = parse(GUIDE) as { contacts: object[]; memberships: object[] };
  const onFile = { signed: { role: 'signatory', on: '2026-10-12', delegated: true }, representedBy: 'some-school', acceptedOn: '2026-10-13', actsFor: ['local-authority'], transferSafeguards: '2026-10-14' };
  Object.assign(party.memberships[0] ?? {}, onFile);
  Object.assign(party.contacts[0] ?? {}, { cjsm: true, approvedOn: '2026-10-15' });
  expect(readParty(stringify(party))).toMatchObject({ ok: true, party: { memberships: [onFile], contacts: [{ cjsm: true, approvedOn: '2026-10-15' }, {}] } });
});

test('what is not YAML, or refers to itself, is no party', () => {
  expect(readParty('{')).toMatchObject({ ok: false });
  expect(readParty('a: &a [1]\nb: [*a, *a]')).toMatchObject({ ok: false });
});
