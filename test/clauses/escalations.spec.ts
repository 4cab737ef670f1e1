import { HOUR, MINUTE } from '#platform/clock';
import { notShared, record } from '../world/not-shared';
import { stateOf, thread } from '../world/requests';
import type { Answer } from '../world/partner';
import { Example } from '../world/example';
import { eventually } from '../world/partnership';

// A refusal that somebody's safety may hang on: who decides about it, how, and by when. Each agreement in its own words.

const codesOf = (answer: Answer): string[] => (answer.json.reasons as { code: string }[] | undefined)?.map(({ code }) => code) ?? [];
const HEALTH = [{ category: 'health', needToKnow: 'protects-from-harm', }];
const duties = async (example: Example, request: string, kind: string) =>
  (await example.world.db.owner.query<{ owner: string; step: number; open: boolean }>('select owner, step, closed_at is null as open from waybill.duty where request = $1 and kind = $2 order by owner, opened_at', [request, kind])).rows;

describe('Solihull: at pace, to the lead safeguarding partners', () => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.open('solihull');
  });
  afterAll(() => example.close());

  const [COUNCIL, POLICE, ICB] = ['solihull-council', 'west-midlands-police', 'birmingham-and-solihull-icb'] as const;
  const at = (agency: string) => example.world.partner(agency);
  const TO_COUNCIL = { agency: COUNCIL, contact: 'childrens-team' };
  const asked = async () => (await example.ask({ '/manifest/asks': { type: 'enquiry', categories: HEALTH }, '/lines/1/category': 'question', '/lines/2': null }, POLICE)).request;
  const fromPolice = (request: string, more: Record<string, unknown>) => ({
    '/sender': POLICE, '/manifest/sender': { agency: POLICE, contact: 'public-protection', role: 'police-officer' }, '/manifest/legalGateway': 'common-law-policing', '/manifest/threads': { request },
    '/lines/0/recipient': TO_COUNCIL, '/lines/1/recipient': TO_COUNCIL, '/lines/3/recipient': TO_COUNCIL, '/lines/4/recipient': { agency: POLICE, contact: 'public-protection' }, '/lines/4/decider': 'public-protection', '/lines/4/role': 'police-officer', '/lines/2': null, ...more,
  });
  const declined = async () => {
    const request = await asked();
    await example.send(fromPolice(request, { '/lines/1/category': 'reasons', '/manifest/answers': { categories: [{ category: 'health', answer: 'refused' }], reasons: ['prejudices-investigation'], safetyConsidered: true } }));
    return request;
  };
  const escalated = async () => {
    const request = await declined();
    const answer = await stateOf(example.world, at(COUNCIL), request, 'escalated', { reason: 'child-not-safe', necessaryForSafety: true });
    expect(answer.status).toBe(200);
    return request;
  };
  const view = (agency: string, request: string, outcome: string, more: Record<string, unknown> = {}) => stateOf(example.world, at(agency), request, 'viewed', { outcome, role: 'lead-safeguarding-partner', ...more });

  test('SOL RQ-10: a declined request that is necessary for the safety of a child is before the three partners in the same instant, with its clock; they decide to share, and it goes back to the police as decided', async () => {
    const request = await escalated();
    expect((await thread(at(COUNCIL), request)).deciders).toEqual([ICB, COUNCIL, POLICE]);
    for (const agency of [COUNCIL, POLICE, ICB]) {
      expect(((await at(agency).get('/v1/requests?as=decider')).json as { items: { request: string }[] }).items.map((item) => item.request)).toContain(request);
      expect(await thread(at(agency), request)).toMatchObject({ state: 'declined', categories: [{ category: 'health', answer: 'refused' }] });
    }
    expect((await duties(example, request, 'decide-escalation')).map(({ owner, open }) => [owner, open])).toEqual([[ICB, true], [COUNCIL, true], [POLICE, true]]);
    expect(await example.entriesOf('west-midlands-chief-constable', request)).toContainEqual(expect.objectContaining({ kind: 'request-escalated', reason: 'child-not-safe', necessaryForSafety: true, rule: 'majority', dueAt: expect.stringMatching(/Z$/) }));

    expect((await view(POLICE, request, 'do-not-share')).json).toEqual({ state: 'declined' });
    expect((await view(COUNCIL, request, 'share')).json).toEqual({ state: 'declined' });
    expect((await view(ICB, request, 'share')).json).toEqual({ state: 'asked' });
    const entries = await example.entriesOf('birmingham-and-solihull-icb', request);
    expect(entries.filter(({ kind }) => kind === 'request-viewed').map(({ of, outcome, interested }) => [of, outcome, interested])).toEqual([[POLICE, 'do-not-share', true], [COUNCIL, 'share', undefined], [ICB, 'share', undefined]]);
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'request-decided', outcome: 'share', rule: 'majority', shares: 2, against: 1, deciders: 3 }));
    expect((await duties(example, request, 'decide-escalation')).filter(({ open }) => open)).toEqual([]);
    expect(await duties(example, request, 'answer-request')).toEqual([expect.objectContaining({ owner: POLICE, open: false }), expect.objectContaining({ owner: POLICE, open: true })]);

    await example.send(fromPolice(request, {}));
    expect(await thread(at(COUNCIL), request)).toMatchObject({ state: 'answered', categories: [{ answer: 'given' }] });
    for (const controller of ['solihull-council', 'west-midlands-chief-constable']) {
      expect((await example.entriesOf(controller, request)).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['request-escalated', 'request-viewed', 'request-decided', controller === 'solihull-council' ? 'share-announced' : 'not-shared']));
    }
  });

  test('SOL DS-02 RQ-08 RQ-17: where the text does not hand the record over, a decision not to share declines: both registers have the answer, the reasons only whoever decided', async () => {
    const request = await asked();
    const made = await notShared(example.world, at(POLICE), { fields: { request, parties: [COUNCIL], purpose: 'partner-collaboration', role: 'police-officer', reasons: ['prejudices-investigation'], reference: 'TW-204' } });
    const answer = await record(at(POLICE), made);
    expect([answer.status, answer.body.toString()]).toEqual([201, answer.body.toString()]);
    expect(await thread(at(COUNCIL), request)).toMatchObject({ state: 'declined', categories: [{ category: 'health', answer: 'refused', by: made.id }] });
    for (const controller of ['solihull-council', 'west-midlands-chief-constable']) expect(await example.entriesOf(controller, request)).toContainEqual(expect.objectContaining({ kind: 'request-answered', by: POLICE, answers: [{ category: 'health', answer: 'refused' }] }));
    expect(JSON.stringify(await example.entriesOf('solihull-council', request))).not.toContain('prejudices-investigation');
  });

  test('SOL RQ-12: a dispute is with both points of contact at once, both see it and its end, and both registers have it', async () => {
    const request = await declined();
    expect((await stateOf(example.world, at(COUNCIL), request, 'disputed')).status).toBe(200);
    expect((await duties(example, request, 'settle-dispute')).map(({ owner, open }) => [owner, open])).toEqual([[COUNCIL, true], [POLICE, true]]);
    expect((await stateOf(example.world, at(POLICE), request, 'settled', { outcome: 'agreed', role: 'police-officer' })).status).toBe(200);
    expect((await duties(example, request, 'settle-dispute')).filter(({ open }) => open)).toEqual([]);
    for (const agency of [COUNCIL, POLICE]) expect((await thread(at(agency), request)).statements.map(({ kind }) => kind)).toEqual(['disputed', 'settled']);
    for (const controller of ['solihull-council', 'west-midlands-chief-constable']) expect((await example.entriesOf(controller, request)).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['request-disputed', 'request-settled']));
  });

  test('SOL RQ-10: a view given by telephone is entered by another partner, and counts only when it was read back', async () => {
    const request = await escalated();
    const telephone = { of: { agency: ICB, contact: 'safeguarding-team' }, readBack: false, at: example.world.clock.now().toISOString() };
    expect(codesOf(await view(COUNCIL, request, 'share', { telephone }))).toEqual(['NOT_READ_BACK']);
    expect(codesOf(await view(COUNCIL, request, 'share', { telephone: { ...telephone, readBack: true, of: { agency: 'far-shire-council', contact: 'front-door' } } }))).toEqual(['NOT_READ_BACK']);
    expect((await view(COUNCIL, request, 'share', { telephone: { ...telephone, readBack: true } })).status).toBe(200);
    expect(await example.entriesOf('solihull-council', request)).toContainEqual(expect.objectContaining({ kind: 'request-viewed', by: COUNCIL, of: ICB, telephone: true }));
    expect((await view(COUNCIL, request, 'share')).json).toEqual({ state: 'asked' });
  });

  test('SOL RQ-10: what most are against stays declined', async () => {
    const request = await escalated();
    await view(POLICE, request, 'do-not-share');
    expect((await view(ICB, request, 'do-not-share')).json).toEqual({ state: 'declined' });
    expect(await example.entriesOf('solihull-council', request)).toContainEqual(expect.objectContaining({ kind: 'request-decided', outcome: 'do-not-share' }));
  });

  test('SOL RQ-10: only whoever asked escalates, only what was refused or is late, and only those who decide say how they see it', async () => {
    const fresh = await asked();
    expect(codesOf(await stateOf(example.world, at(COUNCIL), fresh, 'escalated', { reason: 'child-not-safe' }))).toEqual(['NOTHING_REFUSED']);
    const request = await declined();
    expect(codesOf(await stateOf(example.world, at(POLICE), request, 'escalated', { reason: 'child-not-safe' }))).toEqual(['NOT_YOURS_TO_STATE']);
    expect(codesOf(await view(COUNCIL, request, 'share'))).toEqual(['NOT_YOURS_TO_STATE']);
    expect((await view(ICB, request, 'share')).status).toBe(404);
  });

  test('SOL RQ-10: when nobody decides within the two hours, all are told again, and the register shows it', async () => {
    const request = await escalated();
    example.world.clock.advance(2 * HOUR + MINUTE);
    await eventually(async () => (await duties(example, request, 'decide-escalation')).every(({ step }) => step >= 3));
    const { rows } = await example.world.db.owner.query<{ octets: Buffer }>(`select octets from waybill.entry where kind = 'reminder-sent' and controller = any($1)`, [['solihull-council', 'west-midlands-chief-constable', 'birmingham-and-solihull-icb']]);
    expect(new Set(rows.map(({ octets }) => (JSON.parse(octets.toString()) as { controller: string }).controller)).size).toBe(3);
    expect(await thread(at(COUNCIL), request)).toMatchObject({ state: 'declined' });
  });
});

describe('Worcestershire: by the stages of the escalation policy, the fourth before the partnership', () => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.open('worcestershire');
  });
  afterAll(() => example.close());

  const [TRUST, CHILDREN, POLICE, PARTNERSHIP] = ['health-and-care-trust', 'worcestershire-children-first', 'west-mercia-police', 'worcestershire-partnership'] as const;
  const at = (agency: string) => example.world.partner(agency);
  const TO_TRUST = { agency: TRUST, contact: 'safeguarding-nurses' };
  const declined = async () => {
    const { request } = await example.ask({ '/manifest/asks': { type: 'enquiry', categories: HEALTH }, '/lines/1/category': 'question', '/lines/2': null }, CHILDREN);
    await example.send({
      '/sender': CHILDREN, '/manifest/sender': { agency: CHILDREN, contact: 'family-front-door', role: 'social-worker' }, '/manifest/threads': { request }, '/manifest/answers': { categories: [{ category: 'health', answer: 'refused' }], reasons: ['not-necessary'], safetyConsidered: true },
      '/lines/0/recipient': TO_TRUST, '/lines/1/recipient': TO_TRUST, '/lines/1/category': 'reasons', '/lines/3/recipient': TO_TRUST, '/lines/4/recipient': { agency: CHILDREN, contact: 'family-front-door' }, '/lines/4/decider': 'family-front-door', '/lines/4/role': 'social-worker', '/lines/2': null,
    });
    return request;
  };

  test('WOR RQ-11: an escalation goes stage by stage; at the fourth the partnership has the case, and decides', async () => {
    const request = await declined();
    const escalate = (stage: number, more: object = {}) => stateOf(example.world, at(TRUST), request, 'escalated', { reason: 'reasons-do-not-hold', stage, ...more });
    expect(codesOf(await escalate(2))).toEqual(['STAGE_SKIPPED']);
    for (const stage of [1, 2, 3]) {
      expect((await escalate(stage)).status).toBe(200);
      expect((await thread(at(TRUST), request)).deciders).toEqual([]);
    }
    expect((await escalate(4)).status).toBe(200);
    expect((await thread(at(PARTNERSHIP), request)).deciders).toEqual([PARTNERSHIP]);
    expect((await example.entriesOf('worcestershire-county-council', request)).filter(({ kind }) => kind === 'request-escalated')).toEqual([expect.objectContaining({ stage: 4, rule: 'any' })]);
    expect((await example.entriesOf('health-and-care-trust', request)).filter(({ kind }) => kind === 'request-escalated').map(({ stage, between }) => [stage, between])).toEqual([[1, 'practitioner'], [2, 'line-manager'], [3, 'designated-safeguarding-lead'], [4, undefined]]);
    expect((await stateOf(example.world, at(PARTNERSHIP), request, 'viewed', { outcome: 'share', role: 'business-manager' })).json).toEqual({ state: 'asked' });
  });

  test('WOR RQ-10 RQ-11: what is necessary for the safety of a child waits at no stage: the partnership has it at once, with its clock, and what it decides goes back to whoever was asked', async () => {
    const request = await declined();
    expect((await stateOf(example.world, at(TRUST), request, 'escalated', { reason: 'child-not-safe', stage: 4, necessaryForSafety: true })).status).toBe(200);
    expect((await thread(at(TRUST), request)).deciders).toEqual([PARTNERSHIP]);
    expect(await duties(example, request, 'decide-escalation')).toEqual([{ owner: PARTNERSHIP, step: 0, open: true }]);
    expect(await example.entriesOf('worcestershire-county-council', request)).toContainEqual(expect.objectContaining({ kind: 'request-escalated', necessaryForSafety: true, dueAt: expect.stringMatching(/Z$/) }));
    expect((await stateOf(example.world, at(PARTNERSHIP), request, 'viewed', { outcome: 'share', role: 'business-manager' })).json).toEqual({ state: 'asked' });
    expect(await duties(example, request, 'answer-request')).toEqual([expect.objectContaining({ open: false }), expect.objectContaining({ owner: CHILDREN, open: true })]);
  });

  test('WOR RQ-14: an audit asks several parties; each returns whether its own records confirm it or differ, and how', async () => {
    const { receipt } = await example.ask({ '/manifest/asks': { type: 'audit', categories: [{ category: 'names', needToKnow: 'reviews-case' }, { category: 'health', needToKnow: 'reviews-case' }] }, '/lines/1/category': 'question' });
    const [children, police] = [CHILDREN, POLICE].map((agency) => receipt.transfers.find(({ recipient }) => recipient.agency === agency)?.transfer ?? '') as [string, string];
    const from = (agency: string, contact: string, role: string, request: string, answers: object) => ({
      '/sender': agency, '/manifest/sender': { agency, contact, role }, '/manifest/threads': { request }, '/manifest/answers': answers, '/lines/0/recipient': TO_TRUST, '/lines/1/recipient': TO_TRUST, '/lines/3/recipient': TO_TRUST,
      '/lines/4/recipient': { agency, contact }, '/lines/4/decider': contact, '/lines/4/role': role, '/lines/2': null,
    });
    await example.send(from(CHILDREN, 'family-front-door', 'social-worker', children, { categories: [{ category: 'names', answer: 'confirmed' }, { category: 'health', answer: 'differs' }] }));
    expect(await thread(at(TRUST), children)).toMatchObject({ type: 'audit', state: 'answered', categories: [{ category: 'names', answer: 'confirmed' }, { category: 'health', answer: 'differs' }] });
    expect(await thread(at(TRUST), police)).toMatchObject({ state: 'asked' });
    const without = await example.compose(from(POLICE, 'public-protection', 'police-officer', police, { categories: [{ category: 'health', answer: 'differs' }] }));
    const bare = await example.compose({ ...from(POLICE, 'public-protection', 'police-officer', police, { categories: [{ category: 'health', answer: 'differs' }] }), '/lines/1/category': 'names' });
    expect([(await at(POLICE).submit(without)).status, codesOf(await at(POLICE).submit(bare))]).toEqual([202, ['ANSWER_UNFOUNDED']]);
  });
});

describe('Leicester, Leicestershire and Rutland: what the law compels', () => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.open('llr');
  });
  afterAll(() => example.close());

  const [POLICE, COUNCIL] = ['leicestershire-police', 'leicester-city-council'] as const;
  const TO_POLICE = { agency: POLICE, contact: 'public-protection' };
  const REVIEW = { '/manifest/purpose': 'child-death-review', '/manifest/review': { commissionedBy: 'child-death-review-partners', reference: 'REV-12' }, '/manifest/legalGateway': 'working-together', '/lines/3/band': 'under-16', '/lines/0/needToKnow': 'reviews-case', '/lines/1/needToKnow': 'reviews-case' };
  const answer = (request: string, answers: object) => ({
    ...REVIEW, '/sender': COUNCIL, '/manifest/sender': { agency: COUNCIL, contact: 'safeguarding-team', role: 'social-worker' }, '/manifest/threads': { request }, '/manifest/answers': answers, '/lines/0/recipient': TO_POLICE, '/lines/1/recipient': TO_POLICE, '/lines/1/category': 'reasons',
    '/lines/3/recipient': TO_POLICE, '/lines/4/recipient': { agency: COUNCIL, contact: 'safeguarding-team' }, '/lines/4/decider': 'safeguarding-team', '/lines/4/role': 'social-worker', '/lines/2': null,
  });
  const asked = async () => (await example.ask({ ...REVIEW, '/manifest/asks': { type: 'child-death-review', categories: [{ category: 'health', needToKnow: 'reviews-case' }] }, '/lines/1/category': 'question', '/lines/2': null }, COUNCIL)).request;
  const REFUSED = [{ category: 'health', answer: 'refused' }];

  test('LLR RQ-18: what is unanswered past its time is told to whoever asked and to both points of contact as unanswered, and never as refused', async () => {
    const neededBy = new Date(example.world.clock.now().getTime() + 2 * HOUR).toISOString();
    const { request } = await example.ask({ ...REVIEW, '/manifest/asks': { type: 'child-death-review', neededBy, categories: [{ category: 'health', needToKnow: 'reviews-case' }] }, '/lines/1/category': 'question', '/lines/2': null }, COUNCIL);
    example.world.clock.advance(2 * HOUR + MINUTE);
    const told = await eventually(async () => {
      const now = await thread(example.world.partner(POLICE), request);
      return now.unansweredSince === undefined ? undefined : now;
    });
    expect([told.state, told.categories]).toEqual(['asked', [{ category: 'health' }]]);
    expect((await duties(example, request, 'chase-request')).map(({ owner }) => owner)).toEqual([POLICE]);
    await eventually(async () => (await duties(example, request, 'answer-request')).some(({ step }) => step > 0));
    for (const party of [POLICE, COUNCIL]) {
      const [{ controller } = { controller: '' }] = (await example.world.db.owner.query<{ controller: string }>('select controller from waybill.agency where id = $1', [party])).rows;
      expect((await example.entriesOf(controller, request)).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['request-unanswered']));
    }
  });

  test('LLR RQ-13: a child death review is not declined; that it cannot be complied with, and why, goes to the review partners as non-compliance', async () => {
    const request = await asked();
    const declining = await example.compose(answer(request, { categories: REFUSED, reasons: ['not-proportionate'], safetyConsidered: true }));
    expect(codesOf(await example.world.partner(COUNCIL).submit(declining))).toEqual(['MAY_NOT_DECLINE']);
    await example.send(answer(request, { categories: REFUSED, reasons: ['privileged'], safetyConsidered: true }));
    for (const controller of ['leicester-city-council', 'leicestershire-chief-constable']) {
      expect((await example.entriesOf(controller, request)).filter(({ kind }) => kind === 'request-escalated')).toEqual([expect.objectContaining({ reason: 'not-complied-with' })]);
    }
    expect((await duties(example, request, 'review-refusal')).map(({ owner }) => owner)).toEqual([POLICE]);
  });

  test('LLR RQ-16: who asks on behalf of a person shows the proof before anybody is asked, and it stands in both registers who looked at it', async () => {
    const ON_BEHALF = { '/manifest/asks': { type: 'on-behalf', categories: [{ category: 'health', needToKnow: 'provides-care' }] }, '/lines/1/category': 'question', '/lines/2': null };
    const bare = await example.compose(ON_BEHALF);
    expect((await example.sender.submit(bare)).status).toBe(422);
    await expect(example.ask(ON_BEHALF)).rejects.toThrow('AUTHORITY_NOT_SHOWN');
    const authority = { kind: 'deputyship', checkedBy: 'social-worker', checkedOn: '2025-11-03' };
    const { share } = await example.ask({ ...ON_BEHALF, '/manifest/asks': { ...ON_BEHALF['/manifest/asks'], authority } });
    const { rows } = await example.world.db.owner.query<{ octets: Buffer }>(`select octets from waybill.entry where kind in ('share-sent', 'share-announced')`);
    const told = rows.map(({ octets }) => JSON.parse(octets.toString()) as { share: string; asks?: { authority?: unknown } }).filter((entry) => entry.share === share.id);
    expect(told.map(({ asks }) => asks?.authority)).toEqual([authority, authority]);
  });
});
