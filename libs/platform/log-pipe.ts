import { write } from 'node:fs';

/** Octets that may wait for a pipe that nobody empties: a minute of a busy gateway. What comes after is counted and not kept. */
const MOST_WAITING = 4 * 1024 * 1024;

/**
 * Where log lines go. A process that serves people does not die, and does not stand still, because its log cannot be written: the disk
 * is full, the collector has gone, or it hangs. What was lost is counted, and the first line that can be written again says how many.
 */
export class LogPipe {
  /** Lines that nobody will ever read. */
  lost = 0;
  private waiting: string[] = [];
  private octets = 0;
  private writing = false;
  private unsaid = 0;

  /** @param sayLost makes the line that owns up to lost ones */
  constructor(private readonly fd: number, private readonly sayLost: (lines: number) => string = () => '') {}

  write(line: string): void {
    if (this.octets + line.length > MOST_WAITING) return this.lose(1);
    this.waiting.push(line);
    this.octets += line.length;
    if (!this.writing) this.start();
  }

  /** Waits until what waits is written, at an end after which nothing would be; a pipe that nobody empties is not waited for longer than `ms`. */
  async end(ms: number): Promise<void> {
    const until = Date.now() + ms;
    while ((this.writing || this.waiting.length > 0) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  private start(): void {
    const lines = this.take();
    if (lines.length === 0) return;
    const owned = this.unsaid;
    const octets = Buffer.from(`${owned > 0 ? this.sayLost(owned) : ''}${lines.join('')}`);
    this.writing = true;
    this.put(octets, (done) => {
      this.writing = false;
      if (done) this.unsaid -= owned;
      else this.lose(lines.length);
      this.start();
    });
  }

  /** A pipe may take fewer octets than it was given. */
  private put(octets: Buffer, ended: (done: boolean) => void): void {
    write(this.fd, octets, (error, written) => {
      if (error?.code === 'EAGAIN') return void setTimeout(() => this.put(octets, ended), 10).unref();
      if (error) return ended(false);
      if (written < octets.length) return this.put(octets.subarray(written), ended);
      ended(true);
    });
  }

  private take(): string[] {
    const lines = this.waiting;
    this.waiting = [];
    this.octets = 0;
    return lines;
  }

  private lose(lines: number): void {
    this.lost += lines;
    this.unsaid += lines;
  }
}
