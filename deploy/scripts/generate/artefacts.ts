import type { Client } from 'pg';
import { describeEntries } from '#register/entry-description';
import { brokerConfig, definitions, PLUGINS } from '#queue/topology';
import { readCatalogue } from './catalogue';
import { describeBreachRelay } from './breach-relay';
import { describeChannels } from './channels';
import { describeCodes } from './codes';
import { describeConditions } from './conditions';
import { describeConfiguration } from './configuration';
import { describeLimits } from './limits';
import { describeLogEvents } from './log-events';
import { alarmRules, describeMetrics } from './metrics';
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
  'docs/conditions.md': describeConditions,
  'docs/channels.md': describeChannels,
  'docs/breach-relay.md': describeBreachRelay,
  'docs/configuration.md': describeConfiguration,
  'docs/log-events.md': describeLogEvents,
  'docs/metrics.md': describeMetrics,
  'deploy/prometheus/alarms.yaml': alarmRules,
  'docs/states.md': describeStates,
  'deploy/rabbitmq/definitions.json': () => `${JSON.stringify(definitions(), null, 2)}\n`,
  'deploy/rabbitmq/rabbitmq.conf': () => brokerConfig(),
  'deploy/rabbitmq/enabled_plugins': () => PLUGINS,
  'docs/row-security.md': async (database) => describeRowSecurity(await readCatalogue(database)),
  'deploy/database/schema.sql': async (database) => dumpSchema(await readCatalogue(database)),
};
