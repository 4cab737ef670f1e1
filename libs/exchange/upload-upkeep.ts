import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { forgottenBefore } from './uploads';

/** Removed in one transaction: with its chunks one may be a gigabyte. */
const BATCH = 4;

/** Removes uploads whose share was accepted, and those that nobody goes on with. For the relay. */
export async function removeUploads({ database, clock }: { database: Database; clock: Clock }): Promise<number> {
  const [, count]: [unknown, number] = await database.transaction((tx) => tx.query(
    'delete from waybill.upload where id in (select id from waybill.upload where used_at is not null or touched_at <= $1 limit $2)', [forgottenBefore(clock.now()), BATCH]));
  return count;
}
