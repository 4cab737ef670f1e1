import { generateKeyPairSync } from 'node:crypto';
import { systemClock } from '#platform/clock';
import type { Database } from '#platform/database';
import { silent } from '#platform/log';
import { startRelay } from './relay';

test('a relay that is told to stop while its rounds run ends when they do, and waits for no pause: the longest is an hour', async () => {
  let begun = 0;
  let ended = 0;
  // Away, and slow to say so: every round is under way when the relay is told to stop.
  const database = { transaction: () => ((begun += 1), new Promise((_, reject) => setTimeout(() => reject(new Error((ended += 1, 'away'))), 50))) } as unknown as Database;
  const relay = startRelay({ database, agreements: new Map(), clock: systemClock, log: silent, checkpointKey: generateKeyPairSync('ed25519') });
  expect(begun).toBeGreaterThan(10);
  await Promise.race([relay.stop(), new Promise((_, reject) => setTimeout(() => reject(new Error('it still waits')), 5_000).unref())]);
  expect(ended).toBe(begun);
});
