import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMBEDDED_OWNER } from '#platform/embedded-postgres';
import { migrate, MIGRATIONS } from '#platform/migrate';
import { type Catalogue, readCatalogue, type Table } from '../../deploy/scripts/generate/catalogue';
import { unreasoned } from '../../deploy/scripts/generate/row-security';
import { grantsOf } from '../../deploy/scripts/generate/schema-dump';
import { openTestDatabase, type TestDatabase } from '../world/database';

let db: TestDatabase;
let catalogue: Catalogue;
beforeAll(async () => {
  db = await openTestDatabase();
  catalogue = await readCatalogue(db.owner);
});
afterAll(() => db.close());

const DIRECTORY = ['agency', 'agreement_state', 'agreement_version', 'certificate', 'certificate_key', 'client_certificate', 'contact', 'controller_name', 'coordinator_key', 'mail_domain', 'membership'];
const on = (tables: readonly string[], rights: string): Record<string, string> => Object.fromEntries(tables.map((table) => [table, rights]));

/** What each process may do, table by table, and nothing else: written by hand, so that a new grant is seen by whoever gives it. */
const RIGHTS: Record<string, Record<string, string>> = {
  waybill_gateway: {
    ...on(DIRECTORY, 'select'), agreement_version: 'insert, select', allowance: 'insert, select, update',
    ...on(['leaf', 'node', 'checkpoint', 'log'], 'select'), entry: 'insert, select', pending_leaf: 'insert',
    ...on(['share', 'part', 'chunk', 'wrapped_key', 'line', 'sealed_digest', 'statement', 'idempotency', 'event', 'decision', 'disclosure', 'not_shared', 'agreement_document', 'party_document', 'request_answer', 'request_statement'], 'insert, select'), request: 'insert, select, update (closed_at), update (deciders), update (due_at), update (reviewers), update (state), update (triage)',
    ...on(['transfer', 'malformed_upload', 'duty'], 'insert, select, update'), outbox: 'delete, insert, select',
    upload: 'delete, insert, select, update', upload_chunk: 'insert, select, update', webhook: 'delete, insert, select, update', push: 'insert, select',
  },
  waybill_courier: {
    ...on(DIRECTORY, 'select'), agency: 'select, update (version)', ...on(['entry', 'pending_leaf', 'event'], 'insert'),
    ...on(['share', 'part', 'chunk', 'wrapped_key', 'line'], 'select'), transfer: 'select, update', outbox: 'delete, insert, select, update', duty: 'insert, select, update',
    mail_domain: 'select, update (check_at), update (failures), update (fault), update (found_at), update (lapsed_at), update (leased_until), update (rests_until), update (tls)', mail_posture: 'insert, select', mailing: 'insert, select, update', sts_policy: 'insert, select, update', statement: 'insert, select',
    request: 'select, update (closed_at), update (state), update (unanswered_at)', push: 'insert, select, update', webhook: 'select, update (failures), update (rests_until)',
  },
  waybill_relay: {
    ...on(DIRECTORY, 'select'), entry: 'insert', pending_leaf: 'delete, insert, select, update', ...on(['leaf', 'node', 'checkpoint'], 'insert, select'), log: 'select, update (size)',
    share: 'select', ...on(['chunk', 'wrapped_key', 'line'], 'delete, select'), part: 'delete, select, update (size)', transfer: 'select, update', outbox: 'delete, insert, select, update',
    request: 'select, update (closed_at), update (state), update (unanswered_at)', duty: 'insert, select, update', event: 'insert', ...on(['idempotency', 'malformed_upload', 'upload', 'push', 'mailing'], 'delete, select'),
  },
  waybill_registrar: { ...on(DIRECTORY, 'insert, select, update'), ...on(['agreement_version', 'directory_past'], 'insert, select'), ...on(['entry', 'pending_leaf'], 'insert'), log: 'insert, select', ...on(['duty', 'mail_posture'], 'select'), ...on(['staff', 'staff_training'], 'insert, select, update'), on_duty: 'delete, insert, select' },
  // No part, chunk, key or line: the console shows what became of a share, and serves no octet of it.
  waybill_console: {
    ...on(['agency', 'agreement_version', 'contact', 'controller_name', 'membership', 'transfer', 'share', 'event', 'statement', 'duty', 'staff', 'staff_training', 'on_duty'], 'select'), ...on(['entry', 'pending_leaf'], 'insert'),
    ...on(['allowance', 'item_owner'], 'insert, select, update'), ...on(['staff_statement', 'item_reason'], 'insert, select'), session: 'delete, insert, select, update', sign_in: 'delete, insert, select',
  },
  waybill_disposal: {},
  waybill_operator: { outbox: 'select, update (attempt), update (due_at), update (leased_until), update (parked_at), update (parked_reason), update (published_at)', event: 'insert' },
};

test.each(Object.entries(RIGHTS))('%s has these rights and no other', (role, rights) => {
  const found = catalogue.tables.map((table) => [table.name, grantsOf('it', table.grants.filter(({ to }) => to === role)).join().replace(/^grant (.*) on it to .*$/, '$1')] as const).filter(([, own]) => own !== '');
  expect(Object.fromEntries(found)).toEqual(rights);
});

test('nobody else has a right to a table, and a schema may be entered by the processes alone', () => {
  expect(catalogue.roles.map(({ name }) => name)).toEqual(Object.keys(RIGHTS).sort());
  expect(catalogue.tables.flatMap(({ grants }) => grants).map(({ to }) => to).filter((to) => !(to in RIGHTS))).toEqual([]);
  expect(catalogue.schemas).toEqual([{ name: 'public', grants: [] }, { name: 'waybill', grants: Object.keys(RIGHTS).sort().map((to) => ({ to, privilege: 'usage' })) }]);
});

test('no process role owns anything, belongs to another role, or can become more than it is', () => {
  for (const role of catalogue.roles) expect(role).toEqual({ name: role.name, owns: 0, memberOf: [], attributes: ['login'] });
});

test('every table has forced row security or stands in the list of those without, with its reason; so does every policy that crosses controllers', () => {
  expect(unreasoned(catalogue)).toEqual([]);
});

test('a new policy without a reason, a table without row security, and a reason for nothing are all found', () => {
  const changed = (name: string, change: Partial<Table>): Catalogue => ({ ...catalogue, tables: catalogue.tables.map((table) => (table.name === name ? { ...table, ...change } : table)) });
  const opened = { name: 'opened_to_all', command: 'select', permissive: true, roles: ['waybill_gateway'], using: 'true', check: null };
  expect(unreasoned(changed('share', { policies: [opened] })).join('\n')).toMatch(/the policy share\.opened_to_all names neither agency nor controller[\s\S]*gives a reason for share\.delivering/);
  expect(unreasoned(changed('share', { forced: false }))).toEqual([expect.stringMatching(/^the table share has no forced row security/)]);
  expect(unreasoned(changed('agency', { forced: true }))).toEqual([expect.stringMatching(/^row-reasons\.ts gives a reason for agency/)]);
});

test('no function runs with its owner’s rights, no process may prepare partitions, and nothing but tables shows rows', () => {
  expect(catalogue.functions.filter(({ securityDefiner }) => securityDefiner)).toEqual([]);
  expect(catalogue.functions.find(({ name }) => name.includes('prepare_partitions'))?.grants).toEqual([]);
  expect(catalogue.others.filter(({ count }) => count > 0)).toEqual([]);
});

test('a partition of the register has no right and no policy, a guard of its own against truncation, and is of no other kind than the dump leaves out', async () => {
  const { rows } = await db.owner.query<{ name: string; acl: string | null; policies: number; own: string }>(
    `select c.relname as name, c.relacl::text as acl, (select count(*)::int from pg_policy y where y.polrelid = c.oid) as policies,
       (select string_agg(t.tgname, ' ') from pg_trigger t where t.tgrelid = c.oid and t.tgparentid = 0 and not t.tgisinternal) as own
     from pg_class c where c.relispartition and c.relkind in ('r', 'p') and c.relnamespace = 'waybill'::regnamespace`,
  );
  expect(rows.length).toBeGreaterThan(100);
  for (const { name, acl, policies, own } of rows) expect([name, acl, policies, own]).toEqual([expect.stringMatching(/^entry_(disclosure|movement|party|housekeeping|disposal)(_\d{4}_\d{2}|_default)?$/), null, 0, 'never_truncated']);
});

test('PostgreSQL is 15 or later', async () => {
  const { rows } = await db.owner.query<{ version: string }>(`select current_setting('server_version_num') as version`);
  expect(Number(rows[0]?.version)).toBeGreaterThanOrEqual(150_000);
});

const owner = () => ({ ...db.address, user: EMBEDDED_OWNER });

test('migrating twice changes nothing', async () => {
  expect(await migrate(owner())).toEqual([]);
  expect(await readCatalogue(db.owner)).toEqual(catalogue);
});

test('a migration that was changed after it ran is refused by its name, and a new one that fails leaves no trace', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-migrations-'));
  try {
    cpSync(MIGRATIONS, folder, { recursive: true });
    expect(await migrate(owner(), folder)).toEqual([]);
    writeFileSync(join(folder, '9999_fails.sql'), 'create table waybill.half (); select 1 / 0;');
    await expect(migrate(owner(), folder)).rejects.toThrow(/division by zero/);
    expect(await readCatalogue(db.owner)).toEqual(catalogue);
    rmSync(join(folder, '9999_fails.sql'));
    appendFileSync(join(folder, '0003_register.sql'), '\n-- changed\n');
    await expect(migrate(owner(), folder)).rejects.toThrow(/0003_register\.sql was changed after it ran/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
