import type { Staff } from '#directory/staff';
import { sightOf } from '#directory/staff-roles';
import type { Tx } from '#platform/database';

/** A share that the agency sent or that came to it, as much of it as it takes to pick it: with whom, and when. */
export interface Lately {
  share: string;
  /** Organisations on the other side. */
  others: string[];
  sent: boolean;
  at: Date;
}

/** What the agency sent last, and what came to it and is not done with, the newest first: for whoever sees all of it (BR-02), for others none. Each is found by an index, however much there is. */
export async function sharesLately(tx: Tx, { agency, roles }: Staff, limit: number): Promise<Lately[]> {
  if (sightOf(roles) !== 'agency') return [];
  return tx.query(
    `with found as (
       (select sender, id as share, true as sent from waybill.share where sender = $1 order by accepted_at desc, id desc limit $2)
       union all (select sender, share, false from waybill.transfer where recipient = $1 and state in ('available', 'collected') order by precedence, waiting_since desc limit $2))
     select f.share, f.sent, max(t.accepted_at) as at, array_agg(distinct a.name) as others
     from found f join waybill.transfer t on t.sender = f.sender and t.share = f.share and (f.sent or t.recipient = $1) join waybill.agency a on a.id = case when f.sent then t.recipient else t.sender end
     group by f.share, f.sent order by at desc limit $2`, [agency, limit]);
}
