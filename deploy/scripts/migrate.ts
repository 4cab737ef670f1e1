import { DATABASE_SETTINGS, databaseOf, readConfig } from '#platform/config';
import { migrate } from '#platform/migrate';

const SETTINGS = {
  ...DATABASE_SETTINGS,
  WAYBILL_DATABASE_OWNER: { says: 'role that owns the schema and may create roles; no serving process connects as it', example: 'waybill_owner', kind: 'text' },
} as const;

/** `npm run migrate`: brings the database to the newest schema, and prepares the register's partitions for two years. Run it at each release and once a year. */
async function main(): Promise<void> {
  const config = readConfig('migration', SETTINGS, process.env);
  const { host, port, database, password, tls } = databaseOf(config);
  const ran = await migrate({ host, port, database, user: config.WAYBILL_DATABASE_OWNER, ...(password ? { password } : {}), ...(tls ? { ssl: tls } : {}) });
  console.log(ran.length > 0 ? `Ran ${ran.join(', ')}.` : 'Nothing to do.');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
