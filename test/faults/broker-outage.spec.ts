import { readFileSync } from 'node:fs';
import { type Node, ownNode } from '../world/broker';
import { eventually } from '../world/partnership';
import { Stage } from '../queue/stage';
import { figure } from './figures';

let node: Node;
let stage: Stage;
beforeAll(async () => {
  node = await ownNode();
  stage = await Stage.open('RabbitMQ', { node: () => Promise.resolve(node) });
  await stage.courier();
});
afterAll(() => stage?.close());

const said = (event: string): number => [...stage.said, ...readFileSync(stage.scene.world.system.logFile, 'utf8').split('\n')].filter((line) => line.includes(`"msg":"${event}"`)).length;
const seconds = (ms: number): string => (ms / 1_000).toFixed(1);

/** Each transfer was laid down, and once. */
async function arrivedOnce(made: readonly string[]): Promise<void> {
  await stage.arrived(made, 60_000);
  const rows = await stage.scene.sql<{ times: number }>(`select count(*)::int as times from waybill.event where kind = 'available' and transfer = any($1) group by transfer having count(*) <> 1`, [made]);
  expect(rows).toEqual([]);
  expect(await stage.scene.sql(`select from waybill.transfer where id = any($1) and state <> 'available'`, [made])).toEqual([]);
}

test('R5: the broker is killed under load and comes back: nothing is lost, nothing twice, and it goes on by itself', async () => {
  const { transfer } = await stage.sent();
  const made = [transfer, ...(await stage.copies(transfer, 2_000, 'routine'))];
  await eventually(async () => (await stage.scene.sql(`select from waybill.transfer where id = any($1) and state = 'available'`, [made])).length > 300);
  await node.kill();
  // Accepting goes on without a broker.
  made.push((await stage.sent()).transfer, ...(await stage.copies(transfer, 500, 'urgent')));
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await node.start();
  const back = Date.now();
  const late = (await stage.copies(transfer, 1, 'emergency'))[0] as string;
  await stage.arrived([late]);
  const recovered = Date.now() - back;
  made.push(late);
  await arrivedOnce(made);
  // The fault matrix says 30 s, and a pause before a reconnection is no longer than ten (libs/queue/queue.spec.ts); a machine that does ten other things at once may take longer: the figure tells.
  figure('R5', `${made.length} transfers, 0 lost; ${seconds(recovered)} s from the broker's start to the next delivery, ${seconds(Date.now() - back)} s until all had arrived`);
  expect(said('broker.unreachable')).toBeGreaterThan(0);
});

test('R11: a broker without memory blocks its publishers: nothing is lost, the block is told, and all goes on when it ends', async () => {
  const { transfer } = await stage.sent();
  await stage.arrived([transfer]);
  await node.control('set_vm_memory_high_watermark', '0.000001');
  const began = Date.now();
  const made = await stage.copies(transfer, 1_000, 'routine');
  try {
    await eventually(() => Promise.resolve(said('queue.blocked') > 0));
    const told = Date.now() - began;
    expect((await stage.sent()).transfer).toBeDefined();
    expect((await stage.scene.sql(`select from waybill.transfer where id = any($1) and state = 'queued'`, [made])).length).toBeGreaterThan(0);
    figure('R11', `told after ${seconds(told)} s`);
  } finally {
    await node.control('set_vm_memory_high_watermark', '0.4');
  }
  await arrivedOnce(made);
  await eventually(() => Promise.resolve(said('queue.unblocked') > 0));
});
