import type { Tx } from '#platform/database';
import type { EntryFields, EntryKind } from '#register/entry-kinds';
import type { NewEntry, Register } from '#register/register';
import type { TransferRow } from './rows';

/** Records the same of a transfer in its recipient's register and in its sender's: what happened to it, both can prove. */
export async function recordForBoth<K extends EntryKind>(tx: Tx, register: Register, transfer: TransferRow, { kind, at, fields }: { kind: K; at: Date; fields: EntryFields<K> }): Promise<void> {
  await register.record(tx, [transfer.recipient_controller, transfer.sender_controller].map((controller) => ({ kind, controller, at, fields }) as NewEntry));
}
