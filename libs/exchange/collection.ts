import type { Directory } from '#directory/directory';
import type { Clock } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { Register } from '#register/register';
import { writeEvents } from './commit';
import { writeEnvelope } from './consignment';
import { hold, sealedToRevoked } from './holding';
import { closeDuties, openDuty } from '#duties/duties';
import { from } from './moves';
import { ofRecipient } from './owing';
import { chunkOf, chunksOf, piecesOf } from './payload';
import { recordForBoth } from './recording';
import { ShareRow, TransferRow } from './rows';

export interface CollectionRooms {
  database: Database;
  directory: Directory;
  register: Register;
  clock: Clock;
}

/** States in which a transfer lies in a mailbox. */
export const IN_MAILBOX: readonly string[] = ['available', 'collected'];

interface Opened {
  transfer: TransferRow;
  share: ShareRow;
}

/** How what lies ready for an agency leaves: to it alone, and with both registers told. Whoever collects it, or whoever hands it over. */
export class Collection {
  constructor(private readonly rooms: CollectionRooms) {}

  /** @throws Refusal NOT_FOUND, TRANSFER_HELD */
  async find(tx: Tx, asker: Asker, id: string): Promise<Opened> {
    const transfer = await tx.findOneBy(TransferRow, { id, recipient: asker.agency });
    const share = transfer && transfer.state !== 'queued' && transfer.state !== 'recalled' ? await tx.findOneBy(ShareRow, { sender: transfer.sender, id: transfer.share }) : null;
    if (!transfer || !share) throw new Refusal({ code: 'NOT_FOUND' });
    if (transfer.state === 'held') throw new Refusal({ code: 'TRANSFER_HELD' });
    return { transfer, share };
  }

  /** Everything of the transfer as one `multipart/mixed` body. Collects it. @throws Refusal as `part` does */
  async envelope(asker: Asker, id: string, boundary: string): Promise<AsyncIterable<Buffer>> {
    const pieces = await this.rooms.database.as(asker, async (tx) => {
      const { transfer } = await this.find(tx, asker, id);
      await this.keysOf(tx, transfer);
      return piecesOf(tx, transfer, (part) => this.sealed(asker, transfer, part));
    });
    await this.collect(asker, id);
    return writeEnvelope(boundary, pieces);
  }

  /** A chunk at a time, each in a transaction of its own: a slow reader holds no connection. */
  sealed(asker: Asker, of: { sender: string; share: string }, part: string, first = 0): AsyncIterable<Buffer> {
    return chunksOf((seq) => this.rooms.database.as(asker, (tx) => chunkOf(tx, of, part, first + seq)));
  }

  /** @throws Refusal PAYLOAD_REMOVED, NOT_FOUND */
  async keysOf(tx: Tx, transfer: TransferRow, part?: string): Promise<{ part: string; octets: Buffer }[]> {
    const rows: { part: string; octets: Buffer; keys: string[] }[] = await tx.query(
      'select part, octets, keys from waybill.wrapped_key where transfer = $1 and ($2::text is null or part = $2) order by length(part), part',
      [transfer.id, part ?? null],
    );
    if (rows.length > 0) return rows;
    throw new Refusal({ code: transfer.payload_removed_at || transfer.ended_at ? 'PAYLOAD_REMOVED' : 'NOT_FOUND' });
  }

  /**
   * Marks the transfer collected, once, with both registers told, in one transaction. A key revoked since holds it instead: nothing
   * leaves that a stolen key could open, and the sender is asked to seal it again.
   */
  async collect(asker: Asker, id: string): Promise<void> {
    const at = this.rooms.clock.now();
    const held = await this.rooms.database.as(asker, async (tx) => {
      const { transfer } = await this.find(tx, asker, id);
      if ((await sealedToRevoked(tx, this.rooms.directory, [transfer.id], at)).has(transfer.id)) {
        await hold(tx, this.rooms.register, transfer, 'key-revoked', at);
        return true;
      }
      const [, moved]: [unknown, number] = await tx.query(`update waybill.transfer set state = 'collected', collected_at = $2 where id = $1 and state = any($3)`, [id, at, from('collected')]);
      if (moved === 0) {
        // Collected before; or recalled or ended in this very moment, and then nothing is served: no register would say that it was.
        const { transfer: now } = await this.find(tx, asker, id);
        if (now.ended_at && now.state !== 'acknowledged') throw new Refusal({ code: 'PAYLOAD_REMOVED' });
        return false;
      }
      await recordForBoth(tx, this.rooms.register, transfer, { kind: 'share-collected', at, fields: { share: transfer.share, transfer: id, by: transfer.recipient } });
      await writeEvents(tx, [{ transfer: id, kind: 'collected', at }]);
      await closeDuties(tx, { transfer: id }, { because: 'collected', at }, ['collect']);
      await openDuty(tx, ofRecipient('acknowledge', transfer, at));
      return false;
    });
    if (held) throw new Refusal({ code: 'TRANSFER_HELD' });
  }
}
