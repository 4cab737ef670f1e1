import { type Checkpoint, verifyCheckpoint } from '#register/checkpoint';
import { type ConsistencyFile, type InclusionFile, verifyInclusionFile } from '#register/evidence';
import { type ExportReport, verifyExport } from '#register/export-verification';
import { leafHash } from '#register/merkle';
import { verifyConsistency } from '#register/proofs';
import { ClientRefusal } from './codes';
import { itemsOf } from './pages';
import type { Partner } from './partner';

/** One entry of our own register, its octets as they were hashed; none once they were disposed of. */
export interface RegisterEntry {
  index: number;
  id: string;
  kind: string;
  at: string;
  leaf: string;
  octets?: Buffer;
}

type Reader = Pick<Partner, 'connection' | 'pins'>;

interface EntryTold {
  index: number;
  id: string;
  kind: string;
  at: string;
  leaf: string;
  octets: string | null;
}

/** Who reads the register, in which role, and why: the register records it. */
export interface Reading {
  reason: string;
  by?: string;
  role?: string;
}

/** Entries about one share or request, or about whoever has this blind index: then `reading` is asked for. */
export interface LookedFor {
  about?: string;
  index?: string;
}

/** Entries in the order of the log, each held to its leaf hash; of the whole register each to its place too. @throws ClientRefusal REGISTER_NOT_TRUSTED */
export async function* readEntries(reader: Reader, { after, reading, looked = {} }: { after?: number; reading?: Reading; looked?: LookedFor } = {}): AsyncGenerator<RegisterEntry> {
  let seen = after ?? -1;
  const searching = looked.about !== undefined || looked.index !== undefined;
  for await (const { octets, ...entry } of itemsOf<EntryTold>(reader, '/v1/register/entries', { ...reading, ...looked, ...(after !== undefined && { after: String(after) }) })) {
    const read = octets === null ? undefined : Buffer.from(String(octets), 'base64');
    if (searching ? entry.index <= seen : entry.index !== seen + 1) throw new ClientRefusal('REGISTER_NOT_TRUSTED', { because: 'ENTRY_MISSING', index: seen + 1 });
    if (read && leafHash(read).toString('hex') !== entry.leaf) throw new ClientRefusal('REGISTER_NOT_TRUSTED', { because: 'OCTETS_ALTERED', index: entry.index });
    seen = entry.index;
    yield { ...entry, ...(read ? { octets: read } : {}) };
  }
}

/**
 * The latest checkpoint, signed by a pinned key and proven to follow from the one that we held: a register from which something was taken,
 * or of which others are shown another, does not pass. Held from now on. @throws ClientRefusal REGISTER_NOT_TRUSTED, GatewayProblem
 */
export async function followCheckpoint({ connection, pins }: Reader): Promise<{ checkpoint: Checkpoint; note: string }> {
  const note = (await connection.octets({ path: '/v1/register/checkpoint' }, 64 * 1024)).toString('utf8');
  const checkpoint = requireCheckpoint(note, pins.logKeys);
  if (pins.checkpoint !== undefined) {
    const held = requireCheckpoint(pins.checkpoint, pins.logKeys);
    if (held.origin !== checkpoint.origin) throw new ClientRefusal('REGISTER_NOT_TRUSTED', { because: 'WRONG_LOG' });
    if (held.size > checkpoint.size) throw new ClientRefusal('REGISTER_NOT_TRUSTED', { because: 'TRUNCATED', held: held.size, size: checkpoint.size });
    const [from, to] = [held.size, checkpoint.size];
    const proof = from === to || from === 0 ? [] : (await connection.json<ConsistencyFile>({ path: `/v1/register/consistency?from=${from}&to=${to}` })).proof;
    const hashes = Array.isArray(proof) ? proof.map((hash) => Buffer.from(String(hash), 'hex')) : [];
    if (!verifyConsistency({ from, to, oldRoot: held.root, newRoot: checkpoint.root, proof: hashes })) throw new ClientRefusal('REGISTER_NOT_TRUSTED', { because: 'FORKED', held: from, size: to });
  }
  pins.hold(note);
  return { checkpoint, note };
}

/** Proof that an entry stands in our register, as a file to hand to whoever must be convinced. @throws ClientRefusal REGISTER_NOT_TRUSTED, GatewayProblem */
export async function proveEntry({ connection, pins }: Reader, { entry, leaf }: { entry: string; leaf: string }): Promise<InclusionFile> {
  const file = await connection.json<InclusionFile>({ path: `/v1/register/entries/${encodeURIComponent(entry)}/proof` });
  const verdict = verifyInclusionFile(file, [...pins.logKeys]);
  if (!verdict.ok) throw new ClientRefusal('REGISTER_NOT_TRUSTED', { because: verdict.fault });
  if (file.leaf !== leaf) throw new ClientRefusal('REGISTER_NOT_TRUSTED', { because: 'ANOTHER_ENTRY' });
  return file;
}

/** The whole register as the gateway writes it (NDJSON), to keep. */
export const exportRegister = ({ connection }: Reader, reading?: Reading): AsyncGenerator<Buffer> =>
  connection.stream({ path: `/v1/register/export${reading ? `?${new URLSearchParams({ ...reading }).toString()}` : ''}` });

/** Checks an export with pinned keys, and against the checkpoint that we held. */
export function verifyRegister({ pins }: Pick<Reader, 'pins'>, exported: AsyncIterable<string | Uint8Array>, heldCheckpoint: string | undefined = pins.checkpoint): Promise<ExportReport> {
  return verifyExport(exported, { vkeys: [...pins.logKeys], heldCheckpoint });
}

function requireCheckpoint(note: string, vkeys: readonly string[]): Checkpoint {
  const verdict = verifyCheckpoint(note, vkeys);
  if (!verdict.ok) throw new ClientRefusal('REGISTER_NOT_TRUSTED', { because: verdict.fault });
  return verdict.checkpoint;
}
