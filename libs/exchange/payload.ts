import { randomBytes } from 'node:crypto';
import { formOf, PART_TYPES } from '#envelope/parts';
import type { Tx } from '#platform/database';
import { prepared } from '#platform/rows';
import { LIMITS } from '#protocol/limits';
import type { Filling } from '#queue/message';
import { type EnvelopePiece, writeEnvelope } from './consignment';
import { ShareRow, type TransferRow } from './rows';

interface Of {
  sender: string;
  share: string;
}

/** One chunk of a sealed part; undefined past the last. */
export async function chunkOf(tx: Tx, { sender, share }: Of, part: string, seq: number): Promise<Buffer | undefined> {
  const rows: { octets: Buffer }[] = await tx.query('select octets from waybill.chunk where sender = $1 and share = $2 and part = $3 and seq = $4', [sender, share, part, seq]);
  return rows[0]?.octets;
}

export async function* chunksOf(read: (seq: number) => Promise<Buffer | undefined>): AsyncIterable<Buffer> {
  for (let seq = 0; ; seq++) {
    const octets = await read(seq);
    if (!octets) return;
    yield octets;
  }
}

/** What stands of a transfer in rows, but for the encrypted data. */
interface Held {
  manifest: Buffer;
  signature: Buffer;
  lines: readonly string[];
  copies: readonly { part: string; octets: Buffer; size: string }[];
}

/** The pieces of one transfer's envelope: manifest, signature, its lines, its copies. `sealed` streams a part's encrypted-data packet. */
export async function piecesOf(tx: Tx, transfer: TransferRow, sealed: (part: string) => AsyncIterable<Buffer>): Promise<EnvelopePiece[]> {
  const share = await tx.findOneByOrFail(ShareRow, { sender: transfer.sender, id: transfer.share });
  const [lines, copies] = [await linesOf(tx, [transfer.id]), await copiesOf(tx, [transfer.id])];
  return pieces({ manifest: share.manifest, signature: share.signature, lines: lines.get(transfer.id) ?? [], copies: copies.get(transfer.id) ?? [] }, sealed);
}

type Carried = Pick<TransferRow, 'id' | 'sender' | 'share' | 'consignment_digest' | 'provenance' | 'payload_until'> & Pick<ShareRow, 'manifest' | 'signature'>;

/**
 * What many transfers put into their messages, with one question a table: the sealed envelope up to the limit, above it the digest alone.
 * Transfers that are no more are absent.
 */
export async function fillingsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, Filling>> {
  const transfers: Carried[] = await prepared(
    tx,
    `select t.id, t.sender, t.share, t.consignment_digest, t.provenance, t.payload_until, s.manifest, s.signature
     from waybill.transfer t join waybill.share s on s.sender = t.sender and s.id = t.share where t.id = any($1)`,
    [ids],
  );
  const [lines, copies] = [await linesOf(tx, ids), await copiesOf(tx, ids)];
  const held = transfers.map((transfer) => {
    const of: Held = { manifest: transfer.manifest, signature: transfer.signature, lines: lines.get(transfer.id) ?? [], copies: copies.get(transfer.id) ?? [] };
    return { transfer, of, inline: pieces(of, nothing).reduce((sum, piece) => sum + piece.size, 0) <= LIMITS.inlineEnvelope.value };
  });
  const chunks = await chunksFor(tx, held.filter(({ inline }) => inline).flatMap(({ transfer, of }) => of.copies.map(({ part }) => ({ ...transfer, part }))));
  const fillings = held.map(async ({ transfer, of, inline }): Promise<[string, Filling]> => {
    const filling = { digest: transfer.consignment_digest, provenance: transfer.provenance, until: transfer.payload_until };
    if (!inline) return [transfer.id, filling];
    const boundary = randomBytes(16).toString('hex');
    const octets: Buffer[] = [];
    for await (const piece of writeEnvelope(boundary, pieces(of, (part) => chunks.get(keyOf({ ...transfer, part })) ?? []))) octets.push(piece);
    return [transfer.id, { ...filling, envelope: { boundary, octets: Buffer.concat(octets) } }];
  });
  return new Map(await Promise.all(fillings));
}

async function linesOf(tx: Tx, transfers: readonly string[]): Promise<Map<string, string[]>> {
  const rows: { transfer: string; octets: string }[] = await prepared(tx, 'select transfer, octets from waybill.line where transfer = any($1) order by transfer, seq', [transfers]);
  return new Map([...Map.groupBy(rows, (row) => row.transfer)].map(([transfer, own]) => [transfer, own.map((row) => row.octets)]));
}

function copiesOf(tx: Tx, transfers: readonly string[]): Promise<Map<string, { transfer: string; part: string; octets: Buffer; size: string }[]>> {
  return prepared<{ transfer: string; part: string; octets: Buffer; size: string }>(
    tx,
    `select k.transfer, k.part, k.octets, p.size from waybill.wrapped_key k join waybill.part p on p.sender = k.sender and p.share = k.share and p.name = k.part
     where k.transfer = any($1) order by k.transfer, length(k.part), k.part`,
    [transfers],
  ).then((rows: { transfer: string; part: string; octets: Buffer; size: string }[]) => Map.groupBy(rows, (row) => row.transfer));
}

/** The octets of small parts, each read once however many transfers carry it. */
async function chunksFor(tx: Tx, parts: readonly (Of & { part: string })[]): Promise<Map<string, Buffer[]>> {
  const wanted = [...new Map(parts.map((part) => [keyOf(part), part])).values()];
  if (wanted.length === 0) return new Map();
  const rows: { sender: string; share: string; part: string; octets: Buffer }[] = await prepared(
    tx,
    `select c.sender, c.share, c.part, c.octets from unnest($1::text[], $2::uuid[], $3::text[]) as w (sender, share, part)
     join waybill.chunk c on c.sender = w.sender and c.share = w.share and c.part = w.part order by c.sender, c.share, c.part, c.seq`,
    [wanted.map((part) => part.sender), wanted.map((part) => part.share), wanted.map((part) => part.part)],
  );
  return new Map([...Map.groupBy(rows, keyOf)].map(([key, own]) => [key, own.map((row) => row.octets)]));
}

const keyOf = ({ sender, share, part }: Of & { part: string }): string => `${sender} ${share} ${part}`;

function pieces({ manifest, signature, lines, copies }: Held, sealed: (part: string) => AsyncIterable<Buffer> | Iterable<Buffer>): EnvelopePiece[] {
  return [
    whole('manifest', 'application/json', manifest),
    whole('signature', 'application/pgp-signature', signature),
    whole('lines', 'application/json', Buffer.from(JSON.stringify(lines))),
    ...copies.map((copy) => ({ name: copy.part, type: PART_TYPES[formOf(copy.octets)], size: copy.octets.length + Number(copy.size), octets: after(copy.octets, sealed(copy.part)) })),
  ];
}

const nothing = (): Buffer[] => [];
const whole = (name: string, type: string, octets: Buffer): EnvelopePiece => ({ name, type, size: octets.length, octets: [octets] });

async function* after(head: Buffer, rest: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncIterable<Buffer> {
  yield head;
  yield* rest;
}
