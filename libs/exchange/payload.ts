import { formOf, PART_TYPES } from '#envelope/parts';
import type { Tx } from '#platform/database';
import { random } from '#platform/random';
import { prepared } from '#platform/rows';
import { LIMITS } from '#protocol/limits';
import type { Filling } from '#queue/message';
import { envelopeOf, type EnvelopePiece } from '#protocol/envelope';
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

/** Of a share, only the first of its transfers carries what is the same for all: it is long. */
type Carried = Pick<TransferRow, 'id' | 'sender' | 'share' | 'consignment_digest' | 'provenance' | 'payload_until'> & { [of in 'manifest' | 'signature']: Buffer | null };

/**
 * What many transfers put into their messages, with one question a table: the sealed envelope up to the limit, above it the digest alone.
 * Transfers that are no more are absent.
 */
export async function fillingsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, Filling>> {
  const transfers: Carried[] = await prepared(
    tx,
    `select id, sender, share, consignment_digest, provenance, payload_until, case nth when 1 then manifest end as manifest, case nth when 1 then signature end as signature
     from (select t.*, s.manifest, s.signature, row_number() over (partition by t.sender, t.share) as nth
       from waybill.transfer t join waybill.share s on s.sender = t.sender and s.id = t.share where t.id = any($1)) as carried`,
    [ids],
  );
  const shares = new Map(transfers.flatMap(({ sender, share, manifest, signature }) => (manifest && signature ? [[`${sender} ${share}`, { manifest, signature }] as const] : [])));
  const [lines, copies] = [await linesOf(tx, ids), await copiesOf(tx, ids)];
  const held = transfers.flatMap((transfer) => {
    const share = shares.get(`${transfer.sender} ${transfer.share}`);
    if (!share) return [];
    const of: Held = { ...share, lines: lines.get(transfer.id) ?? [], copies: copies.get(transfer.id) ?? [] };
    const front = frontOf(of);
    return [{ transfer, of, front, inline: [...front, ...of.copies.map((copy) => copyPiece(copy, []))].reduce((sum, { size }) => sum + size, 0) <= LIMITS.inlineEnvelope.value }];
  });
  const chunks = await chunksFor(tx, held.filter(({ inline }) => inline).flatMap(({ transfer, of }) => of.copies.map(({ part }) => ({ ...transfer, part }))));
  return new Map(held.map(({ transfer, of, front, inline }): [string, Filling] => {
    const filling = { digest: transfer.consignment_digest, provenance: transfer.provenance, until: transfer.payload_until };
    if (!inline) return [transfer.id, filling];
    const boundary = random(16).toString('hex');
    const copied = of.copies.map((copy) => copyPiece(copy, [copy.octets, ...(chunks.get(keyOf({ ...transfer, part: copy.part })) ?? [])]));
    return [transfer.id, { ...filling, envelope: { boundary, octets: envelopeOf(boundary, [...front, ...copied]) } }];
  }));
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

const pieces = (held: Held, sealed: (part: string) => AsyncIterable<Buffer>): EnvelopePiece[] => [...frontOf(held), ...held.copies.map((copy) => copyPiece(copy, after(copy.octets, sealed(copy.part))))];

/** What stands before the copies. */
const frontOf = ({ manifest, signature, lines }: Held) => [
  whole('manifest', 'application/json', manifest),
  whole('signature', 'application/pgp-signature', signature),
  whole('lines', 'application/json', Buffer.from(JSON.stringify(lines))),
];

const whole = (name: string, type: string, octets: Buffer) => ({ name, type, size: octets.length, octets: [octets] });
const copyPiece = <O>({ part, octets: keys, size }: Held['copies'][number], octets: O) => ({ name: part, type: PART_TYPES[formOf(keys)], size: keys.length + Number(size), octets });

async function* after(head: Buffer, rest: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  yield head;
  yield* rest;
}
