import { buffer } from 'node:stream/consumers';

/** Where a command reads from and writes to; a test gives its own. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Octets as they are, for a file that goes into a pipe. */
  outOctets(octets: Uint8Array): void;
  /** All that comes on stdin; absent: nothing does. */
  input?(): Promise<Buffer>;
  /** Whether somebody watches stderr. */
  watched: boolean;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  now(): Date;
}

export const processIo = (): Io => ({
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  outOctets: (octets) => void process.stdout.write(octets),
  input: () => buffer(process.stdin),
  watched: process.stderr.isTTY ?? false,
  cwd: process.cwd(),
  env: process.env,
  now: () => new Date(),
});

/** Something given on this side is not what it should be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(readonly faults: readonly string[], readonly next: string) {
    super(faults.join('; '));
  }
}
