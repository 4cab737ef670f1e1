import type { IncomingMessage } from 'node:http';
import { GatewayProblem, type ProblemReason } from './codes';

const LARGEST = 1024 * 1024;

/** Reads a refusal (RFC 9457). Whatever else answers in the gateway's place, a proxy for one, is told by its status. */
export async function problemOf(answer: IncomingMessage): Promise<GatewayProblem> {
  const status = answer.statusCode ?? 500;
  const retryAfter = Number(answer.headers['retry-after']);
  const body = object(parsed(await readUpTo(answer, LARGEST)));
  const code = text(body['code']) ?? `HTTP_${status}`;
  return new GatewayProblem(
    code,
    status,
    text(body['title']) ?? text(body['detail']) ?? `The gateway answered with status ${status}.`,
    text(body['next']) ?? 'Ask the operator.',
    Array.isArray(body['reasons']) ? body['reasons'].map(reasonOf) : [],
    text(body['instance']),
    Number.isFinite(retryAfter) && answer.headers['retry-after'] !== undefined ? retryAfter : undefined,
  );
}

function reasonOf(value: unknown): ProblemReason {
  const reason = object(value);
  return { ...reason, code: text(reason['code']) ?? 'UNKNOWN', says: text(reason['says']) ?? '', next: text(reason['next']) ?? '' };
}

async function readUpTo(answer: IncomingMessage, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer) {
    size += (piece as Buffer).length;
    if (size > most) break;
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces);
}

function parsed(octets: Buffer): unknown {
  try {
    return JSON.parse(octets.toString('utf8'));
  } catch {
    return undefined;
  }
}

const object = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {});
const text = (value: unknown): string | undefined => (typeof value === 'string' && value.length > 0 ? value : undefined);
