import { DIRECTORY_ROWS } from '#directory/rows';
import { EXCHANGE_ROWS } from '#exchange/rows';
import { systemClock } from '#platform/clock';
import { DATABASE_SETTINGS, databaseOf, readConfig, runProcess } from '#platform/config';
import { Database } from '#platform/database';
import { openLog } from '#platform/log';
import { startCourier } from './courier';

void runProcess(async () => {
  const config = readConfig('courier', DATABASE_SETTINGS, process.env);
  return startCourier({
    database: await Database.open('courier', databaseOf(config), [...DIRECTORY_ROWS, ...EXCHANGE_ROWS]),
    clock: systemClock,
    log: openLog('courier'),
  });
});
