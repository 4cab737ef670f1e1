import { databaseOf, readConfig } from '#platform/config';
import { migrate } from '#platform/migrate';
import { setRolePasswords } from '#platform/role-passwords';
import { KNOWN, PROCESSES } from '../../apps/settings';

const { name, settings, together } = PROCESSES.migrate;

/** `npm run migrate`: brings the database to the newest schema, and prepares the register's partitions for two years. Run it at each release and once a year. */
async function main(): Promise<void> {
  const config = readConfig(name, settings, process.env, { together, known: KNOWN });
  const { host, port, database, password, tls } = databaseOf(config);
  const owner = { host, port, database, user: config.WAYBILL_DATABASE_OWNER, ...(password ? { password } : {}), ...(tls ? { ssl: tls } : {}) };
  const ran = await migrate(owner);
  console.log(ran.length > 0 ? `Ran ${ran.join(', ')}.` : 'Nothing to do.');
  if (!config.WAYBILL_ROLE_PASSWORDS) return;
  const set = await setRolePasswords(owner, config.WAYBILL_ROLE_PASSWORDS);
  console.log(set.length > 0 ? `Set the passwords of ${set.join(', ')}.` : 'Found no password of a role.');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
