import { randomBytes } from 'node:crypto';
import { type ChannelModel, connect, credentials } from 'amqplib';
import { startCourier } from '../../apps/courier/courier';
import { run } from '../../apps/cli/run';
import { type Lane, LANES } from '#queue/lanes';
import type { BrokerAddress } from '#queue/settings';
import { queueOf } from '#queue/topology';
import { openLog } from '#platform/log';
import { ADMINISTRATOR, type Node, sharedNode } from '../world/broker';
import { eventually, openWorld } from '../world/partnership';
import { readPool } from '../world/tls';
import { FRONT_DOOR, REFERRAL, Scene } from '../journeys/referral';

export const TRANSPORTS = ['PostgreSQL', 'RabbitMQ'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** Who connects to the broker of a test, by common name. */
export type User = keyof ReturnType<typeof readPool>['broker'];

/** A virtual host of a test file's own, declared as it is in production. */
export class Wire {
  private constructor(readonly node: Node, readonly vhost: string) {}

  static async open(node: Node): Promise<Wire> {
    const vhost = `t-${randomBytes(4).toString('hex')}`;
    await node.declare(vhost);
    return new Wire(node, vhost);
  }

  address(user: User): BrokerAddress {
    const { authority, broker } = readPool();
    const { key, certificate } = broker[user];
    return { url: `amqps://localhost:${this.node.port}/${this.vhost}`, tls: { ca: authority.certificate, certificate, key } };
  }

  /** A connection of a test's own. */
  async connect(user: User = ADMINISTRATOR): Promise<ChannelModel> {
    const { url, tls } = this.address(user);
    const connection = await connect(`${url}?heartbeat=10`, { noDelay: true, ca: [tls?.ca], cert: tls?.certificate, key: tls?.key, credentials: credentials.external() } as object);
    connection.on('error', () => undefined);
    return connection;
  }

  async with<T>(work: (connection: ChannelModel) => Promise<T>, user?: User): Promise<T> {
    const connection = await this.connect(user);
    return work(connection).finally(() => connection.close().catch(() => undefined));
  }

  ready(queue: string): Promise<number> {
    return this.with(async (connection) => (await (await connection.createChannel()).checkQueue(queue)).messageCount);
  }

  async purge(): Promise<number> {
    return this.with(async (connection) => {
      const channel = await connection.createChannel();
      let purged = 0;
      for (const lane of LANES) purged += (await channel.purgeQueue(queueOf(lane))).messageCount;
      return purged;
    });
  }
}

/** A partnership whose transfers wait until a courier is started, over one transport or the other. */
export class Stage {
  private readonly couriers: { stop(): Promise<void> }[] = [];

  private constructor(readonly transport: Transport, readonly scene: Scene, readonly wire: Wire | undefined) {}

  static async open(transport: Transport, { node }: { node?: () => Promise<Node> } = {}): Promise<Stage> {
    const wire = transport === 'RabbitMQ' ? await Wire.open(await (node ?? sharedNode)()) : undefined;
    const broker = wire && { courier: wire.address('waybill-courier'), relay: wire.address('waybill-relay') };
    const scene = new Scene(await openWorld({ without: ['courier'], ...(broker ? { broker } : {}) }));
    return new Stage(transport, scene, wire);
  }

  async courier(): Promise<{ stop(): Promise<void> }> {
    const { system, clock } = this.scene.world;
    const courier = await startCourier({ database: system.database('courier'), clock, log: openLog('courier', { write: (line) => void this.said.push(line) }), ...(this.wire ? { broker: this.wire.address('waybill-courier') } : {}) });
    this.couriers.push(courier);
    return courier;
  }

  /** Lines that this stage's couriers logged. */
  readonly said: string[] = [];

  async clearCouriers(): Promise<void> {
    for (const courier of this.couriers.splice(0)) await courier.stop();
  }

  /** As many transfers more of a share that was accepted, each with its own keys, lines and message: in their order. */
  async copies(of: string, count: number, lane: Lane): Promise<string[]> {
    const rows = await this.scene.sql<{ id: string }>(
      `with template as (select * from waybill.transfer where id = $1),
       made as (
         insert into waybill.transfer (id, sender, share, recipient, contact, sender_controller, recipient_controller, lane, precedence, state, provenance, promise, consignment_digest, size, payload_until, accepted_at)
         select gen_random_uuid(), sender, share, recipient, contact, sender_controller, recipient_controller, $3, $4, 'queued', provenance, promise, consignment_digest, size, payload_until, clock_timestamp()
         from template, generate_series(1, $2) returning id),
       lines as (insert into waybill.line (transfer, seq, octets) select made.id, l.seq, l.octets from made, waybill.line l where l.transfer = $1),
       keys as (insert into waybill.wrapped_key (transfer, sender, share, part, octets, keys) select made.id, k.sender, k.share, k.part, k.octets, k.keys from made, waybill.wrapped_key k where k.transfer = $1)
       insert into waybill.outbox (id, kind, transfer, lane, precedence) select gen_random_uuid(), 'transfer.due', id, $3, $4 from made returning transfer as id, seq`,
      [of, count, lane, LANES.indexOf(lane)],
    );
    await this.scene.sql(`select pg_notify('waybill_outbox', '')`);
    return rows.map(({ id }) => id);
  }

  /** Sends a share and says which transfer it made. */
  async sent(): Promise<{ share: string; transfer: string }> {
    const { share, receipt } = await this.scene.send({ parts: REFERRAL.parts.map((part) => ({ ...part, to: { [FRONT_DOOR]: 'assesses-referral' } })) });
    return { share: share.id, transfer: receipt.transfers[0]?.transfer as string };
  }

  async state(transfer: string): Promise<string | undefined> {
    return (await this.scene.sql<{ state: string }>('select state from waybill.transfer where id = $1', [transfer]))[0]?.state;
  }

  async arrived(transfers: readonly string[], patience = 60_000): Promise<void> {
    await eventually(async () => (await this.scene.sql(`select from waybill.transfer where id = any($1) and state = 'queued' limit 1`, [transfers])).length === 0, patience);
  }

  /** All that is due has been given to the broker; on PostgreSQL it lies there already. */
  async published(): Promise<void> {
    if (this.wire) await eventually(async () => (await this.scene.sql('select from waybill.outbox where published_at is null and parked_reason is null and due_at <= clock_timestamp() limit 1')).length === 0);
  }

  async row(transfer: string): Promise<{ attempt: number; parked_reason: string | null; published_at: Date | null } | undefined> {
    return (await this.scene.sql<{ attempt: number; parked_reason: string | null; published_at: Date | null }>('select attempt, parked_reason, published_at from waybill.outbox where transfer = $1', [transfer]))[0];
  }

  async events(transfer: string): Promise<[string, string | null][]> {
    return (await this.scene.sql<{ kind: string; detail: string | null }>('select kind, detail from waybill.event where transfer = $1 order by seq', [transfer])).map(({ kind, detail }) => [kind, detail]);
  }

  /** Transfers in the order in which they were laid into mailboxes. */
  async order(transfers: readonly string[]): Promise<string[]> {
    return (await this.scene.sql<{ transfer: string }>(`select transfer from waybill.event where kind = 'available' and transfer = any($1) order by seq`, [transfers])).map(({ transfer }) => transfer);
  }

  /** Whoever moves this transfer fails, each time, until it is mended. */
  poison(transfer: string): Promise<() => Promise<void>> {
    return this.scene.trouble(whenMoved(transfer), `raise exception 'poison'`);
  }

  /** Whoever moves this transfer is kept at it until it is let go: for half a minute at most, then PostgreSQL ends the statement. `since` waits for whoever is kept, and says since when. */
  async plug(transfer: string): Promise<{ since(): Promise<Date>; release(): Promise<void> }> {
    const key = randomBytes(3).readUIntBE(0, 3);
    await this.scene.trouble(whenMoved(transfer), `while not pg_try_advisory_xact_lock_shared(${key}) loop perform pg_sleep(0.01); end loop`);
    await this.scene.sql('select pg_advisory_lock($1::bigint)', [key]);
    const kept = (): Promise<{ query_start: Date }[]> => this.scene.sql(`select query_start from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`);
    return {
      since: () => eventually(async () => (await kept())[0]?.query_start),
      release: async () => void (await this.scene.sql('select pg_advisory_unlock($1::bigint)', [key])),
    };
  }

  /** Runs `waybill` as an operator would. */
  async waybill(...args: string[]): Promise<{ exit: number; out: string; err: string }> {
    const { host, port, database } = this.scene.world.db.address;
    const said = { out: '', err: '' };
    const env = { WAYBILL_DATABASE_HOST: host, WAYBILL_DATABASE_PORT: String(port), WAYBILL_DATABASE_NAME: database };
    const exit = await run(args, { out: (text) => void (said.out += text), err: (text) => void (said.err += text), outOctets: () => undefined, watched: false, cwd: process.cwd(), env, now: () => new Date() });
    return { exit, ...said };
  }

  async close(): Promise<void> {
    await this.clearCouriers();
    await this.scene.world.close();
  }
}

const whenMoved = (transfer: string): string => `before update on waybill.transfer for each row when (old.id = '${transfer}')`;
