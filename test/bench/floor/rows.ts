import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { bigints, type Column, flags, instants, integers, numberLists, octets, smallints, texts, uuids, wordLists } from '#platform/arrays';
import { uuid7 } from '#platform/ids';
import type { Rows } from '#platform/rows';

/** What one share writes into one table: its columns and, as samples, the rows. */
export interface Sample {
  table: string;
  columns: { name: string; type: string }[];
  rows: Record<string, unknown>[];
}

/** The rows that a share of Waybill's run left, or left for a moment, by table. `$1`: the share. */
const ROWS: Readonly<Record<string, string>> = {
  share: 'select * from waybill.share where id = $1',
  transfer: 'select * from waybill.transfer where share = $1',
  line: 'select l.* from waybill.line l join waybill.transfer t on t.id = l.transfer where t.share = $1',
  part: 'select * from waybill.part where share = $1',
  chunk: 'select * from waybill.chunk where share = $1',
  wrapped_key: 'select * from waybill.wrapped_key where share = $1',
  sealed_digest: 'select d.* from waybill.sealed_digest d join waybill.part p on p.digest = d.digest where p.share = $1',
  duty: 'select d.* from waybill.duty d join waybill.transfer t on t.id = d.transfer where t.share = $1',
  event: `select e.transfer, e.at, e.kind, e.detail from waybill.event e join waybill.transfer t on t.id = e.transfer where t.share = $1 and e.kind = 'accepted'`,
  entry: `select * from waybill.entry where convert_from(octets, 'utf8')::jsonb ->> 'share' = $1::text`,
  pending_leaf: `select id as entry, controller, leaf, at as recorded_at from waybill.entry where convert_from(octets, 'utf8')::jsonb ->> 'share' = $1::text`,
  decision: 'select * from waybill.decision where id = $1',
  outbox: `select id, 'transfer.due' as kind, id as transfer, lane, precedence from waybill.transfer where share = $1`,
};

/** Makes the floor's tables, each with the columns, defaults and indexes of Waybill's and no rule else, and takes samples. */
export async function sampleOf(owner: Client, share: string): Promise<Sample[]> {
  await owner.query('drop schema if exists floor cascade; create schema floor');
  const samples: Sample[] = [];
  for (const [table, sql] of Object.entries(ROWS)) {
    await owner.query(`create table floor.${table} (like waybill.${table} including defaults including identity including indexes including storage)`);
    const { rows, fields } = await owner.query<Record<string, unknown>>(sql, [share]);
    if (rows.length === 0) throw new Error(`a share that left nothing in ${table}`);
    const { rows: types } = await owner.query<{ name: string; type: string }>(`select attname as name, format_type(atttypid, null) as type from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`, [`waybill.${table}`]);
    samples.push({ table, rows, columns: fields.map(({ name }) => ({ name, type: types.find((each) => each.name === name)?.type ?? 'text' })) });
  }
  for (const table of ['leaf', 'node']) await owner.query(`create table floor.${table} (like waybill.${table} including indexes)`);
  return samples;
}

const WRITERS: Readonly<Record<string, (values: never[]) => Column>> = {
  text: texts as never, uuid: uuids as never, bytea: octets as never, smallint: smallints as never, integer: integers as never, bigint: bigints as never, 'timestamp with time zone': instants as never,
  'text[]': wordLists as never, 'bigint[]': numberLists as never, boolean: flags as never,
};

/** What must differ from share to share though it is no id. */
const UNIQUE = new Set(['share.manifest_digest', 'sealed_digest.digest']);

/** So many shares' rows, for one statement as Waybill's. */
export function rowsOf(samples: readonly Sample[], shares: number): Rows[] {
  const fresh = Array.from({ length: shares }, () => new Map<string, string>());
  return samples.map(({ table, columns, rows }) => {
    const all = fresh.flatMap((ids) => rows.map((row) => ({ row, ids })));
    return {
      into: `floor.${table}`,
      columns: Object.fromEntries(columns.map(({ name, type }) => {
        const of = all.map(({ row, ids }): unknown => {
          const value = row[name];
          if (UNIQUE.has(`${table}.${name}`)) return randomBytes(32).toString('hex');
          if (value === null) return null;
          if (type === 'uuid') return freshId(ids, table === 'outbox' && name === 'id' ? `outbox ${String(value)}` : String(value));
          return type === 'bigint' ? Number(value) : value;
        });
        return [name, (WRITERS[type] ?? (texts as never as (values: unknown[]) => Column))(of as never[])];
      })),
    };
  });
}

function freshId(ids: Map<string, string>, old: string): string {
  const known = ids.get(old) ?? uuid7();
  ids.set(old, known);
  return known;
}
