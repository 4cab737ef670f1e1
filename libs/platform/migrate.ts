import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type ClientConfig } from 'pg';

/** Partitions of the register that a migration prepares: two years, so that a gateway left alone has time to be noticed. */
const PARTITION_MONTHS = 24;
/** Any number that nothing else locks: two starts at once migrate one after the other. */
const MIGRATION_LOCK = 7_219_401;

/**
 * Brings a database to the newest schema. SQL owns the schema; each file runs once, in its own transaction, in the order of its name. Then does what the owner
 * alone may: drops the partitions of the register that are recorded as disposed of, and prepares those to come.
 * @param owner a role that may create roles and owns the schema; no serving process ever connects as it
 * @throws Error when a file that already ran has changed since: migrations are added, never edited
 */
export async function migrate(owner: ClientConfig, folder: string = MIGRATIONS): Promise<string[]> {
  const client = new Client(owner);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query('create table if not exists public.waybill_migration (name text primary key, digest text not null, at timestamptz not null default now())');
    const { rows } = await client.query<{ name: string; digest: string }>('select name, digest from public.waybill_migration');
    const ran = new Map(rows.map((row) => [row.name, row.digest]));
    const fresh: string[] = [];
    for (const name of migrationsIn(folder)) {
      const sql = readFileSync(join(folder, name), 'utf8');
      const digest = createHash('sha256').update(sql).digest('hex');
      if (ran.has(name)) {
        if (ran.get(name) !== digest) throw new Error(`Migration ${name} was changed after it ran here. Restore it and add a new file instead; a sandbox is begun anew by removing its folder.`);
        continue;
      }
      await client.query('begin');
      await client.query(sql);
      await client.query('insert into public.waybill_migration (name, digest) values ($1, $2)', [name, digest]);
      await client.query('commit');
      fresh.push(name);
    }
    await client.query(`select waybill.prepare_partitions((current_date - interval '1 month')::date, ${PARTITION_MONTHS})`);
    await dropDisposed(client);
    await sayLevel(client, migrationsIn(folder).at(-1) ?? '');
    return fresh;
  } finally {
    await client.end();
  }
}

const migrationsIn = (folder: string): string[] => readdirSync(folder).filter((file) => file.endsWith('.sql')).sort();

/** Whoever reads a month just now keeps it until the next run: a register is never locked for longer than that. */
async function dropDisposed(client: Client): Promise<void> {
  await client.query('select waybill.drop_disposed()').catch((error: unknown) => {
    if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
  });
}
const LOCK_NOT_AVAILABLE = '55P03';

/** The schema's comment says to which migration it was brought: processes have no right to the list itself, and a comment is anybody's to read. */
async function sayLevel(client: Client, level: string): Promise<void> {
  const { rows } = await client.query<{ level: string | null }>(`${LEVEL} as level`);
  // An older release that migrates beside a newer one takes nothing back.
  if (level > (rows[0]?.level ?? '')) await client.query(`comment on schema waybill is '${level.replaceAll("'", '')}'`);
}

/** The name of the newest migration that the database has. Any role may ask. */
export const LEVEL = `select obj_description('waybill'::regnamespace, 'pg_namespace')`;

/** The newest migration of this release: a database below it lacks something that we read or write; one above it still has it (expand, then contract). */
export const levelWanted = (folder: string = MIGRATIONS): string => migrationsIn(folder).at(-1) ?? '';

/** From the sources and from `dist` alike: both are one folder below the project's root. */
export const MIGRATIONS = join(process.env['WAYBILL_HOME'] ?? process.cwd(), 'deploy/database/migrations');
