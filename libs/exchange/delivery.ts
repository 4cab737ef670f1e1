import type { Directory } from '#directory/directory';
import { alikeFrom } from '#envelope/parts';
import type { Clock } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { uuids } from '#platform/arrays';
import { prepared } from '#platform/rows';
import { sha256 } from '#protocol/digest';
import { readJson } from '#protocol/json';
import { LIMITS } from '#protocol/limits';
import type { Filling, Message, Outcome } from '#queue/message';
import type { Register } from '#register/register';
import { writeEvents } from './commit';
import { consignmentDigest, readEnvelope } from './consignment';
import { hold, sealedToRevoked } from './holding';
import { from } from './moves';
import { holdSuspended, suspendedAmong } from './suspended';
import { fillingsOf } from './payload';
import type { TransferRow } from './rows';

export interface DeliveryRooms {
  database: Database;
  directory: Directory;
  register: Register;
  clock: Clock;
}

/** What a move needs to know of a transfer: its provenance is long, and is left where it lies. */
const MOVED = 'id, sender, share, recipient, contact, sender_controller, recipient_controller, lane, state, consignment_digest';

/** What the courier does with transfers that are due. */
export class Delivery {
  constructor(private readonly rooms: DeliveryRooms) {}

  /** What these transfers' messages carry, by transfer. */
  fillings(transfers: readonly string[]): Promise<Map<string, Filling>> {
    return this.rooms.database.transaction((tx) => fillingsOf(tx, transfers));
  }

  /**
   * Lays transfers into their recipients' mailboxes, all in one transaction with the end of their messages. The queue may hand us a
   * message twice: the move happens once. An envelope that is not the one that was accepted moves nothing: its message is to be set aside.
   * @throws Error when the transaction fails: nothing has moved then
   */
  deliver(messages: readonly Message[]): Promise<Outcome[]> {
    return this.rooms.database.transaction(async (tx) => {
      // In the order of ids: two couriers with some of the same messages in hand wait for one another and never crosswise.
      const rows: TransferRow[] = await prepared(tx, `select ${MOVED} from waybill.transfer where id = any($1) and state = 'queued' order by id for update`, [messages.map((message) => message.transfer)]);
      const waiting = new Map(rows.map((row) => [row.id, row]));
      const outcomes = messages.map((message): Outcome => {
        const transfer = waiting.get(message.transfer);
        return !transfer || isAsAccepted(message, transfer) ? 'done' : { park: 'digest-mismatch' };
      });
      const sound = messages.filter((_, i) => outcomes[i] === 'done');
      const due = [...new Set(sound.map((message) => message.transfer))].flatMap((id) => waiting.get(id) ?? []);
      await this.settle(tx, await this.deliverable(tx, due), sound.map((message) => message.id));
      return outcomes;
    });
  }

  /** Shows the sender that a message could not be delivered and waits for a person to look at it (CH-13). */
  setAside(tx: Tx, transfer: string, code: string): Promise<void> {
    return writeEvents(tx, [{ transfer, kind: 'set-aside', at: this.rooms.clock.now(), detail: code }]);
  }

  /** Those of these that may be laid down; what is sealed to a key revoked since, or is sent under an agreement that is suspended, is held instead. */
  private async deliverable(tx: Tx, transfers: readonly TransferRow[]): Promise<string[]> {
    if (transfers.length === 0) return [];
    const at = this.rooms.clock.now();
    const revoked = await sealedToRevoked(tx, this.rooms.directory, transfers.map((transfer) => transfer.id), at);
    const suspended = await suspendedAmong(tx, transfers.map((transfer) => transfer.id), at);
    for (const transfer of transfers) {
      if (revoked.has(transfer.id)) await hold(tx, this.rooms.register, transfer, 'key-revoked', at);
      else if (suspended.has(transfer.id)) await holdSuspended(tx, this.rooms.register, transfer, at);
    }
    return transfers.map((transfer) => transfer.id).filter((id) => !revoked.has(id) && !suspended.has(id));
  }

  /** Lays transfers down, or gives those for mail to whoever mails, and takes their messages' rows out of the outbox. What both sides see of it is in the order of the queue, not in that of the update. */
  private settle(tx: Tx, transfers: readonly string[], messages: readonly string[]): Promise<unknown> {
    return prepared(
      tx,
      `with moved as (
           update waybill.transfer set state = case route when 'mail' then 'sending' else 'available' end, available_at = case route when 'mail' then null else $2::timestamptz end
           where id = any($1) and state = any($3) returning id, recipient, contact, precedence, route, state),
         told as (insert into waybill.event (transfer, at, kind)
           select m.id, $2, m.state from unnest($1::uuid[]) with ordinality as queued (id, n) join moved m on m.id = queued.id order by n),
         pushed as (insert into waybill.push (id, webhook, agency, transfer, precedence, created_at, due_at)
           select gen_random_uuid(), w.id, w.agency, m.id, m.precedence, $2, $2 from moved m join waybill.webhook w on w.agency = m.recipient and w.contact = m.contact and m.route = 'mailbox'),
         mailed as (insert into waybill.mailing as before (transfer, agency, domain, precedence, due_at)
           select m.id, m.recipient, lower(split_part(c.email, '@', 2)), m.precedence, $2 from moved m join waybill.contact c on c.agency = m.recipient and c.id = m.contact and m.route = 'mail'
           on conflict (transfer) do update set due_at = excluded.due_at, leased_until = null, attempt = 0, first_at = null, last = null, ended_at = null, ended = null)
       delete from waybill.outbox where id = any($4)`,
      [uuids(transfers).octets, this.rooms.clock.now(), from('available'), uuids(messages).octets],
    );
  }
}

const GATE = { maxOctets: LIMITS.part.value, maxAddressees: LIMITS.addressees.value };

const isAsAccepted = (message: Message, transfer: TransferRow): boolean =>
  message.digest === transfer.consignment_digest && (!message.envelope || envelopeDigest(message.envelope) === transfer.consignment_digest);

/** The digest of what really stands in an envelope; undefined when it is not one. */
export function envelopeDigest({ boundary, octets }: NonNullable<Message['envelope']>): string | undefined {
  const pieces = readEnvelope(boundary, octets);
  const [manifest, signature, lines] = [pieces?.get('manifest'), pieces?.get('signature'), pieces?.get('lines')];
  const texts = lines && readJson(lines);
  if (!pieces || !manifest || !signature || !texts?.ok || !Array.isArray(texts.value)) return undefined;
  const parts = [...pieces].filter(([name]) => name.startsWith('part-')).map(([name, copy]) => {
    const at = alikeFrom(copy, GATE);
    return { name, digest: sha256(copy.subarray(at)), keys: sha256(copy.subarray(0, at)) };
  });
  return consignmentDigest({ manifestDigest: sha256(manifest), signatureDigest: sha256(signature), lines: texts.value.map((text) => sha256(String(text))), parts });
}
