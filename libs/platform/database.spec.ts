import { createServer } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** PostgreSQL's protocol, 53.7: a letter, a length, the rest. */
const said = (kind: string, rest: string): Buffer => {
  const octets = Buffer.alloc(5 + rest.length);
  octets.write(kind);
  octets.writeInt32BE(4 + rest.length, 1);
  octets.write(rest, 5, 'latin1');
  return octets;
};

test('a server that crashes in the very octets that say that it is ready refuses the question, and ends no process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-crash-'));
  const [ready, crashed] = [Buffer.concat([said('R', '\0\0\0\0'), said('Z', 'I')]), said('E', 'SFATAL\0C57P02\0Mterminating connection because of crash of another server process\0\0')];
  const server = createServer((socket) => void socket.on('error', () => undefined).once('data', () => socket.end(Buffer.concat([ready, crashed]))));
  await new Promise<void>((resolve) => server.listen(join(folder, '.s.PGSQL.5432'), resolve));
  try {
    await expect(Database.open('gateway', { host: folder, port: 5432, database: 'x' })).rejects.toThrow();
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});
