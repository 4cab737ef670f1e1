import { In } from 'typeorm';
import type { Directory } from '#directory/directory';
import type { Clock } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { Receipt, ShareTold, TransferTold } from '#protocol/answers';
import { isEnd } from './moves';
import { EventRow, ShareRow, TransferRow } from './rows';
import { statementsOf } from './statements';

/** Why a sender is told the number to ring, by what is outstanding. */
const RING_BECAUSE: Readonly<Record<string, 'not-collected-in-time' | 'not-acknowledged-in-time' | 'agreement-suspended' | 'delivery-delayed'>> = {
  collect: 'not-collected-in-time', acknowledge: 'not-acknowledged-in-time', 'not-delivered': 'agreement-suspended', 'delivery-delayed': 'delivery-delayed',
};

/** What became of a share, told to its sender. */
export class Timeline {
  constructor(private readonly rooms: { database: Database; directory: Directory; clock: Clock }) {}

  /** @throws Refusal NOT_FOUND for a share that is not the asker's own, whether it exists or not */
  share(asker: Asker, id: string): Promise<ShareTold> {
    return this.rooms.database.as(asker, async (tx) => {
      const share = await tx.findOneBy(ShareRow, { sender: asker.agency, id });
      if (!share) throw new Refusal({ code: 'NOT_FOUND' });
      const transfers = await tx.find(TransferRow, { where: { sender: asker.agency, share: id }, order: { id: 'ASC' } });
      const { emergency } = JSON.parse(share.receipt) as Receipt;
      return {
        share: id,
        manifestDigest: share.manifest_digest,
        urgency: share.urgency,
        acceptedAt: share.accepted_at.toISOString(),
        open: transfers.some((transfer) => !isEnd(transfer.state)),
        transfers: await this.tell(tx, transfers),
        ...(emergency ? { emergency } : {}),
      };
    });
  }

  private async tell(tx: Tx, transfers: TransferRow[]): Promise<TransferTold[]> {
    const ids = transfers.map((transfer) => transfer.id);
    const events = await tx.find(EventRow, { where: { transfer: In(ids) }, order: { seq: 'ASC' } });
    const statements = await statementsOf(tx, ids);
    const late: { transfer: string; telephone: string | null; kind: string }[] = await tx.query(
      `select d.transfer, coalesce(c.telephone, case when d.kind in ('not-delivered', 'delivery-delayed') then (
         select o.telephone from waybill.contact o where o.agency = t.recipient and o.telephone is not null order by 'emergency-duty' = any(o.posts) desc, o.id limit 1) end) as telephone, d.kind from waybill.duty d join waybill.transfer t on t.id = d.transfer left join waybill.contact c on c.agency = t.recipient and c.id = t.contact
       where d.transfer = any($1) and (d.kind in ('not-delivered', 'delivery-delayed') or (d.kind = 'collect' or d.kind = 'acknowledge' and t.route = 'mail') and d.step > 0) and d.closed_at is null`,
      [ids],
    );
    return transfers.map((transfer) => {
      const ring = late.find((row) => row.transfer === transfer.id && row.telephone !== null);
      return {
        transfer: transfer.id,
        recipient: { agency: transfer.recipient, contact: transfer.contact },
        state: transfer.state,
        lane: transfer.lane,
        acceptedAt: transfer.accepted_at.toISOString(),
        ...(transfer.available_at ? { availableAt: transfer.available_at.toISOString(), reachedMailboxAfterMs: transfer.available_at.getTime() - transfer.accepted_at.getTime() } : {}),
        ...(transfer.collected_at ? { collectedAt: transfer.collected_at.toISOString(), collectedAfterMs: transfer.collected_at.getTime() - transfer.accepted_at.getTime() } : {}),
        ...(transfer.ended_at ? { endedAt: transfer.ended_at.toISOString(), endReason: transfer.end_reason ?? transfer.state } : {}),
        ...(ring?.telephone ? { ring: { telephone: ring.telephone, because: RING_BECAUSE[ring.kind] ?? 'not-acknowledged-in-time' } } : {}),
        events: events.filter((event) => event.transfer === transfer.id).map((event) => ({ at: event.at.toISOString(), kind: event.kind, ...(event.detail ? { detail: event.detail } : {}) })),
        statements: statements.filter((statement) => statement.transfer === transfer.id).map(({ transfer: _own, ...told }) => told),
      };
    });
  }
}
