import { createHash } from 'node:crypto';
import type { ProcessRole } from '#platform/database';
import { Egress } from '#platform/egress';
import { Client } from 'pg';
import { CASEWORK, FRONT_DOOR, REFERRAL_TO_TWO, Scene, transferTo } from '../journeys/referral';
import { disclosure, recordDisclosure } from '../world/disclosures';
import { notShared, record } from '../world/not-shared';
import { reportBreach } from '../world/breaches';
import { eventually, openWorld } from '../world/partnership';

/** Somebody has a process's password and writes SQL. What the database lets each role see and do, whatever the code above it says. */
let scene: Scene;
let transfer: string;
let share: string;
beforeAll(async () => {
  scene = new Scene(await openWorld({ egress: new Egress({ resolve: () => Promise.resolve([]) }) }));
  const [, contact = ''] = FRONT_DOOR.split('/');
  await scene.council.ask('PUT', `/v1/webhooks/${contact}`, Buffer.from('{"url":"https://hooks.merebrook.example/","sends":"reference"}'), { 'content-type': 'application/json' });
  const sent = await scene.send(REFERRAL_TO_TWO);
  [share, transfer] = [sent.share.id, transferTo(sent.receipt, FRONT_DOOR)];
  await scene.opened(scene.council, await scene.transfer(scene.council, share), 'part-1');
  await scene.council.state('opened', transfer, { share, manifestDigest: sent.receipt.manifestDigest });
  await scene.school.form('POST', '/v1/shares', [{ name: 'manifest', octets: Buffer.from('no') }], { 'idempotency-key': 'some-key-1' });
  await scene.school.submit(await scene.compose(), { 'idempotency-key': 'some-key-2' });
  expect((await record(scene.school, await notShared(scene.world, scene.school, { words: 'no' }))).status).toBe(201);
  expect((await recordDisclosure(scene.school, await disclosure(scene.world, scene.school, { route: { by: 'verbal', at: scene.world.clock.now().toISOString() }, words: 'no' }))).status).toBe(201);
  await reportBreach(scene.world, scene.school, { shares: [share] });
  // The relay takes away the counts of a minute that is over: these are of one that is long to come.
  await scene.sql(`update waybill.malformed_upload set minute = minute + interval '1 day'`);
  await eventually(async () => (await scene.sql('select from waybill.pending_leaf')).length === 0);
});
afterAll(() => scene.world.close());

const ROLES: readonly ProcessRole[] = ['gateway', 'courier', 'relay', 'registrar', 'disposal', 'operator', 'console'];

/** What of the directory the console shows. */
const SHOWN = ['agency', 'agency_name', 'agreement_version', 'contact', 'controller_name', 'membership', 'succession'];

/** Organisations and keys, which every partner may read; and what says nothing of anybody. */
const DIRECTORY = ['agency', 'agency_name', 'agreement_state', 'agreement_version', 'attestation', 'certificate', 'certificate_key', 'client_certificate', 'contact', 'controller_name', 'coordinator_key', 'mail_domain', 'membership', 'partnership_attestation', 'succession'];
/** Beyond reading it. What a membership may become by whom, and who attests for whom, triggers see to. */
const OF_DIRECTORY: Record<string, string> = {
  'agreement_version gateway': 'si', 'agency courier': 's(u)', 'mail_domain courier': 's(u)', 'agency gateway': 's(u)', 'agency relay': 's(u)', 'agreement_state gateway': 'siu', 'agreement_state relay': 'siu',
  'attestation gateway': 'siu', 'membership gateway': 's(i)(u)', 'membership relay': 's(u)', 'partnership_attestation courier': '', 'agency_name courier': '', 'succession courier': '',
};
/** What mail domains publish, and how they were found: for anybody to look up. */
const DOMAINS = ['mail_posture', 'sts_policy', 'tls_count', 'tls_heard', 'tls_report'];
/** What decisions rest on and name by its digest: published texts, and parties without how they are reached. */
const DOCUMENTS = ['agreement_document', 'party_document'];
const TENANT = ['agreement_count', 'agreement_figure', 'agreement_statement', 'breach', 'breach_notice', 'breach_party', 'breach_phase', 'breach_share', 'breach_statement', 'checkpoint', 'chunk', 'custody_statement', 'daily', 'decision', 'desk_terms', 'disclosure', 'duty', 'entry', 'event', 'event_stream', 'idempotency', 'item_owner', 'item_reason', 'item_triage', 'key_holder', 'leaf', 'line', 'list', 'list_entry', 'log', 'mailing', 'malformed_upload', 'matter', 'meeting', 'meeting_person', 'meeting_statement', 'membership_statement', 'node', 'not_shared', 'notice_mail', 'notification', 'notification_recipient', 'notification_statement', 'on_duty', 'outbox', 'part', 'pass', 'pending_leaf', 'processor_contract', 'push', 'register_rule', 'request', 'request_answer', 'request_statement', 'retention', 'retention_statement', 'rights_request', 'rights_statement', 'sealed_digest', 'security_event', 'session', 'share', 'sign_in', 'staff', 'staff_statement', 'staff_training', 'statement', 'subject_index', 'suspension', 'team_mailbox', 'transfer', 'upload', 'upload_chunk', 'webhook', 'wrapped_key'];

/** Rights of each process on what belongs to somebody: s(elect) i(nsert) u(pdate) d(elete); (u) on one column. Anything not here is not granted. */
const GRANTS: Record<string, Partial<Record<ProcessRole, string>>> = {
  checkpoint: { gateway: 's', relay: 'si', console: 's' }, chunk: { gateway: 'si', courier: 's', relay: 'sd' }, daily: { relay: 'siu' }, decision: { gateway: 'si' }, desk_terms: { registrar: 'siu', console: 's' }, disclosure: { gateway: 'si' }, duty: { gateway: 'siu', courier: 'siu', relay: 'siu', registrar: 'si(u)', console: 'si(u)', disposal: '(s)' }, entry: { gateway: 'si', courier: 'i', relay: 'i', registrar: 'i', console: 'si', disposal: 'si' },
  meeting: { gateway: 'si(u)' }, meeting_person: { gateway: 'si(u)' }, meeting_statement: { gateway: 'si(u)' }, agreement_count: { gateway: 'i', relay: 'sd' }, agreement_figure: { gateway: 's', relay: 'siu', console: 's' }, agreement_statement: { gateway: 'si', relay: 's', console: 's' }, custody_statement: { gateway: 'si' }, membership_statement: { gateway: 'si' }, key_holder: { gateway: 'si(u)', relay: 's' }, team_mailbox: { gateway: 'si', relay: 'si', console: 's' },
  event: { gateway: 'si', courier: 'i', relay: 'i', operator: 'i', console: 's' }, idempotency: { gateway: 'si', relay: 'sd' }, item_owner: { console: 'siu' }, item_reason: { console: 'si' }, item_triage: { console: 'siu' }, leaf: { gateway: 's', relay: 'si', disposal: 's', console: 's' }, line: { gateway: 'si', courier: 's', relay: 'sd' },
  log: { gateway: 's', relay: 's(u)', registrar: 'si' }, mailing: { courier: 'siu', relay: 'sd' }, malformed_upload: { gateway: 'siu', relay: 'sd' }, node: { gateway: 's', relay: 'si', console: 's' }, not_shared: { gateway: 'si' }, on_duty: { registrar: 'sid', console: 's' }, outbox: { gateway: 'sid', courier: 'siud', relay: 'siud', operator: 's(u)' },
  part: { gateway: 'si', courier: 's', relay: 'sd(u)' }, pending_leaf: { gateway: 'i', courier: 'i', relay: 'siud', registrar: 'i', console: 'i', disposal: 'i' }, processor_contract: { registrar: 'si' }, push: { gateway: 'si', courier: 'siu', relay: 'sd' }, sealed_digest: { gateway: 'si' }, event_stream: { gateway: 'siud', courier: 's' }, security_event: { gateway: 'si', courier: 'su', relay: 'sd', registrar: 'i' }, session: { console: 'siud' }, share: { gateway: 'si', courier: 's', relay: 's', console: 's' },
  breach: { gateway: 'si(u)', courier: '(s)', relay: 's', registrar: 'si', console: 's', disposal: '(s)' }, notice_mail: { gateway: 's', courier: 'siu', console: 's' }, breach_notice: { gateway: 'si(u)', registrar: 'i', console: 's' }, breach_party: { gateway: 'si(u)', relay: 's', registrar: 'si', console: 's' },
  breach_phase: { gateway: 's', registrar: 'i', console: 's' }, breach_share: { gateway: 'si', relay: 's', console: 's', disposal: 's' }, breach_statement: { gateway: 'si', console: 's' }, suspension: { gateway: 'si(u)', courier: 's', relay: 's(u)', console: 's' },
  pass: { gateway: 's(u)', console: 'sid' }, request: { gateway: 'si(u)', courier: 's(u)', relay: 's(u)', console: 's', disposal: '(s)' }, request_answer: { gateway: 'si', relay: '(s)', console: 's' }, request_statement: { gateway: 'si', console: 's' }, matter: { gateway: 'si(u)', relay: '(s)', disposal: '(s)' }, rights_request: { gateway: 'si(u)', disposal: '(s)' }, rights_statement: { gateway: 'si' }, retention: { gateway: 'siu', courier: 'i', relay: 's(u)', disposal: '(s)', console: 's' }, list: { gateway: 's', relay: 's', registrar: 'si(u)' }, list_entry: { gateway: 's', relay: 's', registrar: 'si(u)' }, notification: { gateway: 'si(u)', relay: 's', disposal: '(s)' }, notification_recipient: { gateway: 'si(u)', relay: 'si(u)' }, notification_statement: { gateway: 'si' }, retention_statement: { gateway: 'si' },
  register_rule: { registrar: 'siu', disposal: 's' }, sign_in: { console: 'sid' }, staff: { gateway: '(s)', relay: '(s)', registrar: 'siu', console: 's' }, staff_statement: { console: 'si' }, staff_training: { registrar: 'siu', console: 's' },
  statement: { gateway: 'si', courier: 'si', console: 's' }, subject_index: { gateway: 'si', disposal: 'sd' }, transfer: { gateway: 'siu', courier: 'su', relay: 'su', console: 's', disposal: '(s)' }, upload: { gateway: 'siud', relay: 'sd' }, upload_chunk: { gateway: 'siu' }, webhook: { gateway: 'siud', courier: 's(u)' }, wrapped_key: { gateway: 'si', courier: 's', relay: 'sd' },
};

const as = async <T>(role: ProcessRole | 'owner', work: (client: Client) => Promise<T>): Promise<T> => {
  const { host, port, database } = scene.world.db.address;
  const client = new Client({ host, port, database, user: `waybill_${role}` });
  await client.connect();
  return work(client).finally(() => client.end());
};
const refusal = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: { code?: string }) => error.code ?? String(error));
const NO_RIGHT = '42501';

test('every table is either of the directory, or forced under row security, owner and all', async () => {
  const tables = await scene.sql<{ name: string; forced: boolean; partition: boolean }>(
    `select relname as name, relrowsecurity and relforcerowsecurity as forced, relispartition as partition from pg_class where relnamespace = 'waybill'::regnamespace and relkind in ('r', 'p') order by relname`);
  const whole = tables.filter(({ partition }) => !partition);
  expect(whole.filter(({ forced }) => forced).map(({ name }) => name)).toEqual(TENANT);
  expect(whole.filter(({ forced }) => !forced).map(({ name }) => name)).toEqual([...DIRECTORY, ...DOCUMENTS, ...DOMAINS, 'agreement_amendment', 'allowance', 'directory_past', 'register_disposal'].sort());
  // A partition has no policy of its own: nobody may reach it but through its table.
  const reached = await scene.sql(`select distinct g.table_name from information_schema.table_privileges g join pg_class c on c.relname = g.table_name and c.relispartition where g.grantee like 'waybill\\_%' and g.grantee <> 'waybill_owner'`);
  expect(reached).toEqual([]);
  expect(await scene.sql(`select viewname from pg_views where schemaname = 'waybill'`)).toEqual([]);
  expect(await scene.sql(`select proname from pg_proc where pronamespace = 'waybill'::regnamespace and prosecdef`)).toEqual([]);
});

test('each role has the rights that are listed here, and no other', async () => {
  const granted = await scene.sql<{ table: string; grantee: string; privilege: string; whole: boolean }>(
    `select table_name as table, grantee, privilege_type as privilege, true as whole from information_schema.table_privileges where table_schema = 'waybill'
     union select table_name, grantee, privilege_type, false from information_schema.column_privileges c where table_schema = 'waybill'
       and not exists (select from information_schema.table_privileges t where t.table_schema = 'waybill' and t.table_name = c.table_name and t.grantee = c.grantee and t.privilege_type = c.privilege_type)`);
  const letters = (table: string, role: ProcessRole): string =>
    ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'].map((privilege) => {
      const found = granted.filter((row) => row.table === table && row.grantee === `waybill_${role}` && row.privilege === privilege);
      if (found.length === 0) return '';
      const letter = { SELECT: 's', INSERT: 'i', UPDATE: 'u', DELETE: 'd' }[privilege] ?? privilege;
      return found.some(({ whole }) => whole) ? letter : `(${letter})`;
    }).sort((a, b) => Number(a.startsWith('(')) - Number(b.startsWith('('))).join('');
  const found = Object.fromEntries(TENANT.map((table) => [table, Object.fromEntries(ROLES.flatMap((role) => (letters(table, role) === '' ? [] : [[role, letters(table, role)]])))]));
  expect(found).toEqual(GRANTS);
  for (const table of DIRECTORY) {
    for (const role of ROLES.filter((each) => each !== 'registrar')) expect([table, role, letters(table, role)]).toEqual([table, role, OF_DIRECTORY[`${table} ${role}`] ?? (role === 'disposal' || role === 'operator' || (role === 'console' && !SHOWN.includes(table)) ? '' : 's')]);
    expect(letters(table, 'registrar')).not.toContain('d');
  }
  // How much each agency, or whoever signs in, may still ask for: gateway and console count, nobody else.
  expect(ROLES.map((role) => [role, letters('allowance', role)]).filter(([, own]) => own !== '')).toEqual([['gateway', 'siu'], ['console', 'siu']]);
  // What the directory said before: whoever changes it keeps it, the registrar alone reads it, and nobody alters that.
  expect(ROLES.map((role) => [role, letters('directory_past', role)]).filter(([, own]) => own !== '')).toEqual([['gateway', 'i'], ['relay', 'i'], ['registrar', 'si']]);
  // The courier finds mail domains out; of an agency it may write the version alone, which the database sets itself.
  expect(DOMAINS.map((table) => ROLES.map((role) => [role, letters(table, role)]).filter(([, own]) => own !== ''))).toEqual([[['courier', 'si'], ['registrar', 's']], [['courier', 'siu']], [['courier', 'siud']], [['courier', 'sid'], ['registrar', 'sid']], [['courier', 'siud']]]);
  // Texts of agreements are read by whoever has to know which is in force.
  expect(ROLES.map((role) => [role, letters('agreement_document', role)]).filter(([, own]) => own !== '')).toEqual([['gateway', 'si'], ['relay', 's'], ['console', 's']]);
  expect(ROLES.map((role) => [role, letters('party_document', role)]).filter(([, own]) => own !== '')).toEqual([['gateway', 'si']]);
  expect(ROLES.map((role) => [role, letters('agreement_amendment', role)]).filter(([, own]) => own !== '')).toEqual([['gateway', 'si(u)'], ['relay', 's'], ['console', 's']]);
  // Which month of which class of entries goes: no controller stands there, and whoever drops it reads no entry.
  expect(ROLES.map((role) => [role, letters('register_disposal', role)]).filter(([, own]) => own !== '')).toEqual([['gateway', 's'], ['disposal', 'si(u)'], ['console', 's']]);
  expect(granted.filter(({ grantee }) => grantee === 'PUBLIC')).toEqual([]);
});

test('no process role owns anything, is a superuser, may bypass row security, make roles, or become another', async () => {
  const roles = await scene.sql<{ name: string }>(
    `select rolname as name, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolinherit as more, (select count(*)::int from pg_class where relowner = r.oid) as owns,
       (select count(*)::int from pg_auth_members where member = r.oid) as member from pg_roles r where rolname = any($1) order by rolname`, [ROLES.map((role) => `waybill_${role}`)]);
  expect(roles).toEqual(ROLES.map((role) => `waybill_${role}`).sort().map((name) => ({ name, more: false, owns: 0, member: 0 })));
  for (const role of ROLES) {
    await as(role, async (client) => {
      for (const sql of ['set role waybill_owner', 'set session authorization waybill_owner', 'create table waybill.x (y int)', 'create table public.x (y int)', 'alter table waybill.entry disable row level security', 'alter table waybill.entry disable trigger all']) {
        expect([role, sql, await refusal(client.query(sql))]).toEqual([role, sql, NO_RIGHT]);
      }
      // It may be set by anybody, and shows nothing more to anybody who is not told so by a policy: PostgreSQL refuses the query instead.
      await client.query('set row_security = off');
      if (role === 'gateway') expect(await refusal(client.query('select from waybill.transfer'))).toBe(NO_RIGHT);
    });
  }
});

test('the gateway without an agency and a controller sees no row of anybody’s', async () => {
  const filled: string[] = [];
  for (const table of TENANT) if ((await scene.sql(`select from waybill.${table} limit 1`)).length > 0) filled.push(table);
  expect(filled).toEqual(expect.arrayContaining(['breach', 'breach_notice', 'breach_party', 'breach_share', 'breach_statement', 'chunk', 'decision', 'disclosure', 'duty', 'entry', 'event', 'idempotency', 'leaf', 'line', 'log', 'malformed_upload', 'not_shared', 'part', 'push', 'sealed_digest', 'share', 'statement', 'transfer', 'webhook', 'wrapped_key']));
  for (const asker of [{}, { agency: '', controller: '' }, { agency: 'nobody-at-all', controller: 'nobody-at-all' }, { agency: "' or true --", controller: '%' }]) {
    const seen = await as('gateway', async (client) => {
      await client.query('begin');
      for (const [name, value] of Object.entries(asker)) await client.query(`select set_config($1, $2, true)`, [`waybill.${name}`, value]);
      const counts: Record<string, number> = {};
      for (const table of TENANT.filter((each) => GRANTS[each]?.gateway?.includes('s'))) counts[table] = (await client.query(`select from waybill.${table}`)).rowCount ?? 0;
      return Object.entries(counts).filter(([, rows]) => rows > 0).map(([table]) => table);
    });
    // A digest tells only that a sealed part went through, and from whom: it must be found whoever sends it again.
    expect(seen).toEqual(['sealed_digest']);
  }
});

test('the gateway for one agency sees its own rows: of a share to two each recipient its own copy, the sender none, an outsider nothing', async () => {
  const seen = (agency: string) => as('gateway', async (client) => {
    await client.query('begin');
    await client.query(`select set_config('waybill.agency', $1, true), set_config('waybill.controller', $1, true)`, [agency]);
    const count = async (sql: string) => (await client.query(sql, [share])).rowCount;
    return {
      share: await count('select from waybill.share where id = $1'), transfer: await count('select from waybill.transfer where share = $1'), part: await count('select from waybill.part where share = $1'),
      keys: await count('select from waybill.wrapped_key where share = $1'), line: await count('select from waybill.line l join waybill.transfer t on t.id = l.transfer where t.share = $1'),
      entries: (await client.query('select from waybill.entry where controller <> $1', [agency])).rowCount,
    };
  });
  expect(await seen('st-brigid-primary')).toEqual({ share: 1, transfer: 2, part: 0, keys: 0, line: 0, entries: 0 });
  expect(await seen('merebrook-council')).toEqual({ share: 1, transfer: 1, part: 3, keys: 3, line: 4, entries: 0 });
  expect(await seen('kingfisher-families')).toEqual({ share: 1, transfer: 1, part: 2, keys: 2, line: 3, entries: 0 });
  expect(await seen('eastgate-health')).toEqual({ share: 0, transfer: 0, part: 0, keys: 0, line: 0, entries: 0 });
  expect(CASEWORK).toMatch('kingfisher-families');
});

test('the gateway for one agency writes in no other’s name', async () => {
  await as('gateway', async (client) => {
    const tried = async (sql: string, values: unknown[] = []) => {
      await client.query('begin');
      await client.query(`select set_config('waybill.agency', 'eastgate-health', true), set_config('waybill.controller', 'eastgate-health', true)`);
      const result = await client.query(sql, values).then((done) => done.rowCount, (error: { code: string }) => error.code);
      await client.query('rollback');
      return result;
    };
    expect(await tried(`insert into waybill.share select 'st-brigid-primary', gen_random_uuid(), controller, manifest_digest, manifest, signature, signer, signer_certificate, agreement, agreement_version, urgency, accepted_at, receipt from waybill.share`)).toBe(0);
    expect(await tried(`insert into waybill.sealed_digest values ('x', 'st-brigid-primary')`)).toBe(NO_RIGHT);
    expect(await tried(`insert into waybill.idempotency (agency, key, manifest_digest, status, body) values ('st-brigid-primary', 'k', 'd', 202, '{}')`)).toBe(NO_RIGHT);
    expect(await tried(`insert into waybill.statement (transfer, kind, agency, octets, signature, signer, signer_certificate, at) values ($1, 'returned', 'merebrook-council', '', '', '', '', now())`, [transfer])).toBe(NO_RIGHT);
    expect(await tried(`insert into waybill.outbox (id, kind, transfer, lane, precedence) values (gen_random_uuid(), 'transfer.due', $1, 'routine', 3)`, [transfer])).toBe(NO_RIGHT);
    expect(await tried(`insert into waybill.security_event (id, agency, event, facts, precedence, at, due_at) values (gen_random_uuid(), 'st-brigid-primary', 'key-revoked', '{}', 0, now(), now())`)).toBe(NO_RIGHT);
    expect(await tried(`insert into waybill.security_event (id, agency, event, facts, precedence, at, due_at) values (gen_random_uuid(), 'st-brigid-primary', 'breach-notified', '{"breach":"00000000-0000-4000-8000-000000000000"}', 0, now(), now())`)).toBe(NO_RIGHT);
    expect(await tried(`update waybill.transfer set state = 'acknowledged' where id = $1`, [transfer])).toBe(0);
    expect(await tried(`update waybill.duty set closed_at = now() where transfer = $1`, [transfer])).toBe(0);
    expect(await tried('delete from waybill.outbox')).toBe(0);
  });
});

test('the console sees nobody’s row without an agency or what opens a row, one row with it, its own agency’s with an agency, and no octet of a payload at all', async () => {
  const digest = (of: string): string => createHash('sha256').update(of).digest('hex');
  for (const [agency, staff] of [['merebrook-council', 'mc-01'], ['st-brigid-primary', 'sb-01']] as const) {
    await scene.sql(`insert into waybill.staff (agency, id, name, roles, sign_in, issuer, subject, second_factor, from_day) values ($1, $2, 'x', '{practitioner}', $3, 'https://i.example', $2, false, '2020-01-01')`, [agency, staff, digest(staff)]);
    await scene.sql(`insert into waybill.session (token, agency, staff, second_factor, signed_in_at, seen_at, ends_at) values ($1, $2, $3, false, now(), now(), now() + interval '1 day')`, [digest(`session ${staff}`), agency, staff]);
    await scene.sql(`insert into waybill.item_owner (agency, kind, item, staff, version, since) values ($1, 'transfer', $2, $3, 1, now())`, [agency, transfer, staff]);
  }
  const seen = (settings: Record<string, string>) => as('console', async (client) => {
    await client.query('begin');
    for (const [name, value] of Object.entries(settings)) await client.query('select set_config($1, $2, true)', [`waybill.${name}`, value]);
    const counts: Record<string, number> = {};
    for (const table of TENANT.filter((each) => GRANTS[each]?.console?.includes('s'))) counts[table] = (await client.query(`select from waybill.${table}`)).rowCount ?? 0;
    return Object.fromEntries(Object.entries(counts).filter(([, rows]) => rows > 0));
  });
  for (const settings of [{}, { agency: '', bearer: '' }, { agency: 'nobody-at-all', bearer: digest('guessed') }, { bearer: '%' }]) expect(await seen(settings as Record<string, string>)).toEqual({});
  expect(await seen({ bearer: digest('session mc-01') })).toEqual({ session: 1 });
  expect(await seen({ bearer: digest('mc-01') })).toEqual({ staff: 1 });
  const own = await seen({ agency: 'merebrook-council' });
  const its = (await scene.sql(`select from waybill.transfer where 'merebrook-council' in (sender, recipient)`)).length;
  expect([own['staff'], own['item_owner'], own['session'], own['transfer']]).toEqual([1, 1, undefined, its]);
  expect(its).toBeLessThan((await scene.sql('select from waybill.transfer')).length);
  for (const table of ['part', 'chunk', 'wrapped_key', 'line', 'outbox', 'upload_chunk', 'not_shared', 'certificate', 'client_certificate']) expect([table, await as('console', (client) => refusal(client.query(`select from waybill.${table}`)))]).toEqual([table, NO_RIGHT]);
  // A register it shows to whoever answers for it (ADR 69): of the controller that is set, complete, and of no other a row.
  const controllers = (await scene.sql<{ controller: string }>('select distinct controller from waybill.entry')).map(({ controller }) => controller);
  expect(controllers).toEqual(expect.arrayContaining(['merebrook-council', 'st-brigid-primary']));
  for (const table of ['entry', 'leaf', 'node', 'checkpoint']) {
    const shown = await as('console', async (client) => {
      await client.query(`begin; select set_config('waybill.agency', 'merebrook-council', true), set_config('waybill.controller', 'merebrook-council', true)`);
      return (await client.query<{ controller: string }>(`select controller from waybill.${table}`)).rows.map(({ controller }) => controller);
    });
    expect([table, shown.length, new Set(shown)]).toEqual([table, (await scene.sql(`select from waybill.${table} where controller = 'merebrook-council'`)).length, new Set(['merebrook-council'])]);
  }
});

test.each(['entry', 'entry_disclosure', `entry_disclosure_${new Date().toISOString().slice(0, 7).replace('-', '_')}`, 'leaf', 'node', 'checkpoint'])('nobody changes %s: no process, and not its owner', async (table) => {
  const column = table.startsWith('entry') ? 'kind' : 'controller';
  for (const role of [...ROLES, 'owner'] as const) {
    await as(role, async (client) => {
      for (const sql of [`update waybill.${table} set ${column} = 'x'`, `delete from waybill.${table}`, `truncate waybill.${table}`, `truncate waybill.${table} cascade`]) {
        await client.query('begin');
        await client.query(`select set_config('waybill.agency', 'st-brigid-primary', true), set_config('waybill.controller', 'st-brigid-primary', true)`);
        expect([role, sql, await refusal(client.query(sql))]).toEqual([role, sql, NO_RIGHT]);
        await client.query('rollback');
      }
    });
  }
});
