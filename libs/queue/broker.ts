import { isIP } from 'node:net';
import { type ChannelModel, connect, credentials, type SocketOptions } from 'amqplib';
import { errorName, type Log } from '#platform/log';
import { type BrokerAddress, requireProtected } from './settings';

/** How it stands with the broker: for a log, a gauge, a health check. */
export interface BrokerStatus {
  connected: boolean;
  /** It takes nothing at present, because it is short of memory or disk: rows wait. */
  blocked: boolean;
  /** Since the start. */
  published: number;
  /** Given back because no queue takes them, since the start. */
  unroutable: number;
}

export interface BrokerOptions {
  address: BrokerAddress;
  log: Log;
  /** Makes the channels on a new connection. */
  up(connection: ChannelModel): Promise<void>;
  /** The connection is gone, and with it every channel. */
  down?(): void;
}

/** The longest pause before the first try again; it doubles with each that fails. */
const RECONNECT_MS = 500;
/** However long it was away, what waits is on its way again soon after it is back: an emergency may not wait half a minute for a pause to end. */
const RECONNECT_LIMIT_MS = 10_000;
/** A connection that did not last as long was none: the pauses go on growing. */
const LASTING_MS = 10_000;
/** Two that are missed show a dead peer, which TCP alone would notice after a quarter of an hour. */
const HEARTBEAT_S = 10;
/** A broker that does not answer within this will not. */
const CONNECT_MS = 10_000;

/** Full jitter: anything up to the longest, so that a broker that comes back is not met by everybody at the same instant. */
export const reconnectAfter = (failures: number, random: () => number = Math.random): number => random() * Math.min(RECONNECT_LIMIT_MS, RECONNECT_MS * 2 ** failures);

/** One connection to the broker, made again whenever it is lost, from the first start on, until it is closed. */
export class Broker {
  readonly status: BrokerStatus = { connected: false, blocked: false, published: 0, unroutable: 0 };
  private connection: ChannelModel | undefined;
  private closed = false;
  private failures = 0;
  private since = 0;
  private timer: NodeJS.Timeout | undefined;
  private waiting: (() => void)[] = [];
  private trying: Promise<void> | undefined;

  /** @throws Error when the address leads to another machine in clear */
  constructor(private readonly options: BrokerOptions) {
    requireProtected(options.address);
  }

  /** Begins; a broker that is not there yet is waited for. */
  open(): void {
    this.trying = this.attempt();
  }

  /** Ends a connection that does not do what it should: a new one is made. */
  renew(): void {
    void this.connection?.close().catch(() => undefined);
  }

  /** Comes back when the broker takes messages, or is closed. */
  async ready(): Promise<void> {
    while (!this.closed && (!this.status.connected || this.status.blocked)) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    this.changed();
    await this.trying;
    await this.connection?.close().catch(() => undefined);
  }

  private async attempt(): Promise<void> {
    const { log, up } = this.options;
    try {
      const connection = await dial(this.options.address);
      this.watch(connection);
      if (this.closed) return void (await connection.close());
      this.connection = connection;
      await up(connection);
      this.since = Date.now();
      this.status.connected = true;
      log.write('info', 'broker.connected');
      this.changed();
    } catch (error) {
      log.write('warn', 'broker.unreachable', { error: errorName(error), code: codeOf(error), count: this.failures + 1 });
      if (this.connection) this.renew();
      else this.again();
    }
  }

  private watch(connection: ChannelModel): void {
    const { log, down } = this.options;
    connection.on('error', (error) => log.write('warn', 'broker.failed', { error: errorName(error), code: codeOf(error) }));
    connection.on('blocked', () => {
      this.status.blocked = true;
      log.write('warn', 'queue.blocked');
    });
    connection.on('unblocked', () => {
      this.status.blocked = false;
      log.write('info', 'queue.unblocked');
      this.changed();
    });
    connection.on('close', () => {
      if (this.connection === connection) this.connection = undefined;
      if (this.status.connected && Date.now() - this.since > LASTING_MS) this.failures = 0;
      this.status.connected = false;
      this.status.blocked = false;
      down?.();
      this.again();
    });
  }

  private again(): void {
    if (this.closed) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.trying = this.attempt()), reconnectAfter(this.failures++));
  }

  private changed(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/** Connects to a broker as whoever our certificate names. */
export function dial({ url, tls }: BrokerAddress): Promise<ChannelModel> {
  const { protocol, hostname, port, pathname, username, password } = new URL(url);
  const secured = tls ? { ca: [tls.ca], cert: tls.certificate, key: tls.key, credentials: credentials.external() } : {};
  const named = username ? { username: decodeURIComponent(username), password: decodeURIComponent(password) } : {};
  return connect(
    { protocol: protocol.slice(0, -1), hostname, ...(port ? { port: Number(port) } : {}), vhost: decodeURIComponent(pathname.slice(1)) || '/', heartbeat: HEARTBEAT_S, ...named },
    // Without noDelay a confirm takes 44 ms.
    { noDelay: true, timeout: CONNECT_MS, ...(isIP(hostname) ? {} : { servername: hostname }), ...secured } as SocketOptions,
  );
}

/** What the broker or the system calls it: a code, never a sentence. */
export const codeOf = (error: unknown): string => String((error as { code?: unknown } | undefined)?.code ?? 'none');
