import { closeDuties, openDuty } from '#duties/duties';
import type { Tx } from '#platform/database';
import type { Register } from '#register/register';
import { writeEvents } from './commit';
import { recordForBoth } from './recording';
import { ofSender } from './owing';
import { endRequest } from './requests';
import type { TransferRow } from './rows';

/** Its time ran out unacknowledged, and its sender had stated that the recipient was told the passphrase: who has no key signs nothing. */
export const ONLY_RELEASED = 'released-not-acknowledged';

/** What follows when a transfer, moved there already, has become undeliverable: the sender is told once, keeps what it has, and is asked to share it otherwise, unless it said itself that it got there. */
export async function toldUndeliverable(tx: Tx, register: Register, transfer: TransferRow, { reason, at, attempts }: { reason: string; at: Date; attempts?: number }): Promise<void> {
  await closeDuties(tx, { transfer: transfer.id }, { because: 'undeliverable', at });
  await endRequest(tx, transfer.id, 'undeliverable', at);
  await tx.query('delete from waybill.outbox where transfer = $1', [transfer.id]);
  await writeEvents(tx, [{ transfer: transfer.id, kind: 'undeliverable', at, detail: reason }]);
  await recordForBoth(tx, register, transfer, { kind: 'share-undeliverable', at, fields: { share: transfer.share, transfer: transfer.id, reason, ...(attempts === undefined ? {} : { attempts }) } });
  if (reason !== ONLY_RELEASED) await openDuty(tx, ofSender('share-otherwise', transfer, at));
}
