import type { Database, Tx } from '#platform/database';
import { uuids } from '#platform/arrays';
import { prepared } from '#platform/rows';
import { type Lane, LANES } from './lanes';
import { BATCH, DELIVERY_LIMIT } from './message';

/** A row of the outbox as it is handed over or published. */
export interface Due {
  id: string;
  transfer: string;
  lane: Lane;
  attempt: number;
}

/** A consumer that has not finished within this has died: its messages go to another. */
const LEASE_MS = 30_000;

const COLUMNS = 'id, transfer, lane, attempt';
const WAITING = 'parked_reason is null and due_at <= clock_timestamp() and (leased_until is null or leased_until < clock_timestamp())';

/** The rows of accepted transfers whose message is not done with. Whichever transport carries messages, these are the truth. */
export class Outbox {
  constructor(private readonly database: Database) {}

  /**
   * Lends the next batch of the most pressing of these lanes, in the order of acceptance. One that was handed over before goes alone:
   * should it be what ended its consumer, it takes no other with it, and after the limit it is not handed over again.
   */
  lend(lanes: readonly Lane[], leaseMs: number = LEASE_MS): Promise<(Due & { spent: boolean })[]> {
    return this.rows<Due & { spent: boolean; seq: string }>(
      `with first as (
         select o.lane, o.attempt > 0 as again from unnest($1::text[]) with ordinality as l (lane, n)
         cross join lateral (select lane, attempt from waybill.outbox where lane = l.lane and ${WAITING} order by seq limit 1) o order by l.n limit 1),
       due as (
         select o.id from waybill.outbox o, first where ${WAITING} and o.lane = first.lane and (o.attempt > 0) = first.again
         order by o.seq limit (select case when again then 1 else ${BATCH} end from first) for update of o skip locked)
       update waybill.outbox o set attempt = o.attempt + 1, leased_until = clock_timestamp() + make_interval(secs => $2)
       from due where o.id = due.id returning o.id, o.transfer, o.lane, o.attempt, o.attempt > ${DELIVERY_LIMIT} as spent, o.seq`,
      [lanes, leaseMs / 1_000],
    );
  }

  /** Locks what is due and not published, the most pressing first, until the end of `tx`: two relays never publish the same row at once. */
  publishable(tx: Tx): Promise<Due[]> {
    return prepared(tx, `select ${COLUMNS} from waybill.outbox where published_at is null and ${WAITING} order by precedence, seq limit ${BATCH} for update skip locked`, []);
  }

  /** Marks what the broker has confirmed. A mark that a crash takes back is a message published twice: nobody waits for the disk. */
  async published(tx: Tx, ids: readonly string[]): Promise<void> {
    await prepared(
      tx,
      `update waybill.outbox set published_at = clock_timestamp(), attempt = attempt + 1
       from (select set_config('synchronous_commit', 'off', true)) as unhurried where id = any($1)`,
      [uuids(ids).octets],
    );
  }

  /** One more hand-over that came to nothing. */
  async counted(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.query('update waybill.outbox set attempt = attempt + 1 where id = any($1)', [ids]);
  }

  /** Rows with nothing left to carry: their transfers are no more. */
  async drop(tx: Tx, ids: readonly string[]): Promise<void> {
    await tx.query('delete from waybill.outbox where id = any($1)', [ids]);
  }

  /** Comes again after so long. On a broker that means: is published again. */
  async again(tx: Tx, ids: readonly string[], ms: number): Promise<void> {
    await tx.query(
      `update waybill.outbox set leased_until = null, published_at = null, due_at = clock_timestamp() + make_interval(secs => $2) where id = any($1) and parked_reason is null`,
      [ids, ms / 1_000],
    );
  }

  /** Sets a row aside. False when it is gone, or was set aside before: whoever is told of it is told once. */
  async park(tx: Tx, id: string, reason: string): Promise<boolean> {
    const [, parked]: [unknown, number] = await tx.query(
      `update waybill.outbox set parked_reason = $2, parked_at = clock_timestamp(), leased_until = null, published_at = null where id = $1 and parked_reason is null`,
      [id, reason],
    );
    return parked > 0;
  }

  /**
   * Finds what a broker was given long ago and no longer has, and lets it be published again: the oldest of each lane. `ready` is how
   * many messages the broker says wait there, asked before this; the rest of what was published is lost or in a consumer's hand, and
   * what is in hand is handed over twice without harm.
   */
  async missing(lane: Lane, ready: number, sinceMs: number): Promise<number> {
    const [, found]: [unknown, number] = await this.database.source.query(
      `update waybill.outbox set published_at = null, attempt = greatest(attempt - 1, 0) where id in (
         select id from waybill.outbox where lane = $1 and parked_reason is null and published_at < clock_timestamp() - make_interval(secs => $3)
         order by seq limit greatest((select count(*) from waybill.outbox where lane = $1 and parked_reason is null and published_at is not null) - $2, 0)
         for update skip locked)`,
      [lane, ready, sinceMs / 1_000],
    );
    return found;
  }

  private async rows<T extends { seq: string }>(sql: string, values: unknown[]): Promise<T[]> {
    const [rows]: [T[], number] = await this.database.source.query(sql, values);
    return rows.sort((a, b) => Number(BigInt(a.seq) - BigInt(b.seq)));
  }
}

/** What is told of a lane: counts, codes and ages only. */
export interface LaneTold {
  lane: Lane;
  waiting: number;
  published: number;
  /** The instant since which the oldest waits to be done with. */
  oldest: string | undefined;
  parked: { transfer: string; reason: string; since: string | undefined; attempts: number }[];
}

/** Rows told one by one: enough for a screen; the count says how many there are. */
const MOST_PARKED = 200;

export async function lanesTold(tx: Tx): Promise<LaneTold[]> {
  const counts: { lane: Lane; waiting: number; published: number; oldest: Date | null }[] = await tx.query(
    `select lane, (count(*) filter (where published_at is null))::int as waiting, (count(*) filter (where published_at is not null))::int as published, min(due_at) as oldest
     from waybill.outbox where parked_reason is null group by lane`,
  );
  const parked: { lane: Lane; transfer: string; parked_reason: string; parked_at: Date | null; attempt: number }[] = await tx.query(
    `select lane, transfer, parked_reason, parked_at, attempt from waybill.outbox where parked_reason is not null order by precedence, seq limit ${MOST_PARKED}`,
  );
  return LANES.map((lane) => {
    const found = counts.find((each) => each.lane === lane);
    return {
      lane,
      waiting: found?.waiting ?? 0,
      published: found?.published ?? 0,
      oldest: found?.oldest?.toISOString(),
      parked: parked.filter((row) => row.lane === lane).map((row) => ({ transfer: row.transfer, reason: row.parked_reason, since: row.parked_at?.toISOString(), attempts: row.attempt })),
    };
  });
}

export type Replayed = { transfer: string } | { lane: Lane } | 'all';

/** Takes up again what was set aside, as if for the first time, and says which transfers those are. */
export async function replay(tx: Tx, which: Replayed): Promise<string[]> {
  const [column, value] = which === 'all' ? ['true', null] : 'lane' in which ? ['lane', which.lane] : ['transfer::text', which.transfer];
  const [rows]: [{ transfer: string }[], number] = await tx.query(
    `update waybill.outbox set parked_reason = null, parked_at = null, attempt = 0, leased_until = null, published_at = null, due_at = clock_timestamp()
     where parked_reason is not null and ${column === 'true' ? '$1::text is null' : `${column} = $1`} returning transfer`,
    [value],
  );
  if (rows.length > 0) await tx.query(`select pg_notify('waybill_outbox', '')`);
  return rows.map((row) => row.transfer);
}
