import { DAY, day } from '#platform/clock';
import { MOST } from '#register/entry-fields';
import type { UpkeepRooms } from './upkeep';

/** Controllers told in one transaction. */
const BATCH = 50;

/**
 * Tells each controller, once a day and in its own register, which of its transfers its recipients have not recorded a day after they were made: where an
 * agreement has both record, such a transfer is not complete (RC-02). Nothing is told where there is nothing. Safe to run by two relays at once.
 */
export function reportOneSided({ database, register, clock }: UpkeepRooms): Promise<number> {
  return database.transaction(async (tx) => {
    const at = clock.now();
    const today = day(at);
    const rows: { controller: string; count: number; transfers: string[] }[] = await tx.query(
      `select t.sender_controller as controller, count(*)::int as count, (array_agg(t.id order by t.accepted_at))[1:${MOST.codes}] as transfers
       from waybill.transfer t where t.both_record and t.ended_at is null and t.accepted_at < $1
         and not exists (select from waybill.daily d where d.controller = t.sender_controller and d.job = '${JOB}' and d.on_day >= $2)
       group by 1 order by 1 limit ${BATCH}`,
      [new Date(at.getTime() - DAY), today],
    );
    const ours: typeof rows = [];
    for (const row of rows) {
      const [taken]: { controller: string }[] = await tx.query(
        `insert into waybill.daily (controller, job, on_day) values ($1, '${JOB}', $2)
         on conflict (controller, job) do update set on_day = excluded.on_day where daily.on_day < excluded.on_day returning controller`,
        [row.controller, today],
      );
      if (taken) ours.push(row);
    }
    await register.record(tx, ours.map(({ controller, count, transfers }) => ({ kind: 'one-sided-reported', controller, at, fields: { on: today, count, transfers } })));
    return ours.length;
  });
}

const JOB = 'one-sided';
