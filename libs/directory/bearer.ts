import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database, Tx } from '#platform/database';

export const newToken = (): string => randomBytes(32).toString('base64url');
export const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex');
export const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** One transaction of whoever holds this secret: only the row that it opens is seen. */
export async function asBearer<T>(database: Database, digest: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return database.transaction(async (tx) => {
    await bearing(tx, digest);
    return work(tx);
  });
}

/** The same, in a transaction that is somebody's already. */
export const bearing = (tx: Tx, digest: string): Promise<unknown> => tx.query(`select set_config('waybill.bearer', $1, true)`, [digest]);
