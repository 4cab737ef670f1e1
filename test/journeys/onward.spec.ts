import { claimsIn } from '#exchange/drawing';
import { uuid7 } from '#platform/ids';
import type { Receipt } from '#protocol/answers';
import { openWorld } from '../world/partnership';
import { CASEWORK, Scene } from './referral';

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const passedOn = async (previous: string, manifest: Record<string, unknown> = {}) => {
  const parts = [{ category: 'names', text: 'x', to: { [CASEWORK]: 'works-with-person' } }];
  const share = await scene.council.compose({ parts, manifest: { threads: { previous }, ...manifest } }, scene.certificates);
  return scene.council.submit(share);
};

test('what the council received it may pass on for the same purpose, and for no other', async () => {
  const { share } = await scene.send();
  expect((await passedOn(share.id)).status).toBe(202);
  expect(await passedOn(share.id, { purpose: 'learning' })).toMatchObject({
    status: 422, json: { code: 'PURPOSE_CHANGE_NOT_AGREED', reasons: [{ standsOn: 'clause', ground: '§8.1', awaits: 'st-brigid-primary', pointer: '/purpose' }] },
  });
});

test('under a marking that is not lower than that under which it was received', async () => {
  const { share } = await scene.send();
  const answer = await passedOn(share.id, { classification: 'OFFICIAL' });
  expect(answer).toMatchObject({ status: 202, json: { warnings: [{ code: 'CLASSIFICATION_RAISED', pointer: '/classification' }] } });
  const arrived = await scene.transfer(scene.charity, (answer.json as Receipt).share);
  expect(claimsIn(arrived.provenance)).toMatchObject({ classification: 'OFFICIAL-SENSITIVE', handling: { classification: 'OFFICIAL-SENSITIVE' } });
});

test('what it did not receive it cannot pass on, whoever did', async () => {
  expect(await passedOn(uuid7())).toMatchObject({ status: 422, json: { code: 'ONWARD_ORIGIN_UNKNOWN', reasons: [{ standsOn: 'technical' }] } });
});
