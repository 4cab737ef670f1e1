import { signDetached } from '#envelope/signatures';
import { newKeys } from '../../apps/standalone/partnership';
import { expectProblem, Scene } from '../journeys/referral';
import { openWorld } from '../world/partnership';

/** The words of one, under the signature of another. */
let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

test('signed by another agency it is not the sender’s, whoever brings it', async () => {
  const share = await scene.compose();
  const theirs = { ...share, signature: await signDetached({ octets: share.manifest, key: scene.charity.keys().key }) };
  expectProblem(await scene.school.submit(theirs), 422, 'SIGNATURE_WRONG_KEY');
  expectProblem(await scene.charity.submit(theirs), 422, 'WRONG_SENDER');
  expectProblem(await scene.charity.submit(share), 422, 'WRONG_SENDER');
  expect(await scene.kept()).toMatchObject({ share: 0 });
  expect(Object.keys(await scene.counted('share-refused')).sort()).toEqual(['kingfisher-families', 'st-brigid-primary']);
});

test('signed by a key that its sender has and the co-ordinator never bound, it is nobody’s', async () => {
  const share = await scene.compose();
  const unbound = await newKeys('Safeguarding lead, at home');
  expectProblem(await scene.school.submit({ ...share, signature: await signDetached({ octets: share.manifest, key: unbound.key }) }), 422, 'SIGNATURE_WRONG_KEY');
});

test('once accepted, it stays signed as it was: what comes again under another key changes nothing', async () => {
  const { share, receipt } = await scene.send();
  const again = await scene.school.submit({ ...share, signature: await signDetached({ octets: share.manifest, key: scene.charity.keys().key }) });
  expect(again.json).toEqual(receipt);
  const item = await scene.arrived(scene.council, share.id);
  expect((await scene.council.get(`${item.links.self}/signature`)).body.equals(Buffer.from(share.signature))).toBe(true);
});

test('taken to another gateway it is made out for this one', async () => {
  const share = await scene.compose({ parts: [], manifest: { gateway: 'https://gateway.example' } });
  expectProblem(await scene.school.submit(share), 422, 'WRONG_GATEWAY');
});
