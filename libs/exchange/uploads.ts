import { GateInPieces } from '#envelope/gate-in-pieces';
import type { Clock } from '#platform/clock';
import { HOUR } from '#platform/clock';
import type { Asker, Database, Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { Refusal } from '#platform/refusal';
import { LIMITS } from '#protocol/limits';
import type { UploadTold } from '#protocol/uploads';
import { reasonOf } from './admission';
import { appendOctets, chunkOfUpload } from './upload-chunks';
import { chunksOf } from './payload';

interface UploadRow {
  id: string;
  at_octet: string;
  size: string;
  gate: string | null;
  complete: boolean;
  touched_at: Date;
}

const GATE = { maxOctets: LIMITS.part.value, maxAddressees: LIMITS.addressees.value };
/** Milliseconds. */
const KEPT = LIMITS.uploadKept.value * HOUR;
const COLUMNS = 'id, at_octet, size, gate, complete, touched_at';

/** Sealed parts on their way in, each its agency's own: to every other it does not exist. Kept in rows, so that any gateway goes on with it. */
export class Uploads {
  constructor(private readonly rooms: { database: Database; clock: Clock }) {}

  /** @throws Refusal UPLOADS_FULL */
  begin(asker: Asker): Promise<UploadTold> {
    const at = this.rooms.clock.now();
    return this.rooms.database.as(asker, async (tx) => {
      // Two at once would both find room for one.
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`uploads of ${asker.agency}`]);
      if ((await this.open(tx, at)).count >= LIMITS.uploads.value) throw new Refusal({ code: 'UPLOADS_FULL', facts: { most: LIMITS.uploads.value } });
      const id = uuid7(at.getTime());
      await tx.query('insert into waybill.upload (id, agency, touched_at) values ($1, $2, $3)', [id, asker.agency, at]);
      return { upload: id, offset: 0, complete: false, expires: expiryOf(at) };
    });
  }

  /** @throws Refusal NOT_FOUND */
  async told(asker: Asker, id: string): Promise<UploadTold> {
    return tell(await this.rooms.database.as(asker, (tx) => this.find(tx, id)));
  }

  /** @throws Refusal NOT_FOUND */
  async drop(asker: Asker, id: string): Promise<void> {
    await this.rooms.database.as(asker, async (tx) => {
      await this.find(tx, id);
      await tx.query('delete from waybill.upload where id = $1', [id]);
    });
  }

  /**
   * Appends octets from `offset`. They go through the gate first and are committed as they come: when `source` breaks off, what had come
   * stays. Of two at once one goes on, and the other is told where it stands. What the gate refuses drops the upload.
   * @throws Refusal NOT_FOUND, UPLOAD_OFFSET with the right `offset`, UPLOADS_FULL, or the gate's code; and what `source` throws
   */
  async append(asker: Asker, id: string, offset: number, source: AsyncIterable<Uint8Array>): Promise<UploadTold> {
    let row = await this.rooms.database.as(asker, (tx) => this.find(tx, id));
    if (Number(row.at_octet) !== offset) throw misplaced(row);
    const gate = row.gate === null ? GateInPieces.begun(GATE) : GateInPieces.resumed(GATE, row.gate);
    let waiting: Uint8Array[] = [];
    let [taken, sealed] = [0, 0];
    const commit = async (): Promise<void> => {
      // Before the encrypted data has begun nothing shows that these are not words.
      if (taken === 0 || gate.state === undefined) return;
      row = await this.commit(asker, row, { taken, octets: Buffer.concat(waiting), gate });
      [waiting, taken, sealed] = [[], 0, 0];
    };
    try {
      for await (const piece of source) {
        const step = gate.push(piece);
        if (step.problem) {
          await this.rooms.database.as(asker, (tx) => tx.query('delete from waybill.upload where id = $1', [id]));
          taken = 0;
          throw new Refusal(reasonOf(step.problem));
        }
        taken += piece.length;
        if (step.sealed) {
          sealed += step.sealed.length;
          waiting.push(Buffer.from(step.sealed));
        }
        if (sealed >= roomIn(row)) await commit();
      }
    } catch (error) {
      // A line that breaks each half megabyte gets there, too.
      if (!(error instanceof Refusal)) await commit();
      throw error;
    }
    await commit();
    return tell(row);
  }

  /** A whole part as one message: its wrapped keys and the encrypted data, each chunk read in a transaction of its own. @throws Refusal UPLOAD_NOT_FOUND, UPLOAD_INCOMPLETE */
  async part(asker: Asker, id: string): Promise<AsyncIterable<Uint8Array>> {
    const row = await this.rooms.database.as(asker, (tx) => this.find(tx, id)).catch((error: unknown) => {
      throw error instanceof Refusal ? new Refusal({ code: 'UPLOAD_NOT_FOUND' }) : error;
    });
    const { gate, complete } = row;
    if (!complete || gate === null) throw new Refusal({ code: 'UPLOAD_INCOMPLETE', facts: { offset: Number(row.at_octet) } });
    const read = (seq: number): Promise<Buffer | undefined> => this.rooms.database.as(asker, (tx) => chunkOfUpload(tx, id, seq));
    return (async function* () {
      yield GateInPieces.head(gate);
      yield* chunksOf(read);
    })();
  }

  /** Their share was accepted: they are no more, and the relay takes their octets away. */
  async used(asker: Asker, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.rooms.database.as(asker, (tx) => tx.query('update waybill.upload set used_at = $2 where id = any($1)', [ids, this.rooms.clock.now()]));
  }

  private commit(asker: Asker, row: UploadRow, { taken, octets, gate }: { taken: number; octets: Buffer; gate: GateInPieces }): Promise<UploadRow> {
    const at = this.rooms.clock.now();
    return this.rooms.database.as(asker, async (tx) => {
      const [[moved]]: [UploadRow[], number] = await tx.query(
        `update waybill.upload set at_octet = at_octet + $3, size = size + $4, gate = $5, complete = $6, touched_at = $7
         where id = $1 and at_octet = $2 and used_at is null returning ${COLUMNS}`,
        [row.id, row.at_octet, taken, octets.length, gate.state, gate.complete, at],
      );
      if (!moved) throw misplaced(await this.find(tx, row.id));
      if ((await this.open(tx, at)).octets > LIMITS.uploadOctets.value) throw new Refusal({ code: 'UPLOADS_FULL', facts: { most: LIMITS.uploadOctets.value } });
      await appendOctets(tx, { upload: row.id, agency: asker.agency, from: Number(row.size), octets });
      return moved;
    });
  }

  /** What of the asker's is open, in number and octets. */
  private async open(tx: Tx, at: Date): Promise<{ count: number; octets: number }> {
    const [sums]: { count: number; octets: string }[] = await tx.query(
      'select count(*)::int as count, coalesce(sum(size), 0) as octets from waybill.upload where agency = waybill.agency() and used_at is null and touched_at > $1', [forgottenBefore(at)]);
    return { count: sums?.count ?? 0, octets: Number(sums?.octets ?? 0) };
  }

  private async find(tx: Tx, id: string): Promise<UploadRow> {
    const [row]: UploadRow[] = await tx.query(`select ${COLUMNS} from waybill.upload where id = $1 and used_at is null and touched_at > $2`, [id, forgottenBefore(this.rooms.clock.now())]);
    if (!row) throw new Refusal({ code: 'NOT_FOUND' });
    return row;
  }
}

/** What was last touched before this is no more, whether or not it has been removed yet. */
export const forgottenBefore = (at: Date): Date => new Date(at.getTime() - KEPT);

const expiryOf = (touched: Date): string => new Date(touched.getTime() + KEPT).toISOString();
const tell = (row: UploadRow): UploadTold => ({ upload: row.id, offset: Number(row.at_octet), complete: row.complete, expires: expiryOf(row.touched_at) });
const misplaced = (row: UploadRow): Refusal => new Refusal({ code: 'UPLOAD_OFFSET', facts: { offset: Number(row.at_octet) } });
/** Octets until the last row is full. */
const roomIn = ({ size }: UploadRow): number => LIMITS.chunk.value - (Number(size) % LIMITS.chunk.value);
