import type { Database } from '#platform/database';

/**
 * Messages that may wait. Half a day of a county's busiest hour, with the ciphertext that hangs on them some gigabytes: what a broker
 * that is gone overnight leaves on disk. More than this is no outage that passes; then a sender must know that nothing gets through.
 */
export const OUTBOX_LIMIT = 200_000;
/** What is pressing is taken for as long as there is any room at all: this many times the limit. */
const PRESSING = 5;
/** Between two counts. At the rate of a whole county a second's worth more does no harm. */
const COUNTED_EVERY_MS = 1_000;

/** How much waits to be delivered, counted once a second and not once a share, and never further than the limit. */
export class Backlog {
  private waiting = 0;
  private counted = Number.NEGATIVE_INFINITY;
  private counting: Promise<void> | undefined;

  constructor(private readonly database: Database, private readonly limit: number = OUTBOX_LIMIT) {}

  /** Whether one more is one too many. The first to ask after a second waits for the count, and everybody who asks meanwhile with it. */
  async full({ pressing }: { pressing: boolean }): Promise<boolean> {
    if (performance.now() - this.counted >= COUNTED_EVERY_MS) await (this.counting ??= this.count().finally(() => (this.counting = undefined)));
    return this.waiting >= this.limit * (pressing ? PRESSING : 1);
  }

  private async count(): Promise<void> {
    const rows: { waiting: number }[] = await this.database.transaction(async (tx) => {
      await tx.query(`select set_config('waybill.counting', 'on', true)`);
      // What was set aside waits for a person and not for a way out.
      return tx.query('select count(*)::int as waiting from (select from waybill.outbox where parked_reason is null limit $1) as rows', [this.limit * PRESSING]);
    });
    this.waiting = rows[0]?.waiting ?? 0;
    this.counted = performance.now();
  }
}
