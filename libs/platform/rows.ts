import { createHash } from 'node:crypto';
import { QueryFailedError } from 'typeorm';
import type { Column } from './arrays';
import type { Tx } from './database';

/** Rows of one table, column by column: all columns are of one length. */
export interface Rows {
  /** Schema and name. */
  into: string;
  columns: Readonly<Record<string, Column>>;
}

/** What the library hands out of a transaction's own connection. */
interface Connection {
  query(query: { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

/**
 * Inserts rows into any number of tables with one statement, which the connection has prepared: one way to the database and back, and
 * nothing planned anew. References between them are checked when all of them stand.
 * @param and what the statement asks for besides, such as a notification
 * @throws QueryFailedError
 */
export async function insertRows(tx: Tx, tables: readonly Rows[], and = ''): Promise<void> {
  if (tables.length === 0) return;
  const { text, values } = insertion(tables);
  await prepared(tx, `${text} ${and}`, values);
}

/** The statement itself. */
export function insertion(tables: readonly Rows[]): { text: string; values: Buffer[] } {
  const values: Buffer[] = [];
  const inserts = tables.map(({ into, columns }, t) => {
    const entries = Object.entries(columns);
    const given = entries.map(([, { type, octets }]) => `$${values.push(octets)}::${type}[]`);
    const names = entries.map(([name]) => name).join(', ');
    const taken = entries.map(([name, { as }]) => (as ? as(name) : name)).join(', ');
    return `t${t} as (insert into ${into} (${names}) select ${taken} from unnest(${given.join(', ')}) as given (${names}))`;
  });
  return { text: `with ${inserts.join(', ')} select`, values };
}

/** Asks with a statement that the connection prepares once and plans once. */
export async function prepared<T>(tx: Tx, text: string, values: unknown[]): Promise<T[]> {
  if (!tx.queryRunner) throw new Error('a statement outside a transaction');
  const connection = (await tx.queryRunner.connect()) as Connection;
  try {
    return (await connection.query({ name: nameOf(text), text, values })).rows as T[];
  } catch (error) {
    // Without its values: they are what people sent.
    throw new QueryFailedError(text, undefined, error as Error);
  }
}

const NAMES = new Map<string, string>();

/** PostgreSQL's names have 63 octets; the statements of a process are few. */
export function nameOf(text: string): string {
  const known = NAMES.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 32);
  NAMES.set(text, known);
  return known;
}
