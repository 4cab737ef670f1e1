import { replay } from '#policy/replay';
import type { DecisionsTold } from '#protocol/own-answers';
import { expectProblem, Scene } from '../journeys/referral';
import { readTags } from '../../deploy/scripts/clauses/catalogue';
import { notShared, type NotSharedPlan, proposalOf, record } from '../world/not-shared';
import type { Answer } from '../world/partner';
import { openWorld } from '../world/partnership';

// Rows about the decision not to share, under every agreement that the gateway holds: what is recorded, what is no reason, and where it stands.

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const AGREEMENTS = [...readTags().agreements];
const under = (id: string) => {
  const { version } = scene.world.system.agreements.get(id) ?? { version: '' };
  return { agreement: { id, version } };
};
const decide = async (id: string, { fields, ...plan }: NotSharedPlan = {}) => {
  const made = await notShared(scene.world, scene.school, { ...plan, fields: { ...under(id), ...fields } });
  return { id: made.id, answer: await record(scene.school, made) };
};
const refusedWith = (answer: Answer) => (answer.json.reasons as { code: string; clauses: string[]; next: string; ground: string }[]).map(({ code, clauses }) => [code, clauses]);
const entries = async (decisionId: string) => (await Promise.all(['st-brigid-primary', 'kingfisher-families', 'merebrook-council', 'eastgate-health'].map((controller) => scene.entries(controller, { kind: 'not-shared' })))).flat().filter((entry) => entry['decisionId'] === decisionId);

test.each(AGREEMENTS)('%s DS-02: a decision not to share is on record, in the register of who decided and in no other, and nothing is sent', async (_tag, agreement) => {
  const before = await scene.kept();
  const request = '01890a5d-ac96-774b-bcce-b302099a8057';
  const { id, answer } = await decide(agreement, { words: 'she is safe with us', fields: { reasons: ['not-necessary', 'no-need-to-know'], request, discussedOn: '2026-01-05' } });
  expect([answer.status, answer.json]).toEqual([201, expect.objectContaining({ decision: id, agreement: under(agreement).agreement, unmet: [] })]);
  const found = await entries(id);
  expect(found).toEqual([expect.objectContaining({
    controller: 'st-brigid-primary', subjectReference: 'WQ-2041', parties: ['kingfisher-families'], request, discussedOn: '2026-01-05', categories: ['health'],
    decision: expect.objectContaining({ by: 'designated-safeguarding-lead', contact: 'safeguarding-lead', reasons: ['not-necessary', 'no-need-to-know'], safetyConsidered: true, wordsDigest: expect.stringMatching(/^[0-9a-f]{64}$/) }),
    agreement: { ...under(agreement).agreement, digest: scene.world.system.agreements.get(agreement)?.digest }, wordsSealed: expect.stringMatching(/^[0-9a-f]{64}$/),
  })]);
  expect(await scene.kept()).toEqual(before);
});

test.each(AGREEMENTS)('%s DS-13: data protection alone is no reason; with one that can be answered it is recorded', async (_tag, agreement) => {
  for (const reasons of [['data-protection'], ['confidentiality'], ['data-protection', 'confidentiality']]) {
    const { id, answer } = await decide(agreement, { fields: { reasons } });
    expectProblem(answer, 422, 'REASON_TOO_VAGUE');
    expect(refusedWith(answer)).toEqual([['REASON_TOO_VAGUE', ['DS-13', 'DS-02']]]);
    expect(answer.json.reasons[0]).toMatchObject({ next: expect.stringContaining('no-lawful-basis'), standsOn: expect.stringMatching(/^(clause|statute)$/), ground: expect.stringMatching(/./) });
    expect(await entries(id)).toEqual([]);
  }
  expect((await decide(agreement, { fields: { reasons: ['data-protection', 'no-lawful-basis'] } })).answer.status).toBe(201);
});

test.each(AGREEMENTS)('%s DS-07: without a thought for the safety and well-being of the person it is not recorded', async (_tag, agreement) => {
  for (const safetyConsidered of [undefined, false]) {
    const { answer } = await decide(agreement, { fields: { safetyConsidered } });
    expect(refusedWith(answer)).toEqual([['SAFETY_NOT_CONSIDERED', ['DS-07']]]);
  }
});

test.each(AGREEMENTS)('%s RV-06: the version by which it was decided stands on the decision, and its text stays readable, so that the same is decided again', async (_tag, agreement) => {
  const proposal = proposalOf(scene.school, { agency: 'kingfisher-families', contact: 'manager' }, { ...under(agreement), purpose: undefined });
  const { id, answer } = await decide(agreement, { proposal, fields: { reasons: ['agreement-does-not-permit'] } });
  expect([answer.status, (answer.json.unmet as unknown[]).length > 0]).toEqual([201, true]);
  const told = (await scene.school.get(`/v1/decisions/${id}`)).json as DecisionsTold;
  const documents = new Map(told.documents.map(({ digest, octets }) => [digest, Buffer.from(octets, 'base64')]));
  const { digest, text } = scene.world.system.agreements.get(agreement) ?? {};
  expect(documents.get(digest ?? '')?.toString()).toBe(text);
  const [entry] = await entries(id);
  const [kept] = told.decisions;
  expect(entry).toMatchObject({ decidedOn: kept?.digest, agreement: { ...under(agreement).agreement, digest }, unmet: expect.arrayContaining([expect.objectContaining({ code: expect.any(String) })]) });
  expect(replay({ octets: Buffer.from(kept?.record ?? '', 'base64'), digest: entry?.['decidedOn'] as string, documents })).toMatchObject({ ok: true, same: true, kept: { agreement: { ...under(agreement).agreement, digest } } });
});

test.each(AGREEMENTS)('%s MN-06: nobody is named in it: a reference that hides an identifier, and a word that stands in no list, are refused', async (_tag, agreement) => {
  expect(refusedWith((await decide(agreement, { fields: { reference: 'WQ-4857773456' } })).answer)).toEqual([['IDENTIFIER_IN_CLEAR', ['MN-06', 'MN-07']]]);
  for (const fields of [{ role: 'wilhelmina-quillfeather' }, { reasons: ['not-necessary', 'wilhelmina'] }, { categories: ['wilhelmina'] }, { purpose: 'wilhelmina' }, { parties: ['wilhelmina-quillfeather'] }, { decider: 'wilhelmina-quillfeather' }, { by: { agency: 'st-brigid-primary', contact: 'wilhelmina' } }, { method: 'wilhelmina' }]) {
    const { answer } = await decide(agreement, { fields });
    expect([fields, refusedWith(answer)]).toEqual([fields, [['CODE_UNKNOWN', ['MN-06']]]]);
    expect(answer.json.reasons[0].pointer).toMatch(new RegExp(`^/${Object.keys(fields)[0]}`));
    expect(answer.body.toString()).not.toContain('wilhelmina');
  }
});

test('LLR RQ-13: a request of child death review partners is not declined; that it cannot be complied with is recorded, with why', async () => {
  const request = '01890a5d-ac96-774b-bcce-b302099a8058';
  const asked = { purpose: 'child-death-review', request };
  for (const reasons of [['not-necessary'], ['consent-refused'], ['not-held', 'not-proportionate']]) {
    const { id, answer } = await decide('llr', { fields: { ...asked, reasons } });
    expectProblem(answer, 422, 'MAY_NOT_DECLINE');
    expect(answer.json.reasons).toEqual([expect.objectContaining({ clauses: ['RQ-13'], standsOn: 'clause', ground: '§2.5' })]);
    expect(await entries(id)).toEqual([]);
  }
  expect((await decide('llr', { fields: { ...asked, reasons: ['not-held'] } })).answer.status).toBe(201);
  // Nobody asked, or for something else: then it is a decision like any other.
  expect((await decide('llr', { fields: { purpose: 'child-death-review', reasons: ['not-necessary'] } })).answer.status).toBe(201);
  expect((await decide('llr', { fields: { purpose: 'early-help', request, reasons: ['not-necessary'] } })).answer.status).toBe(201);
});
