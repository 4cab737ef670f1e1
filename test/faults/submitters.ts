import { closeSync, openSync, readSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import type { Receipt } from '#protocol/answers';
import { type Prepared, prepareShares } from '../bench/shares';
import { pause } from './figures';
import { type House, SENDER } from './house';

/** What was sent, and what came back for good. */
export interface Sent {
  sender: string;
  /** Each receipt that a 202 brought, as text, by share. */
  receipts: Map<string, string[]>;
  /** Idempotency-Keys, by share. */
  keys: Map<string, string>;
  /** Answers that no valid share should get, with their codes. */
  refused: string[];
  /** How often each status came; `lost`: no answer at all. */
  statuses: Record<string, number>;
}

export const noneSent = (): Sent => ({ sender: SENDER, receipts: new Map(), keys: new Map(), refused: [], statuses: {} });

export const receiptsOf = ({ receipts }: Sent): Map<string, Receipt> => new Map([...receipts].map(([share, [first]]) => [share, JSON.parse(first as string) as Receipt]));

/** Real shares, sealed to two recipients and signed; every tenth is too large for memory and goes through the spool. */
export function prepared(house: House, count: number, name: string, { urgency = 'routine' }: { urgency?: 'routine' | 'emergency' } = {}): Promise<Prepared> {
  const recipients = [
    { partner: house.partner('merebrook-council'), contact: 'front-door', needToKnow: 'assesses-referral' },
    { partner: house.partner('kingfisher-families'), contact: 'casework', needToKnow: 'works-with-person' },
  ];
  return prepareShares(count, { sender: house.partner(SENDER), recipients, origin: house.origin, agreement: house.agreement, file: join(house.folder, name), octets: (i) => (i % 10 === 9 ? 200_000 : 2_048), urgency });
}

export interface Submitting {
  clients?: number;
  /** Which part of a storm is over, 0 to 1: shares are sent at the pace at which it goes, so that submits go on until its end. */
  progress?: () => number;
  /** Gives up on what has no answer by then; whatever comes, a share is sent again until then. */
  patienceMs?: number;
}

/** Sends every share until it is accepted, as the SDK does: the same octets again after no answer, 5xx or 429, at whichever gateway. A third carries an Idempotency-Key. */
export async function submitAll(house: Pick<House, 'ports' | 'tls'>, { file: path, boundary, shares }: Prepared, sent: Sent, { clients = 6, progress, patienceMs = 120_000 }: Submitting = {}): Promise<void> {
  const file = openSync(path, 'r');
  const agent = new Agent({ keepAlive: true, maxSockets: clients * 2, timeout: 30_000, ...house.tls });
  let next = 0;
  const began = Date.now();
  const client = async (n: number): Promise<void> => {
    for (let at = next++; at < shares.length; at = next++) {
      if (progress) await pause(paceMs(progress(), Date.now() - began, { done: at, of: shares.length }) * clients);
      const share = shares[at] as (typeof shares)[number];
      const body = Buffer.allocUnsafe(share.length);
      readSync(file, body, 0, share.length, share.at);
      if (at % 3 === 0) sent.keys.set(share.id, `key-${share.id}`);
      const until = Date.now() + patienceMs;
      for (let attempt = 0; ; attempt++) {
        const port = house.ports[(n + attempt) % house.ports.length] as number;
        const answer = await post(agent, port, boundary, body, sent.keys.get(share.id));
        sent.statuses[answer.status || 'lost'] = (sent.statuses[answer.status || 'lost'] ?? 0) + 1;
        if (answer.status === 202) {
          sent.receipts.set(share.id, [...(sent.receipts.get(share.id) ?? []), answer.text]);
          // Every twentieth is sent once more after it was answered: who lost the answer cannot know.
          if (at % 20 !== 0 || (sent.receipts.get(share.id)?.length ?? 0) > 1) break;
        } else if (answer.status !== 0 && answer.status < 500 && answer.status !== 429) {
          sent.refused.push(`${share.id} ${answer.status} ${answer.text.slice(0, 300)}`);
          break;
        } else if (Date.now() > until) {
          sent.refused.push(`${share.id} had no answer in time; the last was ${answer.status || 'none'}`);
          break;
        } else await pause(Math.min(500, 50 * 2 ** Math.min(attempt, 4)));
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, n) => client(n)));
  agent.destroy();
  closeSync(file);
}

/**
 * The longest between two shares. A process is killed at what it does for shares: the slower they come, the slower goes the storm by which they go,
 * and without a bound each would hold the other back.
 */
const SLOWEST_MS = 400;

/** Milliseconds between two shares, so that both come to their end together; while nothing is known of the pace, and when behind, hardly any. */
function paceMs(progress: number, elapsed: number, { done, of }: { done: number; of: number }): number {
  if (progress >= 1) return 0;
  const left = progress < 0.02 ? 60_000 : (elapsed / progress) * (1 - progress);
  return Math.min(SLOWEST_MS, left / Math.max(1, of - done));
}

export interface Posted {
  /** 0: no answer. */
  status: number;
  text: string;
  headers: Record<string, string | string[] | undefined>;
}

export function post(agent: Agent, port: number, boundary: string, body: Buffer, key?: string): Promise<Posted> {
  return new Promise((resolve) => {
    const lost = (): void => resolve({ status: 0, text: '', headers: {} });
    const sending = request({
      host: '127.0.0.1', servername: 'localhost', port, agent, method: 'POST', path: '/v1/shares',
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': body.length, ...(key ? { 'idempotency-key': key } : {}) },
    }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString(), headers: answer.headers }));
      answer.on('error', lost);
      answer.on('aborted', lost);
    });
    sending.on('error', lost);
    sending.on('timeout', () => sending.destroy());
    sending.end(body);
  });
}
