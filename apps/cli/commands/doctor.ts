import type { Command } from 'commander';
import { atHome, type Common, running, type Setting } from '../command';
import { examineHome } from '../doctor/home';
import type * as Installation from '../doctor/installation';
import { homeOf } from '../enrol/begin';

// As in directory.ts: the database's library is loaded by whoever asks for it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const installation = (): typeof Installation => require('../doctor/installation') as typeof Installation;

/** `waybill doctor`: looks, and says for each red line what mends it. Changes nothing. */
export const doctorCommand = (setting: Setting): Command =>
  atHome('doctor', 'Look whether everything holds: clock, keys, certificates, DNS, versions. Each red line says what mends it.', 'waybill doctor\nwaybill doctor --installation')
    .option('--installation', 'look at the gateway’s database instead, as its operator (WAYBILL_DATABASE_*)')
    .action((options: Common & { installation?: boolean }) => running(setting, options, () => (options.installation ? installation().examineInstallation(setting.io) : examineHome(setting.io, homeOf(setting.io, options.home)))));
