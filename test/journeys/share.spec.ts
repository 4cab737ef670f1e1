import { open } from '#envelope/sealing';
import { eventually, openWorld, type World } from '../world/partnership';

const FRONT_DOOR = 'merebrook-council/front-door';
const CASEWORK = 'kingfisher-families/casework';
const CANARY = 'Wilhelmina Quillfeather';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const certificates = (recipient: string) => {
  const [agency, contact] = recipient.split('/') as [string, string];
  return world.partner(agency).keys(contact).certificate;
};

const referral = {
  parts: [
    { category: 'names', text: `Name: ${CANARY}`, to: { [FRONT_DOOR]: 'assesses-referral', [CASEWORK]: 'works-with-person' } },
    { category: 'contacts-with-service', text: `${CANARY} came to school without a coat`, kind: 'fact', to: { [FRONT_DOOR]: 'assesses-referral', [CASEWORK]: 'works-with-person' } },
    { category: 'health', text: `${CANARY} has asthma`, to: { [FRONT_DOOR]: 'assesses-referral', [CASEWORK]: undefined } },
  ],
};

test('a share travels end to end', async () => {
  const school = world.partner('st-brigid-primary');
  const council = world.partner('merebrook-council');
  const share = await school.compose(referral, certificates);
  const accepted = await school.submit(share);
  expect(accepted.json).toMatchObject({ share: share.id });
  expect(accepted.status).toBe(202);
  expect(accepted.json.struckOff).toEqual([expect.objectContaining({ on: 'line', parts: ['part-3'] })]);

  const item = await eventually(async () => (await council.get('/v1/mailbox')).json.items.find((each: { share: string }) => each.share === share.id));
  const transfer = (await council.get(item.links.self)).json;
  expect(transfer.parts.map((part: { name: string }) => part.name)).toEqual(['part-1', 'part-2', 'part-3']);
  const copy = await council.get(transfer.parts[2].href);
  const opened = await open({ octets: copy.body, keys: [council.keys('front-door').key], author: school.keys().certificate, manifest: share.id, part: 'part-3', at: new Date() } as never);
  expect(opened).toMatchObject({ ok: true, author: 'bound' });
  expect((await council.get(`${item.links.self}/manifest`)).body.equals(share.manifest)).toBe(true);

  const stated = await council.state('acknowledged', item.transfer, { share: share.id, manifestDigest: accepted.json.manifestDigest });
  expect(stated).toMatchObject({ status: 200, json: { state: 'acknowledged' } });
  // The charity's copy may be laid down after the council's.
  await eventually(async () => (await world.partner('kingfisher-families').get('/v1/mailbox')).json.items.find((each: { share: string }) => each.share === share.id));
  const told = (await school.get(`/v1/shares/${share.id}`)).json;
  expect(told.transfers.map((each: { state: string }) => each.state).sort()).toEqual(['acknowledged', 'available']);
  // Removed while it is being served, a copy breaks off.
  await eventually(() => council.get(`/v1/mailbox/${item.transfer}/parts/part-1`).then(({ status }) => status === 410, () => false));

  const mine = await eventually(async () => {
    const page = (await council.get('/v1/register/entries')).json;
    return page.items.filter((each: { index?: number }) => each.index !== undefined).length >= 5 && page.items.some((each: { kind: string }) => each.kind === 'payload-removed') && page;
  });
  expect(mine.items.map((each: { kind: string }) => each.kind)).toEqual(expect.arrayContaining(['share-announced', 'share-collected', 'share-received', 'payload-removed']));
});
