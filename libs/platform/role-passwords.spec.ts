import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestDatabase, type TestDatabase } from '../../test/world/database';
import { EMBEDDED_OWNER } from './embedded-postgres';
import { scramVerifier, setRolePasswords } from './role-passwords';

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  db = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'waybill-passwords-'));
});
afterAll(async () => {
  await db.owner.query('alter role waybill_disposal password null');
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the verifier is the one of RFC 7677 for its password and salt', () => {
  // RFC 7677, 3: user `user`, password `pencil`.
  const verifier = scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'));
  expect(verifier).toBe('SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=');
});

const kept = async (): Promise<string | null> => (await db.owner.query<{ kept: string | null }>(`select rolpassword as kept from pg_authid where rolname = 'waybill_disposal'`)).rows[0]?.kept ?? null;
const set = () => setRolePasswords({ ...db.address, user: EMBEDDED_OWNER }, folder);

test('each role that has a file gets its password, as a verifier and never as itself; the others keep theirs', async () => {
  const password = 'q8PwGm3n0JtVb6yXr2sLk5dH7fZaUcEo';
  writeFileSync(join(folder, 'waybill_disposal'), `${password}\n`);
  writeFileSync(join(folder, 'somebody_else'), `${password}\n`);
  expect(await set()).toEqual(['waybill_disposal']);
  expect(await kept()).toMatch(/^SCRAM-SHA-256\$4096:/);
  expect(await kept()).not.toContain(password);
});

test.each(['short', 'a phrase that a person would think of', 'ﬁve and twenty letters of which one is none'])('a password that is %j is refused, and its role keeps the old one', async (password) => {
  const before = await kept();
  writeFileSync(join(folder, 'waybill_disposal'), password);
  await expect(set()).rejects.toThrow(/waybill_disposal is too short or not plain: make it with `openssl rand/);
  expect(await kept()).toBe(before);
});
