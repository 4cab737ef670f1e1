import type { Tx } from '#platform/database';
import type { Agreement } from '#policy/agreement';
import { REVIEW_MONTHS, ruleFor } from '#policy/retention';
import type { TransferRow } from './rows';

/** From its acknowledgement on a copy is its recipient's, who keeps it by a rule and to a day, or until what starts that day: nothing is without one (RT-01). */
export async function keepCopy(tx: Tx, agreement: Agreement, { id, share, sender, sender_controller, recipient, recipient_controller }: TransferRow, purpose: string, at: Date): Promise<void> {
  const { what, months = null, from = 'received' } = ruleFor(agreement, purpose);
  await tx.query(
    `insert into waybill.retention (agency, transfer, share, controller, sender, sender_controller, agreement, what, months, from_event, review_months, started_on, due_on, review_on)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, case when $10 = 'received' then $12::date end,
       case when $10 = 'received' then ($12::date + make_interval(months => $9::integer))::date end, ($12::date + make_interval(months => $11::integer))::date)`,
    [recipient, id, share, recipient_controller, sender, sender_controller, agreement.id, what, months, from, REVIEW_MONTHS, at]);
}
