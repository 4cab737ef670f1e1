import { uuid7 } from '#platform/ids';
import type { MatterTold } from '#protocol/matter-answers';
import { Example } from '../world/example';
import { answerMatter, putMatter, readWords, takenIn } from '../world/matters';
import { notShared, record } from '../world/not-shared';
import type { Answer } from '../world/partner';

// Somebody moves from one authority to another: who knows of it tells the other side, and neither leaves it to the other to tell the authority of that area.

const [POLICE, CITY, CHARITY] = ['leicestershire-police', 'leicester-city-council', 'living-without-abuse'] as const;
let example: Example;
beforeAll(async () => {
  example = await Example.open('llr');
});
afterAll(() => example.close());

const at = (agency: string) => example.world.partner(agency);
const JSON_TYPE = { 'content-type': 'application/json' };
const codesOf = (answer: Answer): string[] => (answer.json.reasons as { code: string }[] | undefined)?.map(({ code }) => code) ?? [];

/** A share that both of its recipients have. */
async function shared(): Promise<{ share: string; transferTo: (agency: string) => string }> {
  const { share, receipt } = await example.send();
  const transfers = new Map<string, string>();
  for (const { recipient } of receipt.transfers) transfers.set(recipient.agency, (await takenIn(at(recipient.agency), share, receipt.manifestDigest)).transfer);
  return { share: share.id, transferTo: (agency) => transfers.get(agency) ?? '' };
}

interface DutySeen {
  duty: string;
  kind: string;
  other: string;
  closings: { because: string; shows?: string }[];
}
const dutiesAbout = async (agency: string, matter: string): Promise<DutySeen[]> =>
  ((await at(agency).get('/v1/duties?limit=200')).json as { items: (DutySeen & { matter?: string })[] }).items.filter((each) => each.matter === matter);
const moved = (who: string, transfer: string, to: string, fields: Record<string, unknown> = {}) =>
  putMatter(example.world, at(who), 'moved-area', transfer, { fields, words: 'to Far Shire, since Monday', to: [at(to)] });

test('LLR DS-12: that somebody moves to the area of another authority makes both sides decide what that authority is told; it ends with a share, a disclosure or a decision not to share of their own, in both registers', async () => {
  const { share, transferTo } = await shared();
  const put = await moved(POLICE, transferTo(CHARITY), CHARITY, { recipients: [CITY] });
  expect([put.status, codesOf(put)]).toEqual([201, []]);
  const { matter, dueAt } = put.json as { matter: string; dueAt: string };
  expect(Date.parse(dueAt)).toBeGreaterThan(example.world.clock.now().getTime());
  for (const agency of [POLICE, CHARITY]) expect(await example.recordedBy(agency, 'matter-put')).toContainEqual(expect.objectContaining({ matter, about: 'moved-area', by: POLICE, to: CHARITY, recipients: [CITY] }));

  // Whoever is told decides, and shows what was decided: nobody's word alone ends it.
  expect(await dutiesAbout(CHARITY, matter)).toEqual([expect.objectContaining({ kind: 'decide-on-move', other: POLICE, closings: [] })]);
  const told = (await at(CHARITY).get(`/v1/matters/${matter}`)).json as MatterTold;
  expect(told.answers.map(({ answer, shows }) => [answer, shows])).toEqual([['shared', 'share'], ['told-otherwise', 'disclosure'], ['not-shared', 'decision']]);
  const decision = await notShared(example.world, at(CHARITY), { fields: { parties: [CITY], purpose: 'protect-adult', reference: 'MK-4410', reasons: ['not-necessary'] } });
  for (const shownBy of [undefined, uuid7(), share, decision.id]) {
    const answer = await answerMatter(example.world, at(CHARITY), matter, 'not-shared', { fields: { shownBy } });
    expect([answer.status, codesOf(answer)]).toEqual([422, ['ANSWER_NOT_SHOWN']]);
  }
  const kept = await record(at(CHARITY), decision);
  expect([kept.status, codesOf(kept)]).toEqual([201, []]);
  expect(codesOf(await answerMatter(example.world, at(CHARITY), matter, 'shared', { fields: { shownBy: decision.id } }))).toEqual(['ANSWER_NOT_SHOWN']);
  expect((await answerMatter(example.world, at(CHARITY), matter, 'not-shared', { fields: { shownBy: decision.id } })).json).toMatchObject({ matter, answer: 'not-shared' });
  expect(await dutiesAbout(CHARITY, matter)).toEqual([]);
  for (const agency of [POLICE, CHARITY]) expect(await example.recordedBy(agency, 'matter-answered')).toContainEqual(expect.objectContaining({ matter, about: 'moved-area', answer: 'not-shared', shownBy: decision.id }));
  expect(await example.recordedBy(CHARITY, 'not-shared')).toContainEqual(expect.objectContaining({ decisionId: decision.id, parties: [CITY] }));

  // Whoever told it has the same to decide, and the answer of the other side does not do that for it.
  const [own] = await dutiesAbout(POLICE, matter);
  expect(own).toMatchObject({ kind: 'share-after-move', other: CHARITY, closings: [{ because: 'shared-anew', shows: 'share' }, { because: 'told-otherwise', shows: 'disclosure' }, { because: 'not-shared', shows: 'decision' }] });
  const close = (shownBy: string) => at(POLICE).ask('POST', `/v1/duties/${own?.duty ?? ''}/closing`, Buffer.from(JSON.stringify({ because: 'shared-anew', by: { agency: POLICE, contact: at(POLICE).contact }, shownBy })), JSON_TYPE);
  expect((await close(decision.id)).json).toMatchObject({ code: 'DUTY_NOT_SHOWN' });
  expect((await close(share)).status).toBe(200);
  expect(await dutiesAbout(POLICE, matter)).toEqual([]);
  expect(await example.recordedBy(POLICE, 'duty-closed')).toContainEqual(expect.objectContaining({ duty: own?.duty, about: 'share-after-move', because: 'shared-anew', shownBy: share }));
});

test('LLR DS-12: whoever received it tells it too; where to is sealed to the other side, which is no party’s to read, and an authority that stands in no directory is named in those words alone', async () => {
  const { transferTo } = await shared();
  const bare = await putMatter(example.world, at(CITY), 'moved-area', transferTo(CITY));
  expect([bare.status, codesOf(bare)]).toEqual([422, ['MATTER_INCOMPLETE']]);
  const put = await moved(CITY, transferTo(CITY), POLICE);
  expect([put.status, codesOf(put)]).toEqual([201, []]);
  const { matter } = put.json as { matter: string };
  expect([(await dutiesAbout(POLICE, matter)).map(({ kind }) => kind), (await dutiesAbout(CITY, matter)).map(({ kind }) => kind)]).toEqual([['decide-on-move'], ['share-after-move']]);
  const told = (await at(POLICE).get(`/v1/matters/${matter}`)).json as MatterTold;
  const { id } = JSON.parse(Buffer.from(told.statement ?? '', 'base64').toString()) as { id: string };
  expect(await readWords(at(POLICE), (await at(POLICE).get(`/v1/matters/${matter}/words`)).body, id)).toBe('to Far Shire, since Monday');
  expect((await at(CHARITY).get(`/v1/matters/${matter}`)).status).toBe(404);
  expect(await dutiesAbout(CHARITY, matter)).toEqual([]);
});
