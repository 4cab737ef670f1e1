import { closeDuties, dutyRows } from '#duties/duties';
import type { Asker, Tx } from '#platform/database';
import { insertRows } from '#platform/rows';
import { REACHING_ALL } from '#policy/matters';

/** States of a transfer whose recipient has a copy. */
export const ARRIVED: readonly string[] = ['collected', 'sent', 'acknowledged'];

/** The asker's own shares that pass this one on. */
export async function passedOnIn(tx: Tx, { agency }: Asker, share: string): Promise<string[]> {
  const rows: { id: string }[] = await tx.query('select id from waybill.share where sender = $1 and previous = $2', [agency, share]);
  return rows.map(({ id }) => id);
}

/**
 * What was wrong, withdrawn or is to go has to reach every recipient (PV-08): each transfer of these shares whose recipient has a copy that holds
 * it, and was not told yet, is a duty of the asker's. Gives all of them that are open.
 */
export async function reachEach(tx: Tx, { agency }: Asker, shares: readonly string[], { categories, at }: { categories?: readonly string[] | undefined; at: Date }): Promise<string[]> {
  if (shares.length === 0) return [];
  // A copy whose categories were never written down may hold any.
  const rows: { id: string; recipient: string }[] = await tx.query(
    `select id, recipient from waybill.transfer t where sender = $1 and share = any($2) and state = any($3) and ($4::text[] is null or categories = '{}' or categories && $4)
       and not exists (select from waybill.matter m where m.transfer = t.id and m.kind = any($5))
       and not exists (select from waybill.duty d where d.transfer = t.id and d.kind = 'reach-recipient' and d.closed_at is null)`,
    [agency, shares, ARRIVED, categories ?? null, REACHING_ALL]);
  await insertRows(tx, [dutyRows(rows.map(({ id, recipient }) => ({ kind: 'reach-recipient', about: { transfer: id }, owner: agency, other: recipient, lane: 'routine', at })))]);
  const open: { transfer: string }[] = await tx.query(
    `select d.transfer from waybill.duty d join waybill.transfer t on t.id = d.transfer where d.owner = $1 and d.kind = 'reach-recipient' and d.closed_at is null and t.share = any($2) order by d.transfer`, [agency, shares]);
  return open.map(({ transfer }) => transfer);
}

/** The recipient of this transfer has been told. */
export const reached = (tx: Tx, transfer: string, because: string, at: Date): Promise<void> => closeDuties(tx, { transfer }, { because, at }, ['reach-recipient']);
