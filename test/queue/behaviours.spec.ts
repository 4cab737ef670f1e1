import { randomBytes } from 'node:crypto';
import type { ChannelModel, GetMessage } from 'amqplib';
import { MINUTE } from '#platform/clock';
import { LIMITS } from '#protocol/limits';
import { LANES } from '#queue/lanes';
import { DELIVERY_LIMIT } from '#queue/message';
import { Outbox } from '#queue/outbox';
import { BROKER_DELIVERY_LIMIT, DEAD, queueOf } from '#queue/topology';
import { ownNode } from '../world/broker';
import { eventually } from '../world/partnership';
import { REFERRAL } from '../journeys/referral';
import { Stage, TRANSPORTS } from './stage';

/** One table of behaviours, over either transport: real database, real broker over TLS, real envelopes. */
describe.each(TRANSPORTS)('the queue over %s', (transport) => {
  let stage: Stage;
  beforeAll(async () => {
    // A node of its own, for one of the tests takes its memory away.
    stage = await Stage.open(transport, { node: ownNode });
  });
  afterEach(() => stage.clearCouriers());
  afterAll(() => stage?.close());

  test('redelivery: a message handed over several times moves its transfer once, and all its rows are done with', async () => {
    const { transfer } = await stage.sent();
    await stage.scene.sql('insert into waybill.outbox (id, kind, transfer, lane, precedence) select gen_random_uuid(), kind, transfer, lane, precedence from waybill.outbox, generate_series(1, 4) where transfer = $1', [transfer]);
    await stage.courier();
    await stage.arrived([transfer]);
    await eventually(async () => (await stage.row(transfer)) === undefined);
    expect(await stage.events(transfer)).toEqual([['accepted', null], ['available', null]]);
  });

  test('order within a lane: what was accepted first is laid down first', async () => {
    const { transfer } = await stage.sent();
    const made = await stage.copies(transfer, 300, 'routine');
    await stage.courier();
    await stage.arrived(made);
    expect(await stage.order(made)).toEqual(made);
  });

  test('lane precedence: the more pressing lane goes first, whatever waited longer; what must not wait passes by a batch that does not end', async () => {
    const { transfer } = await stage.sent();
    const plug = await stage.plug(transfer);
    await stage.courier();
    const since = await plug.since();
    const made = { routine: await stage.copies(transfer, 200, 'routine'), urgent: await stage.copies(transfer, 20, 'urgent'), emergency: await stage.copies(transfer, 20, 'emergency'), breach: await stage.copies(transfer, 20, 'breach') };
    await stage.published();
    await stage.arrived([...made.breach, ...made.emergency]);
    // They passed by it: the same statement still stands. What is urgent waits, at the courier's door.
    expect(await plug.since()).toEqual(since);
    await eventually(async () => (await stage.wire?.ready(queueOf('urgent')) ?? 0) === 0);
    await plug.release();
    const all = Object.values(made).flat();
    await stage.arrived(all);
    const order = await stage.order(all);
    const last = (lane: keyof typeof made): number => Math.max(...made[lane].map((id) => order.indexOf(id)));
    const first = (lane: keyof typeof made): number => Math.min(...made[lane].map((id) => order.indexOf(id)));
    for (const pressing of ['breach', 'emergency', 'urgent'] as const) expect(last(pressing)).toBeLessThan(first('routine'));
    for (const sooner of ['breach', 'emergency'] as const) expect(last(sooner)).toBeLessThan(first('urgent'));
  });

  test(`delivery limit: what cannot be worked off is set aside after ${DELIVERY_LIMIT} hand-overs; its neighbours go on; replayed, it arrives`, async () => {
    const { transfer, share } = await stage.sent();
    const mend = await stage.poison(transfer);
    const neighbours = await stage.copies(transfer, 70, 'routine');
    await stage.courier();
    await stage.arrived(neighbours);
    await eventually(async () => {
      if ((await stage.row(transfer))?.parked_reason) return true;
      await stage.scene.hurry();
      return false;
    });
    expect(await stage.row(transfer)).toMatchObject({ attempt: DELIVERY_LIMIT, parked_reason: 'delivery-limit' });
    expect(await stage.events(transfer)).toEqual([['accepted', null], ['set-aside', 'delivery-limit']]);
    expect((await stage.scene.told(share)).transfers.find((each) => each.transfer === transfer)?.state).toBe('queued');
    const lines = stage.said.filter((line) => line.includes(transfer)).map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(lines).toEqual([...Array.from({ length: DELIVERY_LIMIT }, () => 'message.failed'), 'message.parked']);

    // The way back, as an operator goes it.
    const listed = await stage.waybill('queue', 'list');
    expect(listed).toMatchObject({ exit: 5, err: '' });
    expect(listed.out).toMatch(new RegExp(`${transfer}  delivery-limit  ${DELIVERY_LIMIT} attempts  for [0-9]+ s`));
    await mend();
    const replayed = await stage.waybill('queue', 'replay', '--transfer', transfer, '--reason', 'fault-mended', '--json');
    expect(JSON.parse(replayed.out)).toEqual({ exit: 0, reason: 'fault-mended', transfers: [transfer] });
    await stage.arrived([transfer]);
    expect((await stage.events(transfer)).slice(2)).toEqual([['replayed', 'fault-mended'], ['available', null]]);
    expect(await stage.waybill('queue', 'list')).toMatchObject({ exit: 0 });
  });

  test('dead letter: what ends its consumer each time is given up by the queue and set aside where an operator sees it; nothing of it stays behind', async () => {
    const { transfer } = await stage.sent();
    await stage.published();
    // The broker gives up; it counts as one hand-over, for it may have been lent to a consumer that something else ended.
    const hurrying = stage.wire && setInterval(() => void stage.scene.hurry().catch(() => undefined), 100);
    if (stage.wire) for (let i = 0; i < DELIVERY_LIMIT; i++) await stage.wire.with(async (connection) => consumedAndLost(connection, BROKER_DELIVERY_LIMIT + 1), 'waybill-courier');
    else {
      const outbox = new Outbox(stage.scene.world.system.database('courier'));
      for (let i = 0; i < DELIVERY_LIMIT; i++) {
        expect(await outbox.lend(LANES, 1)).toMatchObject([{ transfer, attempt: i + 1, spent: false }]);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await stage.courier();
    }
    await eventually(async () => (await stage.row(transfer))?.parked_reason === 'delivery-limit');
    clearInterval(hurrying);
    expect(await stage.events(transfer)).toEqual([['accepted', null], ['set-aside', 'delivery-limit']]);
    // It is acknowledged after it was set aside, and the broker counts a moment behind.
    for (const queue of [DEAD, queueOf('routine')]) await eventually(async () => (await stage.wire?.ready(queue) ?? 0) === 0);
    await stage.courier();
    expect((await stage.waybill('queue', 'replay', '--all', '--reason', 'outage-over')).out).toContain(transfer);
    await stage.arrived([transfer]);
  });

  test('lease expiry: what a consumer took and never finished goes to another', async () => {
    const { transfer } = await stage.sent();
    await stage.published();
    const holder = await held(stage);
    await stage.courier();
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await stage.state(transfer)).toBe('queued');
    await holder.dies();
    await stage.arrived([transfer]);
    expect(await stage.events(transfer)).toEqual([['accepted', null], ['available', null]]);
  });

  test('purge: an emptied queue is made anew from PostgreSQL, whether its messages are gone or its rows', async () => {
    const { transfer, share } = await stage.sent();
    const made = [transfer, ...(await stage.copies(transfer, 150, 'urgent'))];
    await stage.published();
    if (stage.wire) {
      // The broker counts a moment behind.
      await eventually(async () => (await stage.wire?.ready(queueOf('urgent'))) === 150);
      expect(await stage.wire.purge()).toBe(made.length);
      await stage.scene.sql(`update waybill.outbox set published_at = published_at - interval '1 minute'`);
      await stage.courier();
      await stage.arrived(made);
      return;
    }
    const entries = (await stage.scene.entries('merebrook-council')).length;
    await stage.scene.sql('delete from waybill.outbox');
    stage.scene.world.clock.advance(MINUTE);
    await stage.courier();
    await stage.arrived(made);
    // Made anew means another message, not another entry, and what arrives is what its recipient can open.
    expect((await stage.scene.entries('merebrook-council')).length).toBe(entries);
    expect((await stage.scene.transfer(stage.scene.council, share)).parts).toHaveLength(2);
  });

  test('blocked: while what carries the queue takes nothing, shares are accepted and wait; then all arrive', async () => {
    const { transfer } = await stage.sent();
    await stage.courier();
    await stage.arrived([transfer]);
    const release = await blocked(stage);
    const waiting = stage.wire ? [(await stage.sent()).transfer, (await stage.sent()).transfer] : await stage.copies(transfer, 2, 'routine');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    for (const id of waiting) expect(await stage.state(id)).toBe('queued');
    await release();
    await stage.arrived(waiting);
  });

  test('above the limit the digest alone stands for the envelope; below, the envelope goes with it, and with both the provenance', async () => {
    const { receipt } = await stage.scene.send({ parts: REFERRAL.parts.map((part) => ({ ...part, text: randomBytes(LIMITS.inlineEnvelope.value).toString('hex') })) });
    const [large, small] = [receipt.transfers[0]?.transfer as string, (await stage.sent()).transfer];
    await stage.published();
    for (const [transfer, inline] of [[large, false], [small, true]] as const) {
      const provenance = (await stage.scene.sql<{ provenance: string }>('select provenance from waybill.transfer where id = $1', [transfer]))[0]?.provenance;
      const carried = await stage.wire?.with(async (connection) => {
        const channel = await connection.createChannel();
        const found = (await eventually(() => channel.get(queueOf('routine')))) as GetMessage;
        channel.ack(found);
        await channel.close();
        return found;
      });
      if (carried) expect([carried.properties.headers?.['transfer'], carried.properties.headers?.['Provenance'], carried.content.length > 0]).toEqual([transfer, provenance, inline]);
    }
    if (stage.wire) await stage.scene.sql('update waybill.outbox set published_at = null');
    await stage.courier();
    await stage.arrived([large, small]);
  });

  test('digest mismatch: an envelope that is not the one that was accepted is set aside, moves nothing, and fails no neighbour', async () => {
    const release = await stage.scene.holdQueue();
    const [bad, good] = [await stage.sent(), await stage.sent()];
    await stage.scene.sql(`update waybill.chunk set octets = set_byte(octets, octet_length(octets) / 2, get_byte(octets, octet_length(octets) / 2) # 1) where share = $1 and part = 'part-1'`, [bad.share]);
    await release();
    await stage.courier();
    await stage.arrived([good.transfer]);
    await eventually(async () => (await stage.row(bad.transfer))?.parked_reason === 'digest-mismatch');
    expect(await stage.events(bad.transfer)).toEqual([['accepted', null], ['set-aside', 'digest-mismatch']]);
    expect(await stage.state(bad.transfer)).toBe('queued');
  });
});

/** Takes the one message of the routine lane and goes away without a word, so many times. */
async function consumedAndLost(connection: ChannelModel, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const channel = await connection.createChannel();
    await eventually(() => channel.get(queueOf('routine')));
    await channel.close();
  }
}

/** Somebody who has what is there in hand, and dies when told to. */
async function held(stage: Stage): Promise<{ dies(): Promise<void> }> {
  if (!stage.wire) {
    expect(await new Outbox(stage.scene.world.system.database('courier')).lend(LANES)).toHaveLength(1);
    // Its lease runs out: a lease that ran out by itself might do so before anybody has looked.
    return { dies: async () => void (await stage.scene.sql('update waybill.outbox set leased_until = clock_timestamp()')) };
  }
  const connection = await stage.wire.connect('waybill-courier');
  const channel = await connection.createChannel();
  await eventually(() => channel.get(queueOf('routine')));
  return { dies: () => connection.close() };
}

async function blocked(stage: Stage): Promise<() => Promise<void>> {
  if (stage.wire) {
    const { node } = stage.wire;
    await node.control('set_vm_memory_high_watermark', '0.000001');
    return async () => void (await node.control('set_vm_memory_high_watermark', '0.4'));
  }
  await stage.scene.sql('alter table waybill.outbox alter column due_at set default clock_timestamp()');
  return stage.scene.trouble('before update on waybill.outbox for each statement', `raise exception 'full' using errcode = 'disk_full'`);
}
