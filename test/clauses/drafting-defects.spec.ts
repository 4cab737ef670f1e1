import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { term } from '#policy/agreement';
import { GATEWAYS, type LegalGateway } from '#policy/vocabulary/gateways';
import { LEGACY_CLASSIFICATIONS } from '#policy/vocabulary/protections';
import { profile } from '../world/profiles';

// What the five texts say by oversight, and what their profiles make of it: one test for each defect that the catalogue lists. A data protection officer confirms.

const [wirral, worcestershire, solihull, llr, nwadcs] = ['wirral', 'worcestershire', 'solihull', 'llr', 'nwadcs'].map(profile) as [ReturnType<typeof profile>, ReturnType<typeof profile>, ReturnType<typeof profile>, ReturnType<typeof profile>, ReturnType<typeof profile>];
const partiesOf = (id: string) => (parse(readFileSync(`deploy/agreements/${id}/parties.yaml`, 'utf8')) as { parties: Record<string, unknown>[] }).parties;
const entries = ({ agreement }: typeof wirral) => term(agreement, 'agreement.partyList');

test('1. outside the EEA: a share within the United Kingdom goes, one beyond both does not without safeguards', () => {
  for (const [each, recipient] of [[wirral, 'merseyside-police'], [solihull, 'west-midlands-police']] as const) {
    expect(term(each.agreement, 'transfer.regions')?.regions).toEqual(['UK', 'EEA']);
    expect(each.told()).toEqual([]);
    expect(each.told({ [`/parties/${recipient}/country`]: 'FR' })).toEqual([]);
    expect(each.told({ [`/parties/${recipient}/country`]: 'US' })).toContain('TRANSFER_OUTSIDE_REGIONS');
  }
});

test('2. Schedule 8 serves law enforcement: it carries no safeguarding share, and Schedule 1 does', () => {
  expect(llr.told({ '/manifest/conditions': ['9(2)(g)', 'sch8-4'] })).not.toEqual([]);
  expect(llr.told({ '/manifest/conditions': ['9(2)(g)', 'sch1-18'] })).toEqual([]);
});

test('3. “Section 2 above” holds no purpose: those of §1.2 and Appendix B are the purposes', () => {
  const places = new Set(term(llr.agreement, 'agreement.purposes').map(({ clause }) => clause));
  expect([places.has('1.2'), places.has('2')]).toEqual([true, false]);
  expect(llr.told({ '/manifest/purpose': 'no-purpose-of-the-text' })).not.toEqual([]);
});

test('4. the review after a year and then “subsequent 2 years”: one reading is taken, and the profile says that there is another', () => {
  expect(llr.agreement.terms['agreement.reviewCycle']).toMatchObject({ value: { firstMonths: 12, everyMonths: 24 }, because: expect.stringContaining('can also be read') });
});

test('5. one organisation’s filled-in form is nobody else’s: no organisation comes with a person, an address or a number', () => {
  for (const party of partiesOf('llr')) expect(Object.keys(party).filter((field) => ['contacts', 'email', 'telephone', 'responsiblePerson'].includes(field))).toEqual([]);
  expect(llr.agreement.terms['breach.contactTable']).toMatchObject({ because: expect.stringContaining('empty') });
});

test('6. the Criminal Justice Act is that of 2003', () => {
  expect(Object.keys(GATEWAYS).filter((code) => code.startsWith('criminal-justice-act'))).toEqual(['criminal-justice-act-2003-s325']);
});

test('7. people are notified, and consent is no condition, whatever the heading of the figure says', () => {
  expect(term(llr.agreement, 'law.consentStance')).toBe('notify-not-consent');
  expect(llr.told({ '/manifest/consent': { status: 'not-sought', reason: 'not-reasonably-expected' } })).toEqual([]);
});

test('8. training records and contractors: both appendices stand, each for its own', () => {
  const periods = term(worcestershire.agreement, 'retention.periods') ?? [];
  const months = (what: string) => periods.filter((each) => each.what === what).map((each) => ('months' in each ? each.months : 'atOnce' in each ? 0 : undefined));
  expect(['training-completion', 'training-electronic-record', 'contractor-contacts', 'contract-files'].map(months)).toEqual([[24], [36], [0], [72]]);
});

test('9. markings that ended in 2014 are read as what took their place, and never given', () => {
  expect(Object.values(LEGACY_CLASSIFICATIONS).map(({ today }) => today)).toEqual(['OFFICIAL-SENSITIVE', 'OFFICIAL-SENSITIVE']);
  const decision = worcestershire.decided({ '/manifest/classification': 'RESTRICTED' });
  expect(decision.outcome === 'permitted' && decision.transfers.map(({ handling }) => handling.classification)).toEqual(['OFFICIAL-SENSITIVE', 'OFFICIAL-SENSITIVE']);
});

test('10. legitimate interests carry no share about a child, and none of a public authority', () => {
  expect(worcestershire.told({ '/manifest/lawfulBasis': '6(1)(f)' })).not.toEqual([]);
  expect(worcestershire.told({ '/manifest/lawfulBasis': '6(1)(f)', '/manifest/purpose': 'partnership-administration' })).not.toEqual([]);
});

test('11. the statutory partners that the appendix leaves out are parties', () => {
  const statutory = entries(wirral).filter(({ kind }) => kind === 'statutory-partner').flatMap(({ types }) => types);
  expect(statutory).toEqual(expect.arrayContaining(['local-authority', 'police', 'health-commissioner']));
  expect(wirral.reached()).toContain('merseyside-police/public-protection');
});

test('12. “notify the other partner agencies”: the parties concerned under the one, all under the other, and the first is marked as ours', () => {
  expect(wirral.agreement.terms['breach.notifyOthers']).toMatchObject({ value: { whom: 'involved' }, default: true });
  expect(term(solihull.agreement, 'breach.firstNotify')).toBe('other-partners');
});

test('13. an undated text is not given a date; its older names of bodies are read as those of today', () => {
  expect(solihull.agreement.terms['agreement.published']).toBeUndefined();
  expect(term(solihull.agreement, 'law.orgTypeAliases')).toContain('clinical-commissioning-group');
});

test('14. what the extract does not hold is not made up: no review interval, no meaning of the name', () => {
  expect(nwadcs.agreement.terms['agreement.reviewCycle']).toBeUndefined();
  expect(JSON.stringify(partiesOf('nwadcs').find(({ agency }) => agency === 'nwadcs'))).not.toMatch(/North West|Association|Directors/);
});

test('15. powers for which no organisation is printed are recorded and refuse nobody; one for which some are is held to them', () => {
  const gateways: Readonly<Record<string, LegalGateway>> = GATEWAYS;
  for (const code of ['police-and-justice-act-2006', 'safeguarding-vulnerable-groups-act-2006', 'children-act-1989-s47', 'children-act-2004-s11']) {
    expect([code, gateways[code]?.open]).toEqual([code, 'not-stated']);
    expect([code, llr.told({ '/manifest/legalGateway': code })]).toEqual([code, []]);
  }
  expect(llr.told({ '/manifest/legalGateway': 'care-act-2014-s42' })).toContain('GATEWAY_NOT_AVAILABLE');
});
