import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface KeptPlan {
  name: string;
  /** `gateway`, `courier`, `relay`: which program. */
  program: string;
  env: Record<string, string>;
  log: string;
}

/** An orderly end takes a moment; one that takes longer is none. */
const STOP_PATIENCE_MS = 15_000;

/** Longer than any outage that a test makes; shorter than a test's own patience, so that it says why. */
const START_PATIENCE_MS = 100_000;

/** A process under a keeper: whenever it ends, it is started again at once, as systemd would. */
export class Kept {
  kills = 0;
  /** Exit codes with which it ended by itself. */
  readonly fell: (number | string)[] = [];
  private child: ChildProcess | undefined;
  private stopping = false;
  private isUp = false;
  private killed = false;
  private waiting: (() => void)[] = [];
  private gone: Promise<void> = Promise.resolve();

  /** @param ended is told of each end: what stood open on its behalf is closed */
  constructor(readonly plan: KeptPlan, private readonly ended: () => void = () => undefined) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    this.killed = this.isUp = false;
    const { program, env, log, name } = this.plan;
    const child = spawn(process.execPath, [`dist/apps/${program}/main.js`], { env: { PATH: process.env['PATH'], NODE_ENV: 'production', NODE_COMPILE_CACHE: '.waybill/compile-cache', ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    this.child = child;
    // Whatever ends the test ends what it started.
    const along = (): void => void child.kill('SIGKILL');
    process.once('exit', along);
    child.once('exit', () => process.off('exit', along));
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      appendFileSync(log, `${name} ${line}\n`);
      if (!line.includes('"msg":"process.started"') || this.child !== child) return;
      this.isUp = true;
      for (const resolve of this.waiting.splice(0)) resolve();
    });
    // Past its last line, not only past its end.
    this.gone = new Promise((resolve) => child.once('close', () => resolve()));
    child.once('exit', (code, signal) => {
      this.isUp = false;
      this.ended();
      if (this.stopping) return;
      if (!this.killed) this.fell.push(code ?? signal ?? 'unknown');
      setTimeout(() => !this.stopping && this.start(), this.killed ? 0 : 500);
    });
  }

  kill(): void {
    if (this.killed || !this.child) return;
    this.killed = true;
    this.kills++;
    this.child.kill('SIGKILL');
    this.ended();
  }

  /** Comes back once it is up, after whatever has happened to it so far. @throws Error with its last words where it does not come up */
  async up(): Promise<void> {
    if (this.isUp && !this.killed) return;
    await new Promise<void>((resolve, reject) => {
      const { name, log } = this.plan;
      const words = (): string => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').filter((line) => line.startsWith(`${name} `)).slice(-5).join('\n') : '');
      const late = setTimeout(() => reject(new Error(`${name} did not come up; it ended with ${this.fell.join(', ') || 'nothing'}:\n${words()}`)), START_PATIENCE_MS);
      this.waiting.push(() => {
        clearTimeout(late);
        resolve();
      });
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** @returns its exit code */
  async stop(): Promise<number | null> {
    this.stopping = true;
    this.child?.kill('SIGTERM');
    const patience = setTimeout(() => this.child?.kill('SIGKILL'), STOP_PATIENCE_MS);
    await this.gone;
    clearTimeout(patience);
    return this.child?.exitCode ?? null;
  }
}
