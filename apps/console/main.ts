import { readAgreements } from '#partnership/agreements';
import { agreementsInForce } from '#partnership/in-force';
import { systemClock } from '#platform/clock';
import { databaseOf } from '#platform/config';
import { Database } from '#platform/database';
import { sayBelow } from '#platform/floors';
import { databaseConditions } from '#platform/health';
import { poolFigures } from '#platform/pool-figures';
import { runProcess } from '#platform/process';
import { KNOWN } from '../settings';
import { startConsole } from './console';
import { readerMade } from './reader-made';
import { CONSOLE_METRICS } from './metrics';
import { CONSOLE } from './settings';

void runProcess({ ...CONSOLE, metrics: CONSOLE_METRICS, known: KNOWN }, async ({ config, log, metrics, readiness }) => {
  const database = await Database.open('console', databaseOf(config));
  readiness.require(...databaseConditions(database));
  await sayBelow(database, log);
  metrics.onScrape(() => metrics.setAll('waybill_pool_connections', 'state', poolFigures(database)));
  return startConsole({
    database, clock: systemClock, log, metrics,
    agreements: await agreementsInForce(database, readAgreements(config.WAYBILL_AGREEMENTS)),
    origin: config.WAYBILL_CONSOLE_ORIGIN,
    listen: { host: config.WAYBILL_HOST, port: Number(config.WAYBILL_PORT) },
    tls: { key: config.WAYBILL_TLS_KEY_FILE, certificate: config.WAYBILL_TLS_CERTIFICATE_FILE },
    ...(config.WAYBILL_READER_ORIGIN
      ? {
          reading: {
            reader: { origin: config.WAYBILL_READER_ORIGIN, digest: readerMade() },
            gateway: { origin: config.WAYBILL_GATEWAY_ORIGIN ?? '', authorities: config.WAYBILL_GATEWAY_CA_FILE ?? '', key: config.WAYBILL_CONSOLE_CLIENT_KEY_FILE ?? '', certificate: config.WAYBILL_CONSOLE_CLIENT_CERTIFICATE_FILE ?? '' },
          },
        }
      : {}),
    identity: {
      issuer: config.WAYBILL_OIDC_ISSUER, clientId: config.WAYBILL_OIDC_CLIENT_ID, clientSecret: config.WAYBILL_OIDC_CLIENT_SECRET_FILE.replace(/\r?\n$/, ''),
      ...(config.WAYBILL_OIDC_CA_FILE ? { authorities: config.WAYBILL_OIDC_CA_FILE } : {}), ...(config.WAYBILL_OIDC_SECOND_FACTOR ? { secondFactor: config.WAYBILL_OIDC_SECOND_FACTOR } : {}),
    },
  });
});
