import { EXPORT_FORMAT, type ExportHeader, type ExportLine, writeLine } from './export';

/** What a register holds, as it is stored. Each in its own order: leaves by index, nodes by the leaf that completes them, checkpoints by size. */
export interface StoredLog {
  leaves: AsyncIterable<{ index: number; hash: Buffer; octets: Buffer | null }>;
  nodes: AsyncIterable<{ level: number; index: number; hash: Buffer }>;
  checkpoints: AsyncIterable<{ size: number; note: string }>;
}

/**
 * Writes a stored log as an export, line by line. Writes what is there: a row that should not be there, or that is gone,
 * is for the verifier to find.
 */
export async function* writeExport(head: Omit<ExportHeader, 'format'>, stored: StoredLog): AsyncGenerator<string> {
  const counts = { leaves: 0, nodes: 0, checkpoints: 0 };
  const nodes = new Ahead(stored.nodes, ({ level, index }) => (index + 1) * 2 ** level);
  const checkpoints = new Ahead(stored.checkpoints, ({ size }) => size);
  const behind = async function* (leaves: number): AsyncGenerator<ExportLine> {
    for await (const { level, index, hash } of nodes.upTo(leaves)) {
      counts.nodes += 1;
      yield { is: 'node', level, index, hash };
    }
    for await (const { note } of checkpoints.upTo(leaves)) {
      counts.checkpoints += 1;
      yield { is: 'checkpoint', note };
    }
  };

  yield writeLine({ is: 'header', header: { format: EXPORT_FORMAT, ...head } });
  for await (const line of behind(0)) yield writeLine(line);
  for await (const { index, hash, octets } of stored.leaves) {
    counts.leaves += 1;
    yield writeLine({ is: 'leaf', index, leaf: hash, octets });
    for await (const line of behind(index + 1)) yield writeLine(line);
  }
  for await (const line of behind(Infinity)) yield writeLine(line);
  yield writeLine({ is: 'end', ...counts });
}

/** An ordered stream read only as far as asked. */
class Ahead<T> {
  private readonly rows: AsyncIterator<T>;
  private waiting: IteratorResult<T> | undefined;

  constructor(rows: AsyncIterable<T>, private readonly placeOf: (row: T) => number) {
    this.rows = rows[Symbol.asyncIterator]();
  }

  async *upTo(place: number): AsyncGenerator<T> {
    for (;;) {
      this.waiting ??= await this.rows.next();
      if (this.waiting.done || this.placeOf(this.waiting.value) > place) return;
      yield this.waiting.value;
      this.waiting = undefined;
    }
  }
}
