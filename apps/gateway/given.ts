import { Refusal } from '#platform/refusal';
import { GRAMMAR } from '#protocol/grammar';

const IDEMPOTENCY_KEY = /^[A-Za-z0-9._-]{8,128}$/;

/** @throws Refusal IDEMPOTENCY_KEY_INVALID */
export function requireKey(idempotencyKey: string | undefined): void {
  if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey)) throw new Refusal({ code: 'IDEMPOTENCY_KEY_INVALID' });
}

/** @throws Refusal NOT_FOUND: what is no id names nothing */
export function requireId(id: string): string {
  if (!GRAMMAR.uuid.test(id)) throw new Refusal({ code: 'NOT_FOUND' });
  return id;
}

/** Whether only what is open is asked for. @throws Refusal QUERY_INVALID */
export function readOpen({ open }: Record<string, unknown>): boolean {
  if (open === undefined || open === 'true' || open === 'false') return open === 'true';
  throw new Refusal({ code: 'QUERY_INVALID', pointer: '/open' });
}
