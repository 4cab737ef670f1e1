import { Client } from 'pg';
import type { Database } from '#platform/database';

/** A notification may be lost with its connection; the poll finds what it announced. */
const POLL_MS = 1_000;

/** Rings when something was put into the outbox (NOTIFY), and else every second. */
export class Bell {
  private listener: Client | undefined;
  private readonly waiting = new Set<() => void>();
  private rung = false;
  private silenced = false;

  constructor(private readonly database: Database) {}

  /** Waits for the next ring; one that was missed since the last wait counts. */
  async wait(): Promise<void> {
    await this.attend().catch(() => undefined);
    if (this.rung || this.silenced) {
      this.rung = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, POLL_MS);
      this.waiting.add(wake);
    });
    this.rung = false;
  }

  /** Whoever looks now sees what all rings until now announced. */
  heed(): void {
    this.rung = false;
  }

  ring(): void {
    this.rung = true;
    for (const wake of [...this.waiting]) wake();
  }

  async silence(): Promise<void> {
    this.silenced = true;
    this.ring();
    await this.listener?.end().catch(() => undefined);
  }

  /** A connection of its own: a pool's would be handed to somebody else while it listens. */
  private async attend(): Promise<void> {
    if (this.listener || this.silenced) return;
    const { options } = this.database.source as { options: { host?: string; port?: number; username?: string; database?: string; password?: string; ssl?: object } };
    const client = new Client({ host: options.host, port: options.port, user: options.username, database: options.database, password: options.password, ssl: options.ssl } as never);
    const lost = (): void => {
      if (this.listener === client) this.listener = undefined;
    };
    client.on('notification', () => this.ring());
    client.on('error', lost);
    client.on('end', lost);
    await client.connect();
    if (this.silenced) return void (await client.end());
    await client.query('listen waybill_outbox');
    this.listener = client;
  }
}
