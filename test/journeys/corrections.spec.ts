import { uuid7 } from '#platform/ids';
import type { MatterTold } from '#protocol/matter-answers';
import { answerMatter, matterForm, putMatter, readWords, takenIn } from '../world/matters';
import { openWorld } from '../world/partnership';
import { CANARY, CASEWORK, expectProblem, REFERRAL, REFERRAL_TO_TWO, Scene } from './referral';

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const WRONG = { fields: { categories: ['names'], wrong: ['wrong-value'], source: 'own-record' } };
const correct = (transfer: string, more: object = {}) => putMatter(scene.world, scene.school, 'correction', transfer, { ...WRONG, words: `${CANARY} is spelt so`, to: [scene.council, scene.school], ...more });
const referred = async (plan = REFERRAL) => {
  const { share, receipt } = await scene.send(plan);
  const transfer = await takenIn(scene.council, share, receipt.manifestDigest);
  return { share, receipt, transfer: transfer.transfer };
};
const duties = (agency: string, transfer: string) => scene.sql<{ kind: string }>(`select kind from waybill.duty where owner = $1 and (transfer = $2 or matter in (select id from waybill.matter where transfer = $2)) and closed_at is null order by kind`, [agency, transfer]).then((rows) => rows.map(({ kind }) => kind));

test('what was wrong is put right at its recipient, who is told in sealed words, answers signed, and both registers keep both versions', async () => {
  const { transfer, share } = await referred();
  const put = await correct(transfer);
  expect(put).toMatchObject({ status: 201, json: { dueAt: expect.any(String) } });
  const { matter } = put.json as { matter: string };
  expect(await duties('merebrook-council', transfer)).toContain('apply-correction');

  const told = (await scene.council.get(`/v1/matters/${matter}`)).json as MatterTold;
  expect(told).toMatchObject({ kind: 'correction', share: share.id, transfer, from: { agency: 'st-brigid-primary' }, words: true, answers: [{ answer: 'applied' }, { answer: 'not-applied', reasons: expect.arrayContaining(['not-held']) }] });
  const words = await scene.council.get(`/v1/matters/${matter}/words`);
  expect(await readWords(scene.council, words.body, matter)).toBe(`${CANARY} is spelt so`);
  expect(JSON.stringify(told)).not.toContain(CANARY);

  expect((await answerMatter(scene.world, scene.council, matter, 'applied')).json).toMatchObject({ matter, answer: 'applied' });
  expect(await duties('merebrook-council', transfer)).not.toContain('apply-correction');
  for (const controller of ['st-brigid-primary', 'merebrook-council']) {
    const entries = await scene.entries(controller, { share: share.id });
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'matter-put', about: 'correction', by: 'st-brigid-primary', categories: ['names'], wrong: ['wrong-value'], source: 'own-record', wordsSealed: expect.any(String) }));
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'matter-answered', about: 'correction', by: 'merebrook-council', answer: 'applied' }));
    expect(entries.map(({ kind }) => kind)).toContain(controller === 'st-brigid-primary' ? 'share-sent' : 'share-announced');
  }
});

test('whoever else got the same is a duty until it is told too; whoever got other categories is not', async () => {
  const { share, receipt } = await scene.send(REFERRAL_TO_TWO);
  const council = await takenIn(scene.council, share, receipt.manifestDigest);
  const charity = await takenIn(scene.charity, share, receipt.manifestDigest);
  const first = await correct(council.transfer);
  expect(first.json).toMatchObject({ alsoTo: [charity.transfer] });
  expect(await duties('st-brigid-primary', charity.transfer)).toEqual(['reach-recipient']);
  // Nobody learns of the other by it.
  expect((await scene.charity.get('/v1/matters')).body.toString()).not.toContain(council.transfer);
  expect((await correct(charity.transfer, { to: [scene.charity] })).json).not.toHaveProperty('alsoTo');
  expect(await duties('st-brigid-primary', charity.transfer)).toEqual([]);

  const apart = await scene.send({ parts: [REFERRAL.parts[0]!, { category: 'health', text: 'x', to: { [CASEWORK]: 'works-with-person' } }] });
  const one = await takenIn(scene.council, apart.share, apart.receipt.manifestDigest);
  await takenIn(scene.charity, apart.share, apart.receipt.manifestDigest);
  expect((await correct(one.transfer)).json).not.toHaveProperty('alsoTo');
});

test('a recipient that passed it on tells those whom it passed it on to; the author never learns of them', async () => {
  const { share, transfer } = await referred();
  const onward = await scene.council.compose({ parts: [{ category: 'names', text: 'x', to: { [CASEWORK]: 'works-with-person' } }], manifest: { threads: { previous: share.id } } }, scene.certificates);
  const accepted = await scene.council.submit(onward);
  expect(accepted.status).toBe(202);
  const passed = await takenIn(scene.charity, onward, accepted.json.manifestDigest as string);
  const { matter } = (await correct(transfer)).json as { matter: string };
  const answered = await answerMatter(scene.world, scene.council, matter, 'applied');
  expect(answered.json).toMatchObject({ alsoTo: [passed.transfer] });
  expect(await duties('merebrook-council', passed.transfer)).toContain('reach-recipient');
  expect((await scene.school.get(`/v1/matters/${matter}`)).body.toString()).not.toContain('kingfisher');
  expect((await putMatter(scene.world, scene.council, 'correction', passed.transfer, { ...WRONG, words: 'x', to: [scene.charity] })).status).toBe(201);
  expect(await duties('merebrook-council', passed.transfer)).not.toContain('reach-recipient');
});

describe('what is refused, and says why', () => {
  test('a correction of what nobody has collected, in other categories, without words, or by whoever received it', async () => {
    const { receipt } = await scene.send();
    const waiting = receipt.transfers[0]!.transfer;
    expectProblem(await correct(waiting), 422, 'NOTHING_ARRIVED');
    const { transfer } = await referred();
    expectProblem(await correct(transfer, { fields: { ...WRONG.fields, categories: ['health'] } }), 422, 'NOT_SHARED_THERE');
    expect(await putMatter(scene.world, scene.school, 'correction', transfer, WRONG)).toMatchObject({ status: 422, json: { code: 'MATTER_INCOMPLETE', pointer: '/words' } });
    expectProblem(await putMatter(scene.world, scene.council, 'correction', transfer, { ...WRONG, words: 'x', to: [scene.school] }), 422, 'NOT_YOURS_TO_PUT');
    expect(await correct(transfer, { fields: { ...WRONG.fields, wrong: ['made-up'] } })).toMatchObject({ status: 422, json: { code: 'MATTER_CODE_UNKNOWN', pointer: '/wrong/0' } });
    expectProblem(await putMatter(scene.world, scene.school, 'passed-on', transfer), 422, 'NOT_YOURS_TO_PUT');
  });

  test('words that the other side cannot open, or that a third can', async () => {
    const { transfer } = await referred();
    expectProblem(await correct(transfer, { to: [scene.school] }), 422, 'WORDS_NOT_THEIRS');
    expectProblem(await correct(transfer, { to: [scene.council, scene.charity] }), 422, 'WORDS_NOT_THEIRS');
  });

  test('an answer without its reason, one that its kind does not have, a second one that differs; the very same again is the same', async () => {
    const { transfer } = await referred();
    const { matter } = (await correct(transfer)).json as { matter: string };
    expectProblem(await answerMatter(scene.world, scene.council, matter, 'not-applied'), 422, 'ANSWER_WITHOUT_REASON');
    expectProblem(await answerMatter(scene.world, scene.council, matter, 'deleted'), 422, 'ANSWER_UNKNOWN');
    expectProblem(await answerMatter(scene.world, scene.school, matter, 'applied'), 404, 'NOT_FOUND');
    expect((await answerMatter(scene.world, scene.council, matter, 'not-applied', { fields: { reason: 'not-held' } })).status).toBe(200);
    expectProblem(await answerMatter(scene.world, scene.council, matter, 'applied'), 409, 'STATEMENT_DIFFERS');
    const form = await matterForm(scene.world, scene.school, 'correction', transfer, { ...WRONG, words: 'x', to: [scene.council] });
    const [one, two] = await Promise.all([scene.school.form('POST', '/v1/matters', form), scene.school.form('POST', '/v1/matters', form)]);
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(two.json).toEqual(expect.objectContaining({ matter: (one.json as { matter: string }).matter }));
    expect(await scene.sql('select from waybill.matter where id = $1', [(one.json as { matter: string }).matter])).toHaveLength(1);
  });

  test('an id that somebody else has used already, which nobody is told of', async () => {
    const { transfer } = await referred();
    const { matter } = (await correct(transfer)).json as { matter: string };
    const { share, receipt } = await scene.send({ parts: [{ category: 'names', text: 'x', to: { [CASEWORK]: 'works-with-person' } }] });
    const other = await takenIn(scene.charity, share, receipt.manifestDigest);
    expectProblem(await putMatter(scene.world, scene.charity, 'consultation', other.transfer, { fields: { id: matter, right: 'access' } }), 409, 'STATEMENT_DIFFERS');
  });

  test('a third agency sees nothing of it, and can put nothing about a transfer that is not its own', async () => {
    const { transfer } = await referred();
    const { matter } = (await correct(transfer)).json as { matter: string };
    for (const path of [`/v1/matters/${matter}`, `/v1/matters/${matter}/words`]) expectProblem(await scene.charity.get(path), 404, 'NOT_FOUND');
    expectProblem(await putMatter(scene.world, scene.charity, 'consultation', transfer, { fields: { right: 'access' } }), 404, 'NOT_FOUND');
    expectProblem(await putMatter(scene.world, scene.charity, 'consultation', uuid7(), { fields: { right: 'access' } }), 404, 'NOT_FOUND');
  });
});
