import { openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { Prepared } from './shares';

// The load generator, a process of its own: sends prepared shares over kept-open connections, one at a time on each.

export interface LoadPlan {
  port: number;
  path: string;
  clients: number;
  tls: { cert: string; key: string; ca: string };
  prepared: Prepared;
  /** Where the result goes. */
  out: string;
}

export interface LoadResult {
  /** Milliseconds since 1970 at which each share was begun to be sent, and at which its answer was there. */
  sent: Record<string, [number, number]>;
  statuses: Record<string, number>;
  firstRefusal?: string;
}

export async function load({ port, path, clients, tls, prepared }: Omit<LoadPlan, 'out'>): Promise<LoadResult> {
  const file = openSync(prepared.file, 'r');
  const agent = new Agent({ keepAlive: true, maxSockets: clients, ...tls });
  const result: LoadResult = { sent: {}, statuses: {} };
  const waiting = [...prepared.shares].reverse();
  const client = async (): Promise<void> => {
    for (let share = waiting.pop(); share; share = waiting.pop()) {
      const body = Buffer.allocUnsafe(share.length);
      readSync(file, body, 0, share.length, share.at);
      const began = now();
      const { status, text } = await post(body);
      result.sent[share.id] = [began, now()];
      result.statuses[status] = (result.statuses[status] ?? 0) + 1;
      if (status !== 202) result.firstRefusal ??= text;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return result;

  function post(body: Buffer): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const sending = request({ host: '127.0.0.1', servername: 'localhost', port, agent, method: 'POST', path, headers: { 'content-type': `multipart/form-data; boundary=${prepared.boundary}`, 'content-length': body.length } }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }));
        answer.on('error', reject);
      });
      sending.on('error', reject);
      sending.end(body);
    });
  }
}

const now = (): number => performance.timeOrigin + performance.now();

if (require.main === module) {
  const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as LoadPlan;
  void load(plan).then((result) => writeFileSync(plan.out, JSON.stringify(result)));
}
