import { bigints, integers, octets, texts, uuids } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { prepared } from '#platform/rows';
import type { Checkpoint } from './checkpoint';
import { append, cover, type Node } from './merkle';
import { loadNodes } from './stored-log';

export interface Integrated {
  /** Entries that now stand in their logs. */
  entries: number;
  /** One for each log that grew; to publish, and to send to the controller's DPO. */
  checkpoints: { controller: string; size: number; note: string }[];
  /** When the oldest of these entries was recorded: how far the relay is behind. */
  oldest?: Date;
}

interface Log {
  controller: string;
  origin: string;
  size: string;
}

interface Pending {
  controller: string;
  entry: string;
  leaf: Buffer;
  recordedAt: Date;
}

/** Logs in one batch; with more, the next batch takes them. */
const MOST_LOGS = 500;

/**
 * Gives waiting entries their place in their logs, signs a checkpoint for each log that grew, and takes the entries off the list: all of it
 * when `tx` commits, or none of it. Ten statements for any number of entries and controllers; what one entry costs does not grow with its log.
 *
 * Two relays may run it at once: a log is one relay's until it commits, the other passes it over. `seq` numbers may become visible out of
 * order; an entry that appears late is taken by the next batch, because what is waiting is read from the list and not from a position in it.
 * `tx` must be READ COMMITTED, so that what the last relay did to a log is seen once the log is ours.
 */
export async function integrate(tx: Tx, { batch, sign, at }: { batch: number; sign: (checkpoint: Checkpoint) => string | Promise<string>; at: Date }): Promise<Integrated> {
  const logs = await lockWaitingLogs(tx, Math.min(batch, MOST_LOGS));
  if (logs.length === 0) return { entries: 0, checkpoints: [] };
  const waiting = await readPending(tx, logs, Math.max(1, Math.floor(batch / logs.length)));
  const pending = Map.groupBy(waiting, ({ controller }) => controller);
  const grown = logs.map((log) => ({ ...log, size: Number(log.size), pending: pending.get(log.controller) ?? [] })).filter((log) => log.pending.length > 0);
  if (grown.length === 0) return { entries: 0, checkpoints: [] };

  const edges = grown.flatMap(({ controller, size }) => cover({ from: 0, to: size }).map((node) => ({ controller, ...node })));
  const readOf = await loadNodes(tx, edges);
  const appended = await Promise.all(grown.map(async (log) => {
    const { size, root, nodes } = await append(log.size, log.pending.map(({ leaf }) => leaf), readOf(log.controller));
    return { ...log, end: size, root, nodes, note: await sign({ origin: log.origin, size, root }) };
  }));

  await insertLeaves(tx, appended);
  await insertNodes(tx, appended);
  await prepared(
    tx,
    `insert into waybill.checkpoint (controller, size, root, note, at) select c.*, $5 from unnest($1::text[], $2::bigint[], $3::bytea[], $4::text[]) as c`,
    [appended.map(({ controller }) => controller), appended.map(({ end }) => end), appended.map(({ root }) => root), appended.map(({ note }) => note), at.toISOString()],
  );
  await changeAll(tx, appended.length, `update waybill.log l set size = u.size from unnest($1::text[], $2::bigint[]) as u (controller, size) where l.controller = u.controller returning 1`,
    [appended.map(({ controller }) => controller), appended.map(({ end }) => end)]);
  await changeAll(tx, waiting.length, `delete from waybill.pending_leaf where entry = any($1::uuid[]) returning 1`, [uuids(waiting.map(({ entry }) => entry)).octets]);

  const oldest = new Date(Math.min(...waiting.map(({ recordedAt }) => recordedAt.getTime())));
  return { entries: waiting.length, checkpoints: appended.map(({ controller, end, note }) => ({ controller, size: end, note })), oldest };
}

/** How many entries wait, since when, and the controllers whose log nobody has opened: for the health page and its alarms. */
export async function backlog(tx: Tx): Promise<{ waiting: number; since?: Date; unopened: string[] }> {
  const [row] = (await tx.query(
    `select count(*)::int as waiting, min(recorded_at) as since,
       coalesce(array_agg(distinct controller) filter (where not exists (select from waybill.log l where l.controller = p.controller)), '{}') as unopened
     from waybill.pending_leaf p`,
  )) as { waiting: number; since: Date | null; unopened: string[] }[];
  return { waiting: row?.waiting ?? 0, ...(row?.since ? { since: row.since } : {}), unopened: row?.unopened ?? [] };
}

/** The log whose oldest entry has waited longest comes first, so that a busy controller does not keep the others waiting. */
async function lockWaitingLogs(tx: Tx, most: number): Promise<Log[]> {
  return (await prepared(
    tx,
    `select l.controller, l.origin, l.size::text from waybill.log l
     cross join lateral (select seq from waybill.pending_leaf p where p.controller = l.controller order by seq limit 1) oldest
     order by oldest.seq limit $1 for update of l skip locked`,
    [most],
  )) as Log[];
}

async function readPending(tx: Tx, logs: readonly Log[], each: number): Promise<Pending[]> {
  return (await prepared(
    tx,
    `select p.controller, p.entry, p.leaf, p.recorded_at as "recordedAt" from unnest($1::text[]) as wanted (controller)
     cross join lateral (select * from waybill.pending_leaf p where p.controller = wanted.controller order by p.seq limit $2) p
     order by p.seq`,
    [logs.map(({ controller }) => controller), each],
  )) as Pending[];
}

type Appended = { controller: string; size: number; pending: Pending[]; nodes: Node[] };

async function insertLeaves(tx: Tx, logs: readonly Appended[]): Promise<void> {
  const rows = logs.flatMap(({ controller, size, pending }) => pending.map(({ entry, leaf }, i) => ({ controller, index: size + i, entry, leaf })));
  await prepared(
    tx,
    `insert into waybill.leaf (controller, index, entry, hash) select * from unnest($1::text[], $2::bigint[], $3::uuid[], $4::bytea[])`,
    [texts(rows.map(({ controller }) => controller)).octets, bigints(rows.map(({ index }) => index)).octets, uuids(rows.map(({ entry }) => entry)).octets, octets(rows.map(({ leaf }) => leaf)).octets],
  );
}

async function insertNodes(tx: Tx, logs: readonly Appended[]): Promise<void> {
  const rows = logs.flatMap(({ controller, nodes }) => nodes.map((node) => ({ controller, ...node })));
  await prepared(
    tx,
    `insert into waybill.node (controller, level, index, hash) select * from unnest($1::text[], $2::int[], $3::bigint[], $4::bytea[])`,
    [texts(rows.map(({ controller }) => controller)).octets, integers(rows.map(({ level }) => level)).octets, bigints(rows.map(({ index }) => index)).octets, octets(rows.map(({ hash }) => hash)).octets],
  );
}

/** Under row-level security, a statement over many rows changes fewer of them and says nothing. Here that is an error. */
async function changeAll(tx: Tx, expected: number, statement: string, parameters: unknown[]): Promise<void> {
  const [row] = (await prepared(tx, `with changed as (${statement}) select count(*)::int as count from changed`, parameters)) as { count: number }[];
  if (row?.count !== expected) throw new Error(`${row?.count ?? 0} rows changed where ${expected} had to: the batch is given up and nothing of it stands.`);
}
