import { CASEWORK, expectProblem, FRONT_DOOR, REFERRAL_TO_TWO, Scene } from '../journeys/referral';
import { sealedDigest } from '../world/partner';
import { openWorld } from '../world/partnership';

/** A recipient sends on, in its own name, a part that another sealed: the reader would take the words for the forwarder's. */
let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

test('a part that was shared before by another agency is refused, with all its keys and with its own copy alone, for ever', async () => {
  const { share, receipt } = await scene.send(REFERRAL_TO_TWO);
  const transfer = await scene.transfer(scene.charity, share.id);
  const copy = (await scene.charity.get(transfer.parts[0]?.href ?? '')).body;
  const pass = async (octets: Uint8Array, ...to: string[]) => {
    const digest = await sealedDigest(octets);
    const parts = to.map((recipient) => scene.charity.line(recipient, { part: 'part-1', digest, category: 'names', kind: 'fact', needToKnow: 'works-with-person' }));
    const about = (await scene.charity.compose({ parts: [] }, scene.certificates)).lines;
    return scene.charity.submit(await scene.charity.sign(scene.charity.manifestOf(), [...parts, ...about], new Map([['part-1', octets]])));
  };
  const answer = await pass(copy, CASEWORK);
  expectProblem(answer, 422, 'ALREADY_SHARED_BY_ANOTHER');
  expect(answer.body.toString()).not.toContain('st-brigid');
  // As the school sealed it, with the front door's key too: to be had by whoever watched it being sent.
  expectProblem(await pass(share.parts.get('part-1') as Uint8Array, FRONT_DOOR, CASEWORK), 422, 'ALREADY_SHARED_BY_ANOTHER');
  const about = { share: share.id, manifestDigest: receipt.manifestDigest };
  expect((await scene.charity.state('acknowledged', transfer.transfer, about)).status).toBe(200);
  const council = await scene.transfer(scene.council, share.id);
  await scene.opened(scene.council, council, 'part-1');
  expect((await scene.council.state('acknowledged', council.transfer, about)).status).toBe(200);
  expectProblem(await pass(copy, CASEWORK), 422, 'ALREADY_SHARED_BY_ANOTHER');
  expect(await scene.counted('share-sent')).toEqual({ 'st-brigid-primary': 1 });
  expect((await scene.entries('kingfisher-families', { kind: 'share-refused' })).length).toBe(3);
});

test('its own sender may send it again to somebody else', async () => {
  const share = await scene.compose();
  expect((await scene.school.submit(share)).status).toBe(202);
  const { lines: _digests, ...manifest } = JSON.parse(share.manifest.toString()) as Record<string, unknown>;
  const again = await scene.school.sign({ ...manifest, id: scene.school.manifestOf()['id'] }, share.lines, share.parts);
  expect((await scene.school.submit(again)).status).toBe(202);
});
