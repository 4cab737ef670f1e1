import type { Tx } from '#platform/database';
import type { EnvelopePiece } from './consignment';
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

/** The pieces of one transfer's envelope: manifest, signature, its lines, its copies. `sealed` streams a part's encrypted-data packet. */
export async function piecesOf(tx: Tx, transfer: TransferRow, sealed: (part: string) => AsyncIterable<Buffer>): Promise<EnvelopePiece[]> {
  const share = await tx.findOneByOrFail(ShareRow, { sender: transfer.sender, id: transfer.share });
  const lines: { octets: string }[] = await tx.query('select octets from waybill.line where transfer = $1 order by seq', [transfer.id]);
  const copies: { part: string; octets: Buffer; size: string }[] = await tx.query(
    `select k.part, k.octets, p.size from waybill.wrapped_key k join waybill.part p on p.sender = k.sender and p.share = k.share and p.name = k.part
     where k.transfer = $1 order by length(k.part), k.part`,
    [transfer.id],
  );
  const texts = Buffer.from(JSON.stringify(lines.map((line) => line.octets)));
  return [
    whole('manifest', 'application/json', share.manifest),
    whole('signature', 'application/pgp-signature', share.signature),
    whole('lines', 'application/json', texts),
    ...copies.map((copy) => ({ name: copy.part, type: 'application/pgp-encrypted', size: copy.octets.length + Number(copy.size), octets: after(copy.octets, sealed(copy.part)) })),
  ];
}

const whole = (name: string, type: string, octets: Buffer): EnvelopePiece => ({ name, type, size: octets.length, octets: [octets] });

async function* after(head: Buffer, rest: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  yield head;
  yield* rest;
}
