import type { Client } from 'pg';
import { describeEntries } from '#register/entry-description';
import { readCatalogue } from './catalogue';
import { describeCodes } from './codes';
import { describeLimits } from './limits';
import { openApi } from './openapi';
import { describeRowSecurity } from './row-security';
import { dumpSchema } from './schema-dump';
import { describeStates } from './states';

/** Every file that is written and never edited, and how its text is made. `database`: a connection to a freshly migrated one. */
export const ARTEFACTS: Readonly<Record<string, (database: Client) => string | Promise<string>>> = {
  'docs/openapi.json': () => `${JSON.stringify(openApi(), null, 2)}\n`,
  'docs/limits.md': describeLimits,
  'docs/register-events.md': describeEntries,
  'docs/codes.md': describeCodes,
  'docs/states.md': describeStates,
  'docs/row-security.md': async (database) => describeRowSecurity(await readCatalogue(database)),
  'deploy/database/schema.sql': async (database) => dumpSchema(await readCatalogue(database)),
};
