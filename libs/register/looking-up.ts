import { createHash } from 'node:crypto';
import type { Tx } from '#platform/database';
import type { InclusionFile } from './evidence';
import type { IntegratedEntry, Register } from './register';
import { readEntry } from './entry';

/** Who reads a register, and why: as the agency's own system says. Reading is an operation too (AS-03, RC-09). */
export interface Reader {
  reason: string | undefined;
  by: string | undefined;
  role: string | undefined;
}

export interface LookedFor {
  about?: string | undefined;
  /** Blind index of a subject, hexadecimal. */
  index?: string | undefined;
}

const NOT_STATED = 'not-stated';

/** One page of a controller's own register. That it was read is recorded in the same transaction, with the reason: on record, or it was not read. */
export async function readPage(tx: Tx, register: Register, { controller, after, limit, reader, looked, at }: { controller: string; after: number | undefined; limit: number; reader: Reader; looked: LookedFor; at: Date }): Promise<IntegratedEntry[]> {
  const { about, index } = looked;
  const searching = about !== undefined || index !== undefined;
  const entries = searching
    ? await register.integratedAbout(tx, { controller, abouts: await aboutsOf(tx, controller, looked), after, limit })
    : await register.integrated(tx, { controller, after, limit });
  // Whoever follows the register would otherwise read of its own reading for ever.
  if (!searching && entries.every(isReading)) return entries;
  const { reason = NOT_STATED, by, role } = reader;
  await register.record(tx, [{
    kind: 'register-read', controller, at,
    fields: { what: searching ? 'search' : 'reading', reason, by, role, about, index: index === undefined ? undefined : digestOf(index), entries: entries.length },
  }]);
  return entries;
}

/** One entry of a controller's own register with its proof, which is recorded as any reading. Undefined, and nothing recorded, where there is none. */
export async function readEntryWithProof(tx: Tx, register: Register, { controller, entry, reader: { reason = NOT_STATED, by, role }, at }: { controller: string; entry: string; reader: Reader; at: Date }): Promise<InclusionFile | undefined> {
  const file = await register.proofOf(tx, { controller, entry });
  if (file) await register.record(tx, [{ kind: 'register-read', controller, at, fields: { what: 'reading', reason, by, role, entries: 1 } }]);
  return file;
}

const isReading = ({ octets }: IntegratedEntry): boolean => octets !== undefined && readEntry(octets)?.kind === 'register-read';

/** The shares that a search is about: the one named, those indexed so, or where both are given the one if it is among them. */
async function aboutsOf(tx: Tx, controller: string, { about, index }: LookedFor): Promise<string[]> {
  if (index === undefined) return about === undefined ? [] : [about];
  const rows: { about: string }[] = await tx.query('select about from waybill.subject_index where controller = $1 and index = $2', [controller, Buffer.from(index, 'hex')]);
  return rows.map((row) => row.about).filter((each) => about === undefined || each === about);
}

/** The index itself finds the person again, for whoever has the key: an entry, which is never removed, names its digest. */
const digestOf = (index: string): string => createHash('sha256').update(Buffer.from(index, 'hex')).digest('hex');

/** Has a share found again by indexes. False where the register has nothing about it. */
export async function indexSubject(tx: Tx, { controller, about, indexes, at }: { controller: string; about: string; indexes: readonly string[]; at: Date }): Promise<boolean> {
  const [known]: object[] = await tx.query('select from waybill.entry where controller = $1 and about = $2 limit 1', [controller, about]);
  if (!known) return false;
  await tx.query(
    `insert into waybill.subject_index (controller, index, about, at) select $1, index, $3, $4 from unnest($2::bytea[]) as given (index) on conflict do nothing`,
    [controller, indexes.map((index) => Buffer.from(index, 'hex')), about, at],
  );
  return true;
}

export async function indexesOf(tx: Tx, { controller, about }: { controller: string; about: string }): Promise<string[]> {
  const rows: { index: Buffer }[] = await tx.query('select index from waybill.subject_index where controller = $1 and about = $2 order by index', [controller, about]);
  return rows.map(({ index }) => index.toString('hex'));
}
