import type { TransferRow } from '#exchange/rows';
import type { Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import type { Agreement } from '#policy/agreement';
import type { Register } from '#register/register';
import { originOf } from './affected';
import { membersOf } from './members';
import { openCase } from './opening';

/** What comes back that may be a breach, and of which type. What lay unread came to nobody. */
const TELLING: Readonly<Record<string, { type: string; cause: string; opened: boolean }>> = {
  'not-for-us': { type: 'wrongly-disclosed', cause: 'wrong-recipient', opened: true },
  'author-mismatch': { type: 'security-breached', cause: 'not-yet-known', opened: false },
  'digest-mismatch': { type: 'security-breached', cause: 'not-yet-known', opened: false },
};

/** What the gateway finds itself (BR-21): what was opened by whom it was not for, and what does not verify. It knows no person, and closes nothing. */
export class Raising {
  constructor(private readonly rooms: { register: Register; agreements: ReadonlyMap<string, Agreement> }) {}

  /** A transfer came back, in the transaction of whoever gives it back. */
  async returned(tx: Tx, transfer: TransferRow, reason: string, at: Date): Promise<void> {
    const told = Object.hasOwn(TELLING, reason) ? TELLING[reason] : undefined;
    if (!told || (told.opened && transfer.opened_at === null)) return;
    const [share]: { agreement: string; previous: string | null }[] = await tx.query('select agreement, previous from waybill.share where sender = $1 and id = $2', [transfer.sender, transfer.share]);
    const agreement = this.rooms.agreements.get(share?.agreement ?? '');
    if (!share || !agreement) return;
    const owner = await originOf(tx, { id: transfer.share, sender: transfer.sender, previous: share.previous, recipients: [] }, transfer.recipient);
    const members = await membersOf(tx, agreement.id, [transfer.sender, transfer.recipient, owner], at);
    await openCase(tx, this.rooms.register, {
      id: uuid7(at.getTime()), agreement, members, at,
      reported: { harm: 'unknown', type: told.type, foundAt: at.toISOString(), awareAt: at.toISOString(), foundBy: 'gateway', facts: { causes: [told.cause] } },
      affected: { shares: [{ share: transfer.share, agency: transfer.sender }], owners: [owner], recipients: [transfer.recipient] },
      concerned: { reporter: undefined, occurred: transfer.sender, owners: [owner], recipients: [transfer.recipient] },
    });
  }
}
