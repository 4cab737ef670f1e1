import { createPrivateKey, createPublicKey } from 'node:crypto';
import { DIRECTORY_ROWS } from '#directory/rows';
import { type PublishedKey, publicKeySet, signingKey } from '#envelope/signing-keys';
import { EXCHANGE_ROWS } from '#exchange/rows';
import { keyIn } from '#exchange/secret-key';
import { readAgreements } from '#partnership/agreements';
import { settleAgreements } from '#partnership/in-force';
import { systemClock } from '#platform/clock';
import { databaseOf } from '#platform/config';
import { Database } from '#platform/database';
import { sayBelow } from '#platform/floors';
import { databaseConditions } from '#platform/health';
import { poolFigures } from '#platform/pool-figures';
import { runProcess } from '#platform/process';
import { Register } from '#register/register';
import { KNOWN } from '../settings';
import { Figures } from './figures';
import { startGateway } from './gateway';
import { GATEWAY_METRICS } from './metrics';
import { GATEWAY } from './settings';
import { Agreements, PublishedKeys } from './tokens';

void runProcess({ ...GATEWAY, metrics: GATEWAY_METRICS, known: KNOWN }, async ({ config, log, metrics, readiness }) => {
  const key = await signingKey(createPrivateKey(config.WAYBILL_PROVENANCE_KEY_FILE));
  const retired = config.WAYBILL_RETIRED_KEYS_FILE ? (JSON.parse(config.WAYBILL_RETIRED_KEYS_FILE) as { keys: PublishedKey[] }).keys : [];
  const own = await publicKeySet([{ publicKey: key.publicKey, from: new Date(0) }]);
  const database = await Database.open('gateway', databaseOf(config), [...DIRECTORY_ROWS, ...EXCHANGE_ROWS]);
  readiness.require(...databaseConditions(database));
  await sayBelow(database, log);
  metrics.onScrape(() => metrics.setAll('waybill_pool_connections', 'state', poolFigures(database)));
  const { served, waiting } = await settleAgreements({ database, register: new Register(), clock: systemClock }, readAgreements(config.WAYBILL_AGREEMENTS));
  for (const { agreement } of waiting) log.write('warn', 'agreement.waits', { code: agreement });
  return startGateway({
    database,
    agreements: new Agreements(served),
    clock: systemClock,
    log,
    figures: new Figures(metrics),
    origin: config.WAYBILL_ORIGIN,
    listen: { host: config.WAYBILL_HOST, port: Number(config.WAYBILL_PORT) },
    ...(config.WAYBILL_PROXY_PORT && config.WAYBILL_PROXY_CERTIFICATE_FILE ? { proxy: { port: Number(config.WAYBILL_PROXY_PORT), certificate: config.WAYBILL_PROXY_CERTIFICATE_FILE } } : {}),
    ...(config.WAYBILL_CONSOLE_CERTIFICATE_FILE ? { console: config.WAYBILL_CONSOLE_CERTIFICATE_FILE } : {}),
    tls: { key: config.WAYBILL_TLS_KEY_FILE, certificate: config.WAYBILL_TLS_CERTIFICATE_FILE },
    key,
    published: new PublishedKeys([...own.keys, ...retired]),
    logKeys: [createPublicKey(config.WAYBILL_CHECKPOINT_PUBLIC_KEY_FILE)],
    spool: config.WAYBILL_SPOOL,
    perSecond: { shares: Number(config.WAYBILL_SHARES_PER_SECOND), others: Number(config.WAYBILL_REQUESTS_PER_SECOND) },
    outboxLimit: Number(config.WAYBILL_OUTBOX_LIMIT),
    ...(config.WAYBILL_WEBHOOK_KEY_FILE ? { webhookKey: keyIn(config.WAYBILL_WEBHOOK_KEY_FILE) } : {}),
    ...(config.WAYBILL_PARTNER_BROKER_URL === undefined ? {} : { partnerBroker: config.WAYBILL_PARTNER_BROKER_URL }),
    mails: config.WAYBILL_MAIL_FROM !== undefined,
  });
});
