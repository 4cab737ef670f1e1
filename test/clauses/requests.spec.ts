import { sha256 } from '#protocol/digest';
import type { RequestPage } from '#protocol/request-answers';
import { answerWith, ask, asking, put, received, thread } from '../world/requests';
import { eventually, openWorld } from '../world/partnership';
import { CANARY, CASEWORK, expectProblem, FRONT_DOOR, HEALTH_VISITORS, REFERRAL, Scene } from '../journeys/referral';

// Information requests over the real system: put, delivered, collected, answered.

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const codesOf = (answer: { json: { reasons?: { code: string; clauses?: string[] }[] } }): [string, string[] | undefined][] => (answer.json.reasons ?? []).map(({ code, clauses }) => [code, clauses]);
const HEALTH = { category: 'health', needToKnow: 'assesses-referral' };
const FAMILY = { category: 'family', needToKnow: 'assesses-referral' };

test('WIR RQ-17: a request is put, delivered, collected and answered by a share linked to it, and both registers hold the thread', async () => {
  const { request, composed, receipt } = await ask(scene, scene.council, CASEWORK, { type: 'front-door-check' });
  const put_ = await received(scene, scene.charity, scene.council, composed, receipt.manifestDigest);
  expect(put_.text).toContain(CANARY);
  expect(put_.transfer.transfer).toBe(request);
  const { answer, share } = await answerWith(scene, scene.charity, request, { parts: [{ category: 'health', text: `${CANARY} has asthma`, to: { [FRONT_DOOR]: 'assesses-referral' } }] });
  expect(answer.status).toBe(202);
  expect((await received(scene, scene.council, scene.charity, share, answer.json.manifestDigest, 'front-door')).text).toBe(`${CANARY} has asthma`);

  for (const party of [scene.council, scene.charity]) {
    expect(await thread(party, request)).toMatchObject({ request, share: composed.id, type: 'front-door-check', purpose: 'front-door-referral', state: 'answered', categories: [{ category: 'health', answer: 'given', by: share.id }], closedAt: expect.stringMatching(/Z$/) });
  }
  const asks = { type: 'front-door-check', categories: [HEALTH] };
  for (const [controller, asked, answered] of [['merebrook-council', 'share-sent', 'share-announced'], ['kingfisher-families', 'share-announced', 'share-sent']] as const) {
    expect(await scene.entries(controller, { kind: asked, share: composed.id })).toEqual([expect.objectContaining({ asks, purpose: 'front-door-referral' })]);
    expect(await scene.entries(controller, { kind: answered, share: share.id })).toEqual([expect.objectContaining({ request })]);
    expect((await scene.entries(controller, { share: composed.id })).map(({ kind }) => kind)).toEqual(expect.arrayContaining([controller === 'merebrook-council' ? 'share-acknowledged' : 'share-received']));
  }
  for (const other of [scene.school, scene.trust]) expectProblem(await other.get(`/v1/requests/${request}`), 404, 'NOT_FOUND');
});

test('each of two recipients is asked for itself', async () => {
  const composed = await scene.council.compose({
    parts: [{ category: 'question', text: `What of ${CANARY}?`, to: { [CASEWORK]: 'statutory-function', [HEALTH_VISITORS]: 'statutory-function' } }], manifest: { asks: { type: 'enquiry', categories: [HEALTH] } },
  }, scene.certificates);
  const receipt = (await put(scene.council, composed)).json as { transfers: { transfer: string }[] };
  const ids = receipt.transfers.map(({ transfer }) => transfer);
  const { items } = (await scene.council.get('/v1/requests?as=requester&open=true')).json as RequestPage;
  expect(items.filter(({ share }) => share === composed.id).map((item) => item.request).sort()).toEqual([...ids].sort());
  for (const [partner, id] of [[scene.charity, ids[0]], [scene.trust, ids[1]]] as const) {
    const mine = ((await partner.get('/v1/requests')).json as RequestPage).items.filter(({ share }) => share === composed.id);
    expect(mine.map((item) => item.request)).toEqual([id]);
  }
});

test('a request and a share have a door each', async () => {
  const request = await asking(scene, scene.council, CASEWORK);
  expectProblem(await scene.council.submit(request), 422, 'IS_REQUEST');
  expectProblem(await put(scene.school, await scene.compose(REFERRAL)), 422, 'NO_REQUEST');
});

describe('WIR RQ-01, RQ-02: the front door', () => {
  test('WIR RQ-01: a referral to the front door is addressed to it, its receipt is acknowledged to the referrer, and the time that it took is told', async () => {
    const sent = await scene.send();
    const transfer = await scene.transfer(scene.council, sent.share.id);
    await scene.opened(scene.council, transfer, 'part-1', 'front-door');
    await scene.council.state('acknowledged', transfer.transfer, { share: sent.share.id, manifestDigest: sent.receipt.manifestDigest });
    expect((await scene.told(sent.share.id)).transfers[0]).toMatchObject({ recipient: { agency: 'merebrook-council', contact: 'front-door' }, state: 'acknowledged', reachedMailboxAfterMs: expect.any(Number), statements: [expect.objectContaining({ kind: 'acknowledged' })] });
  });

  test('WIR RQ-02: what the front door asks goes before ten ordinary ones and is listed first, whatever it was declared as; an emergency still goes before it', async () => {
    const release = await scene.holdQueue();
    for (let i = 0; i < 10; i++) await scene.send({ ...REFERRAL, manifest: { urgency: 'urgent' }, parts: [{ category: 'names', text: 'x', to: { [CASEWORK]: 'works-with-person' } }] });
    const { request, composed } = await ask(scene, scene.council, CASEWORK, { manifest: { urgency: 'routine' } });
    const life = await scene.send({ ...REFERRAL, manifest: { urgency: 'emergency' }, parts: [{ category: 'names', text: 'x', to: { [CASEWORK]: 'protects-from-harm' } }] });
    const queued = await scene.sql<{ lane: string; transfer: string }>('select lane, transfer from waybill.outbox order by precedence, seq limit 2');
    expect(queued).toEqual([{ lane: 'emergency', transfer: life.receipt.transfers[0]?.transfer }, { lane: 'priority', transfer: request }]);
    await release();
    await eventually(async () => (await scene.sql('select from waybill.outbox')).length === 0);
    const { items } = (await scene.charity.get('/v1/mailbox')).json as { items: { share: string; lane: string }[] };
    expect(items.map(({ lane }) => ['emergency', 'priority', 'urgent', 'routine'].indexOf(lane))).toEqual(items.map(({ lane }) => ['emergency', 'priority', 'urgent', 'routine'].indexOf(lane)).sort());
    expect(items.filter(({ share }) => share === life.share.id || share === composed.id).map(({ lane }) => lane)).toEqual(['emergency', 'priority']);
    expect(items.filter(({ lane }) => lane === 'urgent')).toHaveLength(10);
    const asked = ((await scene.charity.get('/v1/requests?open=true')).json as RequestPage).items;
    expect(asked.find((item) => item.request === request)).toMatchObject({ lane: 'priority', urgency: 'routine' });
    const gateway = scene.world.system.database('gateway');
    await expect(gateway.as({ agency: 'kingfisher-families', controller: 'kingfisher-families' }, (tx) => tx.query(`update waybill.request set lane = 'routine' where id = $1`, [request]))).rejects.toMatchObject({ driverError: { code: '42501' } });
  });

  test('WIR RQ-02: what others ask, and what the front door shares, goes as it was declared', async () => {
    const { receipt } = await ask(scene, scene.school, CASEWORK);
    expect(receipt.transfers[0]?.lane).toBe('routine');
    const share = await scene.council.compose({ parts: [{ category: 'names', text: 'x', to: { [CASEWORK]: 'works-with-person' } }] }, scene.certificates);
    expect((await scene.council.submit(share)).json.transfers[0].lane).toBe('routine');
  });
});

describe('what a request says', () => {
  test.each<[string, string, Record<string, unknown>, [string, string[]]]>([
    ['RQ-04', 'a request without a clear purpose is put to nobody', { purpose: undefined }, ['ASKED_WITHOUT_PURPOSE', ['RQ-04']]],
    ['RQ-05', 'a request that says nothing of consent is put to nobody', { consent: undefined }, ['ASKED_WITHOUT_CONSENT_STATUS', ['RQ-05']]],
    ['RQ-06', 'a request that does not say whether parents are informed is put to nobody', { informed: undefined }, ['ASKED_WITHOUT_INFORMING', ['RQ-06']]],
  ])('WIR %s: %s, and the refusal is on record', async (_row, _what, manifest, expected) => {
    const composed = await asking(scene, scene.school, FRONT_DOOR, { manifest });
    const answer = await put(scene.school, composed);
    expect(answer.status).toBe(422);
    expect(codesOf(answer)).toContainEqual(expected);
    expect(await scene.sql('select from waybill.request where share = $1', [composed.id])).toEqual([]);
    expect(await scene.entries('st-brigid-primary', { kind: 'share-refused', share: composed.id })).toHaveLength(1);
    expect(await scene.entries('merebrook-council', { share: composed.id })).toEqual([]);
  });

  test('WIR RQ-04 RQ-05 RQ-06: purpose, consent and why parents are not informed stand in both registers', async () => {
    const { composed } = await ask(scene, scene.school, FRONT_DOOR, { manifest: { consent: { status: 'not-sought', reason: 'puts-child-at-risk' }, informed: { status: 'not-informed', reason: 'prejudices-enquiry' } } });
    for (const [controller, kind] of [['st-brigid-primary', 'share-sent'], ['merebrook-council', 'share-announced']] as const) {
      expect((await scene.entries(controller, { kind, share: composed.id }))[0]).toMatchObject({ purpose: 'front-door-referral', consent: { status: 'not-sought', reason: 'puts-child-at-risk' }, informed: { status: 'not-informed', reason: 'prejudices-enquiry' } });
    }
  });
});

describe('answers', () => {
  test('WIR RQ-07: each category that was asked is given or not held; until each is, the request stays open', async () => {
    const { request } = await ask(scene, scene.council, CASEWORK, { categories: [HEALTH, FAMILY] });
    const part = { category: 'health', text: 'asthma', to: { [FRONT_DOOR]: 'assesses-referral' } };
    expect((await answerWith(scene, scene.charity, request, { parts: [part] })).answer.status).toBe(202);
    expect(await thread(scene.council, request)).toMatchObject({ state: 'answering', categories: [{ category: 'health', answer: 'given' }, { category: 'family' }] });
    expect((await thread(scene.council, request)).categories[1]).not.toHaveProperty('answer');
    const rest = await answerWith(scene, scene.charity, request, { parts: [{ category: 'reasons', text: 'we hold nothing', to: { [FRONT_DOOR]: 'assesses-referral' } }], manifest: { answers: { categories: [{ category: 'family', answer: 'not-held' }] } } });
    expect(rest.answer.status).toBe(202);
    expect(await thread(scene.council, request)).toMatchObject({ state: 'answered', categories: [{ answer: 'given' }, { category: 'family', answer: 'not-held', by: rest.share.id }] });
    for (const [controller, kind] of [['merebrook-council', 'share-announced'], ['kingfisher-families', 'share-sent']] as const) {
      expect((await scene.entries(controller, { kind, share: rest.share.id }))[0]).toMatchObject({ request, answers: { categories: [{ category: 'family', answer: 'not-held' }] } });
    }
  });

  test.each<[string, object, string]>([
    ['a category that was not asked', { categories: [{ category: 'risk-flags', answer: 'not-held' }] }, 'ANSWER_UNFOUNDED'],
    ['what is said to be given, and does not come', { categories: [{ category: 'family', answer: 'given' }] }, 'ANSWER_UNFOUNDED'],
  ])('WIR RQ-07: %s is no answer', async (_what, answers, code) => {
    const { request } = await ask(scene, scene.council, CASEWORK, { categories: [HEALTH, FAMILY] });
    const { answer } = await answerWith(scene, scene.charity, request, { parts: [{ category: 'health', text: 'x', to: { [FRONT_DOOR]: 'assesses-referral' } }], manifest: { answers } });
    expectProblem(answer, 422, code);
    expect(await thread(scene.council, request)).toMatchObject({ state: 'asked' });
  });

  test('nobody answers a request that was put to somebody else, nor past whoever asked', async () => {
    const { request } = await ask(scene, scene.council, CASEWORK);
    const other = await answerWith(scene, scene.trust, request, { parts: [{ category: 'health', text: 'x', to: { [FRONT_DOOR]: 'assesses-referral' } }] });
    expectProblem(other.answer, 422, 'REQUEST_UNKNOWN');
    const past = await answerWith(scene, scene.charity, request, { parts: [{ category: 'health', text: 'x', to: { [HEALTH_VISITORS]: 'provides-care' } }] });
    expectProblem(past.answer, 422, 'REQUESTER_NOT_REACHED');
  });

  test('two answers at the same instant both count', async () => {
    const { request } = await ask(scene, scene.council, CASEWORK, { categories: [HEALTH, FAMILY] });
    const both = await Promise.all(['health', 'family'].map((category) => answerWith(scene, scene.charity, request, { parts: [{ category, text: category, to: { [FRONT_DOOR]: 'assesses-referral' } }] })));
    expect(both.map(({ answer }) => answer.status)).toEqual([202, 202]);
    expect(await thread(scene.council, request)).toMatchObject({ state: 'answered' });
  });
});

test('a request that is taken back is withdrawn, and one that is sent back has ended', async () => {
  const release = await scene.holdQueue();
  const first = await ask(scene, scene.council, CASEWORK);
  expect((await scene.council.recall(first.composed.id, sha256(first.composed.manifest))).status).toBe(200);
  await release();
  expect(await thread(scene.council, first.request)).toMatchObject({ state: 'withdrawn' });
  const second = await ask(scene, scene.council, CASEWORK);
  await scene.arrived(scene.charity, second.composed.id);
  await scene.charity.state('returned', second.request, { share: second.composed.id, manifestDigest: second.receipt.manifestDigest }, { reason: 'not-for-us' });
  expect(await thread(scene.charity, second.request)).toMatchObject({ state: 'sent-back' });
  expect(await scene.sql(`select from waybill.duty where request = any($1) and closed_at is null`, [[first.request, second.request]])).toEqual([]);
});
