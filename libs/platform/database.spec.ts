import { openTestDatabase, type TestDatabase } from '../../test/world/database';
import { Database } from './database';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

test('a process reaches the database as its own role, which owns nothing and bypasses nothing', async () => {
  const gateway = await db.as('gateway');
  const rows: unknown = await gateway.transaction((tx) => tx.query(`select current_user::text as role, rolsuper, rolbypassrls from pg_roles where rolname = current_user`));
  expect(rows).toEqual([{ role: 'waybill_gateway', rolsuper: false, rolbypassrls: false }]);
});

test('CH-08: a database that would be reached without TLS is refused', async () => {
  await expect(Database.open('gateway', { host: 'db.example', port: 5432, database: 'x' })).rejects.toThrow(/without TLS/);
});
