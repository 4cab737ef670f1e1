import { mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { Messages } from './messages';
import type { Watch } from './watch';

const SOCKET = '.s.PGSQL.5432';

/**
 * Stands between one process and PostgreSQL, on a unix socket of its own, and reads along (protocol version 3). Each question that passes
 * is a step at which the process may be killed: `before` the server hears of it, or `after` it has answered and the process has not heard.
 */
export class PostgresTap {
  private readonly server: Server;
  private readonly open = new Set<Socket>();

  constructor(readonly folder: string, private readonly upstream: string, private readonly watch: Watch) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    rmSync(join(folder, SOCKET), { force: true });
    this.server = createServer((client) => this.join(client)).listen(join(folder, SOCKET));
  }

  /** What a killed process leaves behind: its connections end with it. */
  cut(): void {
    for (const socket of this.open) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    const server = connect(join(this.upstream, SOCKET));
    for (const [socket, other] of [[client, server], [server, client]] as const) {
      this.open.add(socket);
      socket.on('error', () => other.destroy());
      socket.once('close', () => {
        this.open.delete(socket);
        other.destroy();
      });
    }
    const asked = new Questions(this.watch);
    const replies = new Messages();
    let dyingOn: string | undefined;
    client.on('data', (octets: Buffer) => {
      for (const { step, sql, parameters, octets: whole } of asked.read(octets)) {
        if (dyingOn) return;
        if (step && sql) this.watch.saw?.(sql, parameters);
        const side = step === undefined ? undefined : this.watch.passes(step);
        if (side === 'before') return this.watch.kill(step as string);
        server.write(whole);
        if (side === 'after') dyingOn = step;
      }
    });
    server.on('data', (octets: Buffer) => {
      if (!dyingOn) return void client.write(octets);
      for (const { type } of replies.read(octets)) if (type === 'Z') return this.watch.kill(dyingOn);
    });
  }
}

interface Question {
  /** The statement, shortened, with what went before it where that tells more; absent where nothing is asked. */
  step?: string;
  sql?: string;
  parameters?: Buffer[];
  octets: Buffer;
}

/** What one connection asks: every message up to the one on which the server answers. */
class Questions {
  private readonly messages = new Messages({ startup: true });
  private held: Buffer[] = [];
  private sql: string | undefined;
  private parameters: Buffer[] | undefined;
  private last = '';
  private readonly prepared = new Map<string, string>();

  constructor(private readonly watch: Watch) {}

  read(octets: Buffer): Question[] {
    const out: Question[] = [];
    for (const { type, body, octets: whole } of this.messages.read(octets)) {
      this.held.push(whole);
      if (type === 'P') this.prepared.set(text(body, 0), (this.sql = text(body, body.indexOf(0) + 1)));
      if (type === 'Q') this.sql = text(body, 0);
      // A statement is prepared once under its name, and from then on only named.
      if (type === 'B') this.sql = this.prepared.get(text(body, body.indexOf(0) + 1)) ?? this.sql;
      if (type === 'B' && this.watch.saw) this.parameters = parametersOf(body);
      // Parse, Bind, Describe and Execute are not answered until Sync.
      if (['P', 'B', 'D', 'E', 'H'].includes(type)) continue;
      out.push({ ...this.asked(), octets: Buffer.concat(this.held) });
      this.held = [];
      this.sql = this.parameters = undefined;
    }
    return out;
  }

  private asked(): Omit<Question, 'octets'> {
    if (this.sql === undefined) return {};
    const short = this.sql.replace(/\s+/g, ' ').trim().slice(0, 90);
    const step = /^(commit|rollback)/i.test(short) ? `${short} after ${this.last}` : short;
    this.last = short;
    return { step, sql: this.sql, ...(this.parameters ? { parameters: this.parameters } : {}) };
  }
}

const text = (body: Buffer, from: number): string => body.toString('utf8', from, body.indexOf(0, from));

/** PostgreSQL 18, 54.7, Bind. */
function parametersOf(body: Buffer): Buffer[] {
  let at = body.indexOf(0) + 1;
  at = body.indexOf(0, at) + 1;
  at += 2 + 2 * body.readInt16BE(at);
  const count = body.readInt16BE(at);
  at += 2;
  const out: Buffer[] = [];
  for (let i = 0; i < count; i++) {
    const length = body.readInt32BE(at);
    at += 4;
    out.push(body.subarray(at, at + Math.max(0, length)));
    at += Math.max(0, length);
  }
  return out;
}
