import type { Asker, Database, Tx } from '#platform/database';
import { pageOf } from '#platform/pages';
import { Refusal } from '#platform/refusal';
import { sha256 } from '#protocol/digest';
import { afterCollision } from './collision';
import { answered, type Known, rememberIfFirst, Repeated } from './earlier';

/** What an agency signed about its own doing, as it is kept. */
export interface OwnRecord {
  id: string;
  digest: string;
  octets: Buffer;
  signature: Buffer;
  signer: { fingerprint: string; certificate: Uint8Array };
  /** Sealed by the agency to itself. */
  words?: Uint8Array | undefined;
  at: Date;
}

export interface OwnRow {
  id: string;
  octets: Buffer;
  signature: Buffer;
  words: boolean;
  receipt: string;
}

const RECORDED = 201;

/** Signed records of one kind, which their agency alone reads: each is recorded once, and answered with its receipt ever after. */
export class OwnRecords<R> {
  /** @param reused code for another record under the same id */
  constructor(private readonly database: Database, private readonly table: 'not_shared' | 'disclosure' | 'rights_request', private readonly reused: string) {}

  /** Does the work of recording, or gives the receipt of the very same. A refusal is repeated under its Idempotency-Key. @throws Refusal */
  async once(asker: Asker, { octets, idempotencyKey }: { octets: Buffer; idempotencyKey?: string | undefined }, work: (digest: string) => Promise<R>): Promise<R> {
    const digest = sha256(octets);
    const known: Known = { manifestDigest: digest, ...(idempotencyKey ? { idempotencyKey } : {}) };
    try {
      return await afterCollision(async () => (await this.database.as(asker, (tx) => this.before(tx, asker, known))) ?? work(digest));
    } catch (error) {
      if (error instanceof Refusal && !(error instanceof Repeated) && idempotencyKey) await this.database.as(asker, (tx) => rememberIfFirst(tx, asker, idempotencyKey, digest, 422, error.reasons));
      throw error;
    }
  }

  /** The very same, recorded since it was looked for, is met when it is kept, and found when that is tried again. @throws Refusal when another has the id */
  async requireFreshId(tx: Tx, asker: Asker, { id, digest }: Pick<OwnRecord, 'id' | 'digest'>): Promise<void> {
    const others: unknown[] = await tx.query(`select from waybill.${this.table} where agency = $1 and id = $2 and digest <> $3`, [asker.agency, id, digest]);
    if (others.length > 0) throw new Refusal({ code: this.reused, pointer: '/id' });
  }

  /** Keeps a record with its receipt. `more`: columns that its table has besides. @throws Repeated when something else was answered under the key */
  async keep(tx: Tx, asker: Asker, record: OwnRecord, receipt: R, idempotencyKey: string | undefined, more: Readonly<Record<string, string | Date>> = {}): Promise<void> {
    const { id, digest, octets, signature, signer, words, at } = record;
    const row = {
      agency: asker.agency, id, controller: asker.controller, digest, octets, signature, signer: signer.fingerprint, signer_certificate: Buffer.from(signer.certificate), words: words ?? null, at, receipt: JSON.stringify(receipt), ...more,
    };
    const columns = Object.keys(row);
    await tx.query(`insert into waybill.${this.table} (${columns.join(', ')}) values (${columns.map((_, i) => `$${i + 1}`).join(', ')})`, Object.values(row));
    if (idempotencyKey && !(await rememberIfFirst(tx, asker, idempotencyKey, digest, RECORDED, receipt))) throw new Repeated({ code: 'IDEMPOTENCY_KEY_REUSED' });
  }

  /** The asker's own, the oldest first. `after` is the `next` of the page before. */
  page<T>(asker: Asker, page: { after?: string; limit: number }, told: (row: { id: string; octets: Buffer; receipt: R }) => T): Promise<{ items: T[]; next?: string }> {
    return this.database.as(asker, async (tx) => {
      const rows: { id: string; octets: Buffer; receipt: string }[] = await tx.query(
        `select id, octets, receipt from waybill.${this.table} where agency = $1 and ($2::uuid is null or id > $2) order by id limit $3`, [asker.agency, page.after ?? null, page.limit + 1]);
      return pageOf(rows, page.limit, (row) => told({ ...row, receipt: JSON.parse(row.receipt) as R }), ({ id }) => id);
    });
  }

  async found(tx: Tx, asker: Asker, id: string): Promise<OwnRow | undefined> {
    const [row]: OwnRow[] = await tx.query(`select id, octets, signature, words is not null as words, receipt from waybill.${this.table} where agency = $1 and id = $2`, [asker.agency, id]);
    return row;
  }

  /** The words of a record, as they were sealed. @throws Refusal NOT_FOUND */
  words(asker: Asker, id: string): Promise<Buffer> {
    return this.database.as(asker, async (tx) => {
      const [row]: { words: Buffer | null }[] = await tx.query(`select words from waybill.${this.table} where agency = $1 and id = $2`, [asker.agency, id]);
      if (!row?.words) throw new Refusal({ code: 'NOT_FOUND' });
      return row.words;
    });
  }

  private async before(tx: Tx, asker: Asker, known: Known): Promise<R | undefined> {
    const answer = await answered<R>(tx, asker, known);
    if (answer) return answer;
    const [row]: { receipt: string }[] = await tx.query(`select receipt from waybill.${this.table} where agency = $1 and digest = $2`, [asker.agency, known.manifestDigest]);
    if (!row) return undefined;
    const receipt = JSON.parse(row.receipt) as R;
    if (known.idempotencyKey) await rememberIfFirst(tx, asker, known.idempotencyKey, known.manifestDigest, RECORDED, receipt);
    return receipt;
  }
}
