import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { type Courier, startCourier } from '../../apps/courier/courier';
import { MINUTE } from '#platform/clock';
import { openLog } from '#platform/log';
import type { ShareTold } from '#protocol/answers';
import { Example } from '../world/example';
import { eventually } from '../world/partnership';

// What is shared does not arrive, for an hour and more: nobody takes it off the queue. Whoever co-ordinates the agreement deals with it, and each sender knows.

const [SENDER, KEEPER] = ['health-and-care-trust', 'worcestershire-partnership'] as const;
interface Duty { kind: string; says: string; lane: string; transfer?: string; closings: { because: string }[] }

describe('Worcestershire', () => {
  let example: Example;
  let courier: Courier | undefined;
  let waiting: string[];
  beforeAll(async () => {
    example = await Example.open('worcestershire', { without: ['courier'] });
  });
  afterAll(async () => {
    await courier?.stop();
    await example.close();
  });

  const duties = async (agency: string, kind: string): Promise<Duty[]> => ((await example.world.partner(agency).get('/v1/duties?limit=100')).json as { items: Duty[] }).items.filter((duty) => duty.kind === kind);
  const raised = () => example.recordedBy(KEEPER, 'disruption-raised');
  const transfersOf = async (share: string): Promise<ShareTold['transfers']> => ((await example.world.partner(SENDER).get(`/v1/shares/${share}`)).json as ShareTold).transfers;

  test('WOR SU-05: what waits longer than its lane allows is raised to the co-ordinator, in the lane of what presses most, with what waits and for whom; not a minute sooner', async () => {
    const { share, receipt } = await example.send();
    waiting = receipt.transfers.map(({ transfer }) => transfer);
    const { lane } = receipt.transfers[0] as { lane: string };
    expect(['urgent', 'routine']).toContain(lane);
    example.world.clock.advance(9 * MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect(await duties(KEEPER, 'handle-disruption')).toEqual([]);
    example.world.clock.advance(52 * MINUTE);
    const [duty] = await eventually(async () => { const found = await duties(KEEPER, 'handle-disruption'); return found.length > 0 && found; });
    expect(duty).toMatchObject({ lane });
    expect(await raised()).toEqual([expect.objectContaining({ agreement: 'worcestershire', lane, transfers: expect.arrayContaining(waiting), recipients: receipt.transfers.map(({ recipient }) => recipient.agency).sort() })]);
    expect((await transfersOf(share.id)).map(({ state }) => state)).toEqual(waiting.map(() => 'queued'));
  });

  test('WOR SU-05: its sender is told that it is NOT there yet, with the number to ring and every other way; once', async () => {
    const told = await eventually(async () => { const found = await duties(SENDER, 'delivery-delayed'); return found.length === waiting.length && found; });
    expect(told.map(({ transfer }) => transfer).sort()).toEqual([...waiting].sort());
    expect(told[0]).toMatchObject({ says: expect.stringMatching(/^NOT delivered yet/) });
    expect(told[0]?.closings.map(({ because }) => because)).toEqual(['shared-anew', 'told-otherwise', 'not-shared', 'can-wait']);
    const { rows: [{ share } = { share: '' }] } = await example.world.db.owner.query<{ share: string }>('select share from waybill.transfer where id = $1', [waiting[0]]);
    expect((await transfersOf(share))[0]).toMatchObject({ ring: { telephone: expect.stringMatching(/^\+44/), because: 'delivery-delayed' }, events: expect.arrayContaining([expect.objectContaining({ kind: 'delayed' })]) });
  });

  test('WOR SU-05: an emergency that waits for two minutes raises what stands to its own lane', async () => {
    const [before] = await raised();
    waiting.push(...(await example.send({ '/manifest/urgency': 'emergency' })).receipt.transfers.map(({ transfer }) => transfer));
    example.world.clock.advance(3 * MINUTE);
    await eventually(async () => (await duties(KEEPER, 'handle-disruption')).some(({ lane }) => lane === 'emergency'));
    expect(await duties(KEEPER, 'handle-disruption')).toHaveLength(1);
    expect((await raised()).map(({ lane }) => lane)).toEqual([before?.['lane'], 'emergency']);
  });

  test('WOR SU-05: it ends by itself once all has arrived: the duties of the senders, and the co-ordinator’s, whose register says so', async () => {
    const { system, clock, folder } = example.world;
    courier = await startCourier({ database: system.database('courier'), clock, log: openLog('courier', createWriteStream(join(folder, 'courier.log'))) });
    await eventually(async () => (await duties(SENDER, 'delivery-delayed')).length === 0 && (await duties(KEEPER, 'handle-disruption')).length === 0);
    const { rows } = await example.world.db.owner.query<{ closed_because: string; count: number }>(`select closed_because, count(*)::int as count from waybill.duty where kind = 'delivery-delayed' group by 1`);
    expect(rows).toEqual([{ closed_because: 'available', count: waiting.length }]);
    expect(await example.recordedBy(KEEPER, 'disruption-ended')).toEqual([expect.objectContaining({ agreement: 'worcestershire' })]);
  });
});

test('where an agreement names nobody for it, as LLR does, nobody has such a duty; and a relay that finds nothing to do rests', async () => {
  const example = await Example.open('llr', { without: ['courier'] });
  try {
    await example.send();
    example.world.clock.advance(24 * 60 * MINUTE);
    const asked = jest.spyOn(example.world.system.database('relay'), 'transaction');
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    // Each round asks a few times and pauses for a quarter of a second at least; on a slow machine it asks less. One that never paused asked thousands of times.
    expect(asked.mock.calls.length).toBeLessThan(400);
    expect((await example.world.db.owner.query(`select from waybill.duty where kind in ('handle-disruption', 'delivery-delayed')`)).rowCount).toBe(0);
  } finally {
    await example.close();
  }
});
