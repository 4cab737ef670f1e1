import { readFileSync } from 'node:fs';
import { MINUTE } from '#platform/clock';
import { DELIVERY_LIMIT } from '#queue/message';
import { eventually, openWorld } from '../world/partnership';
import { Scene } from './referral';

let scene: Scene;
beforeAll(async () => {
  scene = new Scene(await openWorld());
});
afterAll(() => scene.world.close());

const state = async (share: string) => (await scene.told(share)).transfers[0]?.state;

test('a queue that somebody emptied is made anew: what was accepted still arrives, once', async () => {
  const release = await scene.holdQueue();
  const sent = await Promise.all([1, 2, 3].map(() => scene.send()));
  await scene.sql('delete from waybill.outbox');
  await release();
  for (const { share } of sent) expect(await state(share.id)).toBe('queued');
  scene.world.clock.advance(MINUTE);
  for (const { share } of sent) {
    await eventually(async () => (await state(share.id)) === 'available', 20_000);
    expect(await scene.entries('merebrook-council', { share: share.id })).toHaveLength(1);
  }
  expect((await scene.council.get('/v1/mailbox')).json.items).toHaveLength(3);
}, 40_000);

test('a message handed over twice moves its transfer once', async () => {
  const release = await scene.holdQueue();
  const { share, receipt } = await scene.send();
  await scene.sql(`insert into waybill.outbox (id, kind, transfer, lane, precedence) select gen_random_uuid(), kind, transfer, lane, precedence from waybill.outbox, generate_series(1, 4) where transfer = $1`, [receipt.transfers[0]?.transfer]);
  await release();
  await scene.arrived(scene.council, share.id);
  await eventually(async () => (await scene.sql('select from waybill.outbox')).length === 0);
  expect((await scene.told(share.id)).transfers[0]?.events.map(({ kind }) => kind)).toEqual(['accepted', 'available']);
});

test(`a message that cannot be worked off is set aside after ${DELIVERY_LIMIT} hand-overs: others go on, and its sender sees it`, async () => {
  const release = await scene.holdQueue();
  const { share, receipt } = await scene.send();
  const transfer = receipt.transfers[0]?.transfer;
  // Whoever moves this one transfer fails, each time.
  await scene.sql(`create function waybill.poisoned() returns trigger language plpgsql as $$ begin raise exception 'poison'; end $$`);
  await scene.sql(`create trigger poisoned before update on waybill.transfer for each row when (old.id = '${transfer}') execute function waybill.poisoned()`);
  await release();
  const row = async () => (await scene.sql<{ attempt: number; parked_reason: string | null }>('select attempt, parked_reason from waybill.outbox where transfer = $1', [transfer]))[0];
  const others: string[] = [];
  for (let attempt = 1; attempt < DELIVERY_LIMIT; attempt++) {
    await eventually(async () => {
      const [waiting] = await scene.sql<{ attempt: number }>('select attempt from waybill.outbox where transfer = $1 and leased_until is null', [transfer]);
      return waiting !== undefined && waiting.attempt >= attempt;
    });
    others.push((await scene.send()).share.id);
    await scene.hurry();
  }
  expect(await eventually(async () => (await row())?.parked_reason && row())).toEqual({ attempt: DELIVERY_LIMIT, parked_reason: 'delivery-limit' });
  for (const other of others) await scene.arrived(scene.council, other);
  const told = (await scene.told(share.id)).transfers[0];
  expect([told?.state, told?.events.map(({ kind, detail }) => [kind, detail])]).toEqual(['queued', [['accepted', undefined], ['set-aside', 'delivery-limit']]]);
  const lines = readFileSync(scene.world.system.logFile, 'utf8').split('\n').filter((line) => line.includes(String(transfer))).map((line) => JSON.parse(line) as { msg: string });
  expect(lines.map(({ msg }) => msg)).toEqual([...Array.from({ length: DELIVERY_LIMIT }, () => 'message.failed'), 'message.parked']);

  // The way back: mended and taken up again.
  await scene.sql('drop trigger poisoned on waybill.transfer');
  await scene.sql('update waybill.outbox set parked_reason = null, attempt = 0 where transfer = $1', [transfer]);
  await scene.hurry();
  await scene.arrived(scene.council, share.id);
});
