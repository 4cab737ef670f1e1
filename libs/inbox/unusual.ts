import type { Staff } from '#directory/staff';
import { openDuty } from '#duties/duties';
import { HOUR } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { Looked } from './looks';

/** Items that somebody looks at for the first time within an hour, and takes none of them on: whoever sorts what came in has taken something on by then. */
export const MOST_LOOKS_UNTAKEN = 20;
/** The same, whatever was taken on: one in a minute. Nobody deals with so many. */
export const MOST_LOOKS = 60;
const WITHIN_MS = HOUR;

/** Whether first looks within an hour are more than work explains (AS-17). It keeps nobody of looking: somebody has to ask. Pure. */
export const isUnusual = ({ looks, taken }: { looks: number; taken: number }): boolean => looks >= MOST_LOOKS || (looks >= MOST_LOOKS_UNTAKEN && taken === 0);

/**
 * After a first look. What is unusual goes to the data protection officer, once until that is closed: who it was is on record, and the officer may raise it as a
 * breach (BR-21). @returns what is to be recorded
 */
export async function tellOfUnusual(tx: Tx, { agency, id }: Staff, item: Looked, at: Date): Promise<{ looks: number; taken: number } | undefined> {
  const [counted]: { looks: number; taken: number }[] = await tx.query(
    `select count(*)::int as looks, count(*) filter (where exists (select from waybill.item_owner o where o.agency = r.agency and o.item = r.item and o.staff = r.staff))::int as taken
     from waybill.item_reason r where r.agency = $1 and r.staff = $2 and r.at > $3`, [agency, id, new Date(at.getTime() - WITHIN_MS)]);
  if (!counted || !isUnusual(counted)) return undefined;
  const told: unknown[] = await tx.query(
    `select from waybill.duty d join waybill.item_reason r on r.agency = d.owner and r.item = d.item and r.staff = $2 where d.kind = 'look-into-access' and d.owner = $1 and d.closed_at is null limit 1`, [agency, id]);
  if (told.length > 0) return undefined;
  await openDuty(tx, { kind: 'look-into-access', about: item.kind === 'request' ? { request: item.id } : { transfer: item.id }, owner: agency, other: agency, lane: 'routine', at });
  return counted;
}
