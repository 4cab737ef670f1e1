import type { Tx } from '#platform/database';
import { LIMITS } from '#protocol/limits';

const CHUNK = LIMITS.chunk.value;

/**
 * Writes octets behind the `from` that are there, in rows of exactly a chunk but for the last, which is filled first: however small the
 * pieces in which a part comes, it has no more rows than another.
 */
export async function appendOctets(tx: Tx, { upload, agency, from, octets }: { upload: string; agency: string; from: number; octets: Buffer }): Promise<void> {
  for (let at = 0; at < octets.length; ) {
    const place = from + at;
    const piece = octets.subarray(at, at + CHUNK - (place % CHUNK));
    await tx.query(
      `insert into waybill.upload_chunk (upload, seq, agency, octets) values ($1, $2, $3, $4)
       on conflict (upload, seq) do update set octets = upload_chunk.octets || excluded.octets`,
      [upload, Math.floor(place / CHUNK), agency, piece],
    );
    at += piece.length;
  }
}

/** One chunk; undefined past the last. */
export async function chunkOfUpload(tx: Tx, upload: string, seq: number): Promise<Buffer | undefined> {
  const rows: { octets: Buffer }[] = await tx.query('select octets from waybill.upload_chunk where upload = $1 and seq = $2', [upload, seq]);
  return rows[0]?.octets;
}
