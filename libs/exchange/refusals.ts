import type { Asker, Database, Tx } from '#platform/database';
import type { Clock } from '#platform/clock';
import { uuid7 } from '#platform/ids';
import { insertRows } from '#platform/rows';
import { Refusal, type RefusalReason } from '#platform/refusal';
import type { Kept } from '#policy/kept';
import type { Receipt } from '#protocol/answers';
import { LIMITS } from '#protocol/limits';
import type { Register } from '#register/register';
import { decisionRows } from './commit';
import { countOne } from './counting';
import { earlier, type Known, rememberIfFirst, Repeated } from './earlier';
import { refused } from './entries';
import { linesOf } from './head';

const UNFINISHED = new Set(['MULTIPART_INVALID', 'UPLOAD_INCOMPLETE', 'UPLOAD_NOT_FOUND']);

/** Refused by the agreement, and not because something was no share: on what, can be told. */
export class NotPermitted extends Refusal {
  constructor(reasons: readonly RefusalReason[], readonly decidedOn: () => Promise<Kept>) {
    super(reasons);
  }
}

/** Where refusals are recorded: in the sender's own register, and nowhere else. */
export class Refusals {
  constructor(private readonly rooms: { database: Database; register: Register; clock: Clock }) {}

  /**
   * Does `work`, and when it refuses, records the refusal before passing it on: nothing of the payload is kept, and no proposed
   * recipient's register hears of it. If it cannot be recorded, nothing was decided, and that error is thrown instead. What the same
   * request was answered elsewhere in the meantime is its answer here too: its receipt is `told`, or that refusal thrown.
   */
  async recording<T>(asker: Asker, known: Known, told: (receipt: Receipt) => T, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const receipt = error instanceof Refusal && !(error instanceof Repeated) ? await this.record(asker, known, error) : undefined;
      if (receipt) return told(receipt);
      throw error;
    }
  }

  private async record(asker: Asker, known: Known, refusal: Refusal): Promise<Receipt | undefined> {
    const { head, manifestDigest, idempotencyKey } = known;
    const { clock, database, register } = this.rooms;
    const at = clock.now();
    const kept = refusal instanceof NotPermitted ? await refusal.decidedOn() : undefined;
    const id = head?.manifest.id ?? uuid7(at.getTime());
    const fields = { ...refused(id, manifestDigest, refusal.reasons, head?.manifest, head ? linesOf(head) : []), decidedOn: kept?.digest };
    return database.as(asker, async (tx) => {
      // Whoever floods us with what is no share fills a counter, not its register.
      if (!head && (await countUpload(tx, asker, at)) > LIMITS.malformedPerMinute.value) return undefined;
      const stands = await earlier(tx, asker, known);
      if (stands) return stands;
      // A form that broke off, or whose upload has, is no answer to a share: it may come again, whole.
      const lasts = idempotencyKey !== undefined && !UNFINISHED.has(refusal.code);
      // The same request was answered this very moment: that stands in the register once.
      if (lasts && !(await rememberIfFirst(tx, asker, idempotencyKey, manifestDigest, 422, refusal.reasons))) return earlier(tx, asker, known);
      const [entry] = await register.record(tx, [{ kind: 'share-refused', controller: asker.controller, at, fields }]);
      // Of what the agreement refused; a fault of form says nothing of how the agreement works.
      if (kept && head) await countOne(tx, { agreement: head.manifest.agreement.id, measure: 'refused-shares', codes: refusal.reasons.map(({ code }) => code), at });
      if (kept && entry) await insertRows(tx, [decisionRows([{ agency: asker.agency, id, entry: entry.id, kept }])]);
      return undefined;
    });
  }
}

/** How many uploads of this agency in this minute were no share at all, this one counted. */
async function countUpload(tx: Tx, asker: Asker, at: Date): Promise<number> {
  const rows: { uploads: number }[] = await tx.query(
    `insert into waybill.malformed_upload (agency, minute, uploads) values ($1, date_trunc('minute', $2::timestamptz), 1)
     on conflict (agency, minute) do update set uploads = malformed_upload.uploads + 1 returning uploads`,
    [asker.agency, at],
  );
  return rows[0]?.uploads ?? 1;
}
