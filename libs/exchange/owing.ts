import { closeDuties, type NewDuty } from '#duties/duties';
import type { DutyKind } from '#duties/kinds';
import type { AboutRoom } from '#duties/reminding';
import { actingAs, type Tx } from '#platform/database';
import { type NewShare, writeEvents } from './commit';
import type { TransferRow } from './rows';

// What either side of a transfer has to do about it.

export const ofSender = (kind: DutyKind, { id, sender, recipient, lane }: TransferRow, at: Date): NewDuty => ({ kind, about: { transfer: id }, owner: sender, other: recipient, lane, at });

export const ofRecipient = (kind: DutyKind, { id, sender, recipient, contact, lane }: TransferRow, at: Date): NewDuty => ({ kind, about: { transfer: id }, owner: recipient, contact, other: sender, lane, at });

/** What a reminder of a transfer leaves: an event that both sides see, and whose register it stands in. */
export const remindedOfTransfers: AboutRoom = async (tx, duties, at) => {
  const rows: TransferRow[] = await tx.query('select * from waybill.transfer where id = any($1)', [duties.map(({ transfer }) => transfer)]);
  const transfers = new Map(rows.map((row) => [row.id, row]));
  const about = duties.flatMap((duty) => {
    const transfer = transfers.get(duty.transfer ?? '');
    return transfer ? [{ duty, transfer }] : [];
  });
  await writeEvents(tx, about.map(({ duty, transfer }) => ({ transfer: transfer.id, kind: 'reminder', at, detail: duty.kind })));
  return new Map(about.map(({ duty, transfer }) => [duty.id, {
    controller: duty.owner === transfer.sender ? transfer.sender_controller : transfer.recipient_controller,
    fields: { share: transfer.share, transfer: transfer.id },
  }]));
};

/** Done by sharing again. */
const ANEW: readonly DutyKind[] = ['seal-again', 'share-otherwise', 'cannot-open', 'not-delivered', 'delivery-delayed'];

/** A new share that supersedes another does what its sender was asked to do about the other. */
export async function closeSuperseded(tx: Tx, shares: readonly NewShare[]): Promise<void> {
  for (const { sender: { agency }, head: { manifest }, acceptedAt: at } of shares) {
    const superseded = manifest.threads?.supersedes;
    if (superseded === undefined) continue;
    await actingAs(tx, agency, async () => {
      const transfers: { id: string }[] = await tx.query('select id from waybill.transfer where sender = $1 and share = $2', [agency, superseded]);
      for (const { id } of transfers) await closeDuties(tx, { transfer: id, owner: agency }, { because: 'shared-anew', at, shownBy: manifest.id }, ANEW);
    });
  }
}
