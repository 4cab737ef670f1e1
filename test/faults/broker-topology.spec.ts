import { readFileSync } from 'node:fs';
import { DEAD, EXCHANGE, queueOf } from '#queue/topology';
import { eventually } from '../world/partnership';
import { Stage } from '../queue/stage';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open('RabbitMQ');
});
afterEach(() => stage.clearCouriers());
afterAll(() => stage?.close());

const log = (): string[] => [...stage.said, ...readFileSync(stage.scene.world.system.logFile, 'utf8').split('\n')];
const logged = (event: string, transfer = ''): boolean => log().some((line) => line.includes(`"msg":"${event}"`) && line.includes(transfer));
const admin = <T>(work: (channel: Awaited<ReturnType<Awaited<ReturnType<NonNullable<Stage['wire']>['connect']>>['createChannel']>>) => Promise<T>) =>
  stage.wire?.with(async (connection) => work(await connection.createChannel()));

test('what no queue takes is given back, waits in the outbox, is told, and goes when its queue is bound again', async () => {
  const { transfer } = await stage.sent();
  await stage.courier();
  await stage.arrived([transfer]);
  await admin((channel) => channel.unbindQueue(queueOf('urgent'), EXCHANGE, 'urgent'));
  const [stuck] = (await stage.copies(transfer, 1, 'urgent')) as [string];
  const [other] = (await stage.copies(transfer, 1, 'routine')) as [string];
  await stage.arrived([other]);
  await eventually(() => Promise.resolve(logged('message.unroutable', stuck)));
  expect(await stage.row(stuck)).toMatchObject({ published_at: null, parked_reason: null });
  await admin((channel) => channel.bindQueue(queueOf('urgent'), EXCHANGE, 'urgent'));
  await stage.scene.hurry();
  await stage.arrived([stuck]);
});

test('a lane whose queue is deleted stands still; the others go on, and it goes on when it is declared again', async () => {
  const { transfer } = await stage.sent();
  await stage.courier();
  await stage.arrived([transfer]);
  await admin((channel) => channel.deleteQueue(queueOf('routine')));
  await eventually(() => Promise.resolve(logged('queue.cancelled')));
  const [emergency] = (await stage.copies(transfer, 1, 'emergency')) as [string];
  const [routine] = (await stage.copies(transfer, 1, 'routine')) as [string];
  await stage.arrived([emergency]);
  expect(await stage.state(routine)).toBe('queued');
  await stage.wire?.node.declare(stage.wire.vhost);
  await stage.scene.hurry();
  await stage.arrived([routine]);
});

test('R2: a relay that dies between a confirmation and its mark publishes again, and each transfer moves once', async () => {
  const { transfer } = await stage.sent();
  await stage.courier();
  await stage.arrived([transfer]);
  const mend = await stage.scene.trouble('before update on waybill.outbox for each row when (new.published_at is not null)', `raise exception 'killed' using errcode = 'admin_shutdown'`);
  const made = await stage.copies(transfer, 100, 'routine');
  await eventually(() => Promise.resolve(logged('queue.failed')));
  await mend();
  await stage.arrived(made);
  expect((await stage.order(made)).length).toBe(made.length);
  await eventually(async () => (await stage.scene.sql('select from waybill.outbox')).length === 0);
});

test('an envelope that nobody consumes does not outlive its time: not on its queue, and not among the dead letters', async () => {
  const { transfer } = await stage.sent();
  await stage.scene.sql(`update waybill.outbox set due_at = clock_timestamp() + interval '1 day'`);
  const [short] = (await stage.copies(transfer, 1, 'urgent')) as [string];
  await eventually(async () => (await stage.row(short))?.published_at);
  // Published anew with the time that is left: enough to be seen on its queue.
  await stage.wire?.purge();
  await stage.scene.sql(`update waybill.transfer set payload_until = clock_timestamp() + interval '12 seconds' where id = $1`, [short]);
  await stage.scene.sql('update waybill.outbox set published_at = null where transfer = $1', [short]);
  await stage.scene.sql(`select pg_notify('waybill_outbox', '')`);
  await eventually(async () => (await stage.wire?.ready(queueOf('urgent'))) === 1);
  await eventually(async () => (await stage.state(short)) === 'undeliverable');
  for (const queue of [queueOf('urgent'), DEAD]) await eventually(async () => (await stage.wire?.ready(queue)) === 0);
  expect(await stage.row(short)).toBeUndefined();
  expect((await stage.events(short)).map(([kind]) => kind)).not.toContain('set-aside');
});
