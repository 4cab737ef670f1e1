import { closeDuties, openDuty } from '#duties/duties';
import type { DutyKind } from '#duties/kinds';
import { MINUTE } from '#platform/clock';
import type { Tx } from '#platform/database';
import { writeEvents } from '#exchange/commit';
import { ofSender } from '#exchange/owing';
import { PRECEDENCE, type TransferRow } from '#exchange/rows';
import type { UpkeepRooms } from '#exchange/upkeep';
import { type Agreement, term } from '#policy/agreement';
import { speakersOf } from '#policy/speaking';
import type { Post } from '#policy/vocabulary/roles';
import type { Lane } from '#queue/lanes';
import { MOST } from '#register/entry-fields';
import { voicesOf } from './standing';

/** So long may what presses most wait in the queue before that is a disruption: where everything works it is there within ten seconds, and its recipient has a quarter of an hour to read it. */
export const EMERGENCY_DISRUPTED_MS = 2 * MINUTE;
/** The same of what is urgent: it is to be read within the hour. */
export const URGENT_DISRUPTED_MS = 10 * MINUTE;
/** The same of the rest: nobody has to read it before the next day. */
export const ROUTINE_DISRUPTED_MS = 60 * MINUTE;

const AFTER_MS: Record<Lane, number> = { breach: EMERGENCY_DISRUPTED_MS, emergency: EMERGENCY_DISRUPTED_MS, priority: URGENT_DISRUPTED_MS, urgent: URGENT_DISRUPTED_MS, routine: ROUTINE_DISRUPTED_MS };

/** Transfers handled in one transaction. */
const BATCH = 100;

const HANDLE = 'handle-disruption' satisfies DutyKind;
const DELAYED = 'delivery-delayed' satisfies DutyKind;

/** What waits too long for its lane. Whatever was suspended waited for another reason, and counts from when it was resumed. */
const LATE = `from waybill.transfer t join waybill.share s on s.sender = t.sender and s.id = t.share join unnest($2::text[], $3::timestamptz[]) as bound (lane, since) on bound.lane = t.lane
  where t.state = 'queued' and s.agreement = $1
    and t.accepted_at <= bound.since and not exists (select from waybill.duty w where w.transfer = t.id and w.kind = 'not-delivered' and w.closed_because = 'resumed' and w.closed_at > bound.since)`;

/**
 * An outage or a backlog under an agreement that says who deals with one (SU-05): whoever looks after the agreement has it as a duty, in the lane of what presses
 * most, and in its register what waits and for whom; each sender is told that its share is not there yet, with the number to ring. It ends when nothing waits.
 */
export class Disruptions {
  constructor(private readonly rooms: UpkeepRooms & { agreements: ReadonlyMap<string, Agreement> }) {}

  /** @returns how much was found */
  async look(): Promise<number> {
    let found = 0;
    for (const agreement of this.rooms.agreements.values()) {
      const handler = term(agreement, 'disruption.handler');
      if (handler) found += await this.lookAt(agreement, handler);
    }
    return found;
  }

  private lookAt(terms: Agreement, handler: Post): Promise<number> {
    return this.rooms.database.transaction(async (tx) => {
      const [at, agreement] = [this.rooms.clock.now(), terms.id];
      const late = [agreement, Object.keys(AFTER_MS), Object.values(AFTER_MS).map((ms) => new Date(at.getTime() - ms))];
      const waiting: Pick<TransferRow, 'id' | 'lane' | 'recipient'>[] = await tx.query(`select t.id, t.lane, t.recipient ${LATE} order by t.precedence, t.accepted_at, t.id limit ${MOST.codes}`, late);
      const [first] = waiting;
      if (first) await this.raise(tx, { terms, handler, waiting, lane: first.lane, at });
      else await this.end(tx, agreement, at);
      return (await tellSenders(tx, late, at)) + (await closeArrived(tx, agreement, at));
    });
  }

  /** Once; anew when something waits that presses more than what it was raised for. */
  private async raise(tx: Tx, { terms, handler, waiting, lane, at }: { terms: Agreement; handler: Post; waiting: Pick<TransferRow, 'id' | 'lane' | 'recipient'>[]; lane: Lane; at: Date }): Promise<void> {
    const agreement = terms.id;
    const open = await openOf(tx, agreement);
    for (const owner of speakersOf(terms, 'partnership', await voicesOf(tx, agreement, at))) {
      const standing = open.find((duty) => duty.owner === owner);
      if (standing && PRECEDENCE[standing.lane] <= PRECEDENCE[lane]) continue;
      if (standing) await closeDuties(tx, { agreement, owner }, { because: 'presses-more', at }, [HANDLE]);
      await openDuty(tx, { kind: HANDLE, about: { agreement }, owner, other: owner, role: handler, lane, at });
      await this.rooms.register.record(tx, [{
        kind: 'disruption-raised', controller: await controllerOf(tx, owner), at,
        fields: { agreement, lane, transfers: waiting.map(({ id }) => id), recipients: [...new Set(waiting.map(({ recipient }) => recipient))].sort() },
      }]);
    }
  }

  private async end(tx: Tx, agreement: string, at: Date): Promise<void> {
    for (const { owner } of await openOf(tx, agreement)) {
      await closeDuties(tx, { agreement, owner }, { because: 'over', at }, [HANDLE]);
      await this.rooms.register.record(tx, [{ kind: 'disruption-ended', controller: await controllerOf(tx, owner), at, fields: { agreement } }]);
    }
  }
}

const openOf = (tx: Tx, agreement: string): Promise<{ owner: string; lane: Lane }[]> => tx.query('select owner, lane from waybill.duty where agreement = $1 and kind = $2 and closed_at is null', [agreement, HANDLE]);

async function controllerOf(tx: Tx, agency: string): Promise<string> {
  const [row]: { controller: string }[] = await tx.query('select controller from waybill.agency where id = $1', [agency]);
  return row?.controller ?? agency;
}

/** Each sender, once about each transfer. */
async function tellSenders(tx: Tx, late: readonly unknown[], at: Date): Promise<number> {
  const rows: TransferRow[] = await tx.query(
    `select t.* ${LATE} and not exists (select from waybill.duty d where d.transfer = t.id and d.kind = '${DELAYED}') order by t.precedence, t.accepted_at, t.id limit ${BATCH} for update of t skip locked`, [...late]);
  for (const transfer of rows) await openDuty(tx, ofSender(DELAYED, transfer, at));
  await writeEvents(tx, rows.map(({ id }) => ({ transfer: id, kind: 'delayed', at })));
  return rows.length;
}

/** Whatever has left the queue its sender need not look after any more; what became of it otherwise has a duty of its own. */
async function closeArrived(tx: Tx, agreement: string, at: Date): Promise<number> {
  const rows: { id: string; state: string }[] = await tx.query(
    `select t.id, t.state from waybill.duty d join waybill.transfer t on t.id = d.transfer join waybill.share s on s.sender = t.sender and s.id = t.share
     where d.kind = '${DELAYED}' and d.closed_at is null and s.agreement = $1 and t.state <> 'queued' limit ${BATCH}`, [agreement]);
  for (const { id, state } of rows) await closeDuties(tx, { transfer: id }, { because: state, at }, [DELAYED]);
  return rows.length;
}
