import type { Tx } from '#platform/database';

/** The chunk in which an octet of a part's encrypted data lies, and where that chunk starts. Reads lengths alone: chunks are not all of one size. */
export async function chunkAt(tx: Tx, { sender, share }: { sender: string; share: string }, part: string, place: number): Promise<{ seq: number; start: number }> {
  const rows: { seq: number; start: string }[] = await tx.query(
    `select seq, start from (
       select seq, sum(octet_length(octets)) over (order by seq) - octet_length(octets) as start from waybill.chunk where sender = $1 and share = $2 and part = $3) c
     where start <= $4 order by seq desc limit 1`,
    [sender, share, part, place],
  );
  return { seq: rows[0]?.seq ?? 0, start: Number(rows[0]?.start ?? 0) };
}

/** All but the first so many octets. */
export async function* without(source: AsyncIterable<Buffer>, octets: number): AsyncGenerator<Buffer> {
  let left = octets;
  for await (const piece of source) {
    if (piece.length > left) yield piece.subarray(left);
    left = Math.max(left - piece.length, 0);
  }
}

/** At most so many octets. */
export async function* between(source: AsyncIterable<Buffer>, octets: number): AsyncGenerator<Buffer> {
  let left = octets;
  for await (const piece of source) {
    yield piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) return;
  }
}

/**
 * Just so many octets. What was announced must come: a reader that is told of more than there is would wait for the rest for ever.
 * @throws Error when there are fewer: they were removed while they were read, or somebody changed them
 */
export async function* exactly(source: AsyncIterable<Buffer>, octets: number): AsyncGenerator<Buffer> {
  let left = octets;
  for await (const piece of source) {
    if (piece.length > left) throw new Error('more octets than were announced');
    left -= piece.length;
    yield piece;
  }
  if (left > 0) throw new Error('fewer octets than were announced');
}
