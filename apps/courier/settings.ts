import { dkimFault, mailFault, MAILER_SETTINGS } from '#exchange/mail-settings';
import { WEBHOOK_SETTINGS } from '#exchange/webhook-settings';
import { DATABASE_SETTINGS, databaseInClear, type ProcessSettings, type Settings } from '#platform/config';
import { EGRESS_SETTINGS } from '#platform/egress-settings';
import { operatorSettings } from '#platform/operator-listener';
import { BROKER_SETTINGS, brokerFault, brokerKeyFault, PARTNER_BROKER_SETTINGS, partnerBrokerFault, partnerBrokerKeyFault } from '#queue/settings';

/** What the courier must be told before it takes a transfer off the queue. */
export const COURIER_SETTINGS = {
  ...DATABASE_SETTINGS,
  ...BROKER_SETTINGS,
  ...PARTNER_BROKER_SETTINGS,
  ...WEBHOOK_SETTINGS,
  ...MAILER_SETTINGS,
  ...EGRESS_SETTINGS,
  ...operatorSettings('9465'),
} as const satisfies Settings;

export const COURIER = {
  name: 'courier',
  says: 'takes transfers off the queue and lays them into mailboxes; pushes to endpoints and queues that agencies entered; mails to domains that have proved themselves',
  settings: COURIER_SETTINGS,
  together: [databaseInClear, brokerFault, brokerKeyFault, partnerBrokerFault, partnerBrokerKeyFault, mailFault, dkimFault],
} as const satisfies ProcessSettings;
