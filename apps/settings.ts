import { CONFIG, DATABASE_SETTINGS, databaseInClear, type ProcessSettings, type Settings } from '#platform/config';
import { OPERATOR } from './cli/settings';
import { COURIER } from './courier/settings';
import { CONSOLE } from './console/settings';
import { GATEWAY } from './gateway/settings';
import { RELAY } from './relay/settings';

/** What brings the database to the newest schema is told. It alone connects as the owner, and it is no serving process. */
export const MIGRATION_SETTINGS = {
  ...DATABASE_SETTINGS,
  WAYBILL_DATABASE_OWNER: { says: 'role that owns the schema and may create roles; no serving process connects as it', example: 'waybill_owner', kind: 'text' },
  WAYBILL_ROLE_PASSWORDS: { says: 'folder with a file for each role (`waybill_gateway`, …) that holds its password: set anew at each run. Absent: passwords are left as they are', example: '/run/secrets/roles', kind: 'folder', optional: true },
} as const satisfies Settings;

/** The one place that knows what every process can be told: tables, and nothing that runs. The checker, the generator and the processes share it. */
export const PROCESSES = {
  gateway: GATEWAY,
  courier: COURIER,
  relay: RELAY,
  console: CONSOLE,
  migrate: { name: 'migrate', says: 'brings the database to the newest schema, once, before a release starts', settings: MIGRATION_SETTINGS, together: [databaseInClear] },
} as const satisfies Record<string, ProcessSettings>;

export type ProcessName = keyof typeof PROCESSES;
export const PROCESS_NAMES = Object.keys(PROCESSES) as ProcessName[];

/** Every setting of every process, and of the commands that an operator runs. */
export const KNOWN: ReadonlySet<string> = new Set([CONFIG, ...[...Object.values(PROCESSES), OPERATOR].flatMap(({ settings }) => Object.keys(settings))]);
