import { open } from '#envelope/sealing';
import { CASEWORK, expectProblem, FRONT_DOOR, REFERRAL_TO_TWO, Scene, transferTo } from '../journeys/referral';
import { openWorld } from '../world/partnership';
import { type ContactKeys, newKeys } from '../../apps/standalone/partnership';
import { addressedTo, frontDoorKey, ONE_PART } from './addressees';

/** Somebody adds a key: his own, or that of a partner for whom the part is not. */
let scene: Scene;
let stranger: ContactKeys;
beforeAll(async () => {
  scene = new Scene(await openWorld());
  stranger = await newKeys('Stranger');
});
afterAll(() => scene.world.close());

const sealedAlsoTo = (extra: ContactKeys, manifest: object = {}) => ({ parts: ONE_PART.parts.map((part) => ({ ...part, sealTo: [scene.certificates(FRONT_DOOR), extra.certificate] })), manifest: { ...manifest } });

test.each([['a stranger', 'UNKNOWN_ADDRESSEE', () => stranger], ['a partner', 'ADDRESSEE_NOT_PROPOSED', () => scene.charity.keys()]])('C5: %s beside the recipient is refused and named', async (_who, code, extra) => {
  const answer = await scene.school.submit(await scene.compose(sealedAlsoTo(extra())));
  expectProblem(answer, 422, code);
  expect(answer.json.reasons[0]).toMatchObject({ part: 'part-1', keyId: extra().certificate.seal[0]?.keyId });
  expect(await scene.kept()).toMatchObject({ share: 0, chunk: 0 });
});

test.each([['a stranger', () => stranger], ['a partner', () => scene.charity.keys()]])('in an emergency %s stops nothing: the front door gets its copy, from which the extra key is cut away', async (_who, extra) => {
  const { share } = await scene.send(sealedAlsoTo(extra(), { urgency: 'emergency' }));
  const transfer = await scene.transfer(scene.council, share.id);
  const copy = (await scene.council.get(transfer.parts[0]?.href ?? '')).body;
  expect(await addressedTo(copy)).toEqual([frontDoorKey(scene)]);
  expect(await open({ octets: copy, keys: [extra().key], manifest: share.id, part: 'part-1', at: new Date() })).toMatchObject({ ok: false, code: 'CANNOT_OPEN' });
  expect(await scene.sql('select distinct unnest(keys) as key from waybill.wrapped_key where share = $1', [share.id])).toEqual([{ key: frontDoorKey(scene) }]);
});

test('C5: each of two recipients gets a copy that only it can open, and learns of no other', async () => {
  const { share, receipt } = await scene.send(REFERRAL_TO_TWO);
  await Promise.all([scene.arrived(scene.council, share.id), scene.arrived(scene.charity, share.id)]);
  const copyOf = async (who: typeof scene.council, to: string) => (await who.get(`/v1/mailbox/${transferTo(receipt, to)}/parts/part-1`)).body;
  const [mine, theirs] = [await copyOf(scene.council, FRONT_DOOR), await copyOf(scene.charity, CASEWORK)];
  expect(await addressedTo(mine)).toEqual([frontDoorKey(scene)]);
  expect(await addressedTo(theirs)).toEqual([scene.charity.keys().certificate.seal[0]?.keyId]);
  const opened = (octets: Buffer, who: typeof scene.council) => open({ octets, keys: [who.keys().key], manifest: share.id, part: 'part-1', at: new Date() });
  expect([(await opened(mine, scene.council)).ok, (await opened(theirs, scene.charity)).ok]).toEqual([true, true]);
  expect([(await opened(mine, scene.charity)).ok, (await opened(theirs, scene.council)).ok]).toEqual([false, false]);
  const told = (await scene.charity.get(`/v1/mailbox/${transferTo(receipt, CASEWORK)}`)).body.toString();
  expect(told).not.toMatch(/merebrook|front-door(?!-referral)|part-3/);
});
