import { DAY } from '#platform/clock';
import type { Tx } from '#platform/database';
import type { NodeId, ReadNode } from './merkle';

export interface WantedNode extends NodeId {
  controller: string;
}

/**
 * Reads nodes of any number of logs in one statement; level 0 are the leaves. Subqueries rather than a join: whatever the planner
 * believes of the table's size, each node is one step into its index.
 */
export async function loadNodes(tx: Tx, wanted: readonly WantedNode[]): Promise<(controller: string) => ReadNode> {
  const rows = (await tx.query(
    `select controller, level, index::text, case level
       when 0 then (select hash from waybill.leaf l where l.controller = w.controller and l.index = w.index)
       else (select hash from waybill.node n where n.controller = w.controller and n.level = w.level and n.index = w.index)
     end as hash
     from unnest($1::text[], $2::int[], $3::bigint[]) as w (controller, level, index)`,
    [wanted.map(({ controller }) => controller), wanted.map(({ level }) => level), wanted.map(({ index }) => index)],
  )) as { controller: string; level: number; index: string; hash: Buffer | null }[];
  const found = new Map(rows.map(({ controller, level, index, hash }) => [`${controller} ${level} ${index}`, hash]));
  return (controller) => (level, index) => {
    const hash = found.get(`${controller} ${level} ${index}`);
    if (!hash) throw new Error(`The register of ${controller} has no node ${level}/${index}: run the register's verifier on an export of it.`);
    return hash;
  };
}

/** Rows at a time: enough to make statements rare, few enough to stay small in memory. */
const PAGE = 1_000;

/** Leaves before `end`, with the octets of those whose entry is still kept. */
export async function* storedLeaves(tx: Tx, controller: string, end: number): AsyncGenerator<{ index: number; hash: Buffer; octets: Buffer | null }> {
  for (let from = 0; from < end; from += PAGE) {
    const leaves = (await tx.query(
      `select index::text, entry, hash from waybill.leaf l where controller = $1 and l.index >= $2 and l.index < $3 order by l.index`,
      [controller, from, Math.min(from + PAGE, end)],
    )) as { index: string; entry: string; hash: Buffer }[];
    const octets = await storedOctets(tx, controller, leaves.map(({ entry }) => entry));
    for (const { index, entry, hash } of leaves) yield { index: Number(index), hash, octets: octets.get(entry) ?? null };
  }
}

/**
 * Octets of the entries that are still kept. An id tells when it was made, and the months around that time are looked into first:
 * an old register has hundreds of partitions. What is not found there is looked for everywhere, unless it was made in a month of which something was disposed of:
 * an export would else look in vain for every entry that is gone.
 */
export async function storedOctets(tx: Tx, controller: string, ids: readonly string[]): Promise<Map<string, Buffer>> {
  if (ids.length === 0) return new Map();
  const made = ids.map(madeAt);
  const near = await find(tx, `and at between $3 and $4`, [controller, ids, new Date(Math.min(...made) - DAY), new Date(Math.max(...made) + DAY)]);
  const missing = await notDisposed(tx, ids.filter((id) => !near.has(id)));
  return missing.length === 0 ? near : new Map([...near, ...(await find(tx, '', [controller, missing]))]);
}

async function find(tx: Tx, narrowed: string, parameters: unknown[]): Promise<Map<string, Buffer>> {
  const rows = (await tx.query(`select id, octets from waybill.entry where controller = $1 and id = any($2::uuid[]) ${narrowed}`, parameters)) as { id: string; octets: Buffer }[];
  return new Map(rows.map(({ id, octets }) => [id, octets]));
}

async function notDisposed(tx: Tx, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return ids;
  const rows = (await tx.query(`select distinct to_char(month, 'YYYY-MM') as month from waybill.register_disposal where dropped_at is not null`)) as { month: string }[];
  const gone = new Set(rows.map(({ month }) => month));
  return ids.filter((id) => !gone.has(new Date(madeAt(id)).toISOString().slice(0, 7)));
}

/** RFC 9562, 5.7: a UUIDv7 begins with milliseconds since 1970. */
const madeAt = (id: string): number => parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/**
 * Complete subtrees that end at or before leaf `end`, in the order in which they were completed. `offset 0` keeps each level a look into the index of its own: joined
 * with the levels, a page would read every node of the log.
 */
export async function* storedNodes(tx: Tx, controller: string, end: number): AsyncGenerator<{ level: number; index: number; hash: Buffer }> {
  for (let from = 0; from < end; from += PAGE) {
    const to = Math.min(from + PAGE, end);
    const rows = (await tx.query(
      `select n.level, n.index::text, n.hash from generate_series(1, 52) as at (level)
       cross join lateral (
         select * from waybill.node n where n.controller = $1 and n.level = at.level and n.index >= ($2::bigint >> at.level) and n.index < ($3::bigint >> at.level) offset 0
       ) n
       order by (n.index + 1) << n.level, n.level`,
      [controller, from, to],
    )) as { level: number; index: string; hash: Buffer }[];
    for (const { level, index, hash } of rows) yield { level, index: Number(index), hash };
  }
}

export async function* storedCheckpoints(tx: Tx, controller: string, end: number): AsyncGenerator<{ size: number; note: string }> {
  for (let after = -1; ;) {
    const rows = (await tx.query(
      `select size::text, note from waybill.checkpoint c where controller = $1 and c.size > $2 and c.size <= $3 order by c.size limit $4`,
      [controller, after, end, PAGE],
    )) as { size: string; note: string }[];
    for (const { size, note } of rows) yield { size: Number(size), note };
    const last = rows.at(-1);
    if (!last) return;
    after = Number(last.size);
  }
}
