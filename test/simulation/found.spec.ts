import { Upkeep } from '#exchange/upkeep';
import { Refusals } from '#exchange/refusals';
import { DAY } from '#platform/clock';
import { Refusal } from '#platform/refusal';
import type { Receipt } from '#protocol/answers';
import { sha256 } from '#protocol/digest';
import { Register } from '#register/register';
import { expectProblem, Scene } from '../journeys/referral';
import { eventually, openWorld } from '../world/partnership';

// What the simulation found in the real code, shown on the real code.

let scene: Scene;
beforeAll(async () => {
  // No relay: what has ended is not yet cleared away.
  scene = new Scene(await openWorld({ without: ['relay'] }));
});
afterAll(() => scene.world.close());

const collected = (share: string) => scene.entries('merebrook-council', { kind: 'share-collected', share });
const state = async (share: string): Promise<string | undefined> => (await scene.told(share)).transfers[0]?.state;

/** Each way to the octets. */
async function expectGone(transfer: string): Promise<void> {
  for (const path of ['/parts/part-1', '/envelope']) expectProblem(await scene.council.get(`/v1/mailbox/${transfer}${path}`), 410, 'PAYLOAD_REMOVED');
}

test('what expired uncollected is not handed out, though the relay has not cleared it away: its sender was told that nobody collected it', async () => {
  const { share } = await scene.send();
  const { transfer } = await scene.arrived(scene.council, share.id);
  const { system, clock } = scene.world;
  clock.advance(28 * DAY + 1_000);
  await new Upkeep({ database: system.database('relay'), register: new Register(), clock }).expire();
  expect(await state(share.id)).toBe('undeliverable');
  await expectGone(transfer);
  expect(await collected(share.id)).toEqual([]);
});

test('what was returned uncollected is not handed out afterwards', async () => {
  const { share, receipt } = await scene.send();
  const { transfer } = await scene.arrived(scene.council, share.id);
  expect((await scene.council.state('returned', transfer, { share: share.id, manifestDigest: receipt.manifestDigest }, { reason: 'not-for-us' })).status).toBe(200);
  await expectGone(transfer);
  expect(await collected(share.id)).toEqual([]);
});

test('what was collected and acknowledged may be collected again until it is cleared away', async () => {
  const { share, receipt } = await scene.send();
  const transfer = await scene.transfer(scene.council, share.id);
  await scene.opened(scene.council, transfer, 'part-1');
  expect((await scene.council.state('acknowledged', transfer.transfer, { share: share.id, manifestDigest: receipt.manifestDigest })).status).toBe(200);
  expect(await scene.opened(scene.council, transfer, 'part-2')).toContain('without a coat');
});

test.each([['with an Idempotency-Key', 'sent-twice'], ['by its manifest alone', undefined]])('a copy that is refused in the moment in which the same share is accepted, %s, is answered with its receipt, and no refusal is recorded', async (_how, idempotencyKey) => {
  const share = await scene.compose();
  const { system, clock } = scene.world;
  const refusals = new Refusals({ database: system.database('gateway'), register: new Register(), clock });
  const asker = { agency: 'st-brigid-primary', controller: 'st-brigid-primary' };
  let first: Receipt | undefined;
  const known = { manifestDigest: sha256(Buffer.from(share.manifest)), ...(idempotencyKey ? { idempotencyKey } : {}) };
  const answer = await refusals.recording<Receipt>(asker, known, (receipt) => receipt, async () => {
    first = (await scene.school.submit(share, ...(idempotencyKey ? [{ 'idempotency-key': idempotencyKey }] : []))).json as Receipt;
    throw new Refusal({ code: 'DIGEST_MISMATCH' });
  });
  expect(answer).toEqual(first);
  await eventually(async () => (await scene.entries('st-brigid-primary', { kind: 'share-sent', share: share.id })).length === 1);
  expect((await scene.entries('st-brigid-primary', { kind: 'share-refused' })).filter((entry) => entry['manifestDigest'] === known.manifestDigest)).toEqual([]);
});
