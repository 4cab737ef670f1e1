import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { Database, type DatabaseAddress, type ProcessRole } from '#platform/database';
import { EMBEDDED_OWNER } from '#platform/embedded-postgres';
import { asOwner, TEMPLATE } from './owner';

/** A database of a test file's own, made from the migrated template that the whole run shares. */
export interface TestDatabase {
  address: DatabaseAddress;
  /** Opened once per role, closed with the database. */
  as(role: ProcessRole): Promise<Database>;
  /** Straight SQL as the owner, for looking behind the scenes. Row-level security is forced on it too, a superuser passes it. */
  owner: Client;
  close(): Promise<void>;
}

/** @throws Error when the run's PostgreSQL is not there: it is started by `test/world/global-setup.ts` */
export async function openTestDatabase(): Promise<TestDatabase> {
  const host = process.env['WAYBILL_TEST_POSTGRES'];
  if (!host) throw new Error('No PostgreSQL for this run: start the tests with `npm test` or `npm run test:unit`.');
  const database = `t_${randomBytes(6).toString('hex')}`;
  await asOwner(host, 'postgres', (client) => client.query(`create database ${database} template ${TEMPLATE}`));
  const address: DatabaseAddress = { host, port: 5432, database };
  const owner = new Client({ host, port: 5432, user: EMBEDDED_OWNER, database });
  await owner.connect();
  const opened = new Map<ProcessRole, Promise<Database>>();
  return {
    address,
    owner,
    as: (role) => {
      const known = opened.get(role) ?? Database.open(role, address);
      opened.set(role, known);
      return known;
    },
    close: async () => {
      for (const each of opened.values()) await (await each).close();
      await owner.end();
      await asOwner(host, 'postgres', (client) => client.query(`drop database ${database} with (force)`));
    },
  };
}
