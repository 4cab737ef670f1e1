import { readFileSync } from 'node:fs';
import { connect, type ConsumeMessage, credentials } from 'amqplib';
import { Client, Pool } from 'pg';
import { bigints, octets, texts, uuids } from '#platform/arrays';
import type { FloorPlan } from './gateway';

// The floor's relay and courier: rows to the broker with confirms, from the broker to one update for many. Nothing is looked at.

const BATCH = 64;
const QUEUE = 'waybill.routine';

const open = (plan: FloorPlan, user: 'waybill-relay' | 'waybill-courier') =>
  connect(plan.broker.url, { noDelay: true, ca: [plan.broker.ca], ...plan.broker.cert[user], credentials: credentials.external() } as object);

async function relay(plan: FloorPlan): Promise<void> {
  const pool = new Pool({ ...plan.database, max: 4, options: '-c enable_seqscan=off' });
  const channel = await (await open(plan, 'waybill-relay')).createConfirmChannel();
  const envelope = Buffer.from(plan.envelope, 'base64');
  let wake = (): void => undefined;
  const listener = new Client(plan.database);
  await listener.connect();
  listener.on('notification', () => wake());
  await listener.query('listen floor_outbox');
  void sequence(pool);
  for (;;) {
    const client = await pool.connect();
    await client.query('begin');
    const { rows } = await client.query<{ id: string; transfer: string }>(`select id, transfer from floor.outbox where published_at is null order by precedence, seq limit ${BATCH} for update skip locked`);
    for (const { id, transfer } of rows) channel.publish('waybill', 'routine', envelope, { persistent: true, mandatory: true, messageId: id, headers: { transfer } });
    await channel.waitForConfirms();
    if (rows.length > 0) await client.query('update floor.outbox set published_at = clock_timestamp(), attempt = attempt + 1 where id = any($1)', [uuids(rows.map(({ id }) => id)).octets]);
    await client.query('commit');
    client.release();
    if (rows.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 250);
      });
    }
  }
}

/** The register's rows, without its tree: as many, as long. */
async function sequence(pool: Pool): Promise<void> {
  let index = 0;
  for (;;) {
    const client = await pool.connect();
    await client.query('begin');
    const { rows } = await client.query<{ entry: string; controller: string; leaf: Buffer }>('select entry, controller, leaf from floor.pending_leaf order by seq limit 2000');
    if (rows.length > 0) {
      const columns = [texts(rows.map(({ controller }) => controller)).octets, bigints(rows.map((_, i) => index + i)).octets];
      await client.query('insert into floor.leaf (controller, index, entry, hash) select * from unnest($1::text[], $2::bigint[], $3::uuid[], $4::bytea[])', [...columns, uuids(rows.map(({ entry }) => entry)).octets, octets(rows.map(({ leaf }) => leaf)).octets]);
      await client.query('insert into floor.node (controller, level, index, hash) select controller, 1, index, hash from unnest($1::text[], $2::bigint[], $3::bytea[]) as t (controller, index, hash)', [...columns, octets(rows.map(({ leaf }) => leaf)).octets]);
      await client.query('delete from floor.pending_leaf where entry = any($1)', [uuids(rows.map(({ entry }) => entry)).octets]);
      index += rows.length;
    }
    await client.query('commit');
    client.release();
    if (rows.length === 0) await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function courier(plan: FloorPlan): Promise<void> {
  const pool = new Pool({ ...plan.database, max: 4, options: '-c enable_seqscan=off' });
  const channel = await (await open(plan, 'waybill-courier')).createChannel();
  await channel.prefetch(BATCH * 2);
  const waiting: ConsumeMessage[] = [];
  let wake = (): void => undefined;
  await channel.consume(QUEUE, (message) => {
    if (message) waiting.push(message);
    wake();
  });
  for (;;) {
    const batch = waiting.splice(0, BATCH);
    if (batch.length === 0) {
      await new Promise<void>((resolve) => (wake = resolve));
      continue;
    }
    const transfers = uuids(batch.map((message) => String(message.properties.headers?.['transfer']))).octets;
    const client = await pool.connect();
    await client.query('begin');
    await client.query(`update floor.transfer set state = 'available', available_at = clock_timestamp() where id = any($1)`, [transfers]);
    await client.query(`insert into floor.event (transfer, at, kind) select transfer, clock_timestamp(), 'available' from unnest($1::uuid[]) as t (transfer)`, [transfers]);
    await client.query('delete from floor.outbox where id = any($1)', [uuids(batch.map((message) => String(message.properties.messageId))).octets]);
    await client.query('commit');
    client.release();
    channel.ack(batch.at(-1) as ConsumeMessage, true);
  }
}

if (require.main === module) {
  const [, , role, file] = process.argv;
  void (role === 'relay' ? relay : courier)(JSON.parse(readFileSync(file ?? '', 'utf8')) as FloorPlan);
}
