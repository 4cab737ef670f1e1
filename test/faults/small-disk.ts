import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { EMBEDDED_OWNER } from '#platform/embedded-postgres';
import { migrate } from '#platform/migrate';
import { asOwner } from '../world/owner';

/** For PostgreSQL itself, and for each share that is to lie there: what fills the disk must be the test. */
const [MEGABYTES, MEGABYTES_A_SHARE] = [160, 0.15];

/** PostgreSQL on a disk that a test can fill, and free again. */
export class SmallDisk {
  private constructor(private readonly child: ChildProcess, private readonly lines: AsyncIterator<string>, readonly address: { host: string; database: string }, private readonly folder: string) {}

  /** Room for so many shares. @throws Error when this machine lets nobody mount a memory disk of their own */
  static async open(shares: number): Promise<SmallDisk> {
    const folder = mkdtempSync(join(process.cwd(), '.waybill/test/disk-'));
    const child = spawn(process.execPath, [join(process.cwd(), 'test/faults/small-disk-server.mjs'), folder, String(MEGABYTES + Math.ceil(shares * MEGABYTES_A_SHARE))], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
    const { value, done } = await lines.next();
    if (done) throw new Error('No small disk: this machine allows no user namespaces (kernel.unprivileged_userns_clone, or the container’s seccomp profile).');
    const { host } = JSON.parse(value) as { host: string };
    await asOwner(host, 'postgres', (client) => client.query('create database waybill'));
    await migrate({ host, port: 5432, user: EMBEDDED_OWNER, database: 'waybill' });
    return new SmallDisk(child, lines, { host, database: 'waybill' }, folder);
  }

  fill(): Promise<void> {
    return this.say('fill');
  }

  free(): Promise<void> {
    return this.say('free');
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin?.end();
    await gone;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async say(what: 'fill' | 'free'): Promise<void> {
    this.child.stdin?.write(`${what}\n`);
    const { value } = await this.lines.next();
    if (value !== what) throw new Error('the small disk has gone');
  }
}
