import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { addressed, isPartLine, type Line, type PartLine } from '#protocol/line';
import type { World } from './cases';
import { change, proposed } from './cases-run';
import { chooseChannel } from './channel';
import { decide } from './decide';
import type { Decision } from './decision';
import { loadAgreement } from './load';
import { CATEGORIES } from './vocabulary/categories';

const read = (file: string) => ({ file, text: readFileSync(`deploy/agreements/wirral/${file}`, 'utf8') });
const loading = loadAgreement({ ...read('agreement.yaml'), cases: read('cases.yaml') });
if (!loading.ok || !loading.cases) throw new Error('the profile does not load');
const { agreement } = loading;
const { world } = loading.cases;

type Changes = Record<string, unknown>;
const decided = (changes: Changes = {}, from: World = world): Decision => {
  const { parties, proposal } = proposed(agreement, change(from, changes));
  return decide(agreement, parties, proposal);
};
const reached = (decision: Decision) => (decision.outcome === 'permitted' ? decision.transfers.map(({ recipient }) => addressed(recipient)) : []);

const FRONT_DOOR = 'wirral-council/front-door';
const POLICE = 'merseyside-police/public-protection';

test('everything that is wrong is told at once, on whom it falls and where', () => {
  const decision = decided({
    '/manifest/purpose': null, '/manifest/lawfulBasis': '6(1)(z)', '/manifest/consent': null, '/lines/4': null,
    '/lines/1/kind': null, '/lines/1/category': 'gossip', '/lines/2/needToKnow': null, '/parties/merseyside-police/contacts/0/sealingKey': 'expired',
  });
  expect(decision).toMatchObject({
    outcome: 'refused',
    reasons: [
      { code: 'NO_PURPOSE', on: 'share', pointer: '/purpose' },
      { code: 'BASIS_NOT_ALLOWED', on: 'share', pointer: '/lawfulBasis', cause: 'unknown' },
      { code: 'CONSENT_NOT_ADDRESSED', on: 'share', pointer: '/consent' },
      { code: 'NO_DECISION', on: 'share', cause: 'missing' },
    ],
    struckOff: [
      { on: 'recipient', recipient: { agency: 'merseyside-police' }, lines: [2], reasons: [{ code: 'RECIPIENT_NOT_JUSTIFIED' }, { code: 'KEY_NOT_VERIFIED', cause: 'expired' }, { code: 'NEED_TO_KNOW_MISSING', line: 2 }] },
      { on: 'line', recipient: { contact: 'front-door' }, lines: [1], reasons: [{ code: 'CATEGORY_UNKNOWN', line: 1, pointer: '/category' }, { code: 'FACT_OPINION_UNMARKED', line: 1, pointer: '/kind' }] },
    ],
  });
});

test('a reason says what must be so and what to do, and never a name, an address or content', () => {
  const decision = decided({ '/manifest/sender/role': 'mother-of-jane-bloggs', '/lines/3/reference': 'JB-01022015', '/lines/2/recipient/contact': 'jane-bloggs' });
  const reasons = [...(decision.outcome === 'refused' ? decision.reasons : []), ...decision.struckOff.flatMap((struckOff) => struckOff.reasons)];
  expect(reasons.map(({ code }) => code)).toEqual(['IDENTIFIER_IN_CLEAR', 'CODE_UNKNOWN', 'UNKNOWN_RECIPIENT']);
  for (const { says, next, pointer, cause } of reasons) expect([says, next, pointer, cause].join(' ')).not.toMatch(/jane|JB|01022015|council|police/i);
});

test('in an emergency the front door gets its lines with warnings, and nobody else gets that leniency', () => {
  const changes = { '/manifest/urgency': 'emergency', '/manifest/consent': null, '/lines/0/kind': null, '/lines/2/kind': null };
  const decision = decided(changes);
  expect(decision).toMatchObject({
    outcome: 'permitted',
    transfers: [{ recipient: { contact: 'front-door' }, hub: true, lane: 'emergency', lines: [0, 1, 3] }],
    warnings: [{ code: 'CONSENT_NOT_ADDRESSED' }, { code: 'FACT_OPINION_UNMARKED', line: 0 }],
    struckOff: [{ on: 'recipient', recipient: { agency: 'merseyside-police' }, reasons: [{ code: 'CONSENT_NOT_ADDRESSED' }, { code: 'FACT_OPINION_UNMARKED' }] }],
  });
  expect(decided({ ...changes, '/manifest/urgency': 'urgent' })).toMatchObject({ outcome: 'refused', reasons: [{ code: 'CONSENT_NOT_ADDRESSED' }], warnings: [] });
});

test('a front door that cannot be sealed to is spared by no emergency, and nothing is lenient for the others then', () => {
  const changes = { '/manifest/urgency': 'emergency', '/manifest/consent': null, '/parties/wirral-council/contacts/0/sealingKey': 'weak' };
  expect(decided(changes)).toMatchObject({ outcome: 'refused', reasons: [{ code: 'CONSENT_NOT_ADDRESSED' }], struckOff: [{ reasons: [{ code: 'KEY_NOT_VERIFIED' }] }] });
});

test('a life at risk is a basis in an emergency', () => {
  expect(reached(decided({ '/manifest/urgency': 'emergency', '/manifest/lawfulBasis': '6(1)(d)', '/manifest/conditions': ['9(2)(c)'] }))).toEqual([FRONT_DOOR, POLICE]);
});

describe('where a life is at risk and there is no front door', () => {
  const { 'request.hub': _hub, 'controller.hub': _controller, ...terms } = agreement.terms;
  const noDoor = { ...agreement, terms };
  const told = (changes: Changes): Decision => {
    const { parties, proposal } = proposed(noDoor, change(world, { '/manifest/urgency': 'emergency', '/manifest/lawfulBasis': '6(1)(d)', '/manifest/conditions': ['9(2)(c)'], ...changes }));
    return decide(noDoor, parties, proposal);
  };

  test.each<[string, Changes]>([
    ['no purpose', { '/manifest/purpose': null }],
    ['no decision', { '/lines/4': null }],
    ['a decision aid that finds no lawful reason', { '/lines/4/aid/lawfulReason': false }],
    ['nothing confirmed', { '/manifest/accuracy': null, '/manifest/thirdParties': null, '/manifest/consent': null }],
    ['all or nothing asked for, and one at fault', { '/manifest/onStrikeOff': 'refuse', '/parties/merseyside-police/contacts/0/sealingKey': 'expired' }],
    ['an outsider among the recipients', { '/parties/merseyside-police/memberships': [] }],
  ])('%s refuses nobody', (_what, changes) => {
    expect(reached(told(changes))).toContain(FRONT_DOOR);
    expect(reached(told({ ...changes, '/manifest/urgency': 'urgent', '/manifest/lawfulBasis': '6(1)(e)', '/manifest/conditions': ['9(2)(g)', 'sch1-18'] }))).toEqual([]);
  });

  test('and nobody gets a line without a need to know for that', () => {
    expect(reached(told({ '/manifest/purpose': null, '/lines/2/needToKnow': null }))).toEqual([FRONT_DOOR]);
  });

  test('a closed list of bases does not shut it out', () => {
    const closed = { ...noDoor, terms: { ...terms, 'law.art6': { value: { list: 'closed' as const, codes: ['6(1)(e)' as const] }, clause: '§3' } } };
    const { parties, proposal } = proposed(closed, change(world, { '/manifest/urgency': 'emergency', '/manifest/lawfulBasis': '6(1)(d)' }));
    expect(decide(closed, parties, proposal)).toMatchObject({ outcome: 'permitted', warnings: [] });
  });
});

describe('several agreements in common', () => {
  const other = { ...agreement, id: 'other', terms: { ...agreement.terms, 'channel.email.accepted': { value: ['password-document' as const, 'recorded-openpgp' as const], clause: '§7' } } };

  test('PD-18: for the strength of the channel the stricter of them applies, and for nothing else', () => {
    const domain = { tls: '1.2' as const };
    const chosen = (inCommon: (typeof other)[], keys = {}) => {
      const choice = chooseChannel({ agreement, inCommon, from: { domain }, to: { domain, mailbox: true, keys }, sensitive: false, asked: { channel: 'tls-domain', reason: 'x', approver: 'x' }, emergency: true });
      return choice.outcome === 'chosen' ? choice.channel : choice.reasons.map(({ code, cause }) => `${code} ${cause}`);
    };
    expect(chosen([])).toBe('tls-domain');
    expect(chosen([other])).toEqual(['NO_ADMITTED_CHANNEL stricter-agreement']);
    expect(chosen([other], { openpgp: 'current' })).toEqual(['NO_ADMITTED_CHANNEL stricter-agreement']);
  });

  test('PD-18: only an agreement to which both sides are parties counts, and the one cited decides', () => {
    const { parties, proposal } = proposed(agreement, world);
    expect(decide(agreement, parties, proposal, [agreement, other])).toEqual(decide(agreement, parties, proposal));
    expect(decide(other, parties, proposal, [agreement])).toMatchObject({ outcome: 'refused', reasons: [{ code: 'AGREEMENT_UNKNOWN' }, { code: 'NO_COMMON_AGREEMENT' }, { code: 'NO_COMMON_AGREEMENT' }, { code: 'NO_COMMON_AGREEMENT' }] });
  });
});

describe('whoever did not wait for the originating controller', () => {
  const onward = {
    '/manifest/threads': { previous: '01890a5d-ac96-774b-bcce-b302099a8056' }, '/manifest/onward': { ground: 'person-at-risk', approver: 'head' },
    '/previous': { originator: { controller: 'trust', agency: 'community-health-and-care' }, purpose: 'front-door-referral', approvals: [] },
  };
  const under = { ...agreement, terms: { ...agreement.terms, 'onward.rule': { value: 'controller-consent' as const, clause: '§6' } } };
  const told = (changes: Changes = {}) => {
    const { parties, proposal } = proposed(under, change(world, { ...onward, ...changes }));
    return decide(under, parties, proposal);
  };

  test('PU-05: tells it at once, and on what ground', () => {
    expect(told()).toMatchObject({ outcome: 'permitted', tells: [{ controller: 'trust', ground: 'person-at-risk' }] });
  });

  test('PU-05: waits without a ground, and is told for whom', () => {
    const decision = told({ '/manifest/onward': null });
    expect(decision).toMatchObject({ outcome: 'refused', struckOff: [{ reasons: [{ code: 'ONWARD_CONSENT_REQUIRED', awaits: 'trust' }] }, {}] });
  });

  test('PU-05: has nobody to tell who was given consent', () => {
    const approval = { by: 'trust', recipients: ['wirral-council', 'merseyside-police'], purpose: 'front-door-referral', from: '2026-03-01' };
    expect(told({ '/previous/approvals': [approval] })).toMatchObject({ outcome: 'permitted', tells: [] });
  });
});

describe('whatever is proposed', () => {
  const codes = ['names', 'health', 'risk-flags', 'other', 'gossip'] as const;
  const someLine = fc.record({
    recipient: fc.constantFrom(
      ...[FRONT_DOOR, POLICE, 'harbour-juniors/welfare-officer', 'far-shire-council/front-door', 'community-health-and-care/front-door-nurse', 'nowhere/nobody'].map((to) => {
        const [agency = '', contact = ''] = to.split('/');
        return { agency, contact };
      }),
    ),
    part: fc.constantFrom('part-1', 'part-2', 'part-3'),
    category: fc.constantFrom<string>(...codes),
    needToKnow: fc.option(fc.constantFrom('assesses-referral', 'protects-from-harm', 'likes-to-know'), { nil: undefined }),
    kind: fc.option(fc.constantFrom('fact' as const, 'opinion' as const), { nil: undefined }),
  });
  const someChanges = fc.subarray<[string, unknown]>([
    ['/manifest/purpose', null], ['/manifest/lawfulBasis', '6(1)(f)'], ['/manifest/conditions', null], ['/manifest/consent', null], ['/manifest/informed', null], ['/manifest/onStrikeOff', 'refuse'],
    ['/parties/merseyside-police/contacts/0/sealingKey', 'expired'], ['/parties/harbour-juniors/memberships/0/status', 'held'], ['/parties/oak-lane-primary/memberships/0/status', 'suspended'],
    ['/lines/3/reference', 'JB-01022015'], ['/lines/-', { recipient: { agency: 'wirral-council', contact: 'front-door' }, about: 'alsoTold', organisations: ['merseyside-police'] }],
  ]).map((pairs): Changes => Object.fromEntries(pairs));
  const someUrgency = fc.constantFrom('emergency', 'urgent', 'routine');
  const share = (lines: readonly Partial<Line>[], changes: Changes, urgency: string) => decided({ ...changes, '/manifest/urgency': urgency }, { ...world, lines: [...world.lines, ...lines] as World['lines'] });

  test('sharing one more category never reaches one more recipient', () => {
    fc.assert(fc.property(fc.array(someLine, { maxLength: 5 }), someChanges, someUrgency, fc.nat(), fc.constantFrom(...Object.keys(CATEGORIES)), (lines, changes, urgency, which, category) => {
      const before = reached(share(lines, changes, urgency));
      const theirs = ([...world.lines, ...lines] as Line[]).filter((line) => isPartLine(line) && before.includes(addressed(line.recipient))) as PartLine[];
      fc.pre(theirs.length > 0);
      const more = { ...(theirs[which % theirs.length] as PartLine), part: 'part-9', category };
      expect(reached(share([...lines, more], changes, urgency)).filter((to) => !before.includes(to))).toEqual([]);
    }));
  });

  test('taking a need to know away never adds a line to anybody', () => {
    fc.assert(fc.property(fc.array(someLine, { minLength: 1, maxLength: 5 }), someChanges, someUrgency, fc.nat(), (lines, changes, urgency, which) => {
      const sent = (decision: Decision) => new Set(decision.outcome === 'permitted' ? decision.transfers.flatMap((transfer) => transfer.lines) : []);
      const before = sent(share(lines, changes, urgency));
      const fewer = lines.map((line, i) => (i === which % lines.length ? { ...line, needToKnow: undefined } : line));
      expect([...sent(share(fewer, changes, urgency))].filter((line) => !before.has(line))).toEqual([]);
    }));
  });

  test('the same proposal is decided the same way twice', () => {
    fc.assert(fc.property(fc.array(someLine, { maxLength: 5 }), someChanges, someUrgency, (lines, changes, urgency) => {
      expect(share(lines, changes, urgency)).toEqual(share(lines, changes, urgency));
    }));
  });

  test('an emergency to a permitted front door keeps its transfer, whatever else is wrong with anybody', () => {
    fc.assert(fc.property(fc.array(someLine, { maxLength: 5 }), someChanges, (lines, changes) => {
      const decision = share(lines, changes, 'emergency');
      expect(reached(decision)).toContain(FRONT_DOOR);
    }));
  });

  test('nobody gets a line that is addressed to somebody else', () => {
    fc.assert(fc.property(fc.array(someLine, { maxLength: 5 }), someChanges, someUrgency, (lines, changes, urgency) => {
      const decision = share(lines, changes, urgency);
      const { proposal } = proposed(agreement, change({ ...world, lines: [...world.lines, ...lines] as World['lines'] }, changes));
      for (const transfer of decision.outcome === 'permitted' ? decision.transfers : []) {
        for (const line of transfer.lines) expect(proposal.lines[line]?.recipient).toEqual(transfer.recipient);
      }
    }));
  });
});
