import { eventually } from '../world/partnership';
import { Stage } from '../queue/stage';
import { figure } from './figures';

test('R8: an administrator empties every queue: all that was not delivered is on a queue again, and arrives once', async () => {
  const stage = await Stage.open('RabbitMQ');
  try {
    const { transfer } = await stage.sent();
    const made = [transfer, ...(await stage.copies(transfer, 400, 'routine')), ...(await stage.copies(transfer, 30, 'emergency'))];
    await stage.published();
    const ready = async (): Promise<number> => (await stage.wire?.ready('waybill.routine') ?? 0) + (await stage.wire?.ready('waybill.emergency') ?? 0);
    await eventually(async () => (await ready()) === made.length);
    expect(await stage.wire?.purge()).toBe(made.length);
    const emptied = Date.now();
    // The figure says how long it took; a machine that does ten other things at once may take longer than the fault matrix says.
    await eventually(async () => (await ready()) === made.length, 120_000);
    figure('R8', `${made.length} on their queues again after ${((Date.now() - emptied) / 1_000).toFixed(1)} s`);
    await stage.courier();
    await stage.arrived(made);
    expect((await stage.order(made)).length).toBe(made.length);
    expect(await stage.scene.sql('select from waybill.outbox where attempt > 2')).toEqual([]);
  } finally {
    await stage.close();
  }
});
