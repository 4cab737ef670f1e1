import { DELIVERY_LIMIT } from '#queue/message';
import { eventually } from '../world/partnership';
import { Stage, TRANSPORTS } from '../queue/stage';
import { figure } from './figures';

const p95 = (waits: readonly number[]): number => waits.toSorted((a, b) => a - b)[Math.ceil(0.95 * waits.length) - 1] as number;

/** Milliseconds that each of a stream of transfers waited. */
async function stream(stage: Stage, of: string, count: number): Promise<number[]> {
  const made: string[] = [];
  for (let i = 0; i < count; i++) {
    made.push(...(await stage.copies(of, 1, 'routine')));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await stage.arrived(made);
  return (await stage.scene.sql<{ ms: number }>('select extract(epoch from available_at - accepted_at)::float * 1000 as ms from waybill.transfer where id = any($1)', [made])).map(({ ms }) => ms);
}

test.each(TRANSPORTS)(`R14: over %s a message that fails each time is set aside after ${DELIVERY_LIMIT}; what comes beside it waits no longer for it`, async (transport) => {
  const stage = await Stage.open(transport);
  try {
    const { transfer } = await stage.sent();
    await stage.courier();
    await stage.arrived([transfer]);
    await stream(stage, transfer, 100);
    const without = p95(await stream(stage, transfer, 200));
    // Nobody takes it up before it is poisoned.
    const release = await stage.scene.holdQueue();
    const [poisoned] = (await stage.copies(transfer, 1, 'routine')) as [string];
    await stage.poison(poisoned);
    await release();
    const beside = p95(await stream(stage, transfer, 200));
    // All of them have arrived, and the poisoned one still has hand-overs to come, a minute and more of them: nobody waited for it.
    expect(await stage.row(poisoned)).toMatchObject({ parked_reason: null });
    const hurrying = setInterval(() => void stage.scene.hurry().catch(() => undefined), 200);
    await eventually(async () => (await stage.row(poisoned))?.parked_reason === 'delivery-limit');
    clearInterval(hurrying);
    figure('R14', `over ${transport}: p95 ${without.toFixed(0)} ms without, ${beside.toFixed(0)} ms beside a poisoned message`);
    expect((await stage.row(poisoned))?.attempt).toBe(DELIVERY_LIMIT);
  } finally {
    await stage.close();
  }
});
