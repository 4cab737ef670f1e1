import { DAY } from '#platform/clock';
import type { Answer, SharePlan } from '../world/partner';
import { Example } from '../world/example';
import { eventually, openWorld } from '../world/partnership';
import { CASEWORK, expectProblem, REFERRAL, Scene } from '../journeys/referral';

// What the front door does with what it gets: it sends back what should not have been shared like this, and tells the referrer of the rest.

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const codesOf = (answer: Answer): string[] => (answer.json.reasons as { code: string }[] | undefined)?.map(({ code }) => code) ?? [];
const referral = async (plan: SharePlan = REFERRAL) => {
  const { share, receipt } = await scene.send(plan);
  const transfer = await scene.transfer(scene.council, share.id);
  return { share, transfer: transfer.transfer, opened: transfer, about: { share: share.id, manifestDigest: receipt.manifestDigest } };
};
const GROUND = { reason: 'no-appropriate-consent', role: 'front-door-worker' };
const back = async ({ transfer, about }: { transfer: string; about: { share: string; manifestDigest: string } }, more: object = GROUND) => scene.council.state('returned', transfer, about, { ...more });
const open = (transfer: string) => scene.sql<{ kind: string; owner: string }>('select kind, owner from waybill.duty where transfer = $1 and closed_at is null order by kind', [transfer]);

describe('the front door sends back', () => {
  test.each(['incorrectly-gathered', 'illegally-gathered', 'no-appropriate-consent', 'no-clear-purpose'])('WIR RQ-03: on the ground %s, before it was opened: it is never opened, and is purged; both registers keep the refusal, and the sender has something to do', async (reason) => {
    const bad = await referral();
    expect((await back(bad, { ...GROUND, reason })).json).toEqual({ state: 'returned' });
    expectProblem(await scene.council.get(`/v1/mailbox/${bad.transfer}/parts/part-1`), 410, 'PAYLOAD_REMOVED');
    expect((await scene.council.state('opened', bad.transfer, bad.about, { parts: [{ name: 'part-1', author: 'bound' }] })).status).toBe(409);
    await eventually(async () => (await scene.sql('select from waybill.wrapped_key where transfer = $1', [bad.transfer])).length === 0 && (await scene.sql('select from waybill.chunk where share = $1', [bad.share.id])).length === 0);
    for (const controller of ['merebrook-council', 'st-brigid-primary']) {
      const [entry] = await scene.entries(controller, { kind: 'share-returned', share: bad.share.id });
      expect(entry).toMatchObject({ reasons: [{ code: reason }], by: 'merebrook-council', contact: 'front-door', role: 'front-door-worker' });
      expect(entry).not.toHaveProperty('opened');
    }
    expect(await scene.entries('merebrook-council', { kind: 'share-collected', share: bad.share.id })).toEqual([]);
    expect(await open(bad.transfer)).toEqual([{ kind: 'share-otherwise', owner: 'st-brigid-primary' }]);
    expect((await scene.told(bad.share.id)).transfers[0]).toMatchObject({ state: 'returned', endReason: reason });
  });

  test('WIR RQ-03: after it was opened, the record says who opened it and when, and no copy is left', async () => {
    const bad = await referral();
    await scene.opened(scene.council, bad.opened, 'part-1', 'front-door');
    const at = scene.world.clock.now().toISOString();
    expect((await scene.council.state('opened', bad.transfer, bad.about, { at, parts: [{ name: 'part-1', author: 'bound' }] })).status).toBe(200);
    expect(codesOf(await back(bad))).toEqual(['COPIES_NOT_REMOVED']);
    expect((await back(bad, { ...GROUND, copiesRemoved: true })).status).toBe(200);
    for (const controller of ['merebrook-council', 'st-brigid-primary']) {
      expect((await scene.entries(controller, { kind: 'share-returned', share: bad.share.id }))[0]).toMatchObject({ opened: { at, by: 'front-door' }, copiesRemoved: true });
    }
  });

  test.each(['urgent', 'emergency'])('WIR RQ-03: what is %s only with a manager', async (urgency) => {
    const bad = await referral({ ...REFERRAL, manifest: { urgency } });
    expect(codesOf(await back(bad))).toEqual(['REFUSAL_NEEDS_MANAGER']);
    expect(codesOf(await back(bad, { ...GROUND, approvedBy: 'front-door' }))).toEqual(['REFUSAL_NEEDS_MANAGER']);
    expect((await back(bad, { ...GROUND, approvedBy: 'information-governance' })).status).toBe(200);
    expect((await scene.entries('st-brigid-primary', { kind: 'share-returned', share: bad.share.id }))[0]).toMatchObject({ approvedBy: 'information-governance' });
  });

  test('WIR RQ-03: nobody is nobody: who looked at it is named; and no other desk has these grounds', async () => {
    const bad = await referral();
    expect(codesOf(await back(bad, { reason: 'no-clear-purpose' }))).toEqual(['SCRUTINEER_NOT_NAMED']);
    const other = await scene.send({ parts: [{ category: 'names', text: 'x', to: { [CASEWORK]: 'works-with-person' } }] });
    const theirs = await scene.arrived(scene.charity, other.share.id);
    expect(codesOf(await scene.charity.state('returned', theirs.transfer, { share: other.share.id, manifestDigest: other.receipt.manifestDigest }, GROUND))).toEqual(['GROUND_NOT_OF_AGREEMENT']);
  });
});

test('WIR S2: a trust’s club sends without purpose and is refused; what slips through is sent back by the front door unopened, and purged', async () => {
  const composed = await scene.compose({ ...REFERRAL, manifest: { purpose: undefined } });
  expectProblem(await scene.school.submit(composed), 422, 'NO_PURPOSE');
  const vague = await referral();
  expect((await back(vague, { ...GROUND, reason: 'no-clear-purpose' })).status).toBe(200);
  await eventually(async () => (await scene.entries('merebrook-council', { kind: 'payload-removed', share: vague.share.id })).length === 1);
});

test('WIR DS-14: what is insufficient is given back with what is missing; the sender’s answer is linked to the first share', async () => {
  const first = await referral();
  expect((await back(first, { reason: 'insufficient', missing: ['health', 'family'] })).status).toBe(200);
  expect((await scene.entries('st-brigid-primary', { kind: 'share-returned', share: first.share.id }))[0]).toMatchObject({ reasons: [{ code: 'insufficient' }], missing: ['health', 'family'] });
  expect(await open(first.transfer)).toEqual([{ kind: 'share-otherwise', owner: 'st-brigid-primary' }]);
  const { share } = await scene.send({ ...REFERRAL, manifest: { threads: { supersedes: first.share.id } } });
  expect((await scene.entries('merebrook-council', { kind: 'share-announced', share: share.id }))[0]).toMatchObject({ supersedes: first.share.id });
  expect(codesOf(await back(await referral(), { reason: 'insufficient', missing: ['aunt-jane'] }))).toEqual(['CODE_UNKNOWN']);
});

test('WIR RQ-01: the referrer hears back within a working day: until it does it is a duty of the front door, and what is shared back in the thread ends it', async () => {
  const sent = await referral();
  await scene.opened(scene.council, sent.opened, 'part-1', 'front-door');
  await scene.council.state('acknowledged', sent.transfer, sent.about);
  const [duty] = await scene.sql<{ due: Date; opened: Date }>(`select due_at as due, opened_at as opened from waybill.duty where transfer = $1 and kind = 'tell-referrer' and closed_at is null and owner = 'merebrook-council'`, [sent.transfer]);
  const days = ((duty?.due.getTime() ?? 0) - (duty?.opened.getTime() ?? 0)) / DAY;
  expect(days).toBeGreaterThanOrEqual(0.3);
  // A weekend, and holidays before and after it.
  expect(days).toBeLessThanOrEqual(5.5);
  const outcome = await scene.council.compose({ parts: [{ category: 'outcomes-of-contacts', text: 'we take it up', to: { 'st-brigid-primary/safeguarding-lead': 'works-with-person' } }], manifest: { threads: { previous: sent.share.id } } }, scene.certificates);
  expect((await scene.council.submit(outcome)).status).toBe(202);
  expect(await open(sent.transfer)).toEqual([]);
});

describe('Leicester, Leicestershire and Rutland', () => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.open('llr');
  });
  afterAll(() => example.close());

  test('LLR PU-08: whoever receives says whether it will pass it on and to whom; the sender sees it; passing it on otherwise is told as that', async () => {
    const { share, receipt } = await example.send({ '/lines/2': null });
    const council = example.world.partner('leicester-city-council');
    const { transfer } = await eventually(async () => ((await council.get('/v1/mailbox')).json as { items: { share: string; transfer: string }[] }).items.find((item) => item.share === share.id));
    await council.get(`/v1/mailbox/${transfer}/parts/part-1`);
    const about = { share: share.id, manifestDigest: receipt.manifestDigest };
    expect(codesOf(await council.state('acknowledged', transfer, about))).toEqual(['INTENT_NOT_STATED']);
    expect((await council.state('acknowledged', transfer, about, { passOnTo: [] })).status).toBe(200);
    const told = (await example.sender.get(`/v1/shares/${share.id}`)).json as { transfers: { statements: { statement: string }[] }[] };
    expect(told.transfers[0]?.statements.map(({ statement }) => (JSON.parse(Buffer.from(statement, 'base64').toString()) as { passOnTo?: unknown }).passOnTo)).toContainEqual([]);
    const { rows } = await example.world.db.owner.query<{ octets: Buffer }>(`select octets from waybill.entry where kind = 'share-received'`);
    expect(rows.map(({ octets }) => JSON.parse(octets.toString()) as Record<string, unknown>)).toContainEqual(expect.objectContaining({ share: share.id, passOn: false }));

    const forward = await council.post('/v1/share-plans', {
      manifest: { ...(JSON.parse(share.manifest.toString()) as object), lines: undefined, id: '01890a5d-ac96-774b-bcce-b302099a8057', sender: { agency: council.agency, contact: 'safeguarding-team', role: 'social-worker' }, threads: { previous: share.id } },
      lines: [{ recipient: { agency: 'living-without-abuse', contact: 'outreach' }, part: 'part-1', category: 'names', needToKnow: 'works-with-person', justification: 'identifies-person', kind: 'fact', source: 'third-party', sourceKind: 'police' }],
    });
    const all = JSON.stringify(forward.json);
    expect(all).toContain('ONWARD_NOT_AS_SAID');
  });
});
