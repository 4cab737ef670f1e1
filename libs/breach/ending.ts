import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { AboutRoom } from '#duties/reminding';
import type { Register } from '#register/register';
import type { SuspensionRow } from './breaches';
import { recordEnd } from './suspensions';

/** Suspensions that end in one transaction. */
const BATCH = 20;

/** Ends suspensions whose days are over: nobody has to (SU-01). */
export class Ending {
  constructor(private readonly rooms: { database: Database; register: Register; clock: Clock }) {}

  end(): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      const rows: SuspensionRow[] = await tx.query('select * from waybill.suspension where ended_at is null and ends_at <= $1 order by ends_at limit $2 for update skip locked', [at, BATCH]);
      for (const row of rows) {
        await tx.query(`update waybill.suspension set ended_at = $2, ended_because = 'time' where id = $1`, [row.id, at]);
        await recordEnd(tx, this.rooms.register, row, 'time', at);
      }
      return rows.length;
    });
  }
}

/** Whose register a reminder of a case stands in: of whoever has the duty. */
export const remindedOfBreaches: AboutRoom = async (tx, duties) => {
  const rows: { id: string; controller: string }[] = await tx.query('select id, controller from waybill.agency where id = any($1)', [duties.map(({ owner }) => owner)]);
  const controllers = new Map(rows.map(({ id, controller }) => [id, controller]));
  return new Map(duties.flatMap(({ id, owner, breach }) => (controllers.has(owner) ? [[id, { controller: controllers.get(owner) as string, fields: { breach: breach ?? undefined } }]] : [])));
};
