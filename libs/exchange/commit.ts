import { randomUUID } from 'node:crypto';
import type { Addressee } from '#envelope/gate';
import { bigints, flags, instants, integers, octets, smallints, texts, uuids, wordLists } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { insertRows, type Rows } from '#platform/rows';
import type { Telling } from '#policy/decision';
import type { Kept } from '#policy/kept';
import type { RecordedAs } from '#policy/recorded-as';
import type { Receipt } from '#protocol/answers';
import { dutyRows, type NewDuty } from '#duties/duties';
import type { Copy } from './admission';
import type { Head } from './head';
import type { TransferState } from './moves';
import { type NewAnswer, type NewRequest, requestRows } from './requests';
import { type Lane, PRECEDENCE } from './rows';
import type { SpooledPart } from './spool';

/** One recipient's transfer, ready to be written. */
export interface NewTransfer {
  id: string;
  recipient: { agency: string; contact: string };
  recipientController: string;
  route: 'mailbox' | 'mail';
  /** It may go over a hop that holds no TLS. */
  weakHop: boolean;
  /** In an emergency a weaker way was taken, which is to be reported. */
  weaker: boolean;
  lane: Lane;
  /** It goes on while its agreement is suspended. */
  throughSuspension: boolean;
  /** Of an information request: from when on it counts as unanswered. */
  requestDueAt: Date | undefined;
  recordedAs: RecordedAs;
  provenance: string;
  consignmentDigest: string;
  size: number;
  payloadUntil: Date;
  /** Days after which its recipient is reminded where nothing presses, as the agreement has them. */
  remindOnDays: readonly number[];
  /** What it holds. */
  categories: readonly string[];
  /** Texts of its own lines. */
  lines: string[];
  copies: readonly Copy[];
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
  /** What it was decided on. */
  kept: Kept;
  /** The information request that it answers, and what of it. */
  answers?: NewAnswer;
  /** Whose approval was not waited for, and on what ground: it is told at once. */
  tells?: { originator: string; grounds: readonly Telling[] };
}

/**
 * The rows of accepted shares: state, ciphertext (`writeSpilled` wrote what lies on disk) and outbox. What the decision struck off has
 * none at all: a part that nobody receives leaves no octet behind.
 */
export function rowsOf(shares: readonly NewShare[]): Rows[] {
  const asking = shares.flatMap(requestsIn);
  const transfers = shares.flatMap((share) => share.transfers.map((transfer) => ({ ...transfer, of: share, share: share.head.manifest.id })));
  const lines = transfers.flatMap(({ id, lines: own }) => own.map((octets, seq) => ({ transfer: id, seq, octets })));
  return [
    {
      into: 'waybill.share',
      columns: {
        sender: texts(shares.map(({ sender }) => sender.agency)), id: uuids(shares.map(({ head }) => head.manifest.id)), controller: texts(shares.map(({ sender }) => sender.controller)),
        manifest_digest: texts(shares.map(({ head }) => head.manifestDigest)), manifest: octets(shares.map(({ head }) => head.manifestOctets)), signature: octets(shares.map(({ signature }) => signature)),
        signer: texts(shares.map(({ signer }) => signer)), signer_certificate: octets(shares.map(({ signerCertificate }) => signerCertificate)),
        agreement: texts(shares.map(({ head }) => head.manifest.agreement.id)), agreement_version: texts(shares.map(({ head }) => head.manifest.agreement.version)),
        urgency: texts(shares.map(({ head }) => head.manifest.urgency)), accepted_at: instants(shares.map(({ acceptedAt }) => acceptedAt)), previous: uuids(shares.map(({ head }) => head.manifest.threads?.previous ?? null)), receipt: texts(shares.map(({ receipt }) => JSON.stringify(receipt))),
      },
    },
    {
      into: 'waybill.transfer',
      columns: {
        id: uuids(transfers.map(({ id }) => id)), sender: texts(transfers.map(({ of }) => of.sender.agency)), share: uuids(transfers.map(({ share }) => share)),
        recipient: texts(transfers.map(({ recipient }) => recipient.agency)), contact: texts(transfers.map(({ recipient }) => recipient.contact)),
        sender_controller: texts(transfers.map(({ of }) => of.sender.controller)), recipient_controller: texts(transfers.map(({ recipientController }) => recipientController)),
        route: texts(transfers.map(({ route }) => route)), weak_hop: flags(transfers.map(({ weakHop }) => weakHop)), through_suspension: flags(transfers.map(({ throughSuspension }) => throughSuspension)), lane: texts(transfers.map(({ lane }) => lane)), precedence: smallints(transfers.map(({ lane }) => PRECEDENCE[lane])), state: texts(transfers.map(() => 'queued' satisfies TransferState)),
        controllership: texts(transfers.map(({ recordedAs }) => recordedAs.controllership)), both_record: flags(transfers.map(({ recordedAs }) => recordedAs.bothSides)),
        logged_because: texts(transfers.map(({ recordedAs }) => recordedAs.logs?.because ?? null)), logged_justified: flags(transfers.map(({ recordedAs }) => recordedAs.logs?.justified ?? false)),
        provenance: texts(transfers.map(({ provenance }) => provenance)), consignment_digest: texts(transfers.map(({ consignmentDigest }) => consignmentDigest)),
        categories: wordLists(transfers.map(({ categories }) => categories)), size: bigints(transfers.map(({ size }) => size)), payload_until: instants(transfers.map(({ payloadUntil }) => payloadUntil)), accepted_at: instants(transfers.map(({ of }) => of.acceptedAt)),
      },
    },
    // Only where something is asked: of other shares the statement stays as it is.
    ...(asking.length > 0 ? [requestRows(asking)] : []),
    { into: 'waybill.line', columns: { transfer: uuids(lines.map(({ transfer }) => transfer)), seq: integers(lines.map(({ seq }) => seq)), octets: texts(lines.map((line) => line.octets)) } },
    ...payloadRows(shares),
    {
      into: 'waybill.outbox',
      columns: {
        id: uuids(transfers.map(() => randomUUID())), kind: texts(transfers.map(() => 'transfer.due')), transfer: uuids(transfers.map(({ id }) => id)),
        lane: texts(transfers.map(({ lane }) => lane)), precedence: smallints(transfers.map(({ lane }) => PRECEDENCE[lane])),
      },
    },
    eventRows(transfers.map(({ id, of }) => ({ transfer: id, kind: 'accepted', at: of.acceptedAt }))),
    decisionRows(shares.map(({ sender, head, receipt, kept }) => ({ agency: sender.agency, id: head.manifest.id, entry: receipt.register.entry, kept }))),
    // From acceptance, not from delivery: a courier that stands still stops no clock.
    dutyRows(transfers.flatMap(({ id, recipient, route, weaker, lane, of, remindOnDays, requestDueAt }) => {
      const at = of.acceptedAt;
      const about = { transfer: id };
      const arrive: NewDuty = { kind: route === 'mail' ? 'acknowledge' : 'collect', about, owner: recipient.agency, contact: recipient.contact, other: of.sender.agency, lane, at, remindOnDays };
      const asked: NewDuty[] = of.head.manifest.asks ? [{ kind: 'answer-request', about: { request: id }, owner: recipient.agency, contact: recipient.contact, other: of.sender.agency, lane, at, ...(requestDueAt && { dueAt: requestDueAt }) }] : [];
      return weaker ? [...asked, arrive, { kind: 'report-weaker-way', about, owner: of.sender.agency, other: recipient.agency, lane, at }] : [...asked, arrive];
    })),
  ];
}

/** What a share asks of each of its recipients. */
const requestsIn = ({ sender, head: { manifest }, transfers, acceptedAt }: NewShare): NewRequest[] => (manifest.asks === undefined ? [] : transfers.map(({ id, recipient, recipientController, lane, requestDueAt }) => ({
  transfer: id, share: manifest.id, requester: { ...sender, contact: manifest.sender.contact }, holder: { ...recipient, controller: recipientController }, manifest, lane, at: acceptedAt, dueAt: requestDueAt,
})));

/** What decisions were made on, each beside the entry that names its digest. */
export const decisionRows = (decisions: readonly { agency: string; id: string; entry: string; kept: Kept }[]): Rows => ({
  into: 'waybill.decision',
  columns: {
    agency: texts(decisions.map(({ agency }) => agency)), id: uuids(decisions.map(({ id }) => id)), entry: uuids(decisions.map(({ entry }) => entry)),
    digest: texts(decisions.map(({ kept }) => kept.digest)), octets: octets(decisions.map(({ kept }) => kept.octets)),
  },
});

/** Tells whoever waits for the outbox that there is something in it. */
export const RINGING = `pg_notify('waybill_outbox', '')`;

/** Writes what lies on disk, which takes as long as it is large: before anything is locked. */
export async function writeSpilled(tx: Tx, share: NewShare): Promise<void> {
  for (const { part, ...of } of sentParts(share)) {
    if (part.octets) continue;
    let seq = 0;
    for await (const chunk of part.chunks()) await insertRows(tx, [chunkRows([{ ...of, seq: seq++, octets: chunk }])]);
  }
}

/** The parts that somebody receives. */
function sentParts({ sender, head, transfers, parts }: NewShare): { sender: string; share: string; name: string; part: SpooledPart }[] {
  const given = new Set(transfers.flatMap((transfer) => transfer.copies.map((copy) => copy.part)));
  return [...parts].filter(([name]) => given.has(name)).map(([name, part]) => ({ sender: sender.agency, share: head.manifest.id, name, part }));
}

function payloadRows(shares: readonly NewShare[]): Rows[] {
  const copies = shares.flatMap(({ sender, head, transfers }) => transfers.flatMap((transfer) => transfer.copies.map((copy) => ({
    transfer: transfer.id, sender: sender.agency, share: head.manifest.id, part: copy.part, octets: Buffer.from(copy.head), keys: copy.keys,
  }))));
  const sent = shares.flatMap(sentParts);
  return [
    {
      into: 'waybill.part',
      columns: {
        sender: texts(sent.map(({ sender }) => sender)), share: uuids(sent.map(({ share }) => share)), name: texts(sent.map(({ name }) => name)),
        digest: texts(sent.map(({ part }) => part.digest)), size: bigints(sent.map(({ part }) => part.size)),
      },
    },
    chunkRows(sent.flatMap(({ part, ...of }) => (part.octets ? [{ ...of, seq: 0, octets: part.octets }] : []))),
    {
      into: 'waybill.wrapped_key',
      columns: {
        transfer: uuids(copies.map((copy) => copy.transfer)), sender: texts(copies.map((copy) => copy.sender)), share: uuids(copies.map((copy) => copy.share)),
        part: texts(copies.map((copy) => copy.part)), octets: octets(copies.map((copy) => copy.octets)), keys: wordLists(copies.map((copy) => copy.keys)),
      },
    },
  ];
}

const chunkRows = (chunks: readonly { sender: string; share: string; name: string; seq: number; octets: Buffer }[]): Rows => ({
  into: 'waybill.chunk',
  columns: {
    sender: texts(chunks.map((chunk) => chunk.sender)), share: uuids(chunks.map((chunk) => chunk.share)), part: texts(chunks.map((chunk) => chunk.name)),
    seq: integers(chunks.map((chunk) => chunk.seq)), octets: octets(chunks.map((chunk) => chunk.octets)),
  },
});

/** Key ID or fingerprint under which an addressee is looked up. */
export const addresseeKey = (addressee: Addressee): string => addressee.keyId ?? addressee.fingerprint ?? '';

export interface NewEvent {
  transfer: string;
  kind: string;
  at: Date;
  detail?: string;
}

/** What the two sides see happen to a transfer. Codes only. */
export async function writeEvents(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  if (events.length > 0) await insertRows(tx, [eventRows(events)]);
}

const eventRows = (events: readonly NewEvent[]): Rows => ({
  into: 'waybill.event',
  columns: {
    transfer: uuids(events.map((event) => event.transfer)), at: instants(events.map((event) => event.at)),
    kind: texts(events.map((event) => event.kind)), detail: texts(events.map((event) => event.detail ?? null)),
  },
});
