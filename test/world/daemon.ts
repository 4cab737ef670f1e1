import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Servers as partners run them, on addresses of the loopback that nobody else has: their own port 25 and 53, and nothing of the machine's own configuration.

/** A /24 of the loopback: addresses by their last number. */
export type Network = (last: number) => string;
export const ownNetwork = (): Network => {
  const [second, third] = [randomInt(64, 128), randomInt(1, 255)];
  return (last) => `127.${second}.${third}.${last}`;
};

/** A folder that goes with its servers, which they may enter under users of their own. */
export class Daemons {
  readonly folder = mkdtempSync(join(tmpdir(), 'waybill-servers-'));
  private readonly running: ChildProcess[] = [];

  constructor() {
    if (process.getuid?.() !== 0) throw new Error('Postfix and name servers on ports of their own need root: run the tests as root.');
  }

  /** Starts a program that stays in the foreground. In a process namespace that dies with it, and it with us: nothing outlives a test that was killed. */
  start(name: string, program: string, args: readonly string[]): void {
    const out = openSync(join(this.folder, `${name}.out`), 'a');
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--pid', '--fork', '--kill-child', '--mount-proc', program, ...args], { cwd: this.folder, stdio: ['ignore', out, out] });
    closeSync(out);
    child.unref();
    this.running.push(child);
  }

  /** What a program has said. */
  said(name: string): string {
    return readFileSync(join(this.folder, `${name}.out`), 'utf8');
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.splice(0).map((child) => new Promise((resolve) => {
      child.once('exit', resolve);
      if (child.exitCode !== null || child.signalCode !== null || !child.kill('SIGKILL')) resolve(undefined);
    })));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
