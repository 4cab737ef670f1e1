import { dutyRows, type NewDuty } from '#duties/duties';
import { KEPT_AS_EVIDENCE } from '#exchange/evidence-held';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { insertRows } from '#platform/rows';

interface Kept {
  agency: string;
  transfer: string;
  sender: string;
}

/** Copies handled in one transaction: bounded, so that a backlog never becomes one long lock. */
const BATCH = 100;

/** Asks whoever keeps a copy to dispose of it when its time is over, and once in a while whether keeping it is still justified (RT-05). */
export class FallingDue {
  constructor(private readonly rooms: { database: Database; clock: Clock }) {}

  /** What a case of a breach holds as evidence no recipient disposes of, whether it has a part in that case or knows of it (BR-15, RT-15). Bounded by the cases that hold something. */
  hold(): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const [, held]: [unknown, number] = await tx.query(
        `update waybill.retention r set evidence_since = b.held_since from waybill.breach b join waybill.breach_share e on e.breach = b.id join waybill.transfer t on t.sender = e.agency and t.share = e.share
         where b.held_since is not null and r.agency = t.recipient and r.transfer = t.id and r.evidence_since is null and r.disposed_at is null`);
      const [, lifted]: [unknown, number] = await tx.query(
        `update waybill.retention r set evidence_since = null, due_told_at = null from waybill.transfer t where r.evidence_since is not null and t.id = r.transfer and not ${KEPT_AS_EVIDENCE}`);
      return held + lifted;
    });
  }

  /** Each copy once for its end, and once for each review, however many relays run. What is held is asked nothing about its end (RT-15). */
  tell(): Promise<number> {
    const at = this.rooms.clock.now();
    const duty = (kind: 'dispose-copy' | 'still-justified', { agency, transfer, sender }: Kept): NewDuty => ({ kind, about: { transfer }, owner: agency, other: sender, lane: 'routine', at });
    return this.rooms.database.transaction(async (tx) => {
      const due: Kept[] = returned(await tx.query(
        `update waybill.retention r set due_told_at = $1 from (select agency, transfer from waybill.retention where due_on <= $1::date and disposed_at is null and held_at is null and evidence_since is null and due_told_at is null order by due_on limit $2 for update skip locked) d
         where r.agency = d.agency and r.transfer = d.transfer returning r.agency, r.transfer, r.sender`, [at, BATCH]));
      const review: Kept[] = returned(await tx.query(
        `update waybill.retention r set review_on = ($1::date + make_interval(months => r.review_months))::date from (select agency, transfer from waybill.retention where review_on <= $1::date and disposed_at is null order by review_on limit $2 for update skip locked) d
         where r.agency = d.agency and r.transfer = d.transfer returning r.agency, r.transfer, r.sender`, [at, BATCH]));
      const duties = [...due.map((kept) => duty('dispose-copy', kept)), ...review.map((kept) => duty('still-justified', kept))];
      if (duties.length > 0) await insertRows(tx, [dutyRows(duties)]);
      return duties.length;
    });
  }
}

/** What an update returned: TypeORM gives rows and their count. */
const returned = ([rows]: [Kept[], number]): Kept[] => rows;
