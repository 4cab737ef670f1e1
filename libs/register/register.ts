import { instants, octets, texts, uuids } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { uuid7 } from '#platform/ids';
import { random } from '#platform/random';
import { insertRows, type Rows } from '#platform/rows';
import { originOf } from './checkpoint';
import { makeEntry, SALT_OCTETS, type SealedEntry } from './entry';
import type { EntryFields, EntryKind } from './entry-kinds';
import { CONSISTENCY_FORMAT, type ConsistencyFile, INCLUSION_FORMAT, type InclusionFile } from './evidence';
import { writeExport } from './export-writer';
import { cover, type ReadNode, type Span } from './merkle';
import { consistencySpans, inclusionSpans, proveConsistency, proveInclusion } from './proofs';
import { loadNodes, storedCheckpoints, storedLeaves, storedNodes, storedOctets } from './stored-log';

/** Something to record: whose register, which kind, when, and the fields that the kind allows. */
export type NewEntry = { [K in EntryKind]: { kind: K; controller: string; at: Date; fields: EntryFields<K> } }[EntryKind];

export interface StoredEntry {
  id: string;
  kind: string;
  at: Date;
  octets: Buffer;
  leaf: Buffer;
  /** Its place in the log; undefined until the relay has integrated it. */
  index?: number;
}

export interface IntegratedEntry {
  index: number;
  id: string;
  leaf: Buffer;
  octets: Buffer | undefined;
}

export interface StoredCheckpoint {
  size: number;
  root: Buffer;
  note: string;
  at: Date;
}

/**
 * The register as the processes use it. Writers may write for many controllers at once; readers see the one controller that the
 * caller's transaction has set (`waybill.controller`), and nothing when none is set.
 */
export class Register {
  /** Makes entries and stores them; see `store`. Throws EntryRefused before anything is written. */
  async record(tx: Tx, entries: readonly NewEntry[]): Promise<SealedEntry[]> {
    const sealed = entries.map(({ kind, controller, at, fields }) =>
      makeEntry(kind, { id: uuid7(at.getTime()), controller, at, salt: random(SALT_OCTETS) }, fields as EntryFields<typeof kind>));
    await this.store(tx, sealed);
    return sealed;
  }

  /** Stores entries and queues their leaves for integration. */
  async store(tx: Tx, entries: readonly SealedEntry[]): Promise<void> {
    if (entries.length > 0) await insertRows(tx, this.rows(entries));
  }

  /**
   * Entries and the leaves that wait for their place, as rows. When the transaction that inserts them commits, the entries stand and will
   * be in their logs; when it does not, they never were: an entry is on record exactly if what it records happened.
   * No RETURNING and no conflict target: either would need the right to read what a process may only write.
   */
  rows(entries: readonly SealedEntry[]): Rows[] {
    const [ids, controllers, leaves] = [uuids(entries.map(({ id }) => id)), texts(entries.map(({ controller }) => controller)), octets(entries.map(({ leaf }) => leaf))];
    return [
      {
        into: 'waybill.entry',
        columns: {
          id: ids, controller: controllers, kind: texts(entries.map(({ kind }) => kind)), disposal_class: texts(entries.map(({ disposal }) => disposal)),
          at: instants(entries.map(({ at }) => at)), octets: octets(entries.map((entry) => entry.octets)), leaf: leaves, about: uuids(entries.map(({ about }) => about ?? null)),
        },
      },
      { into: 'waybill.pending_leaf', columns: { entry: ids, controller: controllers, leaf: leaves } },
    ];
  }

  /** Entries in the order in which they were recorded, integrated or not. `after` is the id of the last one already seen. */
  async entries(tx: Tx, { controller, after, limit }: { controller: string; after?: string | undefined; limit: number }): Promise<StoredEntry[]> {
    const rows = (await tx.query(
      `select e.id, e.kind, e.at, e.octets, e.leaf, l.index::text from (
         select * from waybill.entry where controller = $1 and ($2::uuid is null or id > $2) order by id limit $3
       ) e left join waybill.leaf l on l.entry = e.id and l.controller = $1 order by e.id`,
      [controller, after ?? null, limit],
    )) as (Omit<StoredEntry, 'index'> & { index: string | null })[];
    return rows.map(({ index, ...entry }) => ({ ...entry, ...(index === null ? {} : { index: Number(index) }) }));
  }

  /** Integrated entries in the order of the log, after place `after`; octets are absent where an entry has been disposed of. */
  async integrated(tx: Tx, { controller, after = -1, limit }: { controller: string; after?: number | undefined; limit: number }): Promise<IntegratedEntry[]> {
    const leaves = (await tx.query(`select index::text, entry, hash from waybill.leaf l where controller = $1 and l.index > $2 order by l.index limit $3`, [controller, after, limit])) as { index: string; entry: string; hash: Buffer }[];
    const octets = await storedOctets(tx, controller, leaves.map(({ entry }) => entry));
    return leaves.map(({ index, entry, hash }) => ({ index: Number(index), id: entry, leaf: hash, octets: octets.get(entry) }));
  }

  /** Of the entries about one of `abouts` those that are integrated, in the order of the log, after place `after`. */
  async integratedAbout(tx: Tx, { controller, abouts, after = -1, limit }: { controller: string; abouts: readonly string[]; after?: number | undefined; limit: number }): Promise<IntegratedEntry[]> {
    const rows = (await tx.query(
      `select l.index::text, e.id, l.hash as leaf, e.octets from waybill.entry e join waybill.leaf l on l.entry = e.id and l.controller = $1
       where e.controller = $1 and e.about = any($2::uuid[]) and l.index > $3 order by l.index limit $4`,
      [controller, abouts, after, limit],
    )) as { index: string; id: string; leaf: Buffer; octets: Buffer }[];
    return rows.map(({ index, ...entry }) => ({ ...entry, index: Number(index) }));
  }

  async latestCheckpoint(tx: Tx, { controller }: { controller: string }): Promise<StoredCheckpoint | undefined> {
    const [row] = (await tx.query(`select size::text, root, note, at from waybill.checkpoint c where controller = $1 order by c.size desc limit 1`, [controller])) as (Omit<StoredCheckpoint, 'size'> & { size: string })[];
    return row && { ...row, size: Number(row.size) };
  }

  /** The entry with its proof against the latest checkpoint; undefined while it is not integrated, or when it is not in this register. */
  async proofOf(tx: Tx, { controller, entry }: { controller: string; entry: string }): Promise<InclusionFile | undefined> {
    const checkpoint = await this.latestCheckpoint(tx, { controller });
    const [row] = (await tx.query(`select index::text, hash from waybill.leaf where controller = $1 and entry = $2`, [controller, entry])) as { index: string; hash: Buffer }[];
    const index = Number(row?.index);
    if (!row || !checkpoint || index >= checkpoint.size) return undefined;
    const proof = await proveInclusion(index, checkpoint.size, await this.nodesUnder(tx, controller, inclusionSpans(index, checkpoint.size)));
    const octets = (await storedOctets(tx, controller, [entry])).get(entry);
    return { format: INCLUSION_FORMAT, index, leaf: row.hash.toString('hex'), ...(octets ? { octets: octets.toString('base64') } : {}), proof: hex(proof), checkpoint: checkpoint.note };
  }

  /** The proof that the checkpoint of size `to` follows from that of size `from`; undefined unless both were kept. */
  async consistency(tx: Tx, { controller, from, to }: { controller: string; from: number; to: number }): Promise<ConsistencyFile | undefined> {
    const rows = (await tx.query(`select size::text, note from waybill.checkpoint where controller = $1 and size in ($2, $3)`, [controller, from, to])) as { size: string; note: string }[];
    const [first, second] = [from, to].map((size) => rows.find((row) => Number(row.size) === size)?.note);
    if (!first || !second || from > to) return undefined;
    const proof = await proveConsistency({ from, to }, await this.nodesUnder(tx, controller, consistencySpans({ from, to })));
    return { format: CONSISTENCY_FORMAT, from: first, to: second, proof: hex(proof) };
  }

  /** The whole register as it stands at the first line, as NDJSON. `vkeys` are named in the file; whoever checks it pins its own. */
  async *exportLog(tx: Tx, { controller, vkeys }: { controller: string; vkeys: string[] }): AsyncGenerator<string> {
    // One statement, so that size and checkpoints are of one moment; rows before it are never changed.
    const [log] = (await tx.query(
      `select origin, greatest(size, (select coalesce(max(size), 0) from waybill.checkpoint where controller = $1))::text as size from waybill.log where controller = $1`,
      [controller],
    )) as { origin: string; size: string }[];
    if (!log) return;
    const end = Number(log.size);
    yield* writeExport({ origin: log.origin, controller, vkeys }, { leaves: storedLeaves(tx, controller, end), nodes: storedNodes(tx, controller, end), checkpoints: storedCheckpoints(tx, controller, end) });
  }

  private async nodesUnder(tx: Tx, controller: string, spans: readonly Span[]): Promise<ReadNode> {
    const wanted = spans.flatMap(cover).map((node) => ({ controller, ...node }));
    return (await loadNodes(tx, wanted))(controller);
  }
}

/** Opens the log of a controller. Done once, when the agency is enrolled: entries recorded before wait until it is. */
export async function openLog(tx: Tx, { controller, gateway }: { controller: string; /** Host name of the gateway. */ gateway: string }): Promise<void> {
  await tx.query(`insert into waybill.log (controller, origin) values ($1, $2) on conflict (controller) do nothing`, [controller, originOf(gateway, controller)]);
}

const hex = (hashes: Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'));
