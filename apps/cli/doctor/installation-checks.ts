import { LEVEL, levelWanted } from '#platform/migrate';
import { amber, type Check, green, red, SOON_DAYS } from './check';
import type { InstallationFacts } from './installation-facts';

type Look = Check<InstallationFacts>['look'];

/** The oldest on which row-level security and partitions were tried as they are used here. */
const POSTGRES_FLOOR = 15;
/** One second is the target; the promise is a day. */
const WAITING_S = 60;
const SKEW_S = 2;
const SKEW_RED_S = 300;
const MONTHS_AMBER = 6;
const MONTHS_RED = 1;

const database: Look = ({ roles }) =>
  [...roles].map(([role, { client, code }]) => (client ? green(`waybill_${role} is let in`) : red(`waybill_${role} is not let in (${code ?? 'unknown'})`, FIXES[code ?? ''] ?? 'See that PostgreSQL runs at WAYBILL_DATABASE_HOST and lets this machine in (pg_hba.conf).')));

const FIXES: Readonly<Record<string, string>> = {
  '28P01': 'Set its password anew: put it into WAYBILL_ROLE_PASSWORDS, then npm run migrate.',
  '28000': 'Let the role in from this machine (pg_hba.conf), or make it: npm run migrate.',
  '3D000': 'Correct WAYBILL_DATABASE_NAME, or make the database: npm run migrate.',
  ENOENT: 'Start PostgreSQL, or correct WAYBILL_DATABASE_HOST: there is no socket in that folder.',
  ECONNREFUSED: 'Start PostgreSQL, or correct WAYBILL_DATABASE_HOST and WAYBILL_DATABASE_PORT.',
  ENOTFOUND: 'Correct WAYBILL_DATABASE_HOST: the name has no address.',
};

const tls: Look = async ({ host, ask }) => {
  if (host.startsWith('/')) return [green('the database is reached through a socket of this machine')];
  const [row] = await ask<{ ssl: boolean; version: string | null }>('gateway', 'select ssl, version from pg_stat_ssl where pid = pg_backend_pid()');
  return [row?.ssl ? green(`the database is reached with ${row.version ?? 'TLS'}`) : amber('the database is reached without TLS, on this machine', 'Nothing to mend while it stays on this machine; elsewhere give WAYBILL_DATABASE_CA_FILE (CH-08).')];
};

const version: Look = async ({ ask }) => {
  const [row] = await ask<{ number: number; text: string }>('gateway', `select current_setting('server_version_num')::int as number, current_setting('server_version') as text`);
  const major = Math.floor((row?.number ?? 0) / 10_000);
  return [major >= POSTGRES_FLOOR ? green(`PostgreSQL ${row?.text}`) : red(`PostgreSQL ${row?.text} is older than ${POSTGRES_FLOOR}`, `Bring it to PostgreSQL ${POSTGRES_FLOOR} or later (pg_upgrade).`)];
};

const migrations: Look = async ({ ask }) => {
  const [row] = await ask<{ level: string | null }>('gateway', `${LEVEL} as level`);
  const [level, wanted] = [row?.level ?? 'none', levelWanted()];
  if (level === wanted) return [green(`migrated to ${level}`)];
  return [level > wanted ? amber(`migrated to ${level}, newer than this release (${wanted})`, 'Bring this release to that of the others.') : red(`migrated to ${level}, this release needs ${wanted}`, 'Bring the database to this release: npm run migrate.')];
};

const clock: Look = async ({ ask, now }) => {
  const before = now().getTime();
  const [row] = await ask<{ at: Date }>('gateway', 'select clock_timestamp() as at');
  const skew = Math.round(((before + now().getTime()) / 2 - (row?.at.getTime() ?? 0)) / 1_000);
  const says = `this clock is ${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead of'} the database’s`;
  const fix = 'Have both machines take their time from the same time servers (NTP).';
  if (Math.abs(skew) > SKEW_RED_S) return [red(says, fix)];
  return [Math.abs(skew) > SKEW_S ? amber(says, fix) : green(says)];
};

const partitions: Look = async ({ ask, now }) => {
  const rows = await ask<{ name: string }>('gateway', `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'waybill' and c.relname ~ '^entry_disclosure_[0-9]{4}_[0-9]{2}$'`);
  const last = rows.map(({ name }) => name.slice(-7)).sort().at(-1);
  const [year = 0, month = 0] = last?.split('_').map(Number) ?? [];
  const left = (year - now().getUTCFullYear()) * 12 + month - 1 - now().getUTCMonth();
  const says = last === undefined ? 'the register has no partition' : `the register has partitions for ${left} months after this one`;
  const fix = 'npm run migrate prepares the next two years.';
  if (last === undefined || left < MONTHS_RED) return [red(says, fix)];
  return [left < MONTHS_AMBER ? amber(says, fix) : green(says)];
};

const waiting: Look = async ({ ask }) => {
  const [row] = await ask<{ entries: number; age: number | null }>('relay', 'select count(*)::int as entries, extract(epoch from clock_timestamp() - min(recorded_at))::int as age from waybill.pending_leaf');
  const { entries = 0, age } = row ?? {};
  const says = `${entries} register entries wait for their place${age === null || age === undefined ? '' : `, the oldest for ${age} s`}`;
  return [(age ?? 0) > WAITING_S ? red(says, 'See that the relay runs, and what it writes to its log: entries are promised a place within a day.') : green(says)];
};

const logs: Look = async ({ ask }) => {
  const rows = await ask<{ id: string }>('registrar', 'select distinct a.controller as id from waybill.agency a where not exists (select from waybill.log l where l.controller = a.controller)');
  return [rows.length === 0 ? green('every controller has its register') : red(`no register is open for ${rows.map(({ id }) => id).join(', ')}`, 'Enter it with waybill directory enter, not by SQL: nothing of it can be recorded.')];
};

const parked: Look = async ({ ask }) => {
  const rows = await ask<{ reason: string; messages: number }>('courier', 'select parked_reason as reason, count(*)::int as messages from waybill.outbox where parked_reason is not null group by 1 order by 1');
  return [rows.length === 0 ? green('no message is parked') : red(`${rows.map(({ reason, messages }) => `${messages} messages are parked as ${reason}`).join('; ')}`, 'Look at them and let them go: waybill queue.')];
};

const agreements: Look = async ({ ask, agreements: loaded }) => {
  if (!loaded) return [];
  const rows = await ask<{ agreement: string; version: string; digest: string }>('registrar', 'select agreement, version, digest from waybill.agreement_version order by loaded_at');
  return [...loaded.values()].map(({ id, version: own, digest }) => {
    const recorded = rows.filter((row) => row.agreement === id).at(-1);
    if (recorded === undefined) return amber(`${id} ${own} is loaded, and no party was activated under it`, 'Nothing to mend before the first party joins: waybill directory activate.');
    const same = recorded.version === own && recorded.digest === digest;
    return same ? green(`${id} ${own} is the one under which parties joined`) : red(`${id} ${own} is not the one under which parties joined last (${recorded.version})`, 'Put back the profile that they signed; if the change was agreed, activate the parties again: waybill directory activate.');
  });
};

const coordinators: Look = async ({ ask }) => {
  const rows = await ask<{ fingerprint: string }>('registrar', 'select fingerprint from waybill.coordinator_key where until_at is null or until_at > clock_timestamp()');
  return [rows.length > 0 ? green(`co-ordinator: ${rows.map(({ fingerprint }) => fingerprint).join(', ')}`) : red('no co-ordinator is pinned', 'waybill directory pin co-ordinator.cert.pgp --fingerprint …')];
};

const runningOut: Look = async ({ ask }) => {
  const rows = await ask<{ agency: string; what: string; until: Date }>('registrar', `
    select * from (
      select agency, 'client certificate' as what, max(until_at) as until from waybill.client_certificate where revoked_at is null group by agency
      union all select agency, contact || '''s key to ' || use, max(until_at) from waybill.certificate where revoked_at is null group by agency, contact, use
    ) newest where until < clock_timestamp() + interval '${SOON_DAYS} days' order by until, agency, what`);
  if (rows.length === 0) return [green(`no partner's newest key ends within ${SOON_DAYS} days`)];
  return rows.map(({ agency, what, until }) => amber(`${agency}: ${what} ends on ${until.toISOString().slice(0, 10)}`, 'Ring them: waybill enrol rotate, and a new approval.'));
};

/** What an installation can have wrong. A broker adds its own. */
export const INSTALLATION_CHECKS: Check<InstallationFacts>[] = [
  { about: 'database', look: database },
  { about: 'database', look: tls },
  { about: 'database', look: version },
  { about: 'migrations', look: migrations },
  { about: 'clock', look: clock },
  { about: 'partitions', look: partitions },
  { about: 'register', look: waiting },
  { about: 'register', look: logs },
  { about: 'queue', look: parked },
  { about: 'agreements', look: agreements },
  { about: 'co-ordinator', look: coordinators },
  { about: 'partners', look: runningOut },
];
