import { DIRECTORY_ROWS } from '#directory/rows';
import { EXCHANGE_ROWS } from '#exchange/rows';
import { webhookKeyOf } from '#exchange/webhook-settings';
import { systemClock } from '#platform/clock';
import { databaseOf } from '#platform/config';
import { Database } from '#platform/database';
import { egressOf } from '#platform/egress-settings';
import { sayBelow } from '#platform/floors';
import { databaseConditions } from '#platform/health';
import { poolFigures } from '#platform/pool-figures';
import { runProcess } from '#platform/process';
import { showBroker } from '#queue/metrics';
import { brokerOf } from '#queue/settings';
import { KNOWN } from '../settings';
import { startCourier } from './courier';
import { COURIER_METRICS } from './metrics';
import { COURIER } from './settings';

void runProcess({ ...COURIER, metrics: COURIER_METRICS, known: KNOWN }, async ({ config, log, metrics, readiness }) => {
  const database = await Database.open('courier', databaseOf(config), [...DIRECTORY_ROWS, ...EXCHANGE_ROWS]);
  readiness.require(...databaseConditions(database));
  await sayBelow(database, log);
  metrics.onScrape(() => metrics.setAll('waybill_pool_connections', 'state', poolFigures(database)));
  const broker = brokerOf(config);
  const key = config.WAYBILL_WEBHOOK_KEY_FILE;
  const courier = await startCourier({ database, clock: systemClock, log, ...(broker ? { broker } : {}), ...(key ? { push: { egress: egressOf(config), webhookKey: webhookKeyOf(key) } } : {}) });
  showBroker(courier.status, { readiness, metrics });
  return courier;
});
