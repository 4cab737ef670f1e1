import { randomUUID } from 'node:crypto';
import type { Addressee } from '#envelope/gate';
import { cutHead } from '#envelope/cutting';
import type { Tx } from '#platform/database';
import type { Receipt } from '#protocol/answers';
import { openDuty } from './duties';
import type { Head } from './head';
import { type Lane, PRECEDENCE } from './rows';
import type { SpooledPart } from './spool';

/** One recipient's transfer, ready to be written. */
export interface NewTransfer {
  id: string;
  recipient: { agency: string; contact: string };
  recipientController: string;
  lane: Lane;
  provenance: string;
  promise: string;
  consignmentDigest: string;
  size: number;
  payloadUntil: Date;
  /** Days after which its recipient is reminded where nothing presses, as the agreement has them. */
  remindOnDays: readonly number[];
  /** Texts of its own lines. */
  lines: string[];
  copies: { part: string; addressees: Addressee[] }[];
}

export interface NewShare {
  sender: { agency: string; controller: string };
  head: Head;
  signature: Buffer;
  signer: string;
  signerCertificate: Uint8Array;
  acceptedAt: Date;
  receipt: Receipt;
  transfers: NewTransfer[];
  parts: Map<string, SpooledPart>;
}

/**
 * Writes an accepted share: state, ciphertext and outbox, in the caller's transaction beside the register's entries.
 * What the decision struck off is not written at all: a part that nobody receives leaves no octet behind.
 */
export async function writeShare(tx: Tx, share: NewShare): Promise<void> {
  const { sender, head, transfers } = share;
  const id = head.manifest.id;
  await tx.query(
    `insert into waybill.share (sender, id, controller, manifest_digest, manifest, signature, signer, signer_certificate, agreement, agreement_version, urgency, accepted_at, receipt)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [sender.agency, id, sender.controller, head.manifestDigest, head.manifestOctets, share.signature, share.signer, Buffer.from(share.signerCertificate),
      head.manifest.agreement.id, head.manifest.agreement.version, head.manifest.urgency, share.acceptedAt, JSON.stringify(share.receipt)],
  );
  await tx.query(
    `insert into waybill.transfer (id, sender, share, recipient, contact, sender_controller, recipient_controller, lane, precedence, state, provenance, promise, consignment_digest, size, payload_until, accepted_at)
     select id, $1, $2, recipient, contact, $3, controller, lane, precedence, 'queued', provenance, promise, digest, size, until, $4
     from unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::smallint[], $11::text[], $12::text[], $13::text[], $14::bigint[], $15::timestamptz[])
       as t (id, recipient, contact, controller, lane, precedence, provenance, promise, digest, size, until)`,
    [sender.agency, id, sender.controller, share.acceptedAt,
      transfers.map((t) => t.id), transfers.map((t) => t.recipient.agency), transfers.map((t) => t.recipient.contact), transfers.map((t) => t.recipientController),
      transfers.map((t) => t.lane), transfers.map((t) => PRECEDENCE[t.lane]), transfers.map((t) => t.provenance), transfers.map((t) => t.promise),
      transfers.map((t) => t.consignmentDigest), transfers.map((t) => t.size), transfers.map((t) => t.payloadUntil)],
  );
  const lines = transfers.flatMap((t) => t.lines.map((octets, seq) => ({ transfer: t.id, seq, octets })));
  await tx.query(
    'insert into waybill.line (transfer, seq, octets) select * from unnest($1::uuid[], $2::int[], $3::text[])',
    [lines.map((line) => line.transfer), lines.map((line) => line.seq), lines.map((line) => line.octets)],
  );
  await writePayload(tx, share);
  await tx.query(
    `insert into waybill.outbox (id, kind, transfer, lane, precedence)
     select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::smallint[])`,
    [transfers.map(() => randomUUID()), transfers.map(() => 'transfer.due'), transfers.map((t) => t.id), transfers.map((t) => t.lane), transfers.map((t) => PRECEDENCE[t.lane])],
  );
  await writeEvents(tx, transfers.map((t) => ({ transfer: t.id, kind: 'accepted', at: share.acceptedAt })));
  // From acceptance, not from delivery: a courier that stands still stops no clock.
  for (const t of transfers) await openDuty(tx, { kind: 'collect', transfer: t.id, owner: t.recipient.agency, lane: t.lane, at: share.acceptedAt, remindOnDays: t.remindOnDays });
  await tx.query(`select pg_notify('waybill_outbox', '')`);
}

async function writePayload(tx: Tx, { sender, head, transfers, parts }: NewShare): Promise<void> {
  const id = head.manifest.id;
  const copies = transfers.flatMap((t) => t.copies.map((copy) => ({ transfer: t.id, part: copy.part, octets: Buffer.from(cutHead(copy.addressees)), keys: copy.addressees.map(keyOf) })));
  const sent = [...parts].filter(([name]) => copies.some((copy) => copy.part === name));
  await tx.query(
    'insert into waybill.part (sender, share, name, digest, size) select $1, $2, * from unnest($3::text[], $4::text[], $5::bigint[])',
    [sender.agency, id, sent.map(([name]) => name), sent.map(([, part]) => part.digest), sent.map(([, part]) => part.size)],
  );
  for (const [name, part] of sent) {
    let seq = 0;
    for await (const octets of part.chunks()) {
      await tx.query('insert into waybill.chunk (sender, share, part, seq, octets) values ($1, $2, $3, $4, $5)', [sender.agency, id, name, seq++, octets]);
    }
  }
  for (const copy of copies) {
    await tx.query('insert into waybill.wrapped_key (transfer, sender, share, part, octets, keys) values ($1, $2, $3, $4, $5, $6)', [copy.transfer, sender.agency, id, copy.part, copy.octets, copy.keys]);
  }
}

export const keyOf = (addressee: Addressee): string => addressee.keyId ?? addressee.fingerprint ?? '';

export interface NewEvent {
  transfer: string;
  kind: string;
  at: Date;
  detail?: string;
}

/** What the two sides see happen to a transfer. Codes only. */
export async function writeEvents(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  await tx.query(
    'insert into waybill.event (transfer, at, kind, detail) select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[])',
    [events.map((event) => event.transfer), events.map((event) => event.at), events.map((event) => event.kind), events.map((event) => event.detail ?? null)],
  );
}
