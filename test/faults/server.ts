import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type EmbeddedPostgres, startPostgres } from '#platform/embedded-postgres';
import { migrate } from '#platform/migrate';
import { asOwner } from '../world/owner';
import { pause } from './figures';

const DATABASE = 'waybill';
/** Children of a postmaster that was killed notice it and end; until then nobody may start over the same memory. */
const RESTART_PATIENCE_MS = 90_000;

/** A PostgreSQL of a test's own, for a test that breaks it: what it says is on disk is on disk. */
export class Server {
  private constructor(private running: EmbeddedPostgres, private readonly folder: string) {}

  static async open(): Promise<Server> {
    const folder = mkdtempSync(join(process.cwd(), '.waybill/test/server-'));
    const running = await startPostgres(folder, { durable: true });
    await asOwner(running.host, 'postgres', (client) => client.query(`create database ${DATABASE}`));
    await migrate({ host: running.host, port: running.port, user: running.owner, database: DATABASE });
    return new Server(running, folder);
  }

  get address(): { host: string; database: string } {
    return { host: this.running.host, database: DATABASE };
  }

  get pid(): number {
    return Number(readFileSync(join(this.running.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** `killed`: every process of it, as a power cut would. `immediate`: as `pg_ctl stop -m immediate`, without a last word to anybody. */
  async crash(how: 'killed' | 'immediate'): Promise<void> {
    const { pid } = this;
    if (how === 'immediate') process.kill(pid, 'SIGQUIT');
    else for (const each of [pid, ...childrenOf(pid)]) send(each, 'SIGKILL');
    while (alive(pid)) await pause(10);
  }

  async start(): Promise<void> {
    for (const until = Date.now() + RESTART_PATIENCE_MS; ; await pause(200)) {
      try {
        this.running = await startPostgres(this.folder, { durable: true });
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
      }
    }
  }

  async close(): Promise<void> {
    await this.running.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone by itself.
  }
}

function alive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const childrenOf = (parent: number): number[] =>
  readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).map(Number).filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
    } catch {
      return false;
    }
  });
