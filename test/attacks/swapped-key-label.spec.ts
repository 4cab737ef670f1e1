import { open } from '#envelope/sealing';
import { CASEWORK, FRONT_DOOR, Scene, transferTo } from '../journeys/referral';
import { sealedDigest } from '../world/partner';
import { openWorld } from '../world/partnership';
import { frontDoorKey, ONE_PART } from './addressees';

/**
 * A lying sender writes the front door's key ID over the wrapped key of somebody else. The gate reads labels; whether they are honest
 * only the recipient can see. What stands against it: a copy goes to its recipient alone, so whoever could open it never gets it, and
 * the recipient says, signed, that it can't, which the sender has to mend.
 */
let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

test('a part under the label of a key that it is not sealed to reaches the front door, which cannot open it, says so, and nobody else can', async () => {
  const conspirator = scene.charity.keys();
  const honest = await scene.compose({ parts: ONE_PART.parts.map((part) => ({ ...part, sealTo: [conspirator.certificate] })) });
  const lied = Buffer.from(honest.parts.get('part-1') as Uint8Array);
  const label = Buffer.from(conspirator.certificate.seal[0]?.keyId ?? '', 'hex');
  Buffer.from(frontDoorKey(scene), 'hex').copy(lied, lied.indexOf(label));
  expect(await sealedDigest(lied)).toBe(await sealedDigest(honest.parts.get('part-1') as Uint8Array));
  const accepted = await scene.school.submit({ ...honest, parts: new Map([['part-1', lied]]) });
  expect(accepted.status).toBe(202);

  const transfer = await scene.transfer(scene.council, honest.id);
  const copy = (await scene.council.get(transfer.parts[0]?.href ?? '')).body;
  const opened = (keys: typeof conspirator) => open({ octets: copy, keys: [keys.key], manifest: honest.id, part: 'part-1', at: new Date() });
  expect(await opened(scene.council.keys())).toMatchObject({ ok: false, code: 'CANNOT_OPEN' });

  expect((await scene.charity.get('/v1/mailbox')).json.items).toEqual([]);
  expect((await scene.charity.get(transfer.parts[0]?.href ?? '')).status).toBe(404);

  const about = { share: honest.id, manifestDigest: accepted.json.manifestDigest as string };
  expect((await scene.council.state('returned', transfer.transfer, about, { reason: 'cannot-open' })).status).toBe(200);
  expect(await scene.sql('select kind, owner from waybill.duty where transfer = $1 and closed_at is null', [transfer.transfer])).toEqual([{ kind: 'cannot-open', owner: 'st-brigid-primary' }]);
  for (const controller of ['st-brigid-primary', 'merebrook-council']) {
    expect(await scene.entries(controller, { kind: 'share-returned', share: honest.id })).toEqual([expect.objectContaining({ reasons: [{ code: 'cannot-open' }] })]);
  }
  expect((await scene.told(honest.id)).transfers[0]).toMatchObject({ state: 'returned', endReason: 'cannot-open' });
});

test('two labels exchanged give each recipient a copy that it cannot open, and neither the other’s', async () => {
  const share = await scene.compose({ parts: [{ ...ONE_PART.parts[0], category: 'names', text: 'x', to: { [FRONT_DOOR]: 'assesses-referral', [CASEWORK]: 'works-with-person' } }] });
  const lied = Buffer.from(share.parts.get('part-1') as Uint8Array);
  const [one, other] = [frontDoorKey(scene), scene.charity.keys().certificate.seal[0]?.keyId ?? ''].map((id) => Buffer.from(id, 'hex')) as [Buffer, Buffer];
  const [atOne, atOther] = [lied.indexOf(one), lied.indexOf(other)];
  other.copy(lied, atOne);
  one.copy(lied, atOther);
  const { json } = await scene.school.submit({ ...share, parts: new Map([['part-1', lied]]) });
  for (const [who, to] of [[scene.council, FRONT_DOOR], [scene.charity, CASEWORK]] as const) {
    await scene.arrived(who, share.id);
    const copy = (await who.get(`/v1/mailbox/${transferTo(json, to)}/parts/part-1`)).body;
    expect(await open({ octets: copy, keys: [who.keys().key], manifest: share.id, part: 'part-1', at: new Date() })).toMatchObject({ ok: false, code: 'CANNOT_OPEN' });
  }
});
