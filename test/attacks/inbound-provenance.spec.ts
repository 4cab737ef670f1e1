import { openWorld } from '../world/partnership';
import { REFERRAL, Scene } from '../journeys/referral';

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

test('C15: a Provenance that a sender writes, or one that was made for another transfer, is not believed and not handed on: there is one, and it is ours', async () => {
  const { share: earlier } = await scene.send();
  const used = (await scene.transfer(scene.council, earlier.id)).provenance;
  for (const claimed of [used, `${used}, ${used}`, 'eyJhbGciOiJub25lIn0.e30.', 'none of yours']) {
    const share = await scene.compose(REFERRAL);
    expect((await scene.school.submit(share, { provenance: claimed, 'x-provenance': claimed })).status).toBe(202);
    const item = await scene.arrived(scene.council, share.id);
    const answer = await scene.council.get(item.links.self);
    expect(answer.headers['provenance']).toBe(answer.json.provenance);
    expect(answer.body.toString()).not.toContain(claimed);
    const claims = JSON.parse(Buffer.from(String(answer.json.provenance).split('.')[1] ?? '', 'base64url').toString()) as { share: string; transfer: string };
    expect(claims).toMatchObject({ share: share.id, transfer: item.transfer });
  }
});
