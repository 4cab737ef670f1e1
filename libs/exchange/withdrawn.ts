import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Register } from '#register/register';
import { from } from './moves';
import type { TransferRow } from './rows';
import { toldUndeliverable } from './undeliverable';

/** Transfers handled in one transaction. */
const BATCH = 100;

/** What of a share is still on its way when its recipient leaves the agreement: it goes back, and its sender is asked to share otherwise. */
export class Withdrawn {
  constructor(private readonly rooms: { database: Database; register: Register; clock: Clock }) {}

  /** Nobody has collected it and no courier is under way with it. What was collected stays where it is, with its duties (PD-12). @returns how many went back */
  giveBack(): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const at = this.rooms.clock.now();
      const left: { agency: string }[] = await tx.query(`select agency from waybill.membership where status = 'withdrawn'`);
      if (left.length === 0) return 0;
      const [rows]: [TransferRow[], number] = await tx.query(
        `update waybill.transfer set state = 'undeliverable', ended_at = $1, end_reason = 'party-withdrawn'
         where id in (select t.id from waybill.membership m join waybill.transfer t on t.recipient = m.agency and t.state = any($2) join waybill.share s on s.sender = t.sender and s.id = t.share and s.agreement = m.agreement
           where m.status = 'withdrawn' limit $3 for update of t skip locked) returning *`,
        [at, WAITING.filter((state) => from('undeliverable').includes(state)), BATCH]);
      for (const transfer of rows) await toldUndeliverable(tx, this.rooms.register, transfer, { reason: 'party-withdrawn', at });
      return rows.length;
    });
  }
}

const WAITING = ['queued', 'available', 'held'] as const;
