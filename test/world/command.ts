import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Ran {
  exit: number | null;
  signal: string | null;
  out: string;
  err: string;
  /** The most that the process came to hold, in octets, as the kernel counted. */
  most: number;
  milliseconds: number;
}

export interface Running {
  child: ChildProcess;
  done: Promise<Ran>;
}

/** Runs the compiled `waybill` as a process of its own, and watches how much it holds. */
export function runCommand(args: readonly string[], { cwd, home, path = process.env['PATH'] }: { cwd: string; home: string; path?: string | undefined }): Running {
  const started = Date.now();
  const child = spawn(process.execPath, [`${process.cwd()}/dist/apps/cli/main.js`, ...args], { cwd, env: { PATH: path, WAYBILL_HOME_DIR: home, NODE_COMPILE_CACHE: `${process.cwd()}/.waybill/compile-cache` }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (piece: Buffer) => (said.out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (said.err += piece.toString()));
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, peakOf(child.pid))), 25);
  const done = new Promise<Ran>((resolve) => {
    child.once('close', (exit, signal) => {
      clearInterval(watch);
      resolve({ exit, signal, ...said, most, milliseconds: Date.now() - started });
    });
  });
  return { child, done };
}

/** VmHWM; 0 where it cannot be had. */
export function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
