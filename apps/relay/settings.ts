import { DATABASE_SETTINGS, databaseInClear, type ProcessSettings, type Settings } from '#platform/config';
import { AGREEMENT_SETTINGS } from '#partnership/settings';
import { operatorSettings } from '#platform/operator-listener';
import { BROKER_SETTINGS, brokerFault, brokerKeyFault } from '#queue/settings';

/** What the relay must be told before it turns its rounds. */
export const RELAY_SETTINGS = {
  ...DATABASE_SETTINGS,
  ...AGREEMENT_SETTINGS,
  ...BROKER_SETTINGS,
  WAYBILL_CHECKPOINT_KEY_FILE: { says: 'Ed25519 key that signs checkpoints (PEM): the relay has it, no other process does', example: '/run/secrets/checkpoint.key', kind: 'file', holds: 'ed25519-private-key' },
  ...operatorSettings('9466'),
} as const satisfies Settings;

export const RELAY = {
  name: 'relay',
  says: 'the clock: reminders, expiry, removal of payloads, the places of register entries',
  settings: RELAY_SETTINGS,
  together: [databaseInClear, brokerFault, brokerKeyFault],
} as const satisfies ProcessSettings;
