import { type Clock, DAY } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import type { Agreement } from '#policy/agreement';
import { reviewStanding } from '#policy/reviewing';
import { approversOf, reviewersOf, speakersOf, withNeeds } from '#policy/speaking';
import { tally } from './figures';
import { foundOf, LATE_REVIEW_DAYS, owe } from './lifecycle';
import { approvalsOf, onRecord, statedIn, versionKept, waitingAmong } from './standing';

/** So many days before its review is due those who review an agreement are told: the papers have to be written. */
export const REVIEW_TOLD_DAYS = 60;

/** Looks after every agreement: who is to review it, date it, approve a version or confirm its own needs; and what it comes to in numbers. */
export class Reviews {
  constructor(private readonly rooms: { database: Database; clock: Clock }) {}

  /** @returns how many duties were opened */
  look(): Promise<number> {
    const at = this.rooms.clock.now();
    return this.rooms.database.transaction(async (tx) => {
      // In the order in which they came into force: the last of each is the one.
      const rows: { agreement: string; digest: string }[] = await tx.query(
        `select distinct on (a.agreement) a.agreement, a.digest from waybill.agreement_amendment a where a.in_force_at is not null and exists (select from waybill.membership m where m.agreement = a.agreement and m.status = 'active')
         order by a.agreement, a.in_force_at desc`);
      let opened = 0;
      for (const { digest } of rows) opened += await this.lookAt(tx, await versionKept(tx, digest), at);
      return opened;
    });
  }

  /** Counts anew what happened in this month and the one before; the first time, all that ever did. */
  async count(): Promise<0> {
    const at = this.rooms.clock.now();
    await this.rooms.database.transaction(async (tx) => {
      const [figure]: unknown[] = await tx.query('select from waybill.agreement_figure limit 1');
      await tally(tx, figure ? new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1, 1)) : new Date(0), at);
    });
    return 0;
  }

  private async lookAt(tx: Tx, agreement: Agreement, at: Date): Promise<number> {
    const { voices, versions, statements } = await foundOf(tx, agreement, at);
    const record = onRecord(statements);
    const { state, dueOn } = reviewStanding(agreement, record, at);
    const due = dueOn === undefined ? undefined : new Date(dueOn);
    const soon = due !== undefined && due.getTime() - at.getTime() <= REVIEW_TOLD_DAYS * DAY;
    const dueAt = due !== undefined && due > at ? due : new Date(at.getTime() + LATE_REVIEW_DAYS * DAY);
    const reviewers = speakersOf(agreement, reviewersOf(agreement), voices);
    let opened = 0;
    const each = async (kind: Parameters<typeof owe>[2]['kind'], owners: readonly string[]): Promise<void> => {
      for (const owner of owners) opened += await owe(tx, undefined, { kind, agreement: agreement.id, owner, at, ...(kind === 'review-agreement' && { dueAt }) });
    };
    if (state === 'not-dated') await each('date-agreement', reviewers);
    if (soon) {
      await each('review-agreement', reviewers);
      // Once for each review: whoever has confirmed since the last one is not asked again.
      const confirmed = new Set(statements.filter((row) => row.kind === 'needs-confirmed' && (record.reviewed === undefined || statedIn(row).at.slice(0, 10) > record.reviewed)).map(({ agency }) => agency));
      await each('confirm-needs', withNeeds(agreement, voices).filter((agency) => !confirmed.has(agency)));
    }
    const body = approversOf(agreement);
    for (const { digest, approved_at } of body ? waitingAmong(versions) : []) {
      const given = new Set(approvalsOf(statements, digest).map(({ agency }) => agency));
      if (body && !approved_at) await each('approve-amendment', speakersOf(agreement, body, voices).filter((agency) => !given.has(agency)));
    }
    return opened;
  }
}
