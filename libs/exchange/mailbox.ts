import type { Directory } from '#directory/directory';
import type { Clock } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import { Refusal } from '#platform/refusal';
import type { MailboxItem, MailboxPage, TransferOpenedUp } from '#protocol/answers';
import { GRAMMAR, isOnCalendar } from '#protocol/grammar';
import { readManifest } from '#protocol/read';
import type { Register } from '#register/register';
import { writeEvents } from './commit';
import { writeEnvelope } from './consignment';
import { holdRevoked, sealedToRevoked } from './delivery';
import { closeDuties, openDuty } from './duties';
import { from } from './moves';
import { chunkOf, chunksOf, piecesOf } from './payload';
import { recordForBoth } from './recording';
import { ShareRow, TransferRow } from './rows';
import { statementsOf } from './statements';

export interface MailboxRooms {
  database: Database;
  directory: Directory;
  register: Register;
  clock: Clock;
}

/** States in which a transfer lies in a mailbox. */
const IN_MAILBOX = ['available', 'collected'];

interface Opened {
  transfer: TransferRow;
  share: ShareRow;
}

/** What lies ready for an agency: its own transfers, the most pressing first. */
export class Mailbox {
  constructor(private readonly rooms: MailboxRooms) {}

  /** One page. `after` is the `next` of the page before. */
  list(asker: Asker, page: { contact?: string; after?: string; limit: number }): Promise<MailboxPage> {
    return this.rooms.database.as(asker, async (tx) => {
      const [precedence, acceptedAt, id] = readCursor(page.after);
      const rows: (TransferRow & { manifest: Buffer })[] = await tx.query(
        `select t.*, s.manifest from waybill.transfer t join waybill.share s on s.sender = t.sender and s.id = t.share
         where t.recipient = $1 and t.state = any($2) and ($3::text is null or t.contact = $3)
           and (t.precedence, t.accepted_at, t.id) > ($4::smallint, $5::timestamptz, $6::uuid)
         order by t.precedence, t.accepted_at, t.id limit $7`,
        [asker.agency, IN_MAILBOX, page.contact ?? null, precedence, acceptedAt, id, page.limit + 1],
      );
      const shown = rows.slice(0, page.limit);
      const last = shown.at(-1);
      return { items: shown.map((row) => itemOf(row, row.manifest)), ...(rows.length > page.limit && last ? { next: cursorOf(last) } : {}) };
    });
  }

  /** One transfer with its provenance, its parts and what is needed to verify its sender. @throws Refusal NOT_FOUND */
  read(asker: Asker, id: string): Promise<TransferOpenedUp> {
    return this.rooms.database.as(asker, async (tx) => {
      const { transfer, share } = await this.find(tx, asker, id);
      const parts: { name: string; digest: string; size: string }[] = await tx.query(
        `select p.name, p.digest, p.size from waybill.wrapped_key k join waybill.part p on p.sender = k.sender and p.share = k.share and p.name = k.part
         where k.transfer = $1 order by length(p.name), p.name`,
        [id],
      );
      return {
        ...itemOf(transfer, share.manifest),
        agreement: { id: share.agreement, version: share.agreement_version },
        manifestDigest: share.manifest_digest,
        provenance: transfer.provenance,
        promise: transfer.promise,
        parts: parts.map((part) => ({ name: part.name, digest: part.digest, size: Number(part.size), href: `/v1/mailbox/${id}/parts/${part.name}` })),
        signers: await this.rooms.directory.certificates(tx, [transfer.sender], 'sign'),
        payloadUntil: transfer.payload_until.toISOString(),
        statements: await statementsOf(tx, [id]),
      };
    });
  }

  /** The manifest as the sender signed it, and that signature. @throws Refusal NOT_FOUND */
  manifest(asker: Asker, id: string): Promise<{ manifest: Buffer; signature: Buffer }> {
    return this.rooms.database.as(asker, async (tx) => {
      const { share } = await this.find(tx, asker, id);
      return { manifest: share.manifest, signature: share.signature };
    });
  }

  /** The recipient's own lines, each in the octets that the manifest's digest is of. @throws Refusal NOT_FOUND, PAYLOAD_REMOVED */
  lines(asker: Asker, id: string): Promise<string[]> {
    return this.rooms.database.as(asker, async (tx) => {
      const { transfer } = await this.find(tx, asker, id);
      return this.linesOf(tx, transfer);
    });
  }

  /**
   * The recipient's own copy of one part: its wrapped keys and the sealed octets as the sender framed them. Serving the first octet
   * collects the transfer: from then on the sender cannot recall it.
   * @throws Refusal NOT_FOUND, TRANSFER_HELD, PAYLOAD_REMOVED
   */
  async part(asker: Asker, id: string, name: string): Promise<AsyncIterable<Buffer>> {
    const head = await this.rooms.database.as(asker, async (tx) => {
      const { transfer } = await this.find(tx, asker, id);
      const keys = await this.keysOf(tx, transfer, name);
      return { sender: transfer.sender, share: transfer.share, keys: keys[0] as { part: string; octets: Buffer } };
    });
    await this.collect(asker, id);
    return this.copy(asker, head);
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

  private async *copy(asker: Asker, { sender, share, keys }: { sender: string; share: string; keys: { part: string; octets: Buffer } }): AsyncIterable<Buffer> {
    yield keys.octets;
    yield* this.sealed(asker, { sender, share }, keys.part);
  }

  /** A chunk at a time, each in a transaction of its own: a slow reader holds no connection. */
  private sealed(asker: Asker, of: { sender: string; share: string }, part: string): AsyncIterable<Buffer> {
    return chunksOf((seq) => this.rooms.database.as(asker, (tx) => chunkOf(tx, of, part, seq)));
  }

  private async find(tx: Tx, asker: Asker, id: string): Promise<Opened> {
    const transfer = await tx.findOneBy(TransferRow, { id, recipient: asker.agency });
    const share = transfer && transfer.state !== 'queued' && transfer.state !== 'recalled' ? await tx.findOneBy(ShareRow, { sender: transfer.sender, id: transfer.share }) : null;
    if (!transfer || !share) throw new Refusal({ code: 'NOT_FOUND' });
    if (transfer.state === 'held') throw new Refusal({ code: 'TRANSFER_HELD' });
    return { transfer, share };
  }

  private async linesOf(tx: Tx, transfer: TransferRow): Promise<string[]> {
    const rows: { octets: string }[] = await tx.query('select octets from waybill.line where transfer = $1 order by seq', [transfer.id]);
    if (rows.length === 0) throw new Refusal({ code: 'PAYLOAD_REMOVED' });
    return rows.map((row) => row.octets);
  }

  private async keysOf(tx: Tx, transfer: TransferRow, part?: string): Promise<{ part: string; octets: Buffer }[]> {
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
  private async collect(asker: Asker, id: string): Promise<void> {
    const at = this.rooms.clock.now();
    const held = await this.rooms.database.as(asker, async (tx) => {
      const { transfer } = await this.find(tx, asker, id);
      if (await sealedToRevoked(tx, this.rooms.directory, transfer, at)) {
        await holdRevoked(tx, this.rooms.register, transfer, at);
        return true;
      }
      const [, moved]: [unknown, number] = await tx.query(`update waybill.transfer set state = 'collected', collected_at = $2 where id = $1 and state = any($3)`, [id, at, from('collected')]);
      if (moved === 0) {
        // Collected before; or recalled in this very moment, and then nothing is served.
        await this.find(tx, asker, id);
        return false;
      }
      await recordForBoth(tx, this.rooms.register, transfer, { kind: 'share-collected', at, fields: { share: transfer.share, transfer: id, by: transfer.recipient } });
      await writeEvents(tx, [{ transfer: id, kind: 'collected', at }]);
      await closeDuties(tx, id, 'collected', at, ['collect']);
      await openDuty(tx, { kind: 'acknowledge', transfer: id, owner: transfer.recipient, lane: transfer.lane, at });
      return false;
    });
    if (held) throw new Refusal({ code: 'TRANSFER_HELD' });
  }
}

function itemOf(transfer: TransferRow, manifestOctets: Buffer): MailboxItem {
  const reading = readManifest(manifestOctets);
  const manifest = reading.ok ? reading.value : undefined;
  return {
    transfer: transfer.id,
    share: transfer.share,
    sender: { agency: transfer.sender, ...(manifest?.sender.contact ? { contact: manifest.sender.contact } : {}) },
    contact: transfer.contact,
    lane: transfer.lane,
    urgency: manifest?.urgency ?? 'routine',
    ...(manifest?.purpose ? { purpose: manifest.purpose } : {}),
    ...(manifest?.classification ? { classification: manifest.classification } : {}),
    doNotTellSubject: manifest?.handling.doNotTellSubject ?? true,
    state: transfer.state,
    acceptedAt: transfer.accepted_at.toISOString(),
    size: Number(transfer.size),
    links: { self: `/v1/mailbox/${transfer.id}` },
  };
}

const FIRST = [-1, '-infinity', '00000000-0000-0000-0000-000000000000'] as const;

function readCursor(after: string | undefined): readonly [number, string, string] {
  if (after === undefined) return FIRST;
  const [precedence = '', acceptedAt = '', id = ''] = Buffer.from(after, 'base64url').toString('latin1').split('_');
  if (!/^[0-9]$/.test(precedence) || !GRAMMAR.instant.test(acceptedAt) || !isOnCalendar(acceptedAt) || !GRAMMAR.uuid.test(id)) throw new Refusal({ code: 'QUERY_INVALID', pointer: '/after', next: 'Take `after` from the `next` of the page before.' });
  return [Number(precedence), acceptedAt, id];
}

const cursorOf = (row: TransferRow): string => Buffer.from(`${row.precedence}_${row.accepted_at.toISOString()}_${row.id}`).toString('base64url');
