import { expectProblem, Scene } from '../journeys/referral';
import { openWorld } from '../world/partnership';
import { dataAt, ONE_PART, withFirstPart } from './addressees';
import { packet } from './envelope/forge';

/** A password beside the keys: openpgp libraries open with either and do not show it. */
let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const V4 = packet(3, Buffer.from([4, 9, 3, 8, 1, 2, 3, 4, 5, 6, 7, 8, 96]));
const V6_ARGON2 = packet(3, Buffer.concat([Buffer.from([6, 26, 9, 2, 20, 4]), Buffer.alloc(16, 1), Buffer.from([1, 4, 21]), Buffer.alloc(15, 2), Buffer.alloc(48, 3)]));

test.each<[string, (octets: Buffer) => Buffer]>([
  ['before the keys', (octets) => Buffer.concat([V4, octets])],
  ['between the keys and the data', (octets) => Buffer.concat([octets.subarray(0, dataAt(octets)), V4, octets.subarray(dataAt(octets))])],
  ['instead of the keys', (octets) => Buffer.concat([V4, octets.subarray(dataAt(octets))])],
  ['of version 6 with Argon2', (octets) => Buffer.concat([V6_ARGON2, octets])],
])('C6: a password %s is refused, in an emergency too', async (_where, bend) => {
  for (const urgency of ['routine', 'emergency']) {
    expectProblem(await scene.school.submit(withFirstPart(await scene.compose({ ...ONE_PART, manifest: { urgency } }), bend)), 422, 'PASSWORD_RECIPIENT');
  }
  expect(await scene.kept()).toMatchObject({ share: 0, chunk: 0 });
});
