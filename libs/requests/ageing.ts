import type { Asker, Database, Tx } from '#platform/database';
import { type Clock, DAY } from '#platform/clock';
import type { AgeingLine, AgeingReport } from '#protocol/ageing';
import { LANES } from '#queue/lanes';

/** Until when an open request counts as fresh, and so on: within a day, three, a week; longer. */
const BANDS = [DAY, 3 * DAY, 7 * DAY] as const;

/** How long what an agency asked has been open, for each whom it asked and each lane: counts, and nothing of anybody (RQ-02). */
export async function ageing(tx: Tx, agency: string, at: Date): Promise<AgeingReport> {
  const rows: (Omit<AgeingLine, 'oldestHours' | 'lane'> & { lane: AgeingLine['lane']; oldest: Date })[] = await tx.query(
    `select r.holder, a.name, r.lane, count(*)::int as open, count(*) filter (where r.unanswered_at is not null)::int as unanswered,
       count(*) filter (where r.opened_at > $2)::int as "withinDay", count(*) filter (where r.opened_at <= $2 and r.opened_at > $3)::int as "withinThreeDays",
       count(*) filter (where r.opened_at <= $3 and r.opened_at > $4)::int as "withinWeek", count(*) filter (where r.opened_at <= $4)::int as longer, min(r.opened_at) as oldest
     from waybill.request r join waybill.agency a on a.id = r.holder where r.requester = $1 and r.closed_at is null
     group by r.holder, a.name, r.lane order by a.name, r.holder, array_position($5::text[], r.lane)`,
    [agency, ...BANDS.map((ms) => new Date(at.getTime() - ms)), [...LANES]]);
  return { at: at.toISOString(), items: rows.map(({ oldest, ...row }) => ({ ...row, oldestHours: Math.floor((at.getTime() - oldest.getTime()) / 3_600_000) })) };
}

/** The same for a partner's own system. */
export class Ageing {
  constructor(private readonly rooms: { database: Database; clock: Clock }) {}

  report(asker: Asker): Promise<AgeingReport> {
    return this.rooms.database.as(asker, (tx) => ageing(tx, asker.agency, this.rooms.clock.now()));
  }
}
