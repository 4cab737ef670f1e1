import { randomBytes } from 'node:crypto';
import type { Directory } from '#directory/directory';
import type { Clock } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { readJson } from '#protocol/json';
import { LIMITS } from '#protocol/limits';
import type { Message, Outcome } from '#queue/message';
import type { Register } from '#register/register';
import { writeEvents } from './commit';
import { consignmentDigest, readEnvelope, writeEnvelope } from './consignment';
import { closeDuties, openDuty } from './duties';
import { sha256 } from './head';
import { from } from './moves';
import { chunkOf, chunksOf, piecesOf } from './payload';
import { recordForBoth } from './recording';
import { TransferRow } from './rows';

export interface DeliveryRooms {
  database: Database;
  directory: Directory;
  register: Register;
  clock: Clock;
}

/** What the courier does with a transfer that is due. */
export class Delivery {
  constructor(private readonly rooms: DeliveryRooms) {}

  /** The sealed envelope of a transfer as a message carries it: inline up to the limit, above it the digest alone stands for it. */
  async envelopeOf(id: string): Promise<Pick<Message, 'digest' | 'envelope'> | undefined> {
    return this.rooms.database.transaction(async (tx) => {
      const transfer = await tx.findOneBy(TransferRow, { id });
      if (!transfer) return undefined;
      const pieces = await piecesOf(tx, transfer, (part) => chunksOf((seq) => chunkOf(tx, transfer, part, seq)));
      const size = pieces.reduce((sum, piece) => sum + piece.size, 0);
      if (size > LIMITS.inlineEnvelope.value) return { digest: transfer.consignment_digest };
      const boundary = randomBytes(16).toString('hex');
      const octets: Buffer[] = [];
      for await (const piece of writeEnvelope(boundary, pieces)) octets.push(piece);
      return { digest: transfer.consignment_digest, envelope: { boundary, octets: Buffer.concat(octets) } };
    });
  }

  /**
   * Lays a transfer into the recipient's mailbox. The queue may hand us a message twice: the move happens once.
   * An envelope that is not the one that was accepted parks the message and moves nothing.
   */
  deliver(message: Message): Promise<Outcome> {
    return this.rooms.database.transaction(async (tx) => {
      const transfer = await tx.findOneBy(TransferRow, { id: message.transfer });
      if (!transfer || transfer.state !== 'queued') return 'done';
      if (message.digest !== transfer.consignment_digest || (message.envelope && envelopeDigest(message.envelope) !== transfer.consignment_digest)) return { park: 'digest-mismatch' };
      const at = this.rooms.clock.now();
      if (await sealedToRevoked(tx, this.rooms.directory, transfer, at)) await holdRevoked(tx, this.rooms.register, transfer, at);
      else await this.available(tx, transfer, at);
      return 'done';
    });
  }

  /** Shows the sender that a message could not be delivered and waits for a person to look at it (CH-13). */
  setAside(transfer: string, code: string): Promise<void> {
    return this.rooms.database.transaction((tx) => writeEvents(tx, [{ transfer, kind: 'set-aside', at: this.rooms.clock.now(), detail: code }]));
  }

  private async available(tx: Tx, transfer: TransferRow, at: Date): Promise<void> {
    const [, moved]: [unknown, number] = await tx.query(`update waybill.transfer set state = 'available', available_at = $2 where id = $1 and state = any($3)`, [transfer.id, at, from('available')]);
    if (moved === 0) return;
    await writeEvents(tx, [{ transfer: transfer.id, kind: 'available', at }]);
  }
}

/** Whether any key that the transfer is sealed to was revoked since. */
export async function sealedToRevoked(tx: Tx, directory: Directory, transfer: TransferRow, at: Date): Promise<boolean> {
  const rows: { keys: string[] }[] = await tx.query('select keys from waybill.wrapped_key where transfer = $1', [transfer.id]);
  return (await directory.revoked(tx, [...new Set(rows.flatMap((row) => row.keys))], at)).length > 0;
}

/** A key revoked since acceptance: the transfer is held, both registers say so, and the sender is asked to seal it again. */
export async function holdRevoked(tx: Tx, register: Register, transfer: TransferRow, at: Date): Promise<void> {
  const [, moved]: [unknown, number] = await tx.query(`update waybill.transfer set state = 'held', hold_reason = 'key-revoked' where id = $1 and state = any($2)`, [transfer.id, from('held')]);
  if (moved === 0) return;
  const fields = { share: transfer.share, transfer: transfer.id, reason: 'key-revoked' };
  await recordForBoth(tx, register, transfer, { kind: 'share-held', at, fields });
  await writeEvents(tx, [{ transfer: transfer.id, kind: 'held', at, detail: 'key-revoked' }]);
  await closeDuties(tx, transfer.id, 'held', at, ['collect']);
  await openDuty(tx, { kind: 'seal-again', transfer: transfer.id, owner: transfer.sender, lane: transfer.lane, at });
}

/** The digest of what really stands in an envelope; undefined when it is not one. */
export function envelopeDigest({ boundary, octets }: NonNullable<Message['envelope']>): string | undefined {
  const pieces = readEnvelope(boundary, octets);
  const [manifest, signature, lines] = [pieces?.get('manifest'), pieces?.get('signature'), pieces?.get('lines')];
  const texts = lines && readJson(lines);
  if (!pieces || !manifest || !signature || !texts?.ok || !Array.isArray(texts.value)) return undefined;
  const parts = [...pieces].filter(([name]) => name.startsWith('part-')).map(([name, copy]) => {
    const at = sealedAt(copy);
    return { name, digest: sha256(copy.subarray(at)), keys: sha256(copy.subarray(0, at)) };
  });
  return consignmentDigest({ manifestDigest: sha256(manifest), signatureDigest: sha256(signature), lines: texts.value.map((text) => sha256(String(text))), parts });
}

/** Where the encrypted-data packet begins in a copy of ours: past the wrapped keys, whose packets have definite lengths. */
function sealedAt(copy: Buffer): number {
  for (let at = 0; at < copy.length; ) {
    const tag = copy[at] as number;
    const isNew = (tag & 0x40) !== 0;
    if ((isNew ? tag & 0x3f : (tag & 0x3c) >> 2) !== 1) return at;
    at += isNew ? newLength(copy, at + 1) : oldLength(copy, at, tag & 0x03);
  }
  return copy.length;
}

/** RFC 9580, 4.2.1: whole size of a packet with a new-format length at `at`, tag octet included. */
function newLength(copy: Buffer, at: number): number {
  const first = copy[at] ?? 0;
  if (first < 192) return 2 + first;
  if (first < 224) return 3 + ((first - 192) << 8) + (copy[at + 1] ?? 0) + 192;
  return 6 + copy.readUInt32BE(at + 1);
}

/** RFC 9580, 4.2.2. */
function oldLength(copy: Buffer, at: number, type: number): number {
  if (type === 0) return 2 + (copy[at + 1] ?? 0);
  if (type === 1) return 3 + copy.readUInt16BE(at + 1);
  return 5 + copy.readUInt32BE(at + 1);
}

