import { expectProblem, Scene } from '../journeys/referral';
import { openWorld } from '../world/partnership';
import { dataAt, ONE_PART, withFirstPart } from './addressees';
import { packet, wrappedKey, wrappedKeyBody } from './envelope/forge';

/** Who seals, or who gets at what is sealed before it is sent, adds a key of his own and does not name it. */
let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const UNNAMED = '0000000000000000';

test.each<[string, (octets: Buffer) => Buffer]>([
  ['before the others', (octets) => Buffer.concat([wrappedKey(UNNAMED), octets])],
  ['in an old-format packet', (octets) => Buffer.concat([wrappedKey(UNNAMED, 'old'), octets])],
  ['as the only one', (octets) => Buffer.concat([wrappedKey(UNNAMED), octets.subarray(dataAt(octets))])],
  ['in version 6', (octets) => Buffer.concat([packet(1, Buffer.concat([Buffer.from([6, 0, 25]), wrappedKeyBody(UNNAMED).subarray(10)])), octets])],
  ['with no wrapped key at all', (octets) => octets.subarray(dataAt(octets))],
])('C4: an addressee who is not named, %s, is refused, in an emergency too', async (_where, bend) => {
  for (const urgency of ['routine', 'emergency']) {
    const share = withFirstPart(await scene.compose({ ...ONE_PART, manifest: { urgency } }), bend);
    expectProblem(await scene.school.submit(share), 422, 'HIDDEN_RECIPIENT');
  }
  expect(await scene.kept()).toMatchObject({ share: 0, chunk: 0, wrapped_key: 0 });
  expect(await scene.counted('share-announced')).toEqual({});
});
