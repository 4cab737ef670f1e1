import { formOf, PART_TYPES } from '#envelope/parts';
import type { Asker, Tx } from '#platform/database';
import { pageOf } from '#platform/pages';
import { Refusal } from '#platform/refusal';
import type { MailboxItem, MailboxPage, TransferOpenedUp } from '#protocol/answers';
import { readManifest } from '#protocol/read';
import { cursorOf, readPlace } from './cursor';
import { Collection, type CollectionRooms, IN_MAILBOX } from './collection';
import { between, chunkAt, without } from './copy-range';
import { leafIn, promised, type Seal } from './drawing';
import type { TransferRow } from './rows';
import { statementsOf } from './statements';

export type MailboxRooms = Seal & CollectionRooms;

/** One part as its recipient collects it. */
export interface PartCopy {
  /** Of the encrypted data: with the wrapped keys, which never change, it stands for these octets and no others. */
  digest: string;
  size: number;
  /** Media type of its form. */
  type: string;
  /** Octets from `from` to before `to`. Collects the transfer. */
  read(from: number, to: number): Promise<AsyncIterable<Buffer>>;
}

/** What lies ready for an agency: its own transfers, the most pressing first. */
export class Mailbox {
  private readonly collection: Collection;

  constructor(private readonly rooms: MailboxRooms) {
    this.collection = new Collection(rooms);
  }

  /** One page. `after` is the `next` of the page before. */
  list(asker: Asker, page: { contact?: string; after?: string; limit: number }): Promise<MailboxPage> {
    return this.rooms.database.as(asker, async (tx) => {
      const [precedence, acceptedAt, id] = readPlace(page.after);
      const rows: (TransferRow & { manifest: Buffer })[] = await tx.query(
        `select t.*, s.manifest from waybill.transfer t join waybill.share s on s.sender = t.sender and s.id = t.share
         where t.recipient = $1 and t.state = any($2) and ($3::text is null or t.contact = $3)
           and (t.precedence, t.accepted_at, t.id) > ($4::smallint, $5::timestamptz, $6::uuid)
         order by t.precedence, t.accepted_at, t.id limit $7`,
        [asker.agency, IN_MAILBOX, page.contact ?? null, precedence, acceptedAt, id, page.limit + 1],
      );
      return pageOf(rows, page.limit, (row) => itemOf(row, row.manifest), (last) => cursorOf(last.precedence, last.accepted_at, last.id));
    });
  }

  /** One transfer with its provenance, its parts and what is needed to verify its sender. @throws Refusal NOT_FOUND */
  read(asker: Asker, id: string): Promise<TransferOpenedUp> {
    return this.rooms.database.as(asker, async (tx) => {
      const { transfer, share } = await this.collection.find(tx, asker, id);
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
        // Signed when it is asked for, with the same words each time: what it promises was due from acceptance on.
        promise: promised(this.rooms, { controller: transfer.recipient_controller, leaf: leafIn(transfer.provenance) }, transfer.accepted_at),
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
      const { share } = await this.collection.find(tx, asker, id);
      return { manifest: share.manifest, signature: share.signature };
    });
  }

  /** The recipient's own lines, each in the octets that the manifest's digest is of. @throws Refusal NOT_FOUND, PAYLOAD_REMOVED */
  lines(asker: Asker, id: string): Promise<string[]> {
    return this.rooms.database.as(asker, async (tx) => {
      const { transfer } = await this.collection.find(tx, asker, id);
      return this.linesOf(tx, transfer);
    });
  }

  /**
   * The recipient's own copy of one part: its wrapped keys and the sealed octets as the sender framed them. The same octets each time,
   * so that a copy whose collection broke off can be gone on with: `read` gives those from one place up to another. Its first octet
   * collects the transfer: from then on the sender cannot recall it.
   * @throws Refusal NOT_FOUND, TRANSFER_HELD, PAYLOAD_REMOVED
   */
  async part(asker: Asker, id: string, name: string): Promise<PartCopy> {
    const { sender, share, keys, part } = await this.rooms.database.as(asker, async (tx) => {
      const { transfer } = await this.collection.find(tx, asker, id);
      const [copy] = await this.collection.keysOf(tx, transfer, name);
      const [part]: { digest: string; size: string }[] = await tx.query('select digest, size from waybill.part where sender = $1 and share = $2 and name = $3', [transfer.sender, transfer.share, name]);
      if (!copy || !part) throw new Refusal({ code: 'PAYLOAD_REMOVED' });
      return { sender: transfer.sender, share: transfer.share, keys: copy.octets, part };
    });
    return {
      digest: part.digest,
      size: keys.length + Number(part.size),
      type: PART_TYPES[formOf(keys)],
      read: async (from, to) => {
        await this.collection.collect(asker, id);
        return between(await this.copyFrom(asker, { sender, share }, { name, keys, from }), to - from);
      },
    };
  }

  /** Everything of the transfer as one `multipart/mixed` body. Collects it. @throws Refusal as `part` does */
  envelope(asker: Asker, id: string, boundary: string): Promise<AsyncIterable<Buffer>> {
    return this.collection.envelope(asker, id, boundary);
  }

  /** The copy from one of its octets on; of the chunks before it none is read. */
  private async copyFrom(asker: Asker, of: { sender: string; share: string }, { name, keys, from }: { name: string; keys: Buffer; from: number }): Promise<AsyncIterable<Buffer>> {
    const place = Math.max(from - keys.length, 0);
    const first = await this.rooms.database.as(asker, (tx) => chunkAt(tx, of, name, place));
    const sealed = this.collection.sealed(asker, of, name, first.seq);
    return (async function* () {
      if (from < keys.length) yield keys.subarray(from);
      yield* without(sealed, place - first.start);
    })();
  }

  private async linesOf(tx: Tx, transfer: TransferRow): Promise<string[]> {
    const rows: { octets: string }[] = await tx.query('select octets from waybill.line where transfer = $1 order by seq', [transfer.id]);
    if (rows.length === 0) throw new Refusal({ code: 'PAYLOAD_REMOVED' });
    return rows.map((row) => row.octets);
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
