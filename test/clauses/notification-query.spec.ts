import { Example } from '../world/example';
import { thread } from '../world/requests';
import { eventually } from '../world/partnership';

// Whoever was notified asks whoever issued the notification for more, and is answered alone.

let example: Example;
beforeAll(async () => {
  example = await Example.open('nwadcs');
});
afterAll(() => example?.close());

const [ISSUER, AUTHORITY, SCHOOL] = ['nwadcs', 'fell-side-council', 'moss-lane-primary'] as const;
const at = (agency: string) => example.world.partner(agency);

test('NWADCS RQ-15: a recipient of a notification asks the issuing agency for more, tied to the notification; the answer goes to whoever asked and to nobody else, and both registers have it', async () => {
  const { receipt } = await example.send();
  const transfer = receipt.transfers.find(({ recipient }) => recipient.agency === AUTHORITY)?.transfer ?? '';
  const notification = await eventually(async () => ((await at(AUTHORITY).get('/v1/mailbox')).json.items as { share: string; transfer: string }[]).find((each) => each.transfer === transfer));
  const TO_ISSUER = { agency: ISSUER, contact: 'circulation' };
  const { request, share: asked } = await example.ask({
    '/sender': AUTHORITY, '/manifest/sender': { agency: AUTHORITY, contact: 'placements', role: 'social-worker' }, '/manifest/threads': { previous: notification.share },
    '/manifest/asks': { type: 'enquiry', categories: [{ category: 'key-workers', needToKnow: 'protects-from-harm' }] },
    '/lines/0/recipient': TO_ISSUER, '/lines/0/category': 'question', '/lines/1/recipient': TO_ISSUER, '/lines/1/category': 'question', '/lines/3/recipient': TO_ISSUER,
    '/lines/4/recipient': { agency: AUTHORITY, contact: 'placements' }, '/lines/4/decider': 'placements', '/lines/4/role': 'social-worker', '/lines/2': null,
  });
  expect(await thread(at(ISSUER), request)).toMatchObject({ state: 'asked', requester: { agency: AUTHORITY }, holder: TO_ISSUER });
  expect((await at(SCHOOL).get(`/v1/requests/${request}`)).status).toBe(404);

  const { receipt: answered } = await example.send({ '/manifest/threads': { request }, '/lines/2': null });
  expect(answered.transfers.map(({ recipient }) => recipient.agency)).toEqual([AUTHORITY]);
  expect(await thread(at(AUTHORITY), request)).toMatchObject({ state: 'answered', categories: [{ category: 'key-workers', answer: 'given' }] });
  // What was asked, and what was answered: each in both registers.
  const { rows } = await example.world.db.owner.query<{ controller: string; octets: Buffer }>(`select controller, octets from waybill.entry where kind in ('share-sent', 'share-announced')`);
  expect(rows.filter(({ octets }) => (JSON.parse(octets.toString()) as { share: string }).share === asked.id).map(({ controller }) => controller).sort()).toEqual([AUTHORITY, ISSUER]);
  for (const controller of [ISSUER, AUTHORITY]) expect(await example.entriesOf(controller, request)).toHaveLength(1);
  expect(await example.entriesOf(SCHOOL, request)).toEqual([]);
});
