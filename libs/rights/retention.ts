import { closeDuties } from '#duties/duties';
import { afterCollision } from '#exchange/collision';
import { requireMet } from '#exchange/entries';
import { loggedOf, operationLogged } from '#exchange/operations';
import { TransferRow } from '#exchange/rows';
import { isKept, keepStated, keptTold, namedIn, readStated, signatureOf, type StatementWithWords, type StatingRooms } from '#exchange/signed-statement';
import type { Asker, Tx } from '#platform/database';
import { pageOf } from '#platform/pages';
import { Refusal } from '#platform/refusal';
import { type Agreement, servedAgreement } from '#policy/agreement';
import { retainingUnmet, REVIEW_MONTHS, type RetentionRule, rulesOf } from '#policy/retention';
import { type RetentionKind, RetentionStated } from '#protocol/retention';
import type { RetentionItem, RetentionPage, RetentionTold } from '#protocol/retention-answers';
import type { NewEntry } from '#register/register';

interface RetentionRow {
  agency: string;
  transfer: string;
  share: string;
  controller: string;
  sender: string;
  sender_controller: string;
  agreement: string;
  what: string;
  months: number | null;
  from_event: string | null;
  indefinite: boolean;
  review_months: number;
  started_on: string | null;
  due_on: string | null;
  review_on: string;
  held_at: Date | null;
  evidence_since: Date | null;
  disposed_at: Date | null;
}

/** Days as they are written. */
const COLUMNS = `agency, transfer, share, controller, sender, sender_controller, agreement, what, months, from_event, indefinite, review_months, started_on::text, due_on::text, review_on::text, held_at, evidence_since, disposed_at`;

/** Of which the originator hears: its own record of the share shows that the copy is gone (RT-03). */
const TOLD_TO_SENDER: readonly RetentionKind[] = ['disposed'];

/** How long each copy that was acknowledged is kept, by whose rule, and that it is gone. */
export class Retention {
  constructor(private readonly rooms: StatingRooms) {}

  /** The asker's copies that are not disposed of: first what has no end yet, then by the day on which it is due. `after` is the `next` of the page before. */
  list(asker: Asker, page: { after?: string; limit: number }): Promise<RetentionPage> {
    return this.rooms.database.as(asker, (tx) => keptBy(tx, asker.agency, page));
  }

  /** One copy of the asker's own, with all that was stated of it. @throws Refusal NOT_FOUND */
  told(asker: Asker, transfer: string): Promise<RetentionTold> {
    return this.rooms.database.as(asker, async (tx) => {
      const row = await ownOf(tx, asker, transfer);
      const statements: { kind: string; at: Date; octets: Buffer; signature: Buffer }[] = await tx.query('select kind, at, octets, signature from waybill.retention_statement where agency = $1 and transfer = $2 order by at, id', [asker.agency, transfer]);
      return { ...itemOf(row), statements: statements.map((each) => ({ kind: each.kind, ...keptTold(each) })) };
    });
  }

  /**
   * Its rule, what started its time, that keeping it is justified, a hold, or that it is gone: signed, and recorded. The very same again changes nothing.
   * @throws Refusal NOT_FOUND, RETENTION_INVALID, STATEMENT_DIFFERS, a gate code of the signature, and every code of `RETAINING`
   */
  state(asker: Asker, transfer: string, sent: StatementWithWords): Promise<RetentionItem> {
    const { database, directory, register, clock, gateway } = this.rooms;
    const at = clock.now();
    return afterCollision(() => database.as(asker, async (tx) => {
      const row = await ownOf(tx, asker, transfer, 'for update');
      const stated = readStated(RetentionStated, sent, { agency: asker.agency, gateway, now: at, invalid: 'RETENTION_INVALID', about: { transfer } });
      if (await isKept(tx, 'retention_statement', stated.id, sent)) return itemOf(row);
      const agreement = servedAgreement(this.rooms.agreements, row.agreement);
      const rule = ruleOf(agreement, row, stated.what);
      requireMet(retainingUnmet({ agreement, stated, rule, held: row.held_at !== null || row.evidence_since !== null, disposed: row.disposed_at !== null, at: at.toISOString() }));
      const signed = await signatureOf(tx, directory, asker, sent, at);
      await keepStated(tx, 'retention_statement', transfer, asker, stated, signed, at);
      await MOVES[stated.kind](tx, row, stated, rule, at);
      const now = await ownOf(tx, asker, transfer);
      const erased = stated.kind === 'disposed' && loggedOf(await tx.findOneByOrFail(TransferRow, { id: transfer }));
      if (erased) await register.record(tx, [operationLogged(row.controller, erased, { operation: 'erasure', at, by: stated.by.contact, role: stated.role })]);
      await register.record(tx, entriesOf(now, stated, { ...namedIn(signed), at }));
      return itemOf(now);
    }), 'STATEMENT_DIFFERS');
  }
}

/** What an agency keeps and has not said to be gone: first what has no end yet, then by the day on which it is due. */
export async function keptBy(tx: Tx, agency: string, { after, limit }: { after?: string; limit: number }): Promise<RetentionPage> {
  const rows: RetentionRow[] = await tx.query(
    `select ${COLUMNS} from waybill.retention r where agency = $1 and disposed_at is null
       and ($2::uuid is null or (coalesce(due_on, '-infinity'::date), transfer) > (select coalesce(a.due_on, '-infinity'::date), a.transfer from waybill.retention a where a.agency = $1 and a.transfer = $2))
     order by coalesce(due_on, '-infinity'::date), transfer limit $3`, [agency, after ?? null, limit + 1]);
  return pageOf(rows, limit, itemOf, ({ transfer }) => transfer);
}

type Move = (tx: Tx, row: RetentionRow, stated: RetentionStated, rule: RetentionRule, at: Date) => Promise<unknown>;

const DUE = `due_told_at = null, due_on = case when indefinite or started_on is null or months is null then null else (started_on + make_interval(months => months))::date end`;
/** The day follows from rule and start, whichever came last. */
const settle = (tx: Tx, { agency, transfer }: RetentionRow): Promise<unknown> => tx.query(`update waybill.retention set ${DUE} where agency = $1 and transfer = $2`, [agency, transfer]);
const close = (tx: Tx, { transfer, agency }: RetentionRow, because: string, at: Date, kinds: ('dispose-copy' | 'still-justified')[]): Promise<void> => closeDuties(tx, { transfer, owner: agency }, { because, at }, kinds);

const MOVES: Record<RetentionKind, Move> = {
  ruled: async (tx, row, stated, rule, at) => {
    const { months, from } = rule.fixed ? rule : { months: stated.months, from: stated.event ?? row.from_event ?? 'received' };
    await tx.query(
      `update waybill.retention set what = $3, months = $4, from_event = $5, indefinite = $6, review_months = $7, started_on = case when $5 = from_event then started_on end,
         review_on = ($8::date + make_interval(months => $7::integer))::date where agency = $1 and transfer = $2`,
      [row.agency, row.transfer, rule.what, months ?? null, from ?? 'received', stated.indefinite === true, stated.reviewMonths ?? REVIEW_MONTHS, at]);
    await settle(tx, row);
  },
  started: async (tx, row, { on }) => {
    await tx.query('update waybill.retention set started_on = $3 where agency = $1 and transfer = $2', [row.agency, row.transfer, on]);
    await settle(tx, row);
  },
  justified: async (tx, row, _stated, _rule, at) => {
    await tx.query('update waybill.retention set review_on = ($3::date + make_interval(months => review_months))::date where agency = $1 and transfer = $2', [row.agency, row.transfer, at]);
    await close(tx, row, 'justified', at, ['still-justified']);
  },
  held: async (tx, row, _stated, _rule, at) => {
    await tx.query('update waybill.retention set held_at = $3 where agency = $1 and transfer = $2', [row.agency, row.transfer, at]);
    await close(tx, row, 'held', at, ['dispose-copy']);
  },
  lifted: async (tx, row) => {
    await tx.query('update waybill.retention set held_at = null, due_told_at = null where agency = $1 and transfer = $2', [row.agency, row.transfer]);
  },
  disposed: async (tx, row, _stated, _rule, at) => {
    await tx.query('update waybill.retention set disposed_at = $3 where agency = $1 and transfer = $2', [row.agency, row.transfer, at]);
    await close(tx, row, 'disposed', at, ['dispose-copy', 'still-justified']);
  },
};

/** As it stands; as another of the agreement's kinds, where one is named. */
function ruleOf(agreement: Agreement, { what, months, from_event }: RetentionRow, named: string | undefined): RetentionRule {
  const rule = rulesOf(agreement).find((each) => each.what === (named ?? what));
  if (named !== undefined && rule) return rule;
  return { what, ...(months !== null && { months }), from: from_event ?? 'received', fixed: rule?.fixed ?? false, startFixed: rule?.startFixed ?? false };
}

function entriesOf(row: RetentionRow, stated: RetentionStated, { statement, signer, at }: { statement: string; signer: string; at: Date }): NewEntry[] {
  const { share, transfer } = row;
  const common = { share, transfer, statement, signer, by: row.agency, contact: stated.by.contact, role: stated.role };
  const own: NewEntry = {
    kind: 'retention-stated', controller: row.controller, at,
    fields: { ...common, stated: stated.kind, what: row.what, months: row.months ?? undefined, from: row.from_event ?? undefined, indefinite: row.indefinite || undefined, reason: stated.reason, on: stated.on, method: stated.method, dueOn: row.due_on ?? undefined, reviewOn: row.review_on },
  };
  const gone: NewEntry = { kind: 'copy-disposed', controller: row.sender_controller, at, fields: { ...common, method: stated.method ?? '', on: stated.on ?? '' } };
  return TOLD_TO_SENDER.includes(stated.kind) ? [own, gone] : [own];
}

/** @throws Refusal NOT_FOUND for whoever does not keep a copy of it */
async function ownOf(tx: Tx, { agency }: Asker, transfer: string, locked: '' | 'for update' = ''): Promise<RetentionRow> {
  const [row]: RetentionRow[] = await tx.query(`select ${COLUMNS} from waybill.retention where agency = $1 and transfer = $2 ${locked}`, [agency, transfer]);
  if (!row) throw new Refusal({ code: 'NOT_FOUND' });
  return row;
}

const itemOf = (row: RetentionRow): RetentionItem => ({
  transfer: row.transfer, share: row.share, sender: row.sender, agreement: row.agreement, what: row.what,
  ...(row.months !== null && { months: row.months }), ...(row.from_event !== null && { from: row.from_event }), ...(row.indefinite && { indefinite: true }),
  ...(row.started_on !== null && { startedOn: row.started_on }), ...(row.due_on !== null && { dueOn: row.due_on }), reviewOn: row.review_on,
  ...((row.held_at ?? row.evidence_since) && { heldAt: (row.held_at ?? row.evidence_since)?.toISOString() as string }), ...(row.disposed_at && { disposedAt: row.disposed_at.toISOString() }),
});
