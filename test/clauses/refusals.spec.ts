import { HOUR } from '#platform/clock';
import { notShared, record } from '../world/not-shared';
import { answerWith, ask, stateOf, thread } from '../world/requests';
import type { Answer, SharePlan } from '../world/partner';
import { eventually, openWorld } from '../world/partnership';
import { disclosure, recordDisclosure } from '../world/disclosures';
import { CASEWORK, expectProblem, FRONT_DOOR, HEALTH_VISITORS, Scene } from '../journeys/referral';

// What is refused, who hears of it, who looks at it; and what is only silent.

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const codesOf = (answer: Answer): string[] => (answer.json.reasons as { code: string; cause?: string }[] | undefined)?.map(({ code, cause }) => (cause === undefined ? code : `${code} ${cause}`)) ?? [];
const REFUSES = { categories: [{ category: 'health', answer: 'refused' }], reasons: ['not-necessary'], safetyConsidered: true };
const WORDS = { category: 'reasons', text: 'her safety was considered: she is seen weekly', to: { [FRONT_DOOR]: 'assesses-referral' } };
const plan = (answers: object, parts: SharePlan['parts'] = [WORDS]): SharePlan => ({ parts, manifest: { answers } });
const declined = async () => {
  const { request } = await ask(scene, scene.council, CASEWORK);
  const { answer, share } = await answerWith(scene, scene.charity, request, plan(REFUSES));
  expect(answer.status).toBe(202);
  return { request, share, receipt: answer.json };
};
const duties = (request: string) => scene.sql<{ kind: string; owner: string; role: string; open: boolean }>('select kind, owner, owner_role as role, closed_at is null as open from waybill.duty where request = $1 order by kind, owner', [request]);

describe('declining', () => {
  test.each<[string, object, SharePlan['parts'], string]>([
    ['without reasons', { ...REFUSES, reasons: undefined }, [WORDS], 'REFUSED_WITHOUT_RECORD reasons'],
    ['without the safety and well-being of the person', { ...REFUSES, safetyConsidered: undefined }, [WORDS], 'REFUSED_WITHOUT_RECORD safety'],
    ['without words', REFUSES, [{ ...WORDS, category: 'names' }], 'REFUSED_WITHOUT_RECORD words'],
    ['because of data protection, and no more', { ...REFUSES, reasons: ['data-protection'] }, [WORDS], 'REASON_TOO_VAGUE'],
  ])('WIR RQ-08: %s is impossible', async (_what, answers, parts, expected) => {
    const { request } = await ask(scene, scene.council, CASEWORK);
    const { answer } = await answerWith(scene, scene.charity, request, plan(answers, parts));
    expect(answer.status).toBe(422);
    expect(codesOf(answer)).toContain(expected);
    expect(await thread(scene.council, request)).toMatchObject({ state: 'asked' });
  });

  test('WIR RQ-08: words that are not sealed to the requester are seen on the ciphertext, and decline nothing', async () => {
    const { request } = await ask(scene, scene.council, CASEWORK);
    const { answer } = await answerWith(scene, scene.charity, request, { ...plan(REFUSES, [{ ...WORDS, sealTo: [scene.charity.keys().certificate] }]) });
    expectProblem(answer, 422, 'ADDRESSEE_NOT_PROPOSED');
    expect(await thread(scene.council, request)).toMatchObject({ state: 'asked' });
  });

  test('WIR RQ-08: a decision not to share that only its own agency can read declines nothing: the record goes to the requester', async () => {
    const { request } = await ask(scene, scene.council, CASEWORK);
    const answer = await record(scene.charity, await notShared(scene.world, scene.charity, { fields: { request, parties: ['merebrook-council'], role: 'social-worker' } }));
    expectProblem(answer, 422, 'RECORD_GOES_TO_REQUESTER');
    expect(await thread(scene.council, request)).toMatchObject({ state: 'asked' });
  });

  test('WIR RQ-08: the record goes to the requester by itself, in the thread, and opens', async () => {
    const { request, share } = await declined();
    const transfer = await scene.transfer(scene.council, share.id);
    expect(await scene.opened(scene.council, transfer, 'part-1', 'front-door', scene.charity)).toContain('her safety was considered');
    expect(await thread(scene.council, request)).toMatchObject({ state: 'declined', categories: [{ category: 'health', answer: 'refused', by: share.id }] });
  });

  test('WIR DS-02: the decision not to share stands in the register of whoever declined: decider, reasons, safety, for whom; and no payload with it', async () => {
    const { request, share } = await declined();
    expect(await scene.entries('kingfisher-families', { kind: 'not-shared' })).toContainEqual(expect.objectContaining({
      decisionId: share.id, request, parties: ['merebrook-council'], categories: ['health'], subjectReference: 'WQ-2041', wordsSealed: expect.stringMatching(/^[0-9a-f]{64}$/),
      decision: expect.objectContaining({ reasons: ['not-necessary'], safetyConsidered: true, contact: 'casework' }),
    }));
    expect((await scene.entries('merebrook-council', { kind: 'share-announced', share: share.id }))[0]).toMatchObject({ request, answers: { categories: [{ category: 'health', answer: 'refused' }], reasons: ['not-necessary'] } });
  });

  test('WIR DS-03: that the reasons were talked over has a day; until then it is a duty, and blocks nothing', async () => {
    const { request } = await declined();
    expect(await duties(request)).toContainEqual({ kind: 'discuss-refusal', owner: 'kingfisher-families', role: 'owner', open: true });
    expect((await stateOf(scene.world, scene.charity, request, 'discussed', { on: scene.world.clock.now().toISOString().slice(0, 10) })).status).toBe(200);
    expect(await duties(request)).toContainEqual({ kind: 'discuss-refusal', owner: 'kingfisher-families', role: 'owner', open: false });
    for (const controller of ['kingfisher-families', 'merebrook-council']) expect((await scene.entries(controller, { kind: 'request-discussed' })).filter((entry) => entry['request'] === request)).toHaveLength(1);
  });

  test('WIR RQ-09: every refusal stands in the queue of the statutory partners, who say whether it is upheld; to others it does not exist', async () => {
    const { request } = await declined();
    const queue = (await scene.council.get('/v1/requests?as=reviewer')).json as { items: { request: string }[] };
    expect(queue.items.map((item) => item.request)).toContain(request);
    expect(((await scene.trust.get('/v1/requests?as=reviewer')).json as { items: unknown[] }).items).toEqual([]);
    expect(await duties(request)).toContainEqual({ kind: 'review-refusal', owner: 'merebrook-council', role: 'statutory-safeguarding-partner', open: true });
    expect(codesOf(await stateOf(scene.world, scene.charity, request, 'reviewed', { outcome: 'upheld' }))).toContain('NOT_YOURS_TO_STATE');
    expect((await stateOf(scene.world, scene.council, request, 'reviewed', { outcome: 'not-upheld' })).status).toBe(200);
    expect(await duties(request)).toContainEqual({ kind: 'review-refusal', owner: 'merebrook-council', role: 'statutory-safeguarding-partner', open: false });
    expect((await scene.entries('kingfisher-families', { kind: 'request-reviewed' })).filter((entry) => entry['request'] === request)).toEqual([expect.objectContaining({ outcome: 'not-upheld', by: 'merebrook-council' })]);
  });

  test('what was refused may be given yet', async () => {
    const { request } = await declined();
    expect((await answerWith(scene, scene.charity, request, { parts: [{ category: 'health', text: 'x', to: { [FRONT_DOOR]: 'assesses-referral' } }] })).answer.status).toBe(202);
    expect(await thread(scene.council, request)).toMatchObject({ state: 'answered' });
  });
});

describe('scrutiny', () => {
  test('WIR RQ-04 RQ-05: whoever looks at a request is named with the outcome and the time; one that is sent back says why, and its sender has something to do', async () => {
    const first = await ask(scene, scene.school, FRONT_DOOR);
    expect((await stateOf(scene.world, scene.council, first.request, 'scrutinised', { outcome: 'accepted', role: 'front-door-worker' })).status).toBe(200);
    expect((await scene.entries('st-brigid-primary', { kind: 'request-scrutinised' })).filter((entry) => entry['request'] === first.request)).toEqual([expect.objectContaining({ outcome: 'accepted', by: 'merebrook-council', contact: 'front-door', role: 'front-door-worker', at: expect.stringMatching(/Z$/) })]);
    const second = await ask(scene, scene.school, FRONT_DOOR);
    expect(codesOf(await stateOf(scene.world, scene.council, second.request, 'scrutinised', { outcome: 'sent-back' }))).toContain('STATEMENT_INCOMPLETE');
    expect((await stateOf(scene.world, scene.council, second.request, 'scrutinised', { outcome: 'sent-back', reason: 'no-appropriate-consent' })).json).toEqual({ state: 'sent-back' });
    expect((await scene.entries('merebrook-council', { kind: 'request-scrutinised' })).filter((entry) => entry['request'] === second.request)).toEqual([expect.objectContaining({ outcome: 'sent-back', reason: 'no-appropriate-consent' })]);
    expect(await scene.sql('select owner from waybill.duty where transfer = $1 and kind = $2 and closed_at is null', [second.request, 'share-otherwise'])).toEqual([{ owner: 'st-brigid-primary' }]);
  });

  test('WIR RQ-02: what is found less pressing than its signs needs a reason; the lane stays', async () => {
    const { request } = await ask(scene, scene.council, CASEWORK);
    expect(codesOf(await stateOf(scene.world, scene.charity, request, 'triaged', { level: 'green', signals: ['missing'] }))).toEqual(['LOWERED_WITHOUT_REASON']);
    expect((await stateOf(scene.world, scene.charity, request, 'triaged', { level: 'green', signals: ['missing'], reason: 'risk-lower-now' })).status).toBe(200);
    expect(await thread(scene.charity, request)).toMatchObject({ triage: 'green', lane: 'priority' });
    expect((await scene.entries('merebrook-council', { kind: 'request-triaged' })).filter((entry) => entry['request'] === request)).toEqual([expect.objectContaining({ level: 'green', byTable: 'red', signals: ['missing'], reason: 'risk-lower-now' })]);
    expect((await stateOf(scene.world, scene.charity, request, 'triaged', { level: 'red', signals: ['early-help'] })).status).toBe(200);
  });
});

test('the same statement again is one, another under its id is refused, and an outsider finds nothing', async () => {
  const { request } = await ask(scene, scene.council, CASEWORK);
  const about = { id: '01890a5d-ac96-774b-bcce-b302099a8057', outcome: 'accepted', at: scene.world.clock.now().toISOString() };
  for (const _ of [1, 2]) expect((await stateOf(scene.world, scene.charity, request, 'scrutinised', about)).status).toBe(200);
  expect((await thread(scene.council, request)).statements).toHaveLength(1);
  expectProblem(await stateOf(scene.world, scene.charity, request, 'scrutinised', { ...about, role: 'nurse' }), 409, 'STATEMENT_DIFFERS');
  expectProblem(await stateOf(scene.world, scene.trust, request, 'disputed'), 404, 'NOT_FOUND');
});

test('WIR RQ-12: a dispute lies with both points of contact, and its end is on record with both', async () => {
  const { request } = await declined();
  expect((await stateOf(scene.world, scene.council, request, 'disputed')).status).toBe(200);
  expect((await duties(request)).filter(({ kind }) => kind === 'settle-dispute')).toEqual(['kingfisher-families', 'merebrook-council'].map((owner) => ({ kind: 'settle-dispute', owner, role: 'spoc', open: true })));
  expect((await stateOf(scene.world, scene.charity, request, 'settled', { outcome: 'agreed' })).status).toBe(200);
  expect((await duties(request)).filter(({ kind, open }) => kind === 'settle-dispute' && open)).toEqual([]);
  for (const controller of ['kingfisher-families', 'merebrook-council']) {
    expect((await scene.entries(controller)).filter((entry) => entry['request'] === request).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['request-disputed', 'request-settled']));
  }
});

test('WIR RQ-10: where the agreement names nobody who decides, an escalation says so and what is open instead', async () => {
  const { request } = await declined();
  const answer = await stateOf(scene.world, scene.council, request, 'escalated', { reason: 'child-not-safe', necessaryForSafety: true });
  expectProblem(answer, 422, 'NOBODY_TO_ESCALATE_TO');
  expect(answer.json.next).toContain('dispute');
});

test('WIR RQ-07: what is told by telephone answers too, and stands in both registers under the request', async () => {
  // It is judged as of when it was told: by then everybody had joined.
  scene.world.clock.advance(HOUR);
  const { request } = await ask(scene, scene.council, CASEWORK);
  const told = await disclosure(scene.world, scene.charity, { route: { by: 'verbal' }, category: 'health', manifest: { threads: { request } } });
  const recorded = await recordDisclosure(scene.charity, told);
  expect([codesOf(recorded), recorded.status]).toEqual([[], 201]);
  expect(await thread(scene.council, request)).toMatchObject({ state: 'answered', categories: [{ category: 'health', answer: 'given', by: told.id }] });
  for (const [controller, kind] of [['kingfisher-families', 'disclosed'], ['merebrook-council', 'disclosure-announced']] as const) expect((await scene.entries(controller, { kind })).filter((entry) => entry['request'] === request)).toHaveLength(1);
});

test('WIR S2: the front door asks a trust; its request goes ahead of ten ordinary ones; the trust declines, blocked until reasons and safety are given; the record reaches the front door and the statutory partners', async () => {
  const release = await scene.holdQueue();
  for (let i = 0; i < 10; i++) await scene.send({ parts: [{ category: 'names', text: 'x', to: { [HEALTH_VISITORS]: 'provides-care' } }] });
  const { request, composed } = await ask(scene, scene.council, HEALTH_VISITORS, { manifest: { consent: { status: 'not-sought', reason: 'puts-child-at-risk' }, informed: { status: 'not-informed', reason: 'prejudices-enquiry' } } });
  expect(await scene.sql('select transfer from waybill.outbox order by precedence, seq limit 1')).toEqual([{ transfer: request }]);
  await release();
  await scene.arrived(scene.trust, composed.id);
  const words = { ...WORDS, text: 'her safety was considered' };
  for (const answers of [{ ...REFUSES, reasons: undefined }, { ...REFUSES, safetyConsidered: undefined }]) expect((await answerWith(scene, scene.trust, request, plan(answers, [words]))).answer.status).toBe(422);
  const { answer, share } = await answerWith(scene, scene.trust, request, plan(REFUSES, [words]));
  expect(answer.status).toBe(202);
  expect(await scene.opened(scene.council, await scene.transfer(scene.council, share.id), 'part-1', 'front-door', scene.trust)).toBe('her safety was considered');
  expect(((await scene.council.get('/v1/requests?as=reviewer')).json as { items: { request: string }[] }).items.map((item) => item.request)).toContain(request);
});

test('WIR RQ-18: what is unanswered past its time is reported to the requester and to both points of contact, and is refused by nobody', async () => {
  const { request } = await ask(scene, scene.council, CASEWORK, { neededBy: new Date(scene.world.clock.now().getTime() + 6 * HOUR).toISOString() });
  expect((await thread(scene.council, request)).unansweredSince).toBeUndefined();
  scene.world.clock.advance(6 * HOUR + 60_000);
  const told = await eventually(async () => {
    const now = await thread(scene.council, request);
    return now.unansweredSince === undefined ? undefined : now;
  });
  expect(told).toMatchObject({ state: 'asked', categories: [{ category: 'health' }] });
  expect(told.categories[0]).not.toHaveProperty('answer');
  for (const controller of ['kingfisher-families', 'merebrook-council']) expect((await scene.entries(controller, { kind: 'request-unanswered' })).filter((entry) => entry['request'] === request)).toHaveLength(1);
  expect(await scene.entries('kingfisher-families', { kind: 'not-shared' }).then((all) => all.filter((entry) => entry['request'] === request))).toEqual([]);
  await eventually(async () => (await duties(request)).some(({ kind, role, open }) => kind === 'answer-request' && role === 'spoc' && open));
  expect(await duties(request)).toContainEqual({ kind: 'chase-request', owner: 'merebrook-council', role: 'spoc', open: true });
  const late = await answerWith(scene, scene.charity, request, { parts: [{ category: 'health', text: 'late', to: { [FRONT_DOOR]: 'assesses-referral' } }] });
  expect([late.answer.status, (await thread(scene.council, request)).state]).toEqual([202, 'answered']);
});
