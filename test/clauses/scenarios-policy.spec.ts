import 'reflect-metadata';
import { type Agreement, term } from '#policy/agreement';
import { change, proposed } from '#policy/cases-run';
import { chooseChannel } from '#policy/channel';
import { decide } from '#policy/decide';
import type { Decision, Reason } from '#policy/decision';
import type { Party } from '#policy/parties';
import { profile, profiles, reasonsOf } from '../world/profiles';

// What the scenarios come to in the decision. Their other halves stand where their rooms are.

describe('S5: the police refer an adult victim to a charity', () => {
  const llr = profile('llr');
  const CHARITY = { agency: 'living-without-abuse', contact: 'outreach' };
  const line = (fields: object) => ({ recipient: CHARITY, needToKnow: 'works-with-person', justification: 'informs-assessment', kind: 'fact', source: 'own-record', ...fields });

  test('the referral goes, at-risk adult, by the common-law power of the police and Schedule 1, paragraph 18', () => {
    expect(llr.told()).toEqual([]);
    expect(llr.reached()).toContain('living-without-abuse/outreach');
  });

  test('message protection is asked for though both domains hold TLS', () => {
    const domain = { tls: '1.2' as const };
    const of = (sensitive: boolean) => chooseChannel({ agreement: llr.agreement, from: { domain }, to: { domain, keys: { openpgp: 'current' } }, sensitive });
    expect(of(true)).toMatchObject({ outcome: 'chosen', channel: 'mail-openpgp' });
    expect(chooseChannel({ agreement: llr.agreement, from: { domain }, to: { domain }, sensitive: true, asked: { channel: 'tls-domain' } })).toMatchObject({ outcome: 'none', reasons: [{ code: 'MESSAGE_PROTECTION_REQUIRED' }] });
  });

  test('photographs of injuries stay out unless this is the exception; how to reach her safely, and the risk, go', () => {
    const photos = llr.decided({ '/lines/-': line({ part: 'part-3', category: 'photos-of-injuries', justification: undefined }) });
    expect(photos.struckOff).toMatchObject([{ on: 'line', lines: [5], reasons: expect.arrayContaining([expect.objectContaining({ code: 'CATEGORY_EXCLUDED' })]) }]);
    expect(llr.told({ '/lines/-': line({ part: 'part-3', category: 'photos-of-injuries', justification: 'evidences-harm', exceptional: true }) })).toEqual([]);
    for (const [category, justification] of [['contact-and-next-of-kin', 'safe-contact'], ['risk-flags', 'shows-risk'], ['alleged-perpetrator', 'shows-risk']]) expect(llr.told({ '/lines/-': line({ part: 'part-3', category, justification }) })).toEqual([]);
  });

  test('a charity that claims a power of public bodies as its own is refused it', () => {
    const fromCharity = {
      '/sender': 'living-without-abuse', '/manifest/sender': { ...CHARITY, role: 'practitioner' }, '/manifest/legalGateway': 'crime-and-disorder-act-1998-s115',
      '/lines/2/recipient': { agency: 'leicester-city-council', contact: 'safeguarding-team' }, '/lines/4/recipient': CHARITY, '/lines/4/decider': 'outreach', '/lines/4/role': 'practitioner', '/manifest/accuracy/by': 'practitioner',
    };
    expect(llr.told(fromCharity)).toContain('GATEWAY_NOT_AVAILABLE');
    expect(llr.told({ '/manifest/legalGateway': 'common-law-policing' })).toEqual([]);
  });

  test('consent may be missing with a reason, and not without one', () => {
    expect(llr.told({ '/manifest/consent': { status: 'not-sought', reason: 'not-reasonably-expected' } })).toEqual([]);
    expect(llr.told({ '/manifest/consent': { status: 'not-sought' } })).not.toEqual([]);
  });
});

describe('S7: the same facts under two agreements', () => {
  const both = [profile('wirral'), profile('worcestershire')] as const;

  /** Entries of the party list under which the same three organisations are parties of each. */
  const ENTRIES: Record<string, Record<string, string>> = { wirral: {}, worcestershire: { 'oak-lane-primary': 'lickey-hills-primary', 'wirral-council': 'county-council', 'merseyside-police': 'police' } };

  /** The same share, which cites this agreement. `words`: whose list its parties stand on, where it goes by another name. */
  function under(agreement: Agreement, changes: Record<string, unknown> = {}, words = agreement.id): Decision {
    const [{ cases }] = both;
    const parties = Object.fromEntries(Object.entries(cases.world.parties).map(([agency, party]): [string, Party] => [agency, {
      ...party, memberships: party.memberships.map((own) => ({ ...own, agreement: agreement.id, entry: ENTRIES[words]?.[agency] ?? own.entry })),
    }]));
    const { parties: known, proposal } = proposed(agreement, change({ ...cases.world, parties }, { '/manifest/purpose': term(agreement, 'agreement.purposes')[0]?.code, ...changes }));
    return decide(agreement, known, proposal);
  }
  const all = (decision: Decision): Reason[] => [...reasonsOf(decision), ...decision.warnings];

  test('each answers by its own text: a reason that stands on a clause names a place of that agreement', () => {
    const without = { '/manifest/consent': null, '/lines/0/kind': null, '/lines/4': null };
    for (const { agreement } of both) {
      const places = new Set(Object.values(agreement.terms).flatMap((stated) => (stated.clause === undefined ? [] : [stated.clause])));
      const reasons = all(under(agreement, without));
      expect(reasons.filter(({ standing }) => standing.on === 'clause').length).toBeGreaterThan(0);
      for (const { standing } of reasons) if (standing.on === 'clause') expect(places).toContain(standing.says);
    }
    const [one, other] = both.map(({ agreement }) => new Set(all(under(agreement, without)).map(({ code }) => code)));
    expect(one).not.toEqual(other);
  });

  test('under another’s name, with its own words, each decides as it did: nothing but the words counts', () => {
    for (const changes of [{}, { '/manifest/consent': null }, { '/manifest/lawfulBasis': '6(1)(f)' }, { '/manifest/conditions': [] }, { '/lines/0/kind': null }, { '/manifest/urgency': 'emergency' }, { '/lines/3/reference': 'Jane Bloggs' }, { '/lines/4': null }]) {
      for (const [one, other] of [both, [...both].reverse()] as (typeof both)[]) {
        const { id, version, supersedes, digest } = other.agreement;
        expect(under({ ...one.agreement, id, version, supersedes, digest }, changes, one.agreement.id)).toEqual(under(one.agreement, changes));
      }
    }
  });
});

describe('S8: probation shares with a named officer under rules of its own', () => {
  const llr = profile('llr');
  const OFFICER = { agency: 'leicester-city-council', contact: 'safeguarding-adviser' };
  const TEAM = { agency: 'leicester-city-council', contact: 'safeguarding-team' };
  const FROM_PROBATION = {
    '/sender': 'national-probation-service', '/manifest/sender': { agency: 'national-probation-service', contact: 'offender-manager', role: 'probation-officer' }, '/manifest/legalGateway': 'care-act-2014-s6', '/manifest/accuracy/by': 'probation-officer',
    '/lines/0/recipient': OFFICER, '/lines/1/recipient': OFFICER, '/lines/3/recipient': OFFICER, '/lines/4/recipient': { agency: 'national-probation-service', contact: 'offender-manager' }, '/lines/4/decider': 'offender-manager', '/lines/4/role': 'probation-officer', '/lines/2': null,
  };
  const COUNCIL = '/parties/leicester-city-council';
  const PASSED_ON = {
    '/manifest/threads': { previous: '01890a5d-ac96-774b-bcce-b302099a8056' }, '/previous': { originator: { controller: 'ministry-of-justice', agency: 'national-probation-service', entry: 'probation' }, purpose: 'protect-adult', approvals: [] },
    '/lines/0/recipient': OFFICER, '/lines/1/recipient': OFFICER, '/lines/3/recipient': OFFICER, '/lines/2': null,
  };

  test.each<[string, Record<string, unknown>, string]>([
    ['an officer without a secure or approved address', { ...FROM_PROBATION, [`${COUNCIL}/contacts/1/cjsm`]: null }, 'NOT_CJSM_OR_APPROVED'],
    ['a team in place of a person', { ...FROM_PROBATION, '/lines/0/recipient': TEAM, '/lines/1/recipient': TEAM, '/lines/3/recipient': TEAM }, 'NAMED_PERSON_REQUIRED'],
    ['an officer abroad', { ...FROM_PROBATION, [`${COUNCIL}/country`]: 'FR' }, 'TRANSFER_OUTSIDE_REGIONS'],
    ['passing it on', PASSED_ON, 'COPY_PROHIBITED'],
    ['joining it to another case', PASSED_ON, 'LINKING_PROHIBITED'],
  ])('%s is refused', (_what, changes, code) => {
    expect(llr.told(changes)).toContain(code);
  });

  test('then it goes to the officer, and says that it may be neither copied nor joined to anything', () => {
    expect(llr.told(FROM_PROBATION)).toEqual([]);
    expect(llr.decided(FROM_PROBATION)).toMatchObject({ outcome: 'permitted', transfers: [{ recipient: OFFICER, handling: { noCopies: true, noLinking: true } }] });
  });

  test('the same from the police is held to none of it', () => {
    expect(llr.told({ [`${COUNCIL}/contacts/1/cjsm`]: null })).toEqual([]);
    expect(llr.decided()).toMatchObject({ transfers: [{ handling: { noCopies: false, noLinking: false } }, {}] });
  });
});

test('no agreement’s examples lean on another’s: each is shown by its own', () => {
  for (const { agreement, cases } of profiles()) {
    const named = new Set(Object.values(cases.world.parties).flatMap(({ memberships }) => memberships.map((own) => own.agreement)));
    expect([agreement.id, [...named]]).toEqual([agreement.id, [agreement.id]]);
  }
});
