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

const DIRECTORY = ['agency', 'agreement_state', 'agreement_version', 'attestation', 'certificate', 'certificate_key', 'client_certificate', 'contact', 'controller_name', 'coordinator_key', 'mail_domain', 'membership'];
const on = (tables: readonly string[], rights: string): Record<string, string> => Object.fromEntries(tables.map((table) => [table, rights]));

/** What each process may do, table by table, and nothing else: written by hand, so that a new grant is seen by whoever gives it. */
const RIGHTS: Record<string, Record<string, string>> = {
  waybill_gateway: {
    event_stream: 'delete, insert, select, update', security_event: 'insert, select',
    ...on(['list', 'list_entry'], 'select'),
    // Notifications about providers: what was drafted is moved, and whom it reached never changed.
    notification: `insert, select, ${['circulated_at', 'deposit_digest', 'deposit_folder', 'deposited_at', 'ended_at', 'ended_because', 'keep_until', 'necessity', 'provider_kind', 'provider_number', 'provider_register', 'provider_told', 'purpose', 'review_on', 'state', 'submitted_share'].map((column) => `update (${column})`).join(', ')}`,
    notification_recipient: 'insert, select, update (read_at)', notification_statement: 'insert, select',
    // Who holds a team's key, and whether it works there: ids, and no name.
    meeting: 'insert, select, update (confidentiality_at), update (parties), update (terms)', meeting_person: 'insert, select, update (details), update (signed_at)', meeting_statement: 'insert, select, update (words)',
    agreement_amendment: 'insert, select, update (approved_at), update (in_force_at)', agreement_count: 'insert', agreement_figure: 'select', agreement_statement: 'insert, select',
    ...on(['custody_statement', 'team_mailbox'], 'insert, select'), key_holder: 'insert, select, update (taken_at), update (taken_because)', staff: 'select (agency), select (contacts), select (from_day), select (id), select (roles), select (until_day)',
    ...on(DIRECTORY, 'select'), agreement_version: 'insert, select', ...on(['partnership_attestation', 'agency_name', 'succession'], 'select'),
    // Its own membership and attestations, which triggers see to, and the versions and the past that these write.
    agency: 'select, update (version)', agreement_state: 'insert, select, update', attestation: 'insert, select, update', directory_past: 'insert', membership: 'insert (agency), insert (agreement), insert (entry), insert (from_day), insert (status), select, update (entry), update (status)', membership_statement: 'insert, select', allowance: 'insert, select, update',
    ...on(['leaf', 'node', 'checkpoint', 'log'], 'select'), entry: 'insert, select', pending_leaf: 'insert',
    ...on(['share', 'part', 'chunk', 'wrapped_key', 'line', 'sealed_digest', 'statement', 'idempotency', 'event', 'decision', 'disclosure', 'not_shared', 'agreement_document', 'party_document', 'request_answer', 'request_statement', 'rights_statement', 'retention_statement', 'subject_index'], 'insert, select'), retention: 'insert, select, update', matter: 'insert, select, update (answer), update (answer_octets), update (answer_signature), update (answer_signer), update (answer_signer_certificate), update (answer_words), update (answered_at), update (until_day), update (weight)', rights_request: 'insert, select, update (closed_at), update (due_at)',
    request: 'insert, select, update (closed_at), update (deciders), update (due_at), update (reviewers), update (state), update (triage)',
    ...on(['transfer', 'malformed_upload', 'duty'], 'insert, select, update'), outbox: 'delete, insert, select',
    breach: 'insert, select, update (closed_at), update (found_at), update (happened_at), update (held_since), update (parties), update (state), update (type)', breach_party: 'insert, select, update (aware_at), update (due_at), update (parts), update (reported_at)', breach_notice: 'insert, select, update (read_at)', ...on(['breach_share', 'breach_statement'], 'insert, select'),
    breach_phase: 'select', notice_mail: 'select', suspension: 'insert, select, update (ended_at), update (ended_because)',
    upload: 'delete, insert, select, update', upload_chunk: 'insert, select, update', register_disposal: 'select', webhook: 'delete, insert, select, update', push: 'insert, select', pass: 'select, update (page)',
  },
  waybill_courier: {
    ...on(DIRECTORY, 'select'), agency: 'select, update (version)', ...on(['entry', 'pending_leaf', 'event'], 'insert'),
    ...on(['share', 'part', 'chunk', 'wrapped_key', 'line'], 'select'), transfer: 'select, update', outbox: 'delete, insert, select, update', duty: 'insert, select, update',
    mail_domain: 'select, update (check_at), update (failures), update (fault), update (found_at), update (lapsed_at), update (leased_until), update (rests_until), update (tls)', mail_posture: 'insert, select', mailing: 'insert, select, update', sts_policy: 'insert, select, update', tls_count: 'delete, insert, select, update', tls_report: 'delete, insert, select, update', tls_heard: 'delete, insert, select', statement: 'insert, select', retention: 'insert',
    breach: 'select (agreement), select (exercise), select (harm), select (id)', notice_mail: 'insert, select, update',
    suspension: 'select', request: 'select, update (closed_at), update (state), update (unanswered_at)', push: 'insert, select, update', event_stream: 'select', security_event: 'select, update', webhook: 'select, update (failures), update (rests_until)',
  },
  waybill_relay: {
    // What comes of agreements is counted: kinds, days and answers, and no octets of what was put or answered.
    ...on(['agreement_amendment', 'agreement_document', 'agreement_statement'], 'select'), agreement_count: 'delete, select', agreement_figure: 'insert, select, update',
    matter: 'select (agreement), select (answer), select (answered_at), select (due_at), select (id), select (kind), select (opened_at)', request_answer: 'select (answer), select (at), select (category), select (request)',
    // Who holds a team's key, and whether it works there: ids, and no name.
    key_holder: 'select', team_mailbox: 'insert, select', staff: 'select (agency), select (contacts), select (from_day), select (id), select (roles), select (until_day)',
    ...on(DIRECTORY, 'select'), ...on(['partnership_attestation', 'agency_name', 'succession'], 'select'), agency: 'select, update (version)', agreement_state: 'insert, select, update', directory_past: 'insert', membership: 'select, update (status)', entry: 'insert', pending_leaf: 'delete, insert, select, update', ...on(['leaf', 'node', 'checkpoint'], 'insert, select'), log: 'select, update (size)',
    share: 'select', ...on(['chunk', 'wrapped_key', 'line'], 'delete, select'), part: 'delete, select, update (size)', transfer: 'select, update', outbox: 'delete, insert, select, update',
    security_event: 'delete, select', ...on(['breach', 'breach_party', 'breach_share'], 'select'), suspension: 'select, update (ended_at), update (ended_because)', request: 'select, update (closed_at), update (state), update (unanswered_at)', ...on(['duty', 'daily'], 'insert, select, update'), retention: 'select, update (due_on), update (due_told_at), update (evidence_since), update (review_on), update (started_on)', ...on(['list', 'list_entry'], 'select'), notification: 'select', notification_recipient: 'insert, select, update (ended_told_at)', event: 'insert', ...on(['idempotency', 'malformed_upload', 'upload', 'push', 'mailing'], 'delete, select'),
  },
  waybill_registrar: { security_event: 'insert', ...on(['breach', 'breach_party'], 'insert, select'), ...on(['breach_notice', 'breach_phase'], 'insert'), ...on(DIRECTORY, 'insert, select, update'), attestation: 'select', ...on(['partnership_attestation', 'agency_name', 'succession'], 'insert, select, update'), ...on(['agreement_version', 'directory_past'], 'insert, select'), ...on(['entry', 'pending_leaf'], 'insert'), log: 'insert, select', duty: 'insert, select, update (closed_at), update (closed_because), update (next_at), update (shown_by)', list: 'insert, select, update (review_on)', list_entry: 'insert, select, update (blind), update (ended_because), update (until_day)', mail_posture: 'select', tls_heard: 'delete, insert, select', ...on(['staff', 'staff_training', 'desk_terms'], 'insert, select, update'), on_duty: 'delete, insert, select', processor_contract: 'insert, select', register_rule: 'insert, select, update' },
  // No part, chunk, key or line: the console shows what became of a share, and serves no octet of it.
  waybill_console: {
    ...on(['agency', 'agency_name', 'succession', 'agreement_amendment', 'agreement_document', 'agreement_figure', 'agreement_statement', 'agreement_version', 'contact', 'controller_name', 'membership', 'transfer', 'share', 'event', 'statement', 'request', 'request_answer', 'request_statement', 'desk_terms', 'breach', 'breach_party', 'breach_share', 'breach_notice', 'notice_mail', 'breach_statement', 'breach_phase', 'suspension', 'staff', 'staff_training', 'on_duty', 'team_mailbox'], 'select'), duty: 'insert, select, update (closed_at), update (closed_because), update (next_at), update (shown_by)', entry: 'insert, select', pending_leaf: 'insert', ...on(['leaf', 'node', 'checkpoint', 'retention', 'register_disposal'], 'select'),
    ...on(['allowance', 'item_owner', 'item_triage'], 'insert, select, update'), ...on(['staff_statement', 'item_reason'], 'insert, select'), session: 'delete, insert, select, update', sign_in: 'delete, insert, select', pass: 'delete, insert, select',
  },
  // Ids and states of what is under way, and every register's entries, which it takes none of: it says in each what goes, and the owner drops it.
  waybill_disposal: {
    ...on(['breach_share', 'leaf', 'register_rule'], 'select'), entry: 'insert, select', pending_leaf: 'insert', subject_index: 'delete, select', register_disposal: 'insert, select, update (entries), update (ready_at), update (swept_at)',
    transfer: 'select (ended_at), select (id), select (share)', request: 'select (closed_at), select (id), select (share)', breach: 'select (closed_at), select (held_since), select (id)', matter: 'select (answered_at), select (id), select (share)', rights_request: 'select (closed_at), select (id)', notification: 'select (ended_at), select (id)',
    retention: 'select (disposed_at), select (evidence_since), select (held_at), select (share)', duty: 'select (breach), select (closed_at), select (matter), select (notification), select (request), select (rights), select (transfer)',
  },
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

test('no function runs with its owner’s rights, no process may prepare or drop partitions, and nothing but tables shows rows', () => {
  expect(catalogue.functions.filter(({ securityDefiner }) => securityDefiner)).toEqual([]);
  for (const own of ['prepare_partitions', 'drop_disposed']) expect(catalogue.functions.find(({ name }) => name.includes(own))?.grants).toEqual([]);
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
