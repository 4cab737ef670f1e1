import { createPrivateKey, createPublicKey } from 'node:crypto';
import { DIRECTORY_ROWS } from '#directory/rows';
import { EXCHANGE_ROWS } from '#exchange/rows';
import { systemClock } from '#platform/clock';
import { DATABASE_SETTINGS, databaseOf, readConfig, runProcess } from '#platform/config';
import { Database } from '#platform/database';
import { openLog } from '#platform/log';
import { startRelay } from './relay';

const SETTINGS = {
  ...DATABASE_SETTINGS,
  WAYBILL_CHECKPOINT_KEY_FILE: { says: 'Ed25519 key that signs checkpoints (PEM): the relay has it, no other process does', example: '/run/secrets/checkpoint.key', kind: 'file' },
} as const;

void runProcess(async () => {
  const config = readConfig('relay', SETTINGS, process.env);
  const privateKey = createPrivateKey(config.WAYBILL_CHECKPOINT_KEY_FILE);
  const database = await Database.open('relay', databaseOf(config), [...DIRECTORY_ROWS, ...EXCHANGE_ROWS]);
  return startRelay({ database, clock: systemClock, log: openLog('relay'), checkpointKey: { privateKey, publicKey: createPublicKey(privateKey) } });
});
