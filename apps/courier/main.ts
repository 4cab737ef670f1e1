import { DIRECTORY_ROWS } from '#directory/rows';
import { EXCHANGE_ROWS } from '#exchange/rows';
import { dkimKeyOf, mailSenderOf } from '#exchange/mail-settings';
import { keyIn } from '#exchange/secret-key';
import { Resolver } from '#mail/resolver';
import { systemClock } from '#platform/clock';
import { databaseOf } from '#platform/config';
import { Database } from '#platform/database';
import { egressOf } from '#platform/egress-settings';
import { sayBelow } from '#platform/floors';
import { databaseConditions } from '#platform/health';
import { poolFigures } from '#platform/pool-figures';
import { runProcess } from '#platform/process';
import { showBroker, showPartnerQueues } from '#queue/metrics';
import { brokerOf, partnerBrokerOf } from '#queue/settings';
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
  const queues = partnerBrokerOf(config);
  const [egress, sender, name, authorities] = [egressOf(config), mailSenderOf(config), config.WAYBILL_MAIL_NAME, config.WAYBILL_EGRESS_CA_FILE];
  const reportKey = dkimKeyOf(config);
  const mail = sender && name ? { sender, ...(reportKey ? { reportKey } : {}), mailer: { egress, name, resolver: new Resolver({ host: config.WAYBILL_RESOLVER }), ...(authorities ? { authorities } : {}) } } : undefined;
  const courier = await startCourier({
    database, clock: systemClock, log, ...(broker ? { broker } : {}), ...(key ? { push: { egress, webhookKey: keyIn(key) } } : {}), ...(mail ? { mail } : {}), ...(queues ? { partnerBroker: queues } : {}),
  });
  showBroker(courier.status, { readiness, metrics });
  showPartnerQueues(courier.partnerQueues, metrics);
  return courier;
});
