import 'reflect-metadata';
import { addressed } from '#protocol/line';
import { activate } from '#policy/activate';
import { change, proposed } from '#policy/cases-run';
import { decide } from '#policy/decide';
import type { Decision } from '#policy/decision';
import { loadFolder } from '#partnership/agreements';

const loading = loadFolder('deploy/agreements/wirral');
if (!loading.ok || !loading.cases) throw new Error('the profile does not load');
const { agreement } = loading;
const { world } = loading.cases;

type Changes = Record<string, unknown>;
const decided = (changes: Changes = {}): Decision => {
  const { parties, proposal } = proposed(agreement, change(world, changes));
  return decide(agreement, parties, proposal);
};
const refusedFor = (changes: Changes) => {
  const decision = decided(changes);
  return decision.outcome === 'refused' ? decision.reasons.map(({ code }) => code) : [];
};
const reached = (decision: Decision) => (decision.outcome === 'permitted' ? decision.transfers.map(({ recipient }) => addressed(recipient)) : []);
const struck = (decision: Decision, to: string) => decision.struckOff.filter(({ recipient }) => addressed(recipient) === to).flatMap(({ reasons }) => reasons.map(({ code }) => code));

const FRONT_DOOR = 'wirral-council/front-door';
const POLICE = 'merseyside-police/public-protection';
const toOutsider = { recipient: { agency: 'far-shire-council', contact: 'front-door' }, part: 'part-1', category: 'names', needToKnow: 'protects-from-harm', kind: 'fact' };
const school = (changes: Changes = {}) => {
  const { parties, proposal } = proposed(agreement, change(world, changes));
  const party = parties.party('oak-lane-primary');
  return party ? activate(agreement, party, proposal.at).map(({ code, cause }) => `${code}${cause ? ` ${cause}` : ''}`) : ['gone'];
};

test('the share that every case starts from is permitted whole', () => {
  const decision = decided();
  expect(reached(decision)).toEqual([FRONT_DOOR, POLICE]);
  expect(decision.struckOff).toEqual([]);
  expect(decision.warnings).toEqual([]);
});

describe('who takes part', () => {
  test('WIR PD-01: one outsider among the recipients refuses the whole share and is named', () => {
    const decision = decided({ '/lines/-': toOutsider });
    expect(decision).toMatchObject({ outcome: 'refused', reasons: [{ code: 'NO_COMMON_AGREEMENT', recipient: { agency: 'far-shire-council' }, clauses: ['PD-01'] }] });
    expect(reached(decided())).toEqual([FRONT_DOOR, POLICE]);
  });

  test('WIR PD-01: in an emergency the outsider alone is struck off and the front door is reached', () => {
    const decision = decided({ '/manifest/urgency': 'emergency', '/lines/-': toOutsider });
    expect(reached(decision)).toEqual([FRONT_DOOR, POLICE]);
    expect(struck(decision, 'far-shire-council/front-door')).toContain('NO_COMMON_AGREEMENT');
  });

  test.each<[string, Changes]>([
    ['never was a party', { '/parties/oak-lane-primary/memberships': [] }],
    ['has withdrawn', { '/parties/oak-lane-primary/memberships/0/status': 'withdrawn' }],
    ['joins tomorrow', { '/parties/oak-lane-primary/memberships/0/from': '2026-03-11' }],
    ['left this morning', { '/parties/oak-lane-primary/memberships/0/until': '2026-03-10' }],
    ['is on hold', { '/parties/oak-lane-primary/memberships/0/status': 'held' }],
    ['came under an entry that the agreement does not have', { '/parties/oak-lane-primary/memberships/0/entry': 'newspapers' }],
  ])('WIR PD-01: a sender that %s is refused', (_what, changes) => {
    expect(refusedFor(changes)).toContain('NO_COMMON_AGREEMENT');
  });

  test.each<[string, Changes, string]>([
    ['single point of contact', { '/parties/oak-lane-primary/contacts/0/posts': [] }, 'NO_SPOC spoc'],
    ['responsible manager', { '/parties/oak-lane-primary/contacts/1/posts': [] }, 'NO_SPOC responsible-manager'],
    ['way to reach the manager', { '/parties/oak-lane-primary/contacts/1/telephone': null }, 'NO_SPOC responsible-manager'],
  ])('WIR PD-06: without a %s a school is not activated', (_what, changes, told) => {
    expect(school(changes)).toEqual([told]);
    expect(school()).toEqual([]);
  });

  test('WIR PD-06: a sender whose only point of contact has left may not share until there is another', () => {
    expect(refusedFor({ '/parties/oak-lane-primary/contacts/0/posts': [] })).toEqual(['NO_SPOC']);
    expect(refusedFor({ '/parties/oak-lane-primary/contacts/0/posts': [], '/parties/oak-lane-primary/contacts/1/posts': ['spoc', 'responsible-manager'] })).toEqual([]);
  });

  test.each<[string, Changes]>([
    ['no date', { '/parties/oak-lane-primary/memberships/0/privacyAssessedOn': null }],
    ['a date to come', { '/parties/oak-lane-primary/memberships/0/privacyAssessedOn': '2026-03-11' }],
    ['controls that nobody confirmed', { '/parties/oak-lane-primary/memberships/0/controlsConfirmed': false }],
  ])('WIR PD-14: with %s for its privacy assessment a school is not activated and may not share', (_what, changes) => {
    expect(school(changes)).toEqual(['NO_PRIVACY_ASSESSMENT']);
    expect(refusedFor(changes)).toEqual(['NO_PRIVACY_ASSESSMENT']);
    expect(school({ '/parties/oak-lane-primary/memberships/0/privacyAssessedOn': '2026-03-10' })).toEqual([]);
  });

  test('WIR RV-06: a share stands under the version it cites, and a version that never was is refused', () => {
    expect(refusedFor({ '/manifest/agreement': { id: 'wirral', version: '2031-01' } })).toEqual(['AGREEMENT_VERSION_UNKNOWN']);
    expect(refusedFor({ '/manifest/agreement': { id: 'wirral', version: agreement.version } })).toEqual([]);
    expect(agreement).toMatchObject({ version: '2020-07', digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('WIR RC-04: what the front door gets is the Council\'s, whatever agency staffs the desk', () => {
    const staffed = decided({ '/lines/0/recipient': { agency: 'community-health-and-care', contact: 'front-door-nurse' } });
    expect(staffed).toMatchObject({ transfers: [{ recipient: { agency: 'community-health-and-care' }, controller: { id: 'wirral-council', name: 'Wirral Council' }, hub: true }, {}, {}] });
    const colleague = decided({ '/lines/0/recipient': { agency: 'community-health-and-care', contact: 'health-visitors' } });
    expect(colleague).toMatchObject({ transfers: [{ controller: { id: 'community-health-and-care' }, hub: false }, {}, {}] });
  });
});

describe('the decision to share', () => {
  test('WIR DS-01: without a decision, or with one for no reason, nothing is shared', () => {
    expect(refusedFor({ '/lines/4': null })).toEqual(['NO_DECISION']);
    expect(refusedFor({ '/lines/4/reasons': ['because'] })).toEqual(['NO_DECISION']);
    expect(refusedFor({ '/lines/4/role': 'passer-by' })).toEqual(['NO_DECISION']);
    expect(refusedFor({})).toEqual([]);
  });

  test('WIR DS-01: the decision stays with the sender, whose register keeps it', () => {
    const decision = decided();
    const lines = decision.outcome === 'permitted' ? decision.transfers.flatMap((transfer) => transfer.lines) : [];
    expect(lines).not.toContain(4);
    expect(decision.struckOff).toEqual([]);
  });

  test.each<[string, boolean, boolean, boolean, boolean, string[]]>([
    ['no clear purpose', false, true, false, true, ['NO_PURPOSE']],
    ['consent', true, true, true, false, []],
    ['nobody identified', true, false, false, false, []],
    ['a lawful reason', true, false, true, true, []],
    ['none of these', true, false, true, false, ['NO_LAWFUL_REASON']],
  ])('WIR DS-04: the ordered questions end with %s', (_what, purposeClear, consent, identifies, lawfulReason, codes) => {
    expect(refusedFor({ '/lines/4/aid': { purposeClear, consent, identifies, lawfulReason } })).toEqual(codes);
  });

  test('WIR DS-04: a share that states no purpose is refused', () => {
    expect(refusedFor({ '/manifest/purpose': null })).toEqual(['NO_PURPOSE']);
  });

  test.each<[string, Changes, string[]]>([
    ['consent obtained', { '/manifest/consent': { status: 'obtained' } }, []],
    ['not sought, for a reason of the agreement', { '/manifest/consent': { status: 'not-sought', reason: 'puts-child-at-risk' } }, []],
    ['refused, for a reason of the agreement', { '/manifest/consent': { status: 'refused', reason: 'not-reasonably-expected' } }, []],
    ['not sought, for no reason', { '/manifest/consent': { status: 'not-sought' } }, ['CONSENT_NOT_ADDRESSED']],
    ['said not to be needed', { '/manifest/consent': { status: 'not-required' } }, ['CONSENT_NOT_ADDRESSED']],
    ['not spoken of', { '/manifest/consent': null }, ['CONSENT_NOT_ADDRESSED']],
  ])('WIR LB-09: consent is %s', (_what, changes, codes) => {
    expect(refusedFor(changes)).toEqual(codes);
  });

  test.each<[string, Changes, string[]]>([
    ['without a condition', { '/manifest/conditions': null }, ['NO_SPECIAL_CATEGORY_CONDITION']],
    ['with a Schedule 1 condition alone', { '/manifest/conditions': ['sch1-18'] }, ['NO_SPECIAL_CATEGORY_CONDITION']],
    ['with a condition that is not usual and not explained', { '/manifest/conditions': ['9(2)(h)'] }, ['NO_SPECIAL_CATEGORY_CONDITION']],
    ['with one that is explained', { '/manifest/conditions': ['9(2)(h)', 'sch1-2'], '/lines/4/reasons': ['protects-from-harm', 'condition-explained'] }, []],
    ['with a usual one', { '/manifest/conditions': ['9(2)(c)'] }, []],
  ])('WIR LB-02: health information %s', (_what, changes, codes) => {
    expect(refusedFor(changes)).toEqual(codes);
    expect(refusedFor({ ...changes, '/lines/1/category': 'family' })).toEqual([]);
  });
});

describe('only what is needed, only to whom', () => {
  test('WIR MN-02: a recipient for whom no line gives a need to know is struck off, and the rest goes', () => {
    const decision = decided({ '/lines/2/needToKnow': null });
    expect(reached(decision)).toEqual([FRONT_DOOR]);
    expect(struck(decision, POLICE)).toContain('RECIPIENT_NOT_JUSTIFIED');
  });

  test('WIR MN-02: a part without a need to know stays behind while the recipient gets the others', () => {
    const decision = decided({ '/lines/1/needToKnow': null });
    expect(decision).toMatchObject({ outcome: 'permitted', transfers: [{ lines: [0, 3] }, {}], struckOff: [{ on: 'line', lines: [1], reasons: [{ code: 'NEED_TO_KNOW_MISSING' }] }] });
  });

  test('WIR MN-02: a club is asked for a need to know and nothing more', () => {
    const toClub = { '/lines/2/recipient': { agency: 'harbour-juniors', contact: 'welfare-officer' }, '/lines/2/needToKnow': 'works-with-person', '/lines/2/category': 'health' };
    expect(reached(decided(toClub))).toEqual([FRONT_DOOR, 'harbour-juniors/welfare-officer']);
    expect(struck(decided({ ...toClub, '/lines/2/needToKnow': 'likes-to-know' }), 'harbour-juniors/welfare-officer')).toContain('RECIPIENT_NOT_JUSTIFIED');
  });

  test.each<[string, Changes, string]>([
    ['is not in the directory', { '/parties/merseyside-police/contacts/0/contact': 'another' }, 'UNKNOWN_RECIPIENT'],
    ['has left its post', { '/parties/merseyside-police/contacts/0/until': '2026-03-01' }, 'UNKNOWN_RECIPIENT'],
    ['has an address in another domain', { '/parties/merseyside-police/contacts/0/emailDomainOwned': false }, 'ADDRESS_MISMATCH'],
    ['was never verified', { '/parties/merseyside-police/contacts/0/verifiedOn': null }, 'ADDRESS_STALE'],
    ['was verified longer ago than the yearly review', { '/parties/merseyside-police/contacts/0/verifiedOn': '2025-03-10' }, 'ADDRESS_STALE'],
  ])('WIR MN-03: a contact that %s gets nothing', (_what, changes, code) => {
    const decision = decided(changes);
    expect(reached(decision)).toEqual([FRONT_DOOR]);
    expect(struck(decision, POLICE)).toContain(code);
    expect(reached(decided({ '/parties/merseyside-police/contacts/0/verifiedOn': '2025-03-11' }))).toContain(POLICE);
  });

  test.each(['JB-9434765919', 'JB-01/02/2015', 'JB-CH411AB'])('WIR MN-06: the reference %s is refused, initials and a case number are not', (reference) => {
    expect(refusedFor({ '/lines/3/reference': reference })).toEqual(['IDENTIFIER_IN_CLEAR']);
    expect(refusedFor({ '/lines/3/reference': 'JB-2041' })).toEqual([]);
  });

  test('WIR MN-06: a code that stands in no list could be a name and is refused', () => {
    expect(refusedFor({ '/manifest/sender/role': 'mother-of-jane' })).toEqual(['CODE_UNKNOWN']);
    expect(refusedFor({ '/manifest/sender/role': 'headteacher' })).toEqual([]);
  });
});

describe('how it travels and what it says of itself', () => {
  test('WIR CH-01: without a protection that the agreement admits nothing is sent, in an emergency neither', () => {
    const changes = { '/parties/wirral-council/contacts/0/protections': ['tls-domain'] };
    expect(struck(decided(changes), FRONT_DOOR)).toContain('NO_ADMITTED_CHANNEL');
    expect(reached(decided({ ...changes, '/manifest/urgency': 'emergency' }))).toEqual([POLICE]);
    expect(decided()).toMatchObject({ transfers: [{ protection: 'openpgp', route: 'mailbox' }, { protection: 'openpgp' }] });
  });

  test.each(['unverified', 'expired', 'revoked', 'weak', 'none'])('WIR CH-15: to a key that is %s nothing is sealed, in an emergency neither', (sealingKey) => {
    for (const urgency of ['routine', 'emergency']) {
      const decision = decided({ '/parties/wirral-council/contacts/0/sealingKey': sealingKey, '/manifest/urgency': urgency });
      expect(reached(decision)).toEqual([POLICE]);
      expect(decision.struckOff).toMatchObject([{ recipient: { contact: 'front-door' }, reasons: [{ code: 'KEY_NOT_VERIFIED', cause: sealingKey }] }]);
    }
    expect(reached(decided({ '/parties/wirral-council/contacts/0/sealingKey': 'current' }))).toContain(FRONT_DOOR);
  });

  test('WIR PV-01: the header names organisation, date and who sends, or the share is refused', () => {
    expect(refusedFor({ '/manifest/sender': { agency: 'oak-lane-primary' } })).toEqual(['NO_PROVENANCE']);
    expect(refusedFor({ '/manifest/sender/contact': 'nobody-we-know' })).toEqual(['NO_PROVENANCE']);
    expect(refusedFor({ '/manifest/sender/contact': null })).toEqual([]);
  });

  test('WIR PV-02: what is neither fact, opinion nor report stays behind', () => {
    expect(struck(decided({ '/lines/1/kind': null }), FRONT_DOOR)).toEqual(['FACT_OPINION_UNMARKED']);
    for (const kind of ['fact', 'opinion', 'third-party-report']) expect(decided({ '/lines/1/kind': kind }).struckOff).toEqual([]);
  });
});
